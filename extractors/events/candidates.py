"""Which dates are the date of a gathering, and what the text around each says of it: kind, title, place in the page."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.dates import Reading
from extractors.events.context import Context, Sentence, gap, is_date_line
from extractors.events.roles import Role
from extractors.events.titles import Title, phrase, whole, without
from extractors.lexicon import Cue, field_of
from schemas import Block, BlockKind, DateRole, EventKind, Precision, When

_KINDS = {
    "events.conference": EventKind.CONFERENCE, "events.seminar": EventKind.CONFERENCE, "events.workshop": EventKind.WORKSHOP,
    "events.training": EventKind.TRAINING, "events.webinar": EventKind.WEBINAR, "events.info_day": EventKind.INFO_DAY,
    "events.market_consultation": EventKind.MARKET_CONSULTATION, "events.matchmaking": EventKind.MATCHMAKING,
    "events.meeting": EventKind.MEETING, "events.award": EventKind.AWARD, "events.other": EventKind.OTHER,
}  # fmt: skip
GENERIC = frozenset({EventKind.OTHER, EventKind.MEETING})
"""Kinds that a page may use for any gathering; a specific word beside them wins."""


_WINDOW = 30
"""Items looked at on either side to see whether a list is one of dates."""
_ORDINARY = 3_000
"""Characters of a block whose dates are looked at together."""
_OPENING = 30
"""Characters into a block within which a date still opens it."""


@dataclass(slots=True)
class Candidate:
    """One date that may be an event's, with what stands around it."""

    reading: Reading
    when: When
    sentence: Sentence
    where: str
    """field, item, row, heading, title, line or prose."""
    noun: Cue | None
    kind: EventKind
    seminar: bool
    title: Title | None
    strength: float
    reason: str
    own_block: bool = False
    nouns: list[Cue] = field(default_factory=list)


def kind_of(cue: Cue) -> EventKind:
    """The kind an event noun names."""
    return _KINDS[cue.tag]


def title_nouns(context: Context) -> list[Cue]:
    """Event nouns of the page's title."""
    index = context.title_index
    if index is None:
        return []
    nouns = _block_nouns(context, index)
    # A line above the title ("Training calendar: autumn") says what the page is, too.
    return nouns or (_block_nouns(context, 0) if 0 < index <= 2 else [])


def specific(nouns: Sequence[Cue]) -> Cue | None:
    """The first noun with a kind of its own, else the first."""
    return next((noun for noun in nouns if kind_of(noun) not in GENERIC), nouns[0] if nouns else None)


def _block_nouns(context: Context, index: int | None) -> list[Cue]:
    return [noun for sentence in context.by_block[index] for noun in sentence.nouns] if index is not None else []


def lead_in(context: Context, block: int) -> int | None:
    """The block that introduces a list: the last one before its items that is no item itself."""
    return context.leads[block]


def list_nouns(context: Context, block: int) -> list[Cue]:
    """What a list or table is a list of: by its header row, its lead-in, the headings above it, or the page's title."""
    scopes = _list_scopes(context, block)
    # "The events will take place as follows:" says less than a title that names the kind.
    return next(
        (nouns for nouns in scopes if any(kind_of(noun) is not EventKind.OTHER for noun in nouns)),
        next((nouns for nouns in scopes if nouns), []),
    )


def _list_scopes(context: Context, block: int) -> list[list[Cue]]:
    """Event nouns around a list, from its header row outwards to the page's title."""
    rows = context.document.blocks[block].kind is BlockKind.TABLE_ROW
    lead = lead_in(context, block)
    scopes: list[list[Cue]] = []
    header = 0 if lead is None else lead + 1
    if rows and header != block:
        scopes.append(_block_nouns(context, header))
    if lead is not None:
        scopes.append([noun for sentence in context.by_block[lead][-1:] for noun in sentence.nouns])
    section: int | None = context.section_of[block]
    while section is not None:
        scopes.append(_block_nouns(context, context.sections[section].heading))
        section = context.sections[section].parent
    if lead is not None:
        scopes.append(_block_nouns(context, lead))
    if rows or (lead is not None and lead == context.title_index) or any(scopes) or _dated_items(context, block) >= 2:
        scopes.append(title_nouns(context))
    return scopes


