"""Contact cards: a person or desk with all that is offered to reach them, read as one thing. Never a person without data or cue.

Lines are cut into typed parts (lines.py), lines that belong together make a group, and one walk over a group's parts deals them
out to cards: a new name, a second address, a new organisation with data of its own opens the next card.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractors.contacts import names
from extractors.contacts.emails import EmailMention, addresses_of, find_emails, is_role_mailbox, is_template
from extractors.contacts.letters import plain
from extractors.contacts.lines import Kind, Line, LineReader, Part, lines_of
from extractors.contacts.names import NameCandidate, affinity, vocabulary
from extractors.contacts.phones import find_phones
from extractors.contacts.wordlists import languages_of, words
from extractors.lexicon import Words, field_of, load
from schemas import BlockKind, Contact, Document, Evidence, EvidenceSource, Link, Phone

_FAR_LINES = 5
_FAR_CHARACTERS = 160
_OTHERS_MAX = 2
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'|()]{3,200}")
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
    offered: bool = False

    @property
    def has_data(self) -> bool:
        return self.email is not None or bool(self.phones)

    def parts(self) -> list[Part]:
        single = [part for part in (self.name, self.title, self.organisation, self.desk, self.email) if part is not None]
        return [*single, *self.phones, *self.urls, *self.addresses]


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
    )
    atoms = _atoms(document, emails, phones, anchors)
    if not atoms and not any(_may_offer(text, code) for code in languages_of(language)):
        return []
    _read_lines(document, lines, atoms, organisations, language)
    groups = _groups(text, lines)
    marks = _Marks(persons, anchors, text)
    cards: list[_Card] = []
    for group in groups:
        _accept(text, group, marks)
        cards.extend(_deal(text, group))
    cards.extend(_elsewhere(document, cards))
    contacts = [contact for card in cards if (contact := _contact(text, card, language)) is not None]
    return _merged(contacts)


def _may_offer(text: str, language: str) -> bool:
    """A quick look: some contact cue's first word stands in the text."""
    low = text.lower()
    lexicon = load(language)
    return any(pattern.strip("*").split(" ")[0] in low for pattern in (*lexicon.labels.contact, *lexicon.cues.more_information))


# --- what stands in the text -------------------------------------------------------------------------------------------


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
            numbers.add(phone_read.e164)
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
    readers: dict[str | None, LineReader] = {}
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
            before = frozenset(word for each in codes for word in load(each).places.before_place)
            readers[code] = LineReader(text, known, code, (), before)
        reader = readers[code]
        first = bisect_right(span_starts, line.start - 300)
        reader.organisations = [
            span for span in spans[first : bisect_right(span_starts, line.end)] if span[1] <= line.end and span[0] >= line.start
        ]
        reader.read(line, per_line.get(line.index, []))


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
            cue_carried = 2 if has_cue and (text[line.end - 1] in ":?." or only_cue) else max(cue_carried - 1, 0)
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
    """Spans from elsewhere that speak for a name: NER proposals and mailto: anchors."""

    def __init__(self, persons: Sequence[tuple[int, int]], anchors: Sequence[Link], text: str) -> None:
        self._persons = sorted(persons)
        self._anchors = sorted(
            (link.start, link.end)
            for link in anchors
            if link.start is not None and link.end is not None and "@" not in text[link.start : link.end]
        )

    def person(self, start: int, end: int) -> tuple[int, int] | None:
        """The proposed person that overlaps ``[start, end)``, or None."""
        return next(((first, last) for first, last in self._persons if first < end and start < last), None)

    @property
    def ran(self) -> bool:
        """True where persons were looked for elsewhere."""
        return bool(self._persons)

    def anchor(self, start: int, end: int) -> bool:
        """True where a mailto: anchor covers the name."""
        return any(first <= start and end <= last for first, last in self._anchors)


