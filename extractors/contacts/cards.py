"""Contact cards: a person or desk with all that is offered to reach them, read as one thing. Never a person without data or cue.

Lines are cut into typed parts (lines.py), lines that belong together make a group, and one walk over a group's parts deals them
out to cards: a new name, a second address, a new organisation with data of its own opens the next card.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from extractors.contacts import names
from extractors.contacts.emails import EmailMention, addresses_of, find_emails, is_role_mailbox, is_template
from extractors.contacts.letters import plain
from extractors.contacts.lines import Kind, Line, LineReader, Part, lines_of
from extractors.contacts.names import NameCandidate, affinity, vocabulary
from extractors.contacts.phones import find_phones, fits_region
from extractors.contacts.wordlists import languages_of, word_set, words
from extractors.lexicon import Words, field_of, load
from schemas import BlockKind, Contact, Document, Evidence, EvidenceSource, Link, Phone

_FAR_LINES = 5
_FAR_CHARACTERS = 160
_OTHERS_MAX = 2
_WINDOW = 40
"""Parts looked at on either side; more than a card or a sentence ever holds."""
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'|()]{3,200}")
_LONELY = re.compile(r"(?<![^\s,;|•·(])\(?0?\d[\d \u00a0()/.-]{5,17}\d(?![^\s,;|•·)])")
_TRUNK = re.compile(r"(?<![\w./+-])0[1-9][\d \u00a0()/.-]{5,16}\d(?![\w/-])")
_DATA = frozenset({Kind.EMAIL, Kind.PHONE})


@dataclass(slots=True)
class _Group:
    lines: list[Line]
    cue: bool
    speakers: bool = False
    parts: list[Part] = field(default_factory=list)
    blanks_tell: bool = False


@dataclass(slots=True)
class _Card:
    name: Part | None = None
    title: Part | None = None
    organisation: Part | None = None
    desk: Part | None = None
    email: Part | None = None
    phones: list[Part] = field(default_factory=list)
    urls: list[Part] = field(default_factory=list)
    addresses: list[Part] = field(default_factory=list)
    last: Part | None = None

    @property
    def has_data(self) -> bool:
        return self.email is not None or bool(self.phones)


def find_contacts(
    document: Document,
    *,
    region: str | None = None,
    region_source: str | None = None,
    persons: Sequence[tuple[int, int]] = (),
    organisations: Sequence[tuple[int, int, str]] = (),
    blocked: Sequence[tuple[int, int]] = (),
) -> list[Contact]:
    """The persons and desks that `document` offers for contact, in page order, each once.

    `region` and `region_source` are those of `find_phones`. `persons` are spans ``(start, end)`` and `organisations` spans
    ``(start, end, name)`` proposed by other finders, in characters of the canonical text. `blocked` spans hold no telephone
    number. Every value has evidence; a value read from a link's address says ``markup``.
    """
    text = document.text
    language = document.language.code
    emails = [mention for mention in find_emails(text) if not is_template(mention.value)]
    anchors = [link for link in document.links if link.url[:7].lower() == "mailto:"]
    lines = lines_of(document)
    trusted = list(_trusted(document))
    phones = find_phones(
        text,
        region=region,
        region_source=region_source,
        languages=(language,) if load(language).code != "und" else (),
        blocked=[*blocked, *((mention.start, mention.end) for mention in emails)],
        trusted=trusted,
        likely=_lonely(text, lines, emails, region),
    )
    atoms = _atoms(document, emails, phones, anchors)
    if not (atoms or anchors) and not any(_may_offer(text, code) for code in languages_of(language)):
        return []
    _read_lines(document, lines, atoms, organisations, language)
    groups = _groups(text, lines)
    marks = _Marks(persons, anchors, organisations, text)
    cards: list[_Card] = []
    for group in groups:
        _Judge(text, group, marks).judge()
        cards.extend(_Dealer(text, group).deal())
    cards.extend(_elsewhere(document, cards))
    contacts = [contact for card in cards if (contact := _contact(text, card, language)) is not None]
    return _merged(contacts)


def _may_offer(text: str, language: str) -> bool:
    """A quick look: some contact cue's first word stands in the text."""
    low = text.lower()
    lexicon = load(language)
    return any(pattern.strip("*").split(" ")[0] in low for pattern in (*lexicon.labels.contact, *lexicon.cues.more_information))


# --- what stands in the text -------------------------------------------------------------------------------------------


def _lonely(text: str, lines: Sequence[Line], emails: Sequence[EmailMention], region: str | None) -> list[tuple[int, int]]:
    """Figures that are telephone numbers by their place beside an address.

    They stand alone between separators, on the address's line or at most two lines from it; or they begin with the trunk
    prefix 0, fit `region`, and stand in the address's sentence ("on 01632 960200 or anna@...").
    """
    starts = [line.start for line in lines]
    near: set[int] = set()
    for mention in emails:
        index = bisect_right(starts, mention.start) - 1
        near.update(range(max(0, index - 2), min(len(lines), index + 3)))
    found: list[tuple[int, int]] = []
    if region:
        for mention in emails:
            for match in _TRUNK.finditer(text, max(0, mention.start - 80), mention.end + 80):
                if not re.search(r"[\n;!?]|\.\s", text[min(mention.end, match.end()) : max(mention.start, match.start())]) and fits_region(
                    match[0], region
                ):
                    found.append(match.span())
    for index in sorted(near):
        line = lines[index]
        above = text[lines[index - 1].start : lines[index - 1].end] if index else ""
        label_above = re.findall(r"[^\W\d_.]+", above) if "@" not in above else []
        if line.end - line.start > 200 or (len(label_above) <= 4 and any(plain(word) in word_set("number_labels") for word in label_above)):
            continue
        for match in _LONELY.finditer(text, line.start, line.end):
            before, behind = text[line.start : match.start()].rstrip(" \u00a0"), text[match.end() : line.end].lstrip(" \u00a0")
            digits = sum(letter.isdigit() for letter in match[0])
            if (not before or before[-1] in ",;|•·(-–") and (not behind or behind[0] in ",;|•·)-–/") and digits >= 8:
                found.append(match.span())
    return found