def _dated_items(context: Context, block: int) -> int:
    """How many items of the block's list hold a date."""
    blocks = context.document.blocks
    first = max((context.leads[block] if context.leads[block] is not None else -1) or 0, block - _WINDOW)
    last = block
    while last + 1 < len(blocks) and last - block < _WINDOW and blocks[last + 1].kind is BlockKind.LIST_ITEM:
        last += 1
    return sum(index in context.dated_blocks and blocks[index].kind is BlockKind.LIST_ITEM for index in range(first, last + 1))


def find(context: Context, readings: Sequence[Reading], roles: Sequence[Role]) -> list[Candidate]:
    """Candidates in page order. Dates without a word for a gathering are taken only where the page's structure gives one."""
    every = sorted((reading.start, reading.end) for reading in readings)
    candidates: list[Candidate] = []
    left: list[tuple[Reading, Role, Sentence]] = []
    for reading, role in zip(readings, roles, strict=True):
        if reading.when is None:
            continue
        sentence = context.sentence_at(reading.start)
        if sentence is None:
            continue
        spans = _near_spans(context, sentence, every)
        if sentence.block in context.entry_lines and role.role in {DateRole.EVENT, DateRole.BACKGROUND, DateRole.PUBLISHED}:
            candidates.append(_from_entry(context, reading, sentence, spans))
        elif role.role is DateRole.EVENT:
            made = _candidate(context, reading, role, sentence, spans)
            if made is not None:
                candidates.append(made)
        elif role.role is DateRole.BACKGROUND and role.weight < 0.5:
            made = _by_structure(context, reading, role, sentence, spans)
            if made is not None:
                candidates.append(made)
            else:
                left.append((reading, role, sentence))
    candidates = _start_and_end(context, candidates)
    exact = [candidate for candidate in candidates if candidate.when.precision is Precision.DAY]
    if len(exact) >= 2:
        # A month in the title of a programme is the period it covers.
        candidates = [c for c in candidates if c.where != "title" or c.when.precision is Precision.DAY]
    if not candidates:
        candidates.extend(_fallback(context, left, every))
    _agree_in_lists(context, candidates)
    return sorted(candidates, key=lambda candidate: candidate.reading.start)


def _start_and_end(context: Context, candidates: list[Candidate]) -> list[Candidate]:
    """A field for the end closes the interval that the field for the start opens; alone it is no event."""
    kept: list[Candidate] = []
    opened: Candidate | None = None
    for candidate in candidates:
        key = context.field_keys[candidate.sentence.block] if candidate.where == "field" else None
        if key in {"start", "date"}:
            opened = candidate
        if key != "end":
            kept.append(candidate)
            continue
        when = candidate.when
        if opened is not None and opened.when.end == opened.when.start and opened.when.start <= when.start:
            edtf = opened.when.edtf if when.start == opened.when.start else f"{opened.when.edtf}/{when.edtf}"
            update = {"edtf": edtf, "end": when.end, "end_time": when.end_time or when.start_time or opened.when.end_time}
            opened.when = opened.when.model_copy(update=update)
    return kept