def _accept(text: str, group: _Group, marks: _Marks) -> None:
    """Keep the names that somebody offers for contact; the others leave the group."""
    parts = group.parts
    kept: list[Part] = []
    silent: set[int] = set()
    named: dict[int, bool] = {}
    unanswered = 0
    for index, part in enumerate(parts):
        if part.kind is not Kind.NAME or part.candidate is None:
            kept.append(part)
            if part.kind in _DATA:
                unanswered = 0
            continue
        line = next(line for line in group.lines if line.index == part.line)
        if _is_contact(text, group, index, part, part.candidate, line, marks, unanswered):
            kept.append(part)
            named[part.line] = True
        elif part.whole and line.prose is False:
            unanswered += 1
        if (kept and kept[-1] is part) or part.candidate.mixed or any(other.kind in _DATA for other in line.parts):
            continue
        silent.add(part.line)
    # What is said of a person who is no contact belongs to no card.
    group.parts = [
        part for part in kept if part.line not in silent or part.kind not in {Kind.TITLE, Kind.ORGANISATION} or named.get(part.line)
    ]
    for before, part, behind in zip(group.parts, group.parts[1:], group.parts[2:], strict=False):
        if part.kind is Kind.OTHER and before.kind is Kind.NAME and _title_by_place(group, before, part, behind):
            part.kind = Kind.TITLE


def _is_contact(
    text: str, group: _Group, index: int, part: Part, candidate: NameCandidate, line: Line, marks: _Marks, unanswered: int
) -> bool:
    parts = group.parts
    addresses = [
        other for other in parts if other.kind is Kind.EMAIL and (not line.prose or abs(other.start - part.start) <= 2 * _FAR_CHARACTERS)
    ]
    fit, fitting = max(
        ((affinity(part.value, other.value), other) for other in addresses), key=lambda pair: pair[0], default=(names.NONE, None)
    )
    if fitting is not None and fit:
        part.start, part.end = names.trimmed(text, candidate, fitting.value)
    person = marks.person(part.start, part.end)
    if (
        person is not None
        and candidate.start <= person[0]
        and person[1] <= candidate.end
        and len(text[person[0] : person[1]].split()) >= 2
        and not fit
    ):
        part.start, part.end = person
    part.value = text[part.start : part.end]
    anchor = marks.anchor(part.start, part.end)
    if candidate.mixed:
        return fit == names.STRONG and not (fitting is not None and is_role_mailbox(fitting.value)) and _person_like(part.value, fitting)
    if _own_name(part.value, addresses):
        return False
    before = parts[index - 1] if index else None
    label = before is not None and before.kind is Kind.LABEL and before.payload == "name" and line.index - before.line <= 1
    title = any(
        0 <= at < len(parts)
        and parts[at].kind is Kind.TITLE
        and abs(parts[at].line - part.line) <= 1
        and _touching(text, parts[at], part, line)
        for at in (index - 1, index + 1)
    )
    data = _data_behind(text, parts, index, line)
    cue = _cue_before(text, group, index, part, line)
    if fit == names.STRONG or anchor:
        return True
    if label and (part.whole or candidate.honorific or person):
        return True
    if candidate.doubtful and not (fit or person or candidate.honorific or (cue and title)):
        return False
    if group.speakers and not (fit or (data is not None and part.whole)):
        return False
    if candidate.honorific and (cue or data is not None):
        return True
    desk_only = data is not None and data.kind is Kind.EMAIL and is_role_mailbox(data.value)
    if line.prose:
        near = data is not None and data.start - part.end <= 40
        if cue and (data is not None or title or person or not marks.ran):
            return True
        return (
            near
            and not desk_only
            and (fit != names.NONE or title or person is not None or data is not None and data.start - part.end <= 12)
        )
    if cue and (part.whole or data is not None):
        return bool(data is None or not desk_only or title or person or fit or part.alone)
    if data is None or not (part.whole or person):
        return False
    if unanswered >= 2 and not (title and fit):
        return False  # The end of a list of speakers, not a card.
    if title or person is not None or fit:
        return not (desk_only and unanswered)
    return part.alone and not desk_only and len(part.value.split()) <= 4