def _trusted(document: Document) -> Iterable[tuple[int, int]]:
    """Spans that are known to hold a telephone number: anchors of tel: links, values of phone fields, cells under their heading."""
    for link in document.links:
        if link.url[:4].lower() == "tel:" and link.start is not None and link.end is not None:
            yield link.start, link.end
    header: list[str | None] = []
    for block in document.blocks:
        if block.label is not None and block.value is not None:
            if field_of(document.text[block.label.start : block.label.end], document.language.code) == "phone":
                yield block.value.start, block.value.end
        elif block.kind is BlockKind.TABLE_ROW and block.cells:
            fields = [field_of(document.text[cell.start : cell.end], document.language.code) for cell in block.cells]
            if sum(name is not None for name in fields) >= 2:
                header = fields
            elif "phone" in header:
                for name, cell in zip(header, block.cells, strict=False):
                    if name == "phone":
                        yield cell.start, cell.end
        else:
            header = []


def _atoms(document: Document, emails: Sequence[EmailMention], phones: Sequence[Phone], anchors: Sequence[Link]) -> list[Part]:
    """Addresses, numbers and links as parts, in order and without overlaps."""
    text = document.text
    found: list[Part] = []
    for mention in emails:
        found.append(Part(Kind.EMAIL, mention.start, mention.end, 0, mention.value, whole=True))
    shown = {mention.value.lower() for mention in emails}
    for link in anchors:
        if link.start is None or link.end is None:
            continue
        for value in addresses_of(link.url):
            if value.lower() not in shown and not is_template(value):
                # The place of a hidden address is the end of its anchor: the anchor's words stay readable.
                found.append(Part(Kind.EMAIL, link.end, link.end, 0, value, whole=True, markup=link.url))
                shown.add(value.lower())
    for phone in phones:
        evidence = phone.evidence
        if evidence.start is not None and evidence.end is not None:
            found.append(Part(Kind.PHONE, evidence.start, evidence.end, 0, phone.raw, payload=phone, whole=True))
    numbers = {phone.e164 for phone in phones if phone.e164}
    for link in document.links:
        if link.start is None or link.end is None:
            continue
        if link.url[:4].lower() == "tel:" and (phone_read := _tel(link)) is not None and phone_read.e164 not in numbers:
            found.append(Part(Kind.PHONE, link.end, link.end, 0, phone_read.raw, payload=phone_read, whole=True, markup=link.url))
            numbers.add(phone_read.e164)  # type: ignore[arg-type]
        elif _is_profile(link.url):
            found.append(Part(Kind.URL, link.start, link.end, 0, link.url, whole=True, markup=link.url))
    for match in _URL.finditer(text):
        end = match.end()
        while text[end - 1] in ".,;:!?":
            end -= 1
        found.append(Part(Kind.URL, match.start(), end, 0, text[match.start() : end], whole=True))
    order = {Kind.EMAIL: 0, Kind.PHONE: 1, Kind.URL: 2}
    found.sort(key=lambda part: (part.start, part.end == part.start, order[part.kind], -part.end))
    kept: list[Part] = []
    for part in found:
        if kept and part.start < kept[-1].end and part.end > part.start:
            continue
        kept.append(part)
    return kept


def _tel(link: Link) -> Phone | None:
    """The number of a ``tel:`` link whose anchor does not show it."""
    from urllib.parse import unquote

    number = unquote(link.url[4:64]).split(";", 1)[0]
    read = find_phones(number, trusted=[(0, len(number))])
    if not read or read[0].e164 is None:
        return None
    phone = read[0]
    return phone.model_copy(update={"evidence": Evidence(quote=link.url, source=EvidenceSource.MARKUP, rule="phone")})


def _is_profile(url: str) -> bool:
    bare = re.sub(r"^https?://(?:www\.|[a-z]{2}\.)?", "", url.lower()[:200])
    return any(bare.startswith(page) and len(bare) > len(page) for page in words("profile_pages")) and not any(
        bare.startswith(page) for page in words("not_profiles")
    )


def _read_lines(
    document: Document, lines: Sequence[Line], atoms: Sequence[Part], organisations: Sequence[tuple[int, int, str]], language: str
) -> None:
    """Cut the lines that matter into parts: those with data, those within reach of them, and those that offer somebody."""
    text = document.text
    per_line: dict[int, list[Part]] = {}
    starts = [line.start for line in lines]
    for atom in atoms:
        index = max(bisect_right(starts, atom.start) - 1, 0)
        per_line.setdefault(index, []).append(atom)
    near: set[int] = set()
    for index in per_line:
        near.update(range(max(0, index - _FAR_LINES * 2), min(len(lines), index + _FAR_LINES + 1)))
    readers: dict[str, LineReader] = {}
    spans = sorted(organisations)
    span_starts = [span[0] for span in spans]
    offering = _offering(text, lines, language)
    for line in lines:
        if line.index not in near and line.index not in offering:
            continue
        code = line.language or language
        if code not in readers:
            codes = languages_of(code, language if code != language else None)
            known = vocabulary(codes)
            before = frozenset(word for each in codes for word in load(each).places.before_place) | word_set("employer_words")
            readers[code] = LineReader(text, known, code, (), before)
        reader = readers[code]
        first = bisect_right(span_starts, line.start - 300)
        reader.organisations = [
            (span[0], span[1], _form(text, span))
            for span in spans[first : bisect_right(span_starts, line.end)]
            if span[1] <= line.end and span[0] >= line.start
        ]
        reader.read(line, per_line.get(line.index, []))


