"""A document as contact cards need it: its lines with what stands in them, cut into typed parts. Decides nothing about people."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from extractors.contacts.letters import plain
from extractors.contacts.names import NameCandidate, Vocabulary, candidates
from extractors.contacts.wordlists import word_set
from extractors.lexicon import Cue, Words, field_of
from schemas import Block, BlockKind, Document, Region

_LINE_MAX = 4000
_WORDS_OF_A_LINE, _WORDS_OF_PROSE = 7, 16
"""A line of a card holds so many words beside its data, unless it ends like a sentence; with more it is running text."""
_SEPARATORS = re.compile(
    r"\s*[|•·;\t»›*]\s*|,\s+|,$|\s+[–—―-]+\s+|\s?[()\[\]<>«]\s?|\s+/\s+|\s{3,}|[:?!]\s+|:$|(?<=\w\w\w\w)(?<!\b[Pp]rof)(?<!\b[Uu]niv)(?<!\b[Dd]ott)(?<!\b[Dd]ipl)\.\s+(?=[^\W\d_a-z])"
)
_EDGE = " \t\r\u00a0\u200b\ufeff,;:.|•·*–—―-()[]<>«»›‹/\\\"'“”„"
_POSTAL = re.compile(
    r"(?<![\w+])(?:[A-Z]{1,3}[-–]\s?)?(?:\d{3}\s\d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4}\s[A-Z]{2}|\d{4,6})(?=[ \u00a0]+[^\W\d_a-z])"
)
_POSTAL_BEHIND = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|[A-Z]{1,3}-\d{4,5}|[A-Z]\d{2}\s[A-Z\d]{4}|\d{3}\s\d{2}|\d{5,6})$")
_NUMBERED = re.compile(r"(?:^|\s)\d{1,4}(?:\s?[-–/]\s?\d{1,4})?\s?[A-Za-z]?(?:$|[\s,./])")
_BRACKETED = re.compile(r" \([^\W\d_][\w&.-]{1,11}\)")
_BOUNDARY = re.compile(r"(?<=[^\s.])[.!?]\s+(?=[^\W\d_a-z])")


class Kind(StrEnum):
    """What a part of a line is."""

    NAME = "name"
    TITLE = "job_title"
    ORGANISATION = "organisation"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    ADDRESS = "address"
    DESK = "desk"
    CUE = "cue"
    LABEL = "label"
    OTHER = "other"


@dataclass(slots=True)
class Part:
    """A typed stretch of the text: ``text[start:end]`` is `value` unless the part came from markup."""

    kind: Kind
    start: int
    end: int
    line: int
    value: str
    payload: Any = None
    whole: bool = False
    """The stretch between separators holds nothing else."""
    alone: bool = False
    """The line holds nothing else."""
    markup: str | None = None
    """The address of a link the value was read from, where the text does not show it."""
    candidate: NameCandidate | None = None
    strong: bool = True
    sentence: int = 0


@dataclass(slots=True)
class Line:
    """One line of the canonical text with its block's kind and region."""

    index: int
    start: int
    end: int
    kind: BlockKind | None
    level: int | None
    region: Region
    block: int
    blank_before: bool
    language: str | None
    parts: list[Part] = field(default_factory=list)
    prose: bool = False
    foreign: bool = False
    """Begins with a label that has nothing to do with contacts (date, place, deadline ...)."""
    label: str | None = None


def lines_of(document: Document) -> list[Line]:
    """The non-empty lines of the canonical text, cut at 4 000 characters, each with the block it lies in."""
    text, blocks = document.text, document.blocks
    starts = [block.start for block in blocks]
    found: list[Line] = []
    position, blank = 0, False
    while position <= len(text):
        stop = text.find("\n", position)
        stop = len(text) if stop < 0 else stop
        start, end = position, min(stop, position + _LINE_MAX)
        while start < end and text[start] in " \t\r\u00a0\ufeff":
            start += 1
        while end > start and text[end - 1] in " \t\r\u00a0":
            end -= 1
        if start < end:
            number = bisect_right(starts, start) - 1
            block: Block | None = blocks[number] if number >= 0 and blocks[number].end > start else None
            found.append(
                Line(
                    index=len(found),
                    start=start,
                    end=end,
                    kind=block.kind if block else None,
                    level=block.level if block else None,
                    region=block.region if block else Region.MAIN,
                    block=number if block else -1,
                    blank_before=blank,
                    language=block.language if block else None,
                )
            )
            blank = False
        else:
            blank = True
        position = position + _LINE_MAX if end == position + _LINE_MAX and stop > end else stop + 1
    return found