def _title_by_place(group: _Group, name: Part, part: Part, behind: Part) -> bool:
    """True for words that no lexicon knows as a job title but that stand where one does: right behind a name, before its data.

    On the name's line they are written small ("Anna Berg, grøn omstillingschef, anna@..."); on the next line only their first
    letter is large.
    """
    line = next(line for line in group.lines if line.index == part.line)
    if line.prose or behind.kind not in {*_DATA, Kind.ORGANISATION, Kind.DESK, Kind.LABEL}:
        return False
    spelt = part.value.split()
    if not 1 <= len(spelt) <= 6 or not all(word.strip(".,-/&()").isalpha() or "-" in word for word in spelt):
        return False
    if len(spelt[0]) < 4 or any(letter.isdigit() for letter in part.value):
        return False
    if part.line == name.line:
        return part.value.islower() and name.whole
    if part.line != name.line + 1 or not (part.alone and name.alone) or not spelt[0][0].isupper() or not part.value[1:].islower():
        return False
    return len(spelt) >= 2 or len(spelt[0]) >= 12


def _person_like(name: str, address: Part | None) -> bool:
    """Both the first and the last word of the name stand in the mailbox."""
    if address is None:
        return False
    local = plain(address.value.partition("@")[0])
    spelt = [plain(word) for word in names.name_words(name)]
    divided = any(mark in address.value.partition("@")[0] for mark in "._-")
    return len(spelt) >= 2 and spelt[0][:1] in local and spelt[-1] in local and (divided or local != "".join(spelt))


def _own_name(name: str, addresses: Sequence[Part]) -> bool:
    """True where the words are the name of the addresses' own organisation."""
    joined = plain(name)
    for address in addresses:
        for host in address.value.partition("@")[2].split(".")[:-1]:
            spelt = plain(host)
            if len(spelt) >= 5 and (joined == spelt or joined.startswith(spelt) or spelt.startswith(joined)):
                return True
    return False


def _touching(text: str, title: Part, name: Part, line: Line) -> bool:
    if title.line != name.line:
        return not line.prose
    first, second = (title, name) if title.start < name.start else (name, title)
    between = text[first.end : second.start]
    return len(between) <= 4 or not any(letter.isalnum() for letter in between)


def _data_behind(text: str, parts: Sequence[Part], index: int, line: Line) -> Part | None:
    """The address or number that follows a name before the next one, within reach."""
    name = parts[index]
    for other in parts[index + 1 :]:
        if other.kind is Kind.NAME and other.candidate is not None and not other.candidate.mixed:
            # Two names before their data: "Anna Berg and Bo Hansen, tel. ...".
            return None
        if other.line - name.line > _FAR_LINES or other.start - name.end > 3 * _FAR_CHARACTERS:
            return None
        if line.prose and (other.line != name.line or other.sentence != name.sentence):
            return None
        if other.kind in _DATA:
            return other
    return None


def _cue_before(text: str, group: _Group, index: int, part: Part, line: Line) -> bool:
    """True where the words before a name offer it for contact."""
    if not line.prose:
        inside = any(other.kind is Kind.CUE for other in group.parts[:index])
        return inside or group.cue
    for other in reversed(group.parts[:index]):
        if other.sentence != part.sentence or other.kind in _DATA:
            return False
        if other.kind is Kind.NAME:
            joint = text[other.end : part.start]
            if len(joint) <= 8 and "." not in joint:
                continue  # "Anna Berg or Bo Hansen".
            return False
        if other.kind is Kind.CUE:
            between = re.findall(r"[^\W\d_]+", text[other.end : part.start])
            lead = re.split(r"(?<=[.!?])\s", text[line.start : other.start])[-1]
            lead_words = len(lead.split())
            if other.payload == "contact" or text[other.end : part.start].strip() == ":":
                return True
            loose = [word for word in between if word[0].islower() and len(word) > 5]
            return lead_words <= 3 and len(between) <= 6 and not loose
    return False