def _form(text: str, span: tuple[int, int, str]) -> str:
    """The organisation as the card writes it; the finder's name where that only adds the acronym."""
    written = text[span[0] : span[1]]
    return span[2] if span[2].startswith(f"{written} (") else written


def _offering(text: str, lines: Sequence[Line], language: str) -> set[int]:
    """Lines with a contact cue, and the four that follow each."""
    codes = languages_of(language)
    cue_words = {
        pattern.strip("*").split(" ")[0].split("-")[0].split("'")[0]
        for code in codes
        for pattern in (*load(code).labels.contact, *load(code).cues.more_information)
    }
    found: set[int] = set()
    known = vocabulary(codes)
    for line in lines:
        low = text[line.start : line.end].lower()
        if any(word in low for word in cue_words) and any(cue.tag == "cue" for cue in known.cues(Words.of(text[line.start : line.end]))):
            found.update(range(line.index, min(len(lines), line.index + 5)))
    return found


# --- groups of lines ---------------------------------------------------------------------------------------------------


def _groups(text: str, lines: Sequence[Line]) -> list[_Group]:
    """Lines that may hold one card or several, together; a line of prose stands alone."""
    groups: list[_Group] = []
    current: list[Line] = []
    others = 0
    cue_carried = 0
    cue_level: int | None = None
    speakers = False

    def close() -> None:
        nonlocal current, others
        if any(part.kind in {Kind.NAME, Kind.EMAIL, Kind.PHONE} for line in current for part in line.parts):
            groups.append(_Group(current, cue_carried > 0 or cue_level is not None, speakers))
        current = []
        others = 0

    previous: Line | None = None
    for line in lines:
        heading = line.kind in {BlockKind.HEADING, BlockKind.TITLE}
        if previous is not None and (line.region is not previous.region):
            close()
            cue_level = None
        if not line.parts:
            close()
            cue_carried = max(cue_carried - 1, 0)
            if heading and cue_level is not None and (line.level or 1) <= cue_level:
                cue_level = None
            previous = line
            continue
        has_cue = any(part.kind is Kind.CUE for part in line.parts)
        only_cue = has_cue and all(part.kind in {Kind.CUE, Kind.LABEL, Kind.OTHER} for part in line.parts)
        speaking = any(part.kind is Kind.LABEL and part.payload == "speakers" for part in line.parts)
        if heading:
            if any(part.kind in _DATA for each in current for part in each.parts):
                close()
            if line.level is not None and cue_level is not None and line.level <= cue_level and not has_cue:
                close()
                cue_level = None
            if only_cue:
                close()
                cue_level = line.level
            if not any(part.kind is Kind.NAME for part in line.parts):
                speakers = speaking
        elif speaking:
            speakers = True
        if line.foreign or line.prose:
            close()
            current = [line]
            if line.prose or line.foreign:
                close()
            answered = any(part.kind in {Kind.NAME, *_DATA} for part in line.parts)
            cue_carried = 2 if has_cue and (text[line.end - 1] == ":" or not answered) else max(cue_carried - 1, 0)
            previous = line
            continue
        if only_cue and any(part.kind in _DATA for each in current for part in each.parts):
            close()
        useful = any(part.kind not in {Kind.OTHER, Kind.LABEL} for part in line.parts)
        if not useful and not any(part.kind is Kind.LABEL for part in line.parts):
            others += 1
            if others > _OTHERS_MAX:
                close()
                continue
        else:
            others = 0
        if only_cue:
            cue_carried = 3
            speakers = False
        current.append(line)
        previous = line
        if not only_cue and useful and not any(part.kind is Kind.NAME for part in line.parts):
            cue_carried = cue_carried if cue_carried else 0
    close()
    for group in groups:
        group.parts = [part for line in group.lines for part in line.parts]
        inner = group.lines[1:]
        group.blanks_tell = any(line.blank_before for line in inner) and not all(line.blank_before for line in inner)
        group.cue = group.cue or any(part.kind is Kind.CUE for part in group.parts)
    return groups


# --- which names are contacts ------------------------------------------------------------------------------------------


class _Marks:
    """Spans from elsewhere that speak for or against a name: proposed persons, mailto: anchors, organisations."""

    def __init__(
        self, persons: Sequence[tuple[int, int]], anchors: Sequence[Link], organisations: Sequence[tuple[int, int, str]], text: str
    ) -> None:
        self._bodies = sorted((start, end) for start, end, _ in organisations)
        self._body_starts = [start for start, _ in self._bodies]
        self._persons = sorted(persons)
        self._starts = [start for start, _ in self._persons]
        self._anchors = [
            (link.start, link.end)
            for link in anchors
            if link.start is not None and link.end is not None and "@" not in text[link.start : link.end]
        ]

    def person(self, start: int, end: int) -> tuple[int, int] | None:
        """The proposed person that overlaps ``[start, end)``, or None."""
        near = self._persons[max(0, bisect_right(self._starts, start) - 2) : bisect_right(self._starts, end)]
        return next(((first, last) for first, last in near if first < end and start < last), None)

    @property
    def ran(self) -> bool:
        """True where persons were looked for elsewhere."""
        return bool(self._persons)

    def body(self, start: int, end: int) -> bool:
        """True where an organisation found elsewhere overlaps ``[start, end)``."""
        near = self._bodies[max(0, bisect_right(self._body_starts, start) - 2) : bisect_right(self._body_starts, end)]
        return any(first < end and start < last for first, last in near)

    def anchor(self, start: int, end: int) -> bool:
        """True where a mailto: anchor covers the name."""
        return any(first <= start and end <= last for first, last in self._anchors)