def _near_spans(context: Context, sentence: Sentence, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The date phrases of a sentence and, where it is of ordinary length, of its whole block: what titles are cut at."""
    block = context.document.blocks[sentence.block]
    low, high = (block.start, block.end) if block.end - block.start <= _ORDINARY else (sentence.start, sentence.end)
    return spans[bisect_left(spans, (low, -1)) : bisect_left(spans, (high, -1))]


def _agree_in_lists(context: Context, candidates: list[Candidate]) -> None:
    """The items of a list are of one kind where its lead-in names it and most items name none: a topic's noun is no kind."""
    lists: dict[int | None, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.where in {"item", "row"}:
            lists.setdefault(lead_in(context, candidate.sentence.block), []).append(candidate)
    for members in lists.values():
        told = [
            member for member in members if member.noun is not None and not member.sentence.start <= member.noun.start < member.sentence.end
        ]
        if len(members) >= 2 and 2 * len(told) > len(members):
            for member in members:
                member.noun, member.kind, member.seminar = told[0].noun, told[0].kind, told[0].seminar


def _candidate(context: Context, reading: Reading, role: Role, sentence: Sentence, spans: list[tuple[int, int]]) -> Candidate | None:
    assert reading.when is not None
    block = context.document.blocks[sentence.block]
    key = context.field_keys[sentence.block]
    match block.kind:
        case BlockKind.FIELD if key in {"date", "start", "end", "time"}:
            return _from_field(context, reading, role, sentence)
        case BlockKind.HEADING if sentence.block - 1 in context.teasers and _is_line(context, sentence, spans):
            return _from_line(context, reading, role, sentence, spans)
        case BlockKind.TITLE | BlockKind.HEADING:
            return _from_heading(context, reading, role, sentence, spans)
        case BlockKind.FIELD if (
            key is None and block.value is not None and len(context.text(block.value.start, block.value.end).split()) > 12
        ):
            return _from_prose(context, reading, role, sentence, spans)
        case BlockKind.FIELD if key is None and block.label is not None and _label_noun(context, sentence):
            return _from_named_field(context, reading, role, sentence)
        case BlockKind.LIST_ITEM | BlockKind.TABLE_ROW | BlockKind.FIELD:
            return _from_item(context, reading, role, sentence, spans)
        case _:
            if _is_line(context, sentence, spans):
                return _from_line(context, reading, role, sentence, spans)
            return _from_prose(context, reading, role, sentence, spans)


def _from_entry(context: Context, reading: Reading, sentence: Sentence, spans: list[tuple[int, int]]) -> Candidate:
    """A line DATE | NAME of a listing: its kind is what the page lists, else what the name says."""
    block = context.document.blocks[sentence.block]
    first = min(context.entry_lines)
    above = [noun for index in range(max(first - 3, 0), first) for noun in _block_nouns(context, index)]
    nouns = title_nouns(context) or above[-1:] or sentence.nouns
    title = without(context, block.start, block.end, spans, "entry of a listing", 0.9)
    return _make(context, reading, sentence, "entry", nouns, title, 0.8, "entry of a listing", own=True)


def _from_field(context: Context, reading: Reading, role: Role, sentence: Sentence) -> Candidate:
    heading = context.heading_index(sentence.block)
    anchor = heading if heading is not None and _block_nouns(context, heading) else context.title_index
    if heading is not None and anchor != heading and _section_is_teaser(context, heading):
        anchor = heading
    nouns = _block_nouns(context, anchor) or sentence.nouns
    return _make(
        context, reading, sentence, "field", nouns, block_title(context, anchor, "title above the fields", 0.95), 0.95, role.reason
    )


def _label_noun(context: Context, sentence: Sentence) -> Cue | None:
    """The event noun in a field's label: "Public meeting: 12 March, 10:00"."""
    label = context.document.blocks[sentence.block].label
    return next((noun for noun in sentence.nouns if label is not None and label.start <= noun.start and noun.end <= label.end), None)


def _from_named_field(context: Context, reading: Reading, role: Role, sentence: Sentence) -> Candidate:
    label = context.document.blocks[sentence.block].label
    assert label is not None
    nouns = [noun for noun in (_label_noun(context, sentence),) if noun is not None]
    title = whole(context, label.start, label.end, "label of a field", 0.82)
    return _make(context, reading, sentence, "named field", nouns, title, 0.85, role.reason)


def _from_heading(context: Context, reading: Reading, role: Role, sentence: Sentence, spans: list[tuple[int, int]]) -> Candidate:
    block = context.document.blocks[sentence.block]
    title = without(context, block.start, block.end, spans, "heading", 0.9)
    if title is not None and len(title.text.split()) < 2 and not sentence.nouns:
        title = None
    where = "title" if block.kind is BlockKind.TITLE else "heading"
    return _make(context, reading, sentence, where, sentence.nouns, title, 0.85, role.reason, own=where == "heading")


def _from_item(context: Context, reading: Reading, role: Role, sentence: Sentence, spans: list[tuple[int, int]]) -> Candidate:
    block = context.document.blocks[sentence.block]
    nouns = sentence.nouns or list_nouns(context, sentence.block)
    long_item = block.end - block.start > 260
    if long_item and sentence.nouns:
        return _from_prose(context, reading, role, sentence, spans)
    title = _item_title(context, sentence, spans)
    return _make(
        context, reading, sentence, "row" if block.kind is BlockKind.TABLE_ROW else "item", nouns, title, 0.8, role.reason, own=True
    )


_NO_TITLE = frozenset(
    {
        "date",
        "time",
        "start",
        "end",
        "place",
        "venue",
        "country",
        "price",
        "contact",
        "registration",
        "language",
        "deadline",
        "phone",
        "email",
        "mode",
    }
)


def _item_title(context: Context, sentence: Sentence, spans: list[tuple[int, int]]) -> Title | None:
    """The name in a list item or table row. The table's header row says which cell is a name; without one in it, the page's title is."""
    block = context.document.blocks[sentence.block]
    if not block.cells:
        return without(context, block.start, block.end, spans, "list item", 0.85)
    keys = _column_keys(context, sentence.block)
    named = [cell for cell, key in zip(block.cells, keys, strict=False) if key == "event_title"] if keys else []
    if not named:
        open_cells = [cell for cell, key in zip(block.cells, keys, strict=False) if key not in _NO_TITLE] if keys else list(block.cells)
        open_cells = [cell for cell in open_cells if not any(cell.start <= start < cell.end for start, _ in spans)]
        with_noun = [cell for cell in open_cells if any(noun.start >= cell.start and noun.end <= cell.end for noun in sentence.nouns)]
        named = with_noun or sorted(open_cells, key=lambda cell: cell.start - cell.end)
    if named:
        return whole(context, named[0].start, named[0].end, "table cell", 0.85)
    return block_title(context, context.title_index, "page title over a table without names", 0.7) if keys else None


def _column_keys(context: Context, row: int) -> list[str | None]:
    """What the columns of a row's table hold, by its header row: field names, None for another label; empty without a header."""
    lead = lead_in(context, row)
    header = 0 if lead is None else lead + 1
    if header == row:
        return []
    language = context.document.blocks[header].language or context.language
    keys = [field_of(context.text(cell.start, cell.end), language) for cell in context.document.blocks[header].cells]
    return keys if any(key in {"date", "start", "time", "place"} for key in keys) else []


def _is_line(context: Context, sentence: Sentence, spans: list[tuple[int, int]]) -> bool:
    """A short line that is mostly date, place and time: the date line of a teaser or of the page."""
    block = context.document.blocks[sentence.block]
    return block.kind in {BlockKind.PARAGRAPH, BlockKind.HEADING} and is_date_line(context.text(block.start, block.end), block.start, spans)


def _from_line(context: Context, reading: Reading, role: Role, sentence: Sentence, spans: list[tuple[int, int]]) -> Candidate:
    """A date line belongs to the heading above it, else to the page, else names its event itself."""
    block = context.document.blocks[sentence.block]
    above = context.heading_index(sentence.block)
    title = without(context, block.start, block.end, spans, "line", 0.7) if sentence.nouns else None
    if (
        title is not None
        and (above is None or len(title.text.split()) >= 3)
        and any(title.start <= noun.start < title.end for noun in sentence.nouns)
    ):
        return _make(
            context,
            reading,
            sentence,
            "line",
            sentence.nouns,
            title,
            0.75,
            role.reason,
            own=title is not None and len(title.text.split()) >= 2,
        )
    anchor = above if above is not None else context.title_index
    # "Webinar | Tuesday 24 February | online" below a heading: the line names the kind, the heading the event.
    nouns = sentence.nouns or _block_nouns(context, anchor)
    if not nouns and anchor is not None and anchor != context.title_index:
        section = context.sections[context.section_of[sentence.block]]
        nouns = [noun for index in section.blocks for noun in _block_nouns(context, index)][:1]
        if not nouns and anchor in context.teasers:
            parent = context.sections[section.parent].heading if section.parent is not None else None
            nouns = _block_nouns(context, parent) or title_nouns(context)
    title = block_title(context, anchor, "heading above the line", 0.85)
    return _make(context, reading, sentence, "line", nouns, title, 0.7, role.reason)


def _from_prose(context: Context, reading: Reading, role: Role, sentence: Sentence, spans: list[tuple[int, int]]) -> Candidate:
    noun = _governing(context, reading, sentence)
    heading = context.heading_index(sentence.block)
    bracketed = _before_bracket(context, reading, sentence)
    if noun is None:
        # Nothing in the sentence names the gathering: the section's heading does, else another sentence of the section.
        section = context.sections[context.section_of[sentence.block]]
        near = _block_nouns(context, heading) or (
            [n for index in section.blocks for n in _block_nouns(context, index)] if heading is not None else []
        )
        if bracketed is not None:
            return _make(context, reading, sentence, "prose", near[:1] or title_nouns(context), bracketed, 0.65, role.reason, own=True)
        if near and heading is not None and heading != context.title_index:
            return _make(
                context,
                reading,
                sentence,
                "prose",
                near[:1],
                block_title(context, heading, "heading of the section", 0.72),
                0.6,
                role.reason,
            )
    language = context.document.blocks[sentence.block].language or context.language
    title = phrase(context, sentence, noun, spans, language) if noun is not None else None
    if heading is not None and noun is not None and _heads_event(context, heading, noun):
        title = block_title(context, heading, "heading of the section", 0.72)
    elif (
        title is not None
        and len(title.text.split()) == 1
        and noun is not None
        and any(kind_of(n) is kind_of(noun) for n in _block_nouns(context, heading))
    ):
        # "The workshop ..." below the heading "Workshop": the heading is its name.
        title = block_title(context, heading, "heading", 0.6)
    nouns = [noun] if noun is not None else title_nouns(context)
    return _make(context, reading, sentence, "prose", nouns, title, 0.75 if role.weight > 0.8 else 0.6, role.reason)


def _heads_event(context: Context, heading: int, noun: Cue) -> bool:
    """True when a section's heading is the name of the event told below it: it names the kind, or a newsletter's entry.

    An entry of a newsletter is a section with a date of its own among at least three such sections.
    """
    text = context.text(context.document.blocks[heading].start, context.document.blocks[heading].end)
    if len(text.split()) < 2 or any(cue.tag == "cues.agenda" for s in context.by_block[heading] for cue in s.cues):
        return False
    if any(kind_of(other) is kind_of(noun) and len(text.split()) >= 2 for other in _block_nouns(context, heading)):
        return True
    return context.entries >= 3 and any(
        cue.tag in {"cues.cancelled", "cues.postponed"} or cue.tag.startswith("events.")
        for s in context.by_block[heading]
        for cue in s.cues
    )


def _before_bracket(context: Context, reading: Reading, sentence: Sentence) -> Title | None:
    """The name in front of a bracket that holds the date: "Low tenders (Belfast, 2 June 2026) was attended by 34 buyers"."""
    opened = context.document.text.rfind("(", sentence.start, reading.start)
    if opened < 0 or ")" in context.text(opened, reading.start):
        return None
    name = context.text(sentence.start, opened).strip()
    if not name[:1].isupper() or not 2 <= len(name.split()) <= 10:
        return None
    return whole(context, sentence.start, opened, "name in front of the date in brackets", 0.6)


def _governing(context: Context, reading: Reading, sentence: Sentence) -> Cue | None:
    """The noun a date of running text belongs to.

    The nearest one in front of the date, past nouns that hang on "in parallel with" and its like; a noun of the
    heading's own kind before others; else the first one behind the date.
    """
    nouns = [noun for noun in sentence.nouns if not _hangs(sentence, noun, reading)] or sentence.nouns
    if not nouns:
        return None
    heading = context.heading_index(sentence.block)
    wanted = {kind_of(noun) for noun in _block_nouns(context, heading)} - GENERIC
    matching = [noun for noun in nouns if kind_of(noun) in wanted]
    pool = matching if matching and len({kind_of(noun) for noun in nouns}) > 1 else nouns
    in_front = [noun for noun in pool if noun.end <= reading.start]
    if in_front:
        near = in_front[-1]
        if kind_of(near) in GENERIC:
            better = [noun for noun in in_front if kind_of(noun) not in GENERIC and near.start - noun.end < 60]
            return better[-1] if better else near
        return near
    behind = [noun for noun in pool if noun.start >= reading.end]
    return min(behind, key=lambda noun: gap(noun.start, noun.end, reading.start, reading.end)) if behind else pool[0]


def _opens_with(sentence: Sentence, cue: Cue) -> bool:
    """True when no gathering is named in front of the cue: "On the occasion of the conference on 19 and 20 March, ... a workshop"."""
    return not any(noun.end <= cue.start for noun in sentence.nouns)


def _hangs(sentence: Sentence, noun: Cue, reading: Reading) -> bool:
    """True when the noun stands behind a word such as "in parallel with", nearer to it than to any date."""
    return any(
        cue.tag in {"cues.parallel", "cues.within"}
        and 0 <= noun.start - cue.end <= 60
        and not cue.end <= reading.start < noun.start
        and not (_opens_with(sentence, cue) and noun.end <= reading.start)
        for cue in sentence.cues
    )


def _by_structure(context: Context, reading: Reading, role: Role, sentence: Sentence, spans: list[tuple[int, int]]) -> Candidate | None:
    """A date in a block that names no gathering, where the list's lead-in, the heading or the title does."""
    block = context.document.blocks[sentence.block]
    if block.kind in {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW}:
        nouns = list_nouns(context, sentence.block)
        title = _item_title(context, sentence, spans)
        if nouns and title is not None and len(title.text.split()) >= 2 and not _deadline_words(sentence, reading, block):
            return _make(context, reading, sentence, "item", nouns, title, 0.6, "the list's heading names a gathering", own=True)
        return None
    if block.kind is BlockKind.HEADING and title_nouns(context) and sentence.block - 1 not in context.teasers:
        return (
            _from_heading(context, reading, role, sentence, spans)
            if without(context, block.start, block.end, spans, "", 0) is None
            else None
        )
    heading = context.heading_index(sentence.block)
    opens = heading is not None and heading in context.teasers and reading.start - block.start <= _OPENING and sentence.start == block.start
    if (opens or _is_line(context, sentence, spans)) and not _deadline_words(sentence):
        anchor = context.heading_index(sentence.block)
        if anchor is None:
            anchor = context.title_index
        if anchor is not None and (_block_nouns(context, anchor) or _section_is_teaser(context, anchor)):
            return _from_line(context, reading, Role(DateRole.EVENT, "date line under a heading for a gathering"), sentence, spans)
    return None


def _deadline_words(sentence: Sentence, reading: Reading | None = None, block: Block | None = None) -> bool:
    """True where words say that the date is something else; in a table row only those of the date's own cell count."""
    tags = {"cues.deadline", "cues.procedure", "cues.published", "cues.updated"}
    if block is None:
        # A name in a list may well speak of law ("Contract law for beginners"); a line that does is none of an event's.
        tags.add("cues.background")
    cues = [cue for cue in sentence.cues if cue.tag in tags]
    if reading is not None and block is not None and block.cells:
        cell = next((cell for cell in block.cells if cell.start <= reading.start < cell.end), None)
        first = block.cells[0]
        # The first cell of a row says what its date is: "Deadline for questions | 29 January".
        spans = [(c.start, c.end) for c in (cell, first) if c is not None]
        cues = [cue for cue in cues if any(low <= cue.start < high for low, high in spans)]
    return bool(cues)


def _section_is_teaser(context: Context, heading: int) -> bool:
    """True when the page is a listing of gatherings: its title says so and several headings have a dated line below."""
    if heading in context.teasers:
        return True
    if not title_nouns(context) or heading == context.title_index:
        return False
    dated = [
        section for section in context.sections if section.heading is not None and any(_dated(context, index) for index in section.blocks)
    ]
    return len(dated) >= 2 and any(section.heading == heading for section in dated)


def _dated(context: Context, index: int) -> bool:
    """True for a field for the date and for a short line with a date."""
    block = context.document.blocks[index]
    return context.field_keys[index] in {"date", "start"} or (
        index in context.dated_blocks and block.kind is BlockKind.PARAGRAPH and block.end - block.start <= 120
    )


def _fallback(context: Context, left: list[tuple[Reading, Role, Sentence]], spans: list[tuple[int, int]]) -> list[Candidate]:
    """The page's title names a gathering and no sentence ties a date to it: the first day with a time or weekday is its date."""
    nouns = title_nouns(context)
    if not nouns:
        return []
    for reading, role, sentence in left:
        if reading.when is None or reading.when.precision.value != "day" or _deadline_words(sentence):
            continue
        if reading.when.start_time or reading.phrase.start.weekday is not None or reading.phrase.end is not None:
            made = _from_prose(context, reading, role, sentence, _near_spans(context, sentence, spans))
            made.strength, made.reason = 0.45, "the page's title names a gathering"
            return [made]
    return []


def block_title(context: Context, index: int | None, rule: str, quality: float) -> Title | None:
    """A block's text as a title, without its dates and the words for a status at its edges."""
    if index is None:
        return None
    block = context.document.blocks[index]
    # "Cancelled: Learning network": the status is no part of the name.
    start = block.start
    for cue in (cue for sentence in context.by_block[index] for cue in sentence.with_tag("cues.cancelled", "cues.postponed")):
        behind = context.text(cue.end, cue.end + 3).strip()
        if not context.text(start, cue.start).strip(" [(*!") and behind[:1] in {":", "-", "–", "]", ")", "!", "|"}:
            start = cue.end
    # "Networking meeting on contracts moved", "Webinar X put off to December": the name ends where the status begins.
    end = block.end
    for cue in (cue for sentence in context.by_block[index] for cue in sentence.with_tag("cues.cancelled", "cues.postponed")):
        if cue.start - start >= 12 and len(context.text(start, cue.start).split()) >= 2:
            end = min(end, cue.start)
    return without(context, start, end, context.dates_of(index), rule, quality)


def _make(
    context: Context,
    reading: Reading,
    sentence: Sentence,
    where: str,
    nouns: Sequence[Cue],
    title: Title | None,
    strength: float,
    reason: str,
    *,
    own: bool = False,
) -> Candidate:
    assert reading.when is not None
    noun = specific(list(nouns))
    return Candidate(
        reading,
        reading.when,
        sentence,
        where,
        noun,
        kind_of(noun) if noun else EventKind.OTHER,
        bool(noun and noun.tag == "events.seminar"),
        title,
        strength,
        reason,
        own_block=own,
        nouns=list(nouns),
    )