# --- dealing out the parts ---------------------------------------------------------------------------------------------


def _deal(text: str, group: _Group) -> list[_Card]:
    """One walk over a group's parts; every part goes to one card."""
    cards: list[_Card] = []
    lines = {line.index: line for line in group.lines}
    current: _Card | None = None
    pending: list[Part] = []
    soft = False
    last_line = -1

    def opened() -> _Card:
        nonlocal current, soft, pending
        current = _Card(offered=group.cue)
        cards.append(current)
        soft = False
        for waiting in pending:
            _attach(current, waiting)
        pending = []
        return current

    def near(card: _Card, part: Part) -> bool:
        if card.last is None:
            return True
        line = lines[part.line]
        if part.line == card.last.line:
            return not line.prose or part.start - card.last.end <= _FAR_CHARACTERS
        return part.line - card.last.line <= _FAR_LINES + 2

    for index, part in enumerate(group.parts):
        line = lines[part.line]
        if part.line != last_line:
            if last_line >= 0 and current is not None and current.has_data:
                heading = line.kind in {BlockKind.HEADING, BlockKind.TITLE}
                row = line.kind is BlockKind.TABLE_ROW and line.label is None
                soft = soft or heading or row or (line.blank_before and group.blanks_tell)
            last_line = part.line
        if part.kind is Kind.NAME:
            fits = (
                current is not None
                and current.name is None
                and (not current.has_data or (current.email is not None and affinity(part.value, current.email.value) == names.STRONG))
            )
            title_waits = pending
            if not fits or current is None:
                pending = [waiting for waiting in title_waits if waiting.kind is Kind.TITLE and abs(waiting.line - part.line) <= 1]
                current = opened()
            current.name = part
            current.last = part
        elif part.kind is Kind.EMAIL:
            if current is not None and current.email is not None and current.email.value.lower() == part.value.lower():
                current.last = part
                continue
            if current is None or not near(current, part) or not _takes_email(text, current, part, line, soft, group.parts[index + 1 :]):
                current = opened()
            current.email = part
            current.last = part
        elif part.kind is Kind.PHONE:
            same = current is not None and any(other.payload.e164 and other.payload.e164 == part.payload.e164 for other in current.phones)
            if same:
                continue
            if (
                current is None
                or not near(current, part)
                or (soft and (current.phones or current.name is None or _name_ahead(group.parts, index)))
            ):
                current = opened()
            elif pending and any(waiting.kind in {Kind.ORGANISATION, Kind.DESK} for waiting in pending):
                current = opened()
            current.phones.append(part)
            current.last = part
        elif part.kind is Kind.TITLE:
            if current is not None and current.title is None and current.name is not None and _beside(text, current, part, line):
                current.title = part
                current.last = part
            elif current is None or current.name is not None or current.has_data:
                pending = [*pending, part]
            elif current.title is None:
                current.title = part
        elif part.kind in {Kind.ORGANISATION, Kind.DESK}:
            if line.prose and not _prose_near(text, current, part):
                continue
            if current is None:
                current = opened()
                _attach(current, part)
            elif current.has_data and (soft or _data_ahead(group.parts, index, current)):
                pending = [*pending, part]
            elif not soft:
                _attach(current, part)
        elif part.kind is Kind.ADDRESS:
            if line.prose and (current is None or current.last is None or part.start - current.last.end > 60):
                continue
            if current is not None and not pending and not (soft and current.addresses):
                current.addresses.append(part)
            else:
                pending = [*pending, part]
        elif part.kind is Kind.URL and current is not None and not line.prose and near(current, part):
            current.urls.append(part)
        elif part.kind is Kind.CUE and current is not None and current.has_data and not line.prose:
            soft = True
    if pending and current is not None:
        for waiting in pending:
            if waiting.kind is Kind.ADDRESS and not current.addresses:
                current.addresses.append(waiting)
            elif waiting.kind is Kind.ORGANISATION and current.organisation is None:
                current.organisation = waiting
    _exchange(cards)
    return cards


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