@dataclass(slots=True)
class _Judge:
    """Decides which names of a group somebody offers for contact."""

    text: str
    group: _Group
    marks: _Marks
    lines: dict[int, Line] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = {line.index: line for line in self.group.lines}

    def judge(self) -> None:
        """Keep the names that are offered; the others leave the group, and what is said of them too."""
        kept: list[Part] = []
        silent: set[int] = set()
        named: set[int] = set()
        unanswered = 0
        for index, part in enumerate(self.group.parts):
            if part.kind is not Kind.NAME or part.candidate is None:
                kept.append(part)
                if part.kind in _DATA:
                    unanswered = 0
                continue
            line = self.lines[part.line]
            if self._offered(index, part, part.candidate, unanswered):
                kept.append(part)
                named.add(part.line)
                continue
            if _names_host(part, self.group.parts):
                kept.append(replace(part, kind=Kind.ORGANISATION, candidate=None))
                continue
            if part.alone and not part.candidate.honorific and self._above_address(index, part):
                kept.append(replace(part, kind=Kind.ORGANISATION, candidate=None, strong=False))
                continue
            if part.whole and not line.prose:
                unanswered += 1
            if not (part.candidate.mixed or part.candidate.doubtful) and not any(other.kind in _DATA for other in line.parts):
                silent.add(part.line)
        said = {Kind.TITLE, Kind.ORGANISATION}
        people = [part for part in kept if part.kind is Kind.NAME]
        self.group.parts = parts = [
            part
            for part in kept
            if (part.line not in silent - named or part.kind not in said)
            and not (part.kind is Kind.ORGANISATION and any(part.start < name.end and name.start < part.end for name in people[:_WINDOW]))
        ]
        for part in parts:
            if part.kind is not Kind.OTHER or not part.whole or self.lines[part.line].prose:
                continue
            if _names_host(part, parts):
                part.kind = Kind.ORGANISATION
        for before, part, behind in zip(parts, parts[1:], parts[2:], strict=False):
            if (
                part.kind is Kind.OTHER
                and before.payload == "contact"
                and behind.kind in _DATA
                and self._desk_by_place(before, part, behind)
            ):
                part.kind = Kind.DESK
            if part.kind is Kind.OTHER and before.kind is Kind.NAME and self._title_by_place(before, part, behind):
                part.kind = Kind.TITLE

    def _above_address(self, index: int, part: Part) -> bool:
        """True for a line right above a postal address: the addressee."""
        following = self.group.parts[index + 1] if index + 1 < len(self.group.parts) else None
        return following is not None and following.kind is Kind.ADDRESS and following.line == part.line + 1

    def _offered(self, index: int, part: Part, candidate: NameCandidate, unanswered: int) -> bool:
        line = self.lines[part.line]
        reach = 2 * _FAR_CHARACTERS
        around = self.group.parts[max(0, index - _WINDOW) : index + _WINDOW]
        addresses = [other for other in around if other.kind is Kind.EMAIL and (not line.prose or abs(other.start - part.start) <= reach)]
        fit, fitting = max(
            ((affinity(part.value, other.value), other) for other in addresses), key=lambda pair: pair[0], default=(names.NONE, None)
        )
        person = self._trim(part, candidate, fitting if fit else None)
        if candidate.mixed:
            return (
                fit == names.STRONG
                and fitting is not None
                and not is_role_mailbox(fitting.value)
                and _person_like(part.value, fitting.value)
            )
        if _own_name(part.value, addresses) or (person is None and fit != names.STRONG and self.marks.body(part.start, part.end)):
            return False
        if fit == names.STRONG or self.marks.anchor(part.start, part.end):
            return True
        supported = bool(person) or candidate.honorific
        if self._labelled(index, part) and (part.whole or supported):
            return True
        title = self._has_title(index, part)
        data = self._data_behind(index)
        cue = self._cue_before(index, part)
        if candidate.doubtful and not (fit or supported or (cue and title)):
            return False
        before = self.group.parts[index - 1] if index else None
        if fit and before is not None and before.kind is Kind.EMAIL and part.start - before.end <= 4 and before.line == part.line:
            return True  # "ab@example.org (Anna Berg)".
        if self.group.speakers and not (fit or (data is not None and part.whole)):
            return False
        if candidate.honorific and (cue or data is not None):
            return True
        desk_only = data is not None and data.kind is Kind.EMAIL and is_role_mailbox(data.value)
        if line.prose:
            if cue and (data is not None or title or supported):
                return True
            if cue and not self.marks.ran and self._right_behind(index, part):
                return True
            gap = data.start - part.end if data is not None else 1 << 30
            return gap <= 40 and not desk_only and (fit != names.NONE or title or supported or gap <= 12)
        if title or supported or fit:
            return bool(cue and (part.whole or data)) or (data is not None and unanswered < 2 and not (desk_only and unanswered))
        first = next((other for other in line.parts if other.kind not in {Kind.CUE, Kind.LABEL}), None)
        opens = first is part or (before is not None and before.kind in _DATA and before.line == part.line)
        if not part.alone and not (cue and part.whole and opens):
            return False
        # Nothing but its place speaks for it: no place's name, no desk's address.
        mailboxes = [other for other in addresses if other.line - part.line <= _FAR_LINES]
        if candidate.capitals or len(part.value.split()) > 4 or _is_place(part.value) or desk_only or (unanswered >= 2 and not cue):
            return False
        if any(is_role_mailbox(other.value) for other in mailboxes[:1]) and not cue:
            return False
        return bool(cue or data is not None)

    def _trim(self, part: Part, candidate: NameCandidate, fitting: Part | None) -> tuple[int, int] | None:
        """Cut words from the candidate that neither the mailbox nor the proposed person knows; the proposed person."""
        if fitting is not None:
            part.start, part.end = names.trimmed(self.text, candidate, fitting.value, whole=part.whole)
        person = self.marks.person(part.start, part.end)
        inside = person is not None and candidate.start <= person[0] and person[1] <= candidate.end
        if person is not None and inside and fitting is None and len(self.text[person[0] : person[1]].split()) >= 2:
            part.start, part.end = person
        part.value = self.text[part.start : part.end]
        return person

    def _labelled(self, index: int, part: Part) -> bool:
        """True behind the label of a name ("Name:"), or on one line behind that of a contact ("Contact: Anna Berg and Bo Lind")."""
        edge = part.start
        for before in reversed(self.group.parts[max(0, index - 8) : index]):
            if before.kind is Kind.LABEL:
                return before.payload == "name" and part.line - before.line <= 1
            between = self.text[before.end : edge]
            if before.kind is Kind.CUE and before.payload == "contact":
                led = [word for word in re.findall(r"[^\W\d_]+", between) if word[0].islower() or len(word) > 5]
                return before.line == part.line and ":" in between and not led and not _is_place(part.value)
            if before.kind is not Kind.NAME or before.line != part.line or len(between) > 8:
                return False
            edge = before.start
        return False

    def _has_title(self, index: int, part: Part) -> bool:
        """True where a job title touches the name, or stands on the line above or below."""
        parts, line = self.group.parts, self.lines[part.line]
        for other in (*parts[max(0, index - 1) : index], *parts[index + 1 : index + 2]):
            if other.kind is not Kind.TITLE or abs(other.line - part.line) > 1:
                continue
            if index > 1 and other is parts[index - 1] and parts[index - 2].kind is Kind.NAME and parts[index - 2].line == other.line:
                continue  # "Anna Berg, project manager, Clean Waters": the title is hers.
            if other.line != part.line:
                if not line.prose:
                    return True
                continue
            first, second = (other, part) if other.start < part.start else (part, other)
            if not any(letter.isalnum() for letter in self.text[first.end : second.start]):
                return True
        return False

    def _data_behind(self, index: int) -> Part | None:
        """The address or number that follows a name before the next one, within reach."""
        name = self.group.parts[index]
        line = self.lines[name.line]
        for other in self.group.parts[index + 1 : index + _WINDOW]:
            if other.kind is Kind.NAME and other.candidate is not None and not other.candidate.mixed:
                return None
            if other.line - name.line > _FAR_LINES or other.start - name.end > 3 * _FAR_CHARACTERS:
                return None
            if line.prose and (other.line != name.line or other.sentence != name.sentence):
                return None
            if other.kind in _DATA:
                return other
        return None

    def _cue_before(self, index: int, part: Part) -> bool:
        """True where the words before a name offer it for contact."""
        line, parts, text = self.lines[part.line], self.group.parts, self.text
        if not line.prose:
            return self.group.cue
        for other in reversed(parts[max(0, index - _WINDOW) : index]):
            if other.sentence != part.sentence or other.kind in _DATA:
                return False
            if other.kind is Kind.NAME:
                joint = text[other.end : part.start]
                if len(joint) <= 8 and "." not in joint:
                    continue  # "Anna Berg or Bo Hansen".
                return False
            if other.kind is Kind.CUE:
                between = text[other.end : part.start]
                if other.payload == "contact" or between.strip() == ":":
                    return True
                # "Questions were raised by ..." offers nobody: the cue opens its sentence and leads to the name with small words.
                lead = re.split(r"(?<=[.!?])\s", text[line.start : other.start])[-1]
                told = re.findall(r"[^\W\d_]+", between)
                loose = [word for word in told if word[0].islower() and len(word) > 5]
                return len(lead.split()) <= 3 and len(told) <= 6 and not loose
        return False

    def _right_behind(self, index: int, part: Part) -> bool:
        """True where nothing stands between a cue and the name ("Contact Anna Berg for details")."""
        before = self.group.parts[index - 1] if index else None
        return before is not None and before.kind is Kind.CUE and not self.text[before.end : part.start].strip(" :\u00a0")

    def _desk_by_place(self, cue: Part, part: Part, data: Part) -> bool:
        """True for the name of a desk between the label of a contact and its data: "Contact: Customer enquiries, ask@..."."""
        if not (cue.line == part.line == data.line and part.whole and ":" in self.text[cue.end : part.start]):
            return False
        spelt = part.value.split()
        return part.value[0].isupper() and len(spelt) <= 6 and all(word.strip(".,-/&()'’").replace("-", "").isalpha() for word in spelt)

    def _title_by_place(self, name: Part, part: Part, behind: Part) -> bool:
        """True for words that no lexicon knows as a job title but that stand where one does: right behind a name, before its data.

        On the name's line they are written small ("Anna Berg, grøn omstillingschef, anna@..."); on the next line all letters
        are, or all but the first.
        """
        if self.lines[part.line].prose or behind.kind not in {*_DATA, Kind.ORGANISATION, Kind.DESK, Kind.LABEL}:
            return False
        spelt = part.value.split()
        if not 1 <= len(spelt) <= 6 or not all(word.strip(".,-/&()").isalpha() or "-" in word for word in spelt):
            return False
        if len(spelt[0]) < 4 or any(letter.isdigit() for letter in part.value):
            return False
        if part.line == name.line:
            return part.value.islower() and name.whole
        if part.line != name.line + 1 or not (part.alone and name.alone) or not part.value[1:].islower():
            return False
        return spelt[0][0].islower() or len(spelt) >= 2 or len(spelt[0]) >= 12