CONTACT_FIELDS = frozenset({"contact", "name", "job_title", "organisation", "email", "phone", "website", "venue", "organiser", "buyer"})
"""Fields whose label may stand inside a contact card."""


@dataclass(slots=True)
class LineReader:
    """Cuts lines into parts. `organisations` are spans ``(start, end, name)`` found elsewhere."""

    text: str
    known: Vocabulary
    language: str | None
    organisations: Sequence[tuple[int, int, str]]
    before_place: frozenset[str]

    def read(self, line: Line, atoms: Sequence[Part]) -> None:
        """Fill `line.parts`: the atoms (addresses, numbers, links) and what stands between them."""
        words = Words.of(self.text[line.start : line.end])
        _Cut(self, line, words, self.known.cues(words)).cut(atoms)


@dataclass(slots=True)
class _Cut:
    """One line being cut; word indices and cue offsets count from its start."""

    reader: LineReader
    line: Line
    words: Words
    cues: list[Cue]
    text: str = field(init=False)
    known: Vocabulary = field(init=False)

    def __post_init__(self) -> None:
        self.text, self.known = self.reader.text, self.reader.known

    def cut(self, atoms: Sequence[Part]) -> None:
        """Fill the line's parts and what they tell of the line."""
        text, line = self.text, self.line
        line.parts = []
        position = line.start
        free = 0
        for atom in [*atoms, None]:
            stop = line.end if atom is None else atom.start
            if stop > position:
                first, last = self.words.within(position - line.start, stop - line.start)
                free += sum(form[0].isalpha() for form in self.words.forms[first:last])
                self._gap(position, stop)
            if atom is not None:
                atom.line = line.index
                line.parts.append(atom)
                position = max(position, atom.end)
        proposed = {part.start for part in line.parts if part.kind is Kind.NAME}
        shown = [
            part
            for part in line.parts
            if part.kind not in {Kind.LABEL, Kind.CUE} and part.markup is None and (part.kind is Kind.NAME or part.start not in proposed)
        ]
        for part in line.parts:
            part.alone = len(shown) == 1 and part is shown[0]
        if line.kind is not BlockKind.TABLE_ROW:
            several = _BOUNDARY.search(text, line.start, line.end) is not None
            line.prose = free > _WORDS_OF_PROSE or (free > _WORDS_OF_A_LINE and (several or text[line.end - 1] in ".!?…"))
        first_part = line.parts[0] if line.parts else None
        if first_part is not None and first_part.kind is Kind.LABEL:
            line.label = first_part.payload
            titled = first_part.payload == "event_title" and any(part.kind is Kind.TITLE for part in line.parts)
            line.foreign = first_part.payload not in CONTACT_FIELDS and not titled
        self._sentences()

    def _sentences(self) -> None:
        ends = [
            match.start()
            for match in _BOUNDARY.finditer(self.text, self.line.start, self.line.end)
            if not self._abbreviated(match.start()) and not any(part.start <= match.start() < part.end for part in self.line.parts)
        ]
        for part in self.line.parts:
            part.sentence = bisect_right(ends, part.start)

    def _abbreviated(self, dot: int) -> bool:
        """True where the full stop at `dot` belongs to a short word ("Tel.", "Dr.") and ends no sentence."""
        start = dot
        while start > 0 and dot - start < 12 and self.text[start - 1].isalpha():
            start -= 1
        word = self.text[start:dot]
        return bool(word) and ((self.text[dot] == "." and len(word) <= 3) or plain(word) in word_set("academic_titles"))

    def _gap(self, start: int, end: int) -> None:
        """The stretch between two atoms, piece by piece."""
        position = start
        for match in [*_SEPARATORS.finditer(self.text, start, end), None]:
            stop = end if match is None else match.start()
            colon = match is not None and ":" in match[0]
            self._piece(position, stop, colon=colon)
            position = end if match is None else match.end()

    def _inside(self, start: int, end: int) -> list[Cue]:
        return [cue for cue in self.cues if self.line.start + cue.start >= start and self.line.start + cue.end <= end]

    def _piece(self, start: int, end: int, *, colon: bool = False) -> None:
        text = self.text
        while start < end and text[start] in _EDGE:
            start += 1
        while end > start and text[end - 1] in _EDGE and not (text[end - 1] == "." and text[end - 3 : end - 2] in {".", " "}):
            end -= 1
        if start >= end:
            return
        piece = text[start:end]
        name = field_of(piece, self.reader.language) if len(piece) <= 60 else None
        if name is not None and (
            colon
            or self.line.kind is BlockKind.TABLE_ROW
            or (start == self.line.start and len(text[self.line.start : self.line.end]) <= len(piece) + 3)
        ):
            kind = Kind.CUE if name == "contact" else Kind.LABEL
            self.line.parts.append(Part(kind, start, end, self.line.index, piece, payload=name))
            offices = [cue for cue in self._inside(start, end) if cue.tag == "title"] if kind is Kind.CUE else []
            if " " in piece and any(self.line.start + cue.start == start for cue in offices):
                # "Head of unit: Anna Berg": the label is her office too.
                self.line.parts.append(Part(Kind.TITLE, start, end, self.line.index, piece, whole=True))
            return
        # "Tel." is one word with its full stop.
        here = self._inside(start, end + (text[end : end + 1] == "."))
        if self._address(start, end, {cue.tag for cue in here}):
            return
        proposals = candidates(text, (start, end), self.words, here, self.known, origin=self.line.start)
        position = start
        gaps = list(
            zip([start, *(proposal.end for proposal in proposals)], [*(proposal.start for proposal in proposals), end], strict=True)
        )
        # "Anna Berg and Tom Fielding" is two whole names, "and Tom Fielding" one.
        whole = not any(self._free(first, last, joined=number < len(gaps) - 1) for number, (first, last) in enumerate(gaps))
        for proposal in proposals:
            self._rest(position, proposal.start, before_name=True)
            part = Part(Kind.NAME, proposal.start, proposal.end, self.line.index, text[proposal.start : proposal.end], candidate=proposal)
            part.whole = whole
            self.line.parts.append(part)
            overlap = any(first < proposal.end and proposal.start < last for first, last, _ in self.reader.organisations)
            if not proposal.mixed and (overlap or proposal.doubtful):
                self._classify(start, end, here, beside=part)
            position = proposal.end
        if all(proposal.mixed for proposal in proposals):
            self._classify(start, end, here)
        else:
            self._rest(position, end, before_name=False)

    def _free(self, start: int, end: int, *, joined: bool = False) -> bool:
        """True where ``text[start:end]`` holds words that are neither titles of address nor labels (nor, if `joined`, an "and")."""
        covered = {
            index
            for cue in self._inside(start, end)
            if cue.tag in {"honorific", "label", "phone", "cue"}
            for index in range(cue.first, cue.last)
        }
        titles = word_set("academic_titles")
        first, last = self.words.within(start - self.line.start, end - self.line.start)
        return any(
            self.words.forms[index][0].isalnum()
            and index not in covered
            and plain(self.words.forms[index]) not in titles
            and not (joined and last - first == 1 and self.words.forms[index] in self.known.function_words)
            for index in range(first, last)
        )

    def _rest(self, start: int, end: int, *, before_name: bool) -> None:
        """What stands before or behind a name in one piece: a cue, or a job title that touches the name."""
        text = self.text
        here = self._inside(start, end)
        cue = next((cue for cue in reversed(here) if cue.tag == "cue"), None)
        if cue is not None:
            self.line.parts.append(
                Part(
                    Kind.CUE,
                    self.line.start + cue.start,
                    self.line.start + cue.end,
                    self.line.index,
                    text[self.line.start + cue.start : self.line.start + cue.end],
                )
            )
        titles = [cue for cue in here if cue.tag == "title"]
        if before_name:
            touching = [cue for cue in titles if not text[self.line.start + cue.end : end].strip(_EDGE)]
            if touching:
                first = min(cue.start for cue in touching) + self.line.start
                stop = max(cue.end for cue in touching) + self.line.start
                self.line.parts.append(Part(Kind.TITLE, first, stop, self.line.index, text[first:stop]))
            elif cue is None and any(cue.tag == "head" for cue in here) and text[start:end].lstrip(_EDGE)[:1].isupper():
                # "Eksempel kommune v/ Anna Berg": the body stands in front of its person.
                body = re.sub(r"\s[^\W\d_]{1,3}[/.]?$", "", text[start:end].rstrip(_EDGE))
                self._classify(start, start + len(body), [cue for cue in here if self.line.start + cue.end <= start + len(body)])
            return
        touching = [cue for cue in titles if not text[start : self.line.start + cue.start].strip(_EDGE)]
        if touching:
            self._classify(self.line.start + touching[0].start, end, here)

    def _classify(self, start: int, end: int, here: Sequence[Cue], beside: Part | None = None) -> None:
        """Append the part that a piece without a name is."""
        text = self.text
        while end > start and text[end - 1] in " \t\u00a0,;:-–":
            end -= 1
        piece = text[start:end]
        tags = {cue.tag for cue in here}
        size = sum(word[0].isalpha() for word in re.findall(r"\w+", piece))
        edge = [cue for cue in here if cue.tag == "title"]

        def put(kind: Kind, first: int = start, last: int = end, *, strong: bool = True, value: str | None = None) -> None:
            self.line.parts.append(Part(kind, first, last, self.line.index, value or text[first:last], whole=True, strong=strong))

        upper = piece[:1].isupper() or piece[:1].isdigit()
        span = next(((first, last, name) for first, last, name in self.reader.organisations if first < end and start < last), None)
        starts_title = any(not text[start : self.line.start + cue.start].strip(_EDGE) for cue in edge)
        ends_title = any(not text[self.line.start + cue.end : end].strip(_EDGE) for cue in edge)
        digits = any(letter.isdigit() for letter in piece)
        cue = next((cue for cue in here if cue.tag == "cue"), None)
        # "Ansprechpartner für Fragen:" offers somebody; behind a name the same words are her office.
        offers = (
            cue is not None and self.line.start + cue.start == start and not (self.line.parts and self.line.parts[-1].kind is Kind.NAME)
        )
        if beside is None and edge and not offers and (starts_title or ends_title or size <= 5) and size <= 10 and not digits:
            self._title(start, end, here, span)
            return
        if upper and "desk" in tags and (split := self._desk_of_body(start, end, here, span)) is not None:
            put(Kind.DESK, start, split[0])
            put(Kind.ORGANISATION, split[1], split[2], value=split[3])
            return
        if span is not None and start <= span[0] and span[1] <= end:
            if "desk" in tags and upper and size <= 6:
                # "Departament Współpracy": a part of a body, and the body only where no other is named.
                put(Kind.DESK)
                put(Kind.ORGANISATION, span[0], span[1], strong=False, value=span[2])
                return
            office = self._office(start, end, here) if "desk" in tags else None
            if office is not None and office[0] < span[1] and span[0] < office[1]:
                put(Kind.DESK, *office)
                return
            put(Kind.ORGANISATION, span[0], span[1], value=span[2])
            return
        if beside is None and cue is not None:
            put(Kind.CUE, self.line.start + cue.start, self.line.start + cue.end)
            if "desk" in tags and (office := self._office(start, end, here)) is not None:
                put(Kind.DESK, *office)
            return
        relative = start - self.line.start, end - self.line.start
        legal = (
            plain(piece.split()[-1]) in self.known.legal or plain("".join(piece.split()[-3:])) in self.known.legal
            if piece.split()
            else False
        )
        legal = legal or any(plain(word) in self.known.legal and len(plain(word)) > 2 and not word.islower() for word in piece.split()[1:])
        desk_first = any(cue.tag == "desk" and self.line.start + cue.start == start for cue in here) and not any(
            cue.tag == "head" and self.line.start + cue.start == start for cue in here
        )
        if (
            upper
            and size <= 14
            and (legal or "head" in tags)
            and not (desk_first and size <= 9)
            and not ("desk" in tags and not legal and not _outside(here, "head", "desk"))
        ):
            acronym = _BRACKETED.match(text, end, self.line.end)
            put(Kind.ORGANISATION, last=acronym.end() if acronym else end)
        elif upper and "desk" in tags and size <= (9 if desk_first else 6):
            put(Kind.DESK)
        elif upper and "weak" in tags and size <= 9 and "event" not in tags:
            put(Kind.ORGANISATION, strong=False)
        elif (
            "desk" in tags
            and text[start - 1 : start] == "("
            and text[end : end + 1] == ")"
            and _all_covered(here, self.words, *relative, {"desk"})
        ):
            put(Kind.DESK)
        elif "desk" in tags and (office := self._office(start, end, here)) is not None:
            put(Kind.DESK, *office)
        elif beside is None and not (tags and _all_covered(here, self.words, *relative, {"label", "phone", "honorific"})):
            put(Kind.OTHER)

    def _desk_of_body(
        self, start: int, end: int, here: Sequence[Cue], span: tuple[int, int, str] | None
    ) -> tuple[int, int, int, str] | None:
        """ "Gabinet de premsa de la Direcció General": where the desk ends, and where its body begins and ends, with its name."""
        if not any(cue.tag == "desk" and self.line.start + cue.start == start for cue in here):
            return None
        if any(cue.tag == "head" and self.line.start + cue.start == start for cue in here):
            return None
        desk_end = max(self.line.start + cue.end for cue in here if cue.tag == "desk" and self.line.start + cue.start == start)
        body: tuple[int, int, str] | None = None
        if span is not None and span[0] > desk_end and span[1] <= end and self.text[span[0]].isupper():
            body = span
        else:
            heads = [self.line.start + cue.start for cue in here if cue.tag == "head" and self.line.start + cue.start > desk_end]
            upper_heads = [at for at in heads if self.text[at].isupper()]
            if upper_heads:
                body = (upper_heads[0], end, self.text[upper_heads[0] : end])
        if body is None:
            return None
        lead = re.search(r"(?:\s+[^\W\d_A-Z]{1,4}['’]?){1,3}\s*$", self.text[start : body[0]])
        if lead is None or start + lead.start() < desk_end:
            return None
        return start + lead.start(), *body

    def _office(self, start: int, end: int, here: Sequence[Cue]) -> tuple[int, int] | None:
        """A desk named inside a stretch of words ("the Procurement Helpdesk"), with the capitalised words before it."""
        for cue in here:
            first, last = self.line.start + cue.start, self.line.start + cue.end
            if cue.tag != "desk" or not self.text[first].isupper() or first == start:
                continue
            while (before := re.search(r"([^\W\d_][\w-]*) $", self.text[start:first])) and before[1][0].isupper() and before.start() > 0:
                first = start + before.start(1)
            while (behind := re.match(r" ([^\W\d_][\w-]*)", self.text[last:end])) and behind[1][0].isupper():
                last += behind.end()
            return first, last
        return None

    def _title(self, start: int, end: int, here: Sequence[Cue], span: tuple[int, int, str] | None) -> None:
        """A job title, cut before the organisation that follows it ("officer at City of Bergen")."""
        text = self.text
        cut = end
        organisation: tuple[int, int, str] | None = None
        if span is not None and span[0] > start and span[1] <= end and text[span[0]].isupper():
            cut, organisation = span[0], span
        else:
            titles_end = max((cue.last for cue in here if cue.tag == "title" and self.line.start + cue.start <= start + 1), default=0)
            heads = [cue for cue in here if cue.tag in {"head", "weak"} and cue.first >= titles_end]
            first, last = self.words.within(start - self.line.start, end - self.line.start)
            for index in range(max(first + 1, titles_end), last):
                if self.words.forms[index] in self.reader.before_place and heads and heads[-1].first > index:
                    behind = index + 1
                    while behind < last and not text[self.line.start + self.words.starts[behind]].isupper():
                        behind += 1
                    if behind < last and behind - index <= 3 and heads[-1].last > behind - 1:
                        cut = self.line.start + self.words.starts[index]
                        organisation = (
                            self.line.start + self.words.starts[behind],
                            end,
                            text[self.line.start + self.words.starts[behind] : end],
                        )
                        break
        begin = self._title_start(start, here)
        stop = cut
        if organisation is not None:
            while stop > start and (match := re.search(r"[\s,]+[^\W\d_]{1,4}[\s,]*$", text[start:stop])) and match[0].strip(" ,").islower():
                stop = start + match.start()
        while stop > begin:
            while stop > begin and text[stop - 1] in _EDGE:
                stop -= 1
            last_word = re.search(r"\s([^\W\d_]+)$", text[begin:stop])
            if last_word is None or not last_word[1].islower() or last_word[1] not in self.known.function_words:
                break
            stop = begin + last_word.start()
        if stop > begin:
            self.line.parts.append(Part(Kind.TITLE, begin, stop, self.line.index, text[begin:stop], whole=True))
        if organisation is not None:
            self.line.parts.append(Part(Kind.ORGANISATION, organisation[0], organisation[1], self.line.index, organisation[2], whole=True))

    def _title_start(self, start: int, here: Sequence[Cue]) -> int:
        """Where a job title begins: without small words that lead to it ("or with the coordinator")."""
        titles = [cue.first for cue in here if cue.tag == "title" and self.line.start + cue.start >= start]
        if not titles:
            return start
        index = begin = min(titles)
        first = next((at for at in range(len(self.words)) if self.line.start + self.words.starts[at] >= start), begin)
        while index > first:
            index -= 1
            form = self.words.forms[index]
            if form in self.known.function_words or form in self.known.stops:
                break
            if form[0].isalpha():
                begin = index
        return (
            self.line.start + self.words.starts[begin] if begin > first or self.words.forms[first] in self.known.function_words else start
        )

    def _address(self, start: int, end: int, tags: set[str]) -> bool:
        """True (and a part appended) where the piece is a street with its number, a post box, or a postal code with its town."""
        piece = self.text[start:end]
        if len(piece) > 90:
            return False
        if not any(letter.isdigit() for letter in piece):
            # A square without a number, right above the postal code.
            alone = start == self.line.start and end >= self.line.end - 1
            if not (alone and "street" in tags and _POSTAL.match(self.text, self.line.end + 1)):
                return False
            self.line.parts.append(Part(Kind.ADDRESS, start, end, self.line.index, piece, whole=True, strong=False))
            return True
        street = ("street" in tags and _NUMBERED.search(piece) is not None) or any(
            piece.lower().startswith(box + " ") for box in word_set("post_box")
        )
        postal = _POSTAL.search(piece)
        behind = _POSTAL_BEHIND.search(piece) if sum(letter.isdigit() for letter in piece) <= 9 else None
        if any(plain(word) in word_set("number_labels") for word in piece.split()[:2]):
            return False
        year = postal is not None and re.fullmatch(r"(?:19|20)\d{2}", postal[0]) is not None
        if (
            street
            or (postal is not None and postal.start() == 0 and not year)
            or (behind is not None and len(piece.split()) <= 5 and not year)
        ):
            self.line.parts.append(Part(Kind.ADDRESS, start, end, self.line.index, piece, whole=True, strong=street or postal is not None))
            return True
        if re.fullmatch(r"[^\W\d_][\w .'’-]{2,40}[ \u00a0]\d{1,4}\s?[a-zA-Z]?", piece):
            self.line.parts.append(Part(Kind.ADDRESS, start, end, self.line.index, piece, whole=True, strong=False))
            return True
        return False


def _outside(here: Sequence[Cue], tag: str, other: str) -> bool:
    """True where a hit of `tag` covers a word that no hit of `other` covers."""
    covered = {index for cue in here if cue.tag == other for index in range(cue.first, cue.last)}
    return any(index not in covered for cue in here if cue.tag == tag for index in range(cue.first, cue.last))


def _all_covered(here: Sequence[Cue], words: Words, start: int, end: int, tags: set[str]) -> bool:
    covered = {index for cue in here if cue.tag in tags for index in range(cue.first, cue.last)}
    first, last = words.within(start, end)
    return all(index in covered or not words.forms[index][0].isalnum() for index in range(first, last))