def _beside(text: str, card: _Card, title: Part, line: Line) -> bool:
    name = card.name
    if name is None:
        return False
    if title.line == name.line:
        first, second = (title, name) if title.start < name.start else (name, title)
        between = text[first.end : second.start]
        return len(between) <= 60 if not line.prose else not any(letter.isalnum() for letter in between)
    return not line.prose and abs(title.line - name.line) <= 3


def _prose_near(text: str, card: _Card | None, part: Part) -> bool:
    """In running text an organisation belongs to the name right before it, a desk to the address behind it."""
    if part.kind is Kind.DESK:
        return card is None or not card.has_data
    if card is None or card.name is None or card.has_data:
        return False
    return part.start >= card.name.end and part.start - card.name.end <= 90 and not re.search(r"[.!?]\s", text[card.name.end : part.start])


def _takes_email(text: str, card: _Card, part: Part, line: Line, soft: bool, ahead: Sequence[Part]) -> bool:
    """True where the address belongs to the card that is open."""
    if card.email is not None:
        return False
    if card.name is None:
        return not soft
    fit = affinity(card.name.value, part.value)
    if fit:
        return True
    following = next((other for other in ahead if other.kind in {Kind.NAME, Kind.EMAIL}), None)
    if following is not None and following.kind is Kind.NAME and affinity(following.value, part.value) == names.STRONG:
        return False  # Data first: the address stands above its owner.
    if soft:
        return False
    if line.prose or card.name.line == part.line:
        return card.name.line == part.line and card.name.sentence == part.sentence
    if is_role_mailbox(part.value):
        return part.line - card.name.line <= _FAR_LINES
    return True


def _name_ahead(parts: Sequence[Part], index: int) -> bool:
    return any(part.kind is Kind.NAME for part in parts[index + 1 : index + 4])


def _data_ahead(parts: Sequence[Part], index: int, card: _Card) -> bool:
    """True where an organisation that follows a card's data has data of its own before the next name."""
    for part in parts[index + 1 :]:
        if part.kind is Kind.NAME:
            return False
        if part.kind is Kind.EMAIL:
            return card.email is not None
        if part.kind is Kind.PHONE and card.phones:
            return True
    return False


def _exchange(cards: list[_Card]) -> None:
    """Give each address to the name it fits: "Anna Berg or Bo Hansen: anna@..., bo@..."."""
    for card in cards:
        if card.name is None or card.email is not None:
            continue
        for other in cards:
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
        if part is not None and (not run or not re.search(r"\w", text[run[-1].end : part.start])):
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
    for contact in sorted(contacts, key=_first):
        twin = next((other for other in kept if _same(other, contact)), None)
        if twin is None:
            kept.append(contact)
            continue
        index = kept.index(twin)
        first, second = (contact, twin) if contact.kind == "person" and twin.kind == "desk" else (twin, contact)
        kept[index] = _joined(first, second)
    return kept


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
    """`first`, with what only `second` knows, and the evidence of both."""
    phones = list(first.phones)
    numbers = {phone.e164 or phone.raw for phone in phones}
    phones.extend(phone for phone in second.phones if (phone.e164 or phone.raw) not in numbers)
    phones.sort(key=lambda phone: phone.kind == "fax")
    evidence = [*first.evidence, *(item for item in second.evidence if item not in first.evidence)]
    desk = first.kind == "person" and second.kind == "desk"
    return first.model_copy(
        update={
            "name": first.name or (None if desk else second.name),
            "job_title": first.job_title or second.job_title,
            "job_title_en": first.job_title_en or second.job_title_en,
            "organisation": first.organisation or second.organisation,
            "email": first.email or second.email,
            "phones": phones,
            "urls": list(dict.fromkeys([*first.urls, *second.urls])),
            "address": first.address or second.address,
            "evidence": evidence if not desk else [item for item in evidence if item in first.evidence or item.rule != "name"],
        }
    )