def _is_place(name: str) -> bool:
    from extractors.places.gazetteer import lookup

    return bool(lookup(name))


def _person_like(name: str, address: str) -> bool:
    """Both the first and the last word of the name stand in the mailbox."""
    written = address.partition("@")[0]
    local = plain(written)
    spelt = [plain(word) for word in names.name_words(name)]
    divided = any(mark in written for mark in "._-")
    return len(spelt) >= 2 and spelt[0][:1] in local and spelt[-1] in local and (divided or local != "".join(spelt))


def _names_host(part: Part, parts: Sequence[Part]) -> bool:
    """True where the written words are the name of the host of an address near by ("FAOI", kontakt@faoi.example)."""
    spelt = plain(part.value)
    if len(spelt) < 3 or not part.whole or len(part.value.split()) > 5 or not part.value[0].isupper():
        return False
    near = [other for other in parts if other.kind is Kind.EMAIL and abs(other.line - part.line) <= _FAR_LINES]
    return any(spelt == plain(host) for other in near[:_WINDOW] for host in other.value.partition("@")[2].split(".")[:-1])


def _own_name(name: str, addresses: Sequence[Part]) -> bool:
    """True where the words are the name of the addresses' own organisation."""
    joined = plain(name)
    for address in addresses:
        for host in address.value.partition("@")[2].split(".")[:-1]:
            spelt = plain(host)
            if len(spelt) >= 5 and (joined == spelt or joined.startswith(spelt) or spelt.startswith(joined)):
                return True
    return False


# --- dealing out the parts ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Dealer:
    """One walk over a group's parts; every part goes to one card."""

    text: str
    group: _Group
    lines: dict[int, Line] = field(init=False)
    cards: list[_Card] = field(default_factory=list)
    current: _Card | None = None
    pending: list[Part] = field(default_factory=list)
    """Parts that wait for the next card: what stands above its name or address."""
    soft: bool = False
    """Something (a blank line, a heading, a row) stands between the card and what comes."""

    def __post_init__(self) -> None:
        self.lines = {line.index: line for line in self.group.lines}

    def deal(self) -> list[_Card]:
        """The cards of the group, in order."""
        last_line = -1
        takers = {
            Kind.NAME: self._name, Kind.EMAIL: self._email, Kind.PHONE: self._phone, Kind.TITLE: self._title,
            Kind.ORGANISATION: self._organisation, Kind.DESK: self._organisation, Kind.ADDRESS: self._address, Kind.URL: self._url,
        }  # fmt: skip
        for index, part in enumerate(self.group.parts):
            if part.line != last_line:
                self._line(self.lines[part.line], first=last_line < 0)
                last_line = part.line
            if part.kind is Kind.CUE:
                self.soft = self.soft or (self.current is not None and self.current.has_data and not self.lines[part.line].prose)
            elif part.kind in takers:
                takers[part.kind](index, part)
        if self.current is not None:
            named = sum(card.name is not None for card in self.cards)
            for waiting in self.pending:
                if waiting.kind is Kind.ADDRESS and not self.current.addresses and named <= 1:
                    self.current.addresses.extend(each for each in self.pending if each.kind is Kind.ADDRESS)
                elif waiting.kind is Kind.ORGANISATION and self.current.organisation is None and named <= 1:
                    self.current.organisation = waiting
        _exchange(self.cards)
        return self.cards

    def _line(self, line: Line, *, first: bool) -> None:
        if first or self.current is None or not self.current.has_data:
            return
        heading = line.kind in {BlockKind.HEADING, BlockKind.TITLE}
        row = line.kind is BlockKind.TABLE_ROW and line.label is None
        self.soft = self.soft or heading or row or (line.blank_before and self.group.blanks_tell)

    def _open(self) -> _Card:
        card = _Card()
        self.cards.append(card)
        self.current = card
        self.soft = False
        for waiting in self.pending:
            _attach(card, waiting)
        self.pending = []
        return card

    def _near(self, card: _Card, part: Part) -> bool:
        if card.last is None:
            return True
        if part.line == card.last.line:
            return not self.lines[part.line].prose or part.start - card.last.end <= _FAR_CHARACTERS
        return part.line - card.last.line <= _FAR_LINES + 2

    def _name(self, index: int, part: Part) -> None:
        card = self.current
        if (
            card is None
            or card.name is not None
            or (card.has_data and not (card.email and affinity(part.value, card.email.value) == names.STRONG))
        ):
            self.pending = [waiting for waiting in self.pending if waiting.kind is Kind.TITLE and abs(waiting.line - part.line) <= 1]
            card = self._open()
        card.name = part
        card.last = part

    def _email(self, index: int, part: Part) -> None:
        card = self.current
        if card is not None and card.email is not None and card.email.value.lower() == part.value.lower():
            card.last = part
            return
        ahead = self.group.parts[index + 1 : index + _WINDOW]
        if card is not None and card.name is not None and card.email is None and not affinity(card.name.value, part.value):
            own = next(
                (
                    other
                    for other in ahead
                    if other.kind is Kind.NAME or (other.kind is Kind.EMAIL and affinity(card.name.value, other.value))
                ),
                None,
            )
            if own is not None and own.kind is Kind.EMAIL:
                # The person's own address comes later; this one is another desk's.
                self.cards.append(_Card(email=part, last=part))
                return
        if card is None or not self._near(card, part) or not self._takes_email(card, part, ahead):
            card = self._open()
        card.email = part
        card.last = part

    def _takes_email(self, card: _Card, part: Part, ahead: Sequence[Part]) -> bool:
        """True where the address belongs to the card that is open."""
        if card.email is not None:
            return False
        if card.name is None:
            return not self.soft
        if affinity(card.name.value, part.value):
            return True
        following = next((other for other in ahead if other.kind in {Kind.NAME, Kind.EMAIL}), None)
        if following is not None and following.kind is Kind.NAME and affinity(following.value, part.value) == names.STRONG:
            return False  # Data first: the address stands above its owner.
        if self.soft:
            return False
        if self.lines[part.line].prose or card.name.line == part.line:
            return card.name.line == part.line and card.name.sentence == part.sentence
        return not is_role_mailbox(part.value) or part.line - card.name.line <= _FAR_LINES

    def _phone(self, index: int, part: Part) -> None:
        card = self.current
        number = part.payload.e164
        if card is not None and number and any(other.payload.e164 == number for other in card.phones):
            return
        named_ahead = any(other.kind is Kind.NAME for other in self.group.parts[index + 1 : index + 4])
        waits = any(waiting.kind in {Kind.ORGANISATION, Kind.DESK} for waiting in self.pending)
        if card is None or waits or not self._near(card, part) or (self.soft and (card.phones or card.name is None or named_ahead)):
            card = self._open()
        card.phones.append(part)
        card.last = part

    def _title(self, index: int, part: Part) -> None:
        card = self.current
        if card is not None and card.title is None and card.name is not None and self._beside(card, card.name, part):
            card.title = part
            card.last = part
        elif card is None or card.name is not None or card.has_data:
            self.pending.append(part)
        elif card.title is None:
            card.title = part

    def _beside(self, card: _Card, name: Part, title: Part) -> bool:
        """True where a job title stands by the card's name: only the card's own data may stand between."""
        line = self.lines[title.line]
        if title.line != name.line:
            return not line.prose and abs(title.line - name.line) <= 3
        first, second = (title, name) if title.start < name.start else (name, title)
        between = self.text[first.end : second.start]
        for own in (card.email, *card.phones):
            if own is not None and own.markup is None:
                between = between.replace(self.text[own.start : own.end], "")
        return len(between) <= 60 if not line.prose else not any(letter.isalnum() for letter in between)

    def _organisation(self, index: int, part: Part) -> None:
        card = self.current
        if self.lines[part.line].prose and not self._near_in_prose(index, part):
            return
        if card is None:
            card = self._open()
            _attach(card, part)
        elif card.has_data and (self.soft or self._data_ahead(index, card)):
            self.pending.append(part)
        elif not self.soft:
            _attach(card, part)

    def _near_in_prose(self, index: int, part: Part) -> bool:
        """In running text an organisation belongs to the name or the cue right before it, a desk to the address behind it."""
        card = self.current
        if part.kind is Kind.DESK:
            data = next((other for other in self.group.parts[index + 1 : index + _WINDOW] if other.kind in _DATA), None)
            near = data is not None and data.sentence == part.sentence and data.start - part.end <= _FAR_CHARACTERS
            return near and (card is None or not card.has_data)
        before = self.group.parts[index - 1] if index else None
        if card is None or card.name is None:
            return card is None and before is not None and before.kind is Kind.CUE and before.payload == "contact"
        if card.has_data or part.start < card.name.end or part.start - card.name.end > 90:
            return False
        return not re.search(r"[.!?]\s", self.text[card.name.end : part.start])

    def _data_ahead(self, index: int, card: _Card) -> bool:
        """True where an organisation that follows a card's data has data of its own before the next name."""
        for part in self.group.parts[index + 1 : index + _WINDOW]:
            if part.kind is Kind.NAME:
                return False
            if part.kind is Kind.EMAIL:
                return card.email is not None
            if part.kind is Kind.PHONE and card.phones:
                return True
        return False

    def _address(self, index: int, part: Part) -> None:
        card = self.current
        if self.lines[part.line].prose and (card is None or card.last is None or part.start - card.last.end > 60):
            return
        if card is None or self.pending or self.soft:
            self.pending.append(part)
        else:
            card.addresses.append(part)

    def _url(self, index: int, part: Part) -> None:
        if self.current is not None and not self.lines[part.line].prose and self._near(self.current, part):
            self.current.urls.append(part)


def _attach(card: _Card, part: Part) -> None:
    if part.kind is Kind.TITLE and card.title is None:
        card.title = part
    elif part.kind is Kind.ORGANISATION:
        if card.organisation is None or (part.strong and not card.organisation.strong):
            card.organisation = part
    elif part.kind is Kind.DESK:
        card.desk = card.desk or part
    elif part.kind is Kind.ADDRESS:
        card.addresses.append(part)


def _exchange(cards: list[_Card]) -> None:
    """Give each address to the name it fits: "Anna Berg or Bo Hansen: anna@..., bo@..."."""
    for index, card in enumerate(cards):
        if card.name is None or card.email is not None:
            continue
        for other in cards[max(0, index - _WINDOW) : index + _WINDOW]:
            if other is card or other.email is None or affinity(card.name.value, other.email.value) == names.NONE:
                continue
            if other.name is None or affinity(other.name.value, other.email.value) == names.NONE:
                card.email, other.email = other.email, None
                break
    cards[:] = [card for card in cards if card.name is not None or card.has_data]


# --- cards to contacts -------------------------------------------------------------------------------------------------


def _elsewhere(document: Document, cards: Sequence[_Card]) -> list[_Card]:
    """Addresses of mailto: links that have no place in the text."""
    known = {card.email.value.lower() for card in cards if card.email is not None}
    found: list[_Card] = []
    for link in document.links:
        if link.start is not None:
            continue
        for value in addresses_of(link.url):
            if value.lower() in known or is_template(value):
                continue
            known.add(value.lower())
            end = len(document.text)
            found.append(_Card(email=Part(Kind.EMAIL, end, end, -1, value, markup=link.url)))
    return found


def _contact(text: str, card: _Card, language: str) -> Contact | None:
    """The card as a contact with its evidence, or None where it offers nothing."""
    if not card.has_data and card.name is None:
        return None
    person = card.name is not None
    address = _address(text, card.addresses)
    phones = [_phone(part) for part in card.phones]
    # Faxes last: the first number is the one to call.
    phones.sort(key=lambda phone: phone.kind == "fax")
    evidence: list[Evidence] = []

    def say(part: Part | None, rule: str) -> str | None:
        if part is None:
            return None
        if part.markup is not None:
            evidence.append(Evidence(quote=part.markup, source=EvidenceSource.MARKUP, rule=rule))
        else:
            evidence.append(Evidence(quote=text[part.start : part.end], start=part.start, end=part.end, rule=rule))
        return part.value

    name = say(card.name if person else card.desk, "name")
    title = say(card.title, "job_title") if person else None
    organisation = say(card.organisation, "organisation")
    email = say(card.email, "email")
    for part in card.phones:
        say(part, "phone")
    urls = list(dict.fromkeys(value for part in card.urls if (value := say(part, "url"))))
    if address is not None:
        evidence.append(Evidence(quote=text[address[0] : address[1]], start=address[0], end=address[1], rule="address"))
    return Contact(
        kind="person" if person else "desk",
        name=name,
        job_title=title,
        job_title_en=title if language == "en" else None,
        organisation=organisation,
        email=email,
        phones=phones,
        urls=urls,
        address=re.sub(r"\s*\n\s*", ", ", text[address[0] : address[1]]) if address else None,
        evidence=evidence,
    )


def _phone(part: Part) -> Phone:
    phone: Phone = part.payload
    return phone


def _address(text: str, parts: Sequence[Part]) -> tuple[int, int] | None:
    """The longest run of address parts with only separators between, with a street or a postal code in it."""
    best: tuple[int, int] | None = None
    run: list[Part] = []
    for part in [*parts, None]:
        # "Testvej 3, 2. sal, 1234 Eksempelby": a floor or a name of the house may stand between.
        if part is not None and (not run or len(re.findall(r"\w+", text[run[-1].end : part.start])) <= 2):
            run.append(part)
            continue
        if run and any(each.strong for each in run) and (best is None or run[-1].end - run[0].start > best[1] - best[0]):
            best = run[0].start, run[-1].end
        run = [part] if part is not None else []
    return best


def _first(contact: Contact) -> int:
    return min((evidence.start for evidence in contact.evidence if evidence.start is not None), default=1 << 60)


def _merged(contacts: Iterable[Contact]) -> list[Contact]:
    """Contacts in page order, one for each address or name."""
    kept: list[Contact] = []
    places: dict[str, list[int]] = {}
    for contact in sorted(contacts, key=_first):
        candidates = sorted({index for key in _keys(contact) for index in places.get(key, ())})
        index = next((index for index in candidates if _same(kept[index], contact)), len(kept))
        if index == len(kept):
            kept.append(contact)
        else:
            twin = kept[index]
            first, second = (contact, twin) if contact.kind == "person" and twin.kind == "desk" else (twin, contact)
            kept[index] = _joined(first, second)
        for key in _keys(contact):
            known = places.setdefault(key, [])
            if index not in known and len(known) < _WINDOW:
                known.append(index)
    return kept


def _keys(contact: Contact) -> list[str]:
    """What a second mention of the same contact shares with it."""
    keys = [phone.e164 for phone in contact.phones if phone.e164]
    if contact.email:
        keys.append(contact.email.lower())
    if contact.name:
        keys.append(plain(contact.name))
    return keys


def _same(one: Contact, other: Contact) -> bool:
    if one.email and other.email:
        if one.email.lower() != other.email.lower():
            return False
        return not (one.kind == other.kind == "person" and one.name and other.name and plain(one.name) != plain(other.name))
    if one.name and other.name:
        return plain(one.name) == plain(other.name)
    numbers = {phone.e164 for phone in one.phones if phone.e164} & {phone.e164 for phone in other.phones if phone.e164}
    return bool(numbers) and (_bare(one) or _bare(other))


def _bare(contact: Contact) -> bool:
    """True for a contact that is nothing but a number."""
    return contact.email is None and contact.name is None


def _joined(first: Contact, second: Contact) -> Contact:
    """`first`, with what only `second` knows, and the evidence for that."""
    numbers = {phone.e164 or phone.raw for phone in first.phones}
    more = [phone for phone in second.phones if (phone.e164 or phone.raw) not in numbers]
    urls = [url for url in second.urls if url not in first.urls]
    taken = {
        rule
        for rule in ("name", "job_title", "organisation", "email", "address")
        if getattr(first, rule) is None and getattr(second, rule) is not None and not (rule == "name" and first.kind != second.kind)
    }
    quotes = {(phone.evidence.start, phone.evidence.quote) for phone in more}
    evidence = [
        item
        for item in second.evidence
        if item.rule in taken or (item.rule == "phone" and (item.start, item.quote) in quotes) or (item.rule == "url" and urls)
    ]
    if not (taken or more or urls):
        return first
    update: dict[str, object] = {rule: getattr(second, rule) for rule in taken}
    update["phones"] = sorted([*first.phones, *more], key=lambda phone: phone.kind == "fax")
    update["urls"] = [*first.urls, *urls]
    update["evidence"] = [*first.evidence, *evidence]
    if "job_title" in taken:
        update["job_title_en"] = second.job_title_en
    return first.model_copy(update=update)
