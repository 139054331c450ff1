"""What a date is the date of: an event, a deadline, a publication, or background. Every decision names its reason.

Field labels decide first, then words of the sentence by their distance, then the page's structure.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.dates import Reading
from extractors.events.context import Context, Sentence, gap
from extractors.lexicon import Cue, load
from schemas import BlockKind, DateRole

_LABEL_ROLES = {
    "date": DateRole.EVENT, "start": DateRole.EVENT, "end": DateRole.EVENT, "time": DateRole.EVENT,
    "deadline_registration": DateRole.DEADLINE_REGISTRATION, "deadline_submission": DateRole.DEADLINE_SUBMISSION,
    "deadline_question": DateRole.DEADLINE_QUESTION, "published": DateRole.PUBLISHED, "updated": DateRole.UPDATED,
}  # fmt: skip
_DEADLINES = {
    "cues.question": DateRole.DEADLINE_QUESTION, "cues.registration": DateRole.DEADLINE_REGISTRATION,
    "cues.submission": DateRole.DEADLINE_SUBMISSION, "cues.deadline_other": DateRole.DEADLINE_OTHER,
}  # fmt: skip
NEAR = 45
"""Characters within which a background word still speaks of the date."""
REACH = 160
"""Characters within which a deadline word reaches its date."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role with the reason for it, and how sure the words make it (0 to 1)."""

    role: DateRole
    reason: str
    weight: float = 1.0


def decide(context: Context, readings: list[Reading]) -> list[Role]:
    """The role of each reading, in order."""
    by_sentence: dict[int, list[Reading]] = {}
    sentences: list[Sentence | None] = []
    for reading in readings:
        sentence = context.sentence_at(reading.start)
        sentences.append(sentence)
        if sentence is not None:
            by_sentence.setdefault(sentence.start, []).append(reading)
    roles = [
        _one(context, reading, sentence, by_sentence[sentence.start]) if sentence else Role(DateRole.BACKGROUND, "outside every block")
        for reading, sentence in zip(readings, sentences, strict=True)
    ]
    _moved(context, readings, sentences, roles)
    _not_replaced(context, readings, sentences, roles)
    _moved_from_to(readings, sentences, roles)
    return roles


def _moved_from_to(readings: list[Reading], sentences: list[Sentence | None], roles: list[Role]) -> None:
    """ "Moved from 12 March to 9 April" is no interval: the first day is replaced, the second holds."""
    for index, (reading, sentence) in enumerate(zip(readings, sentences, strict=True)):
        when, end = reading.when, reading.phrase.end
        if when is None or end is None or sentence is None or reading.moved_from is not None or when.precision.value != "day":
            continue
        if not any(0 <= reading.start - cue.end <= 25 for cue in sentence.with_tag("cues.postponed")):
            continue
        first, _, last = when.edtf.partition("/")
        reading.moved_from = when.model_copy(update={"edtf": first, "end": when.start, "start_time": None, "end_time": None})
        reading.when = when.model_copy(update={"edtf": last, "start": when.end})
        roles[index] = Role(DateRole.EVENT, "the day an event was moved to", 0.8)


def _not_replaced(context: Context, readings: list[Reading], sentences: list[Sentence | None], roles: list[Role]) -> None:
    """An old date stays the event's where no new one is told: "the meeting planned for 9 September is cancelled"."""
    for index, sentence in enumerate(sentences):
        if roles[index].role is not DateRole.REPLACED or sentence is None or readings[index].when is None:
            continue
        section = context.section_of[sentence.block]
        new = [
            k
            for k, other in enumerate(sentences)
            if k != index
            and other is not None
            and roles[k].role is DateRole.EVENT
            and context.section_of[other.block] == section
            and readings[k].when is not None
        ]
        if not new and (sentence.nouns or sentence.with_tag("cues.cancelled", "cues.postponed")):
            roles[index] = Role(DateRole.EVENT, f"{roles[index].reason}, but no new date is told", 0.7)


def _moved(context: Context, readings: list[Reading], sentences: list[Sentence | None], roles: list[Role]) -> None:
    """Where a page says an event is put off and its sentences give two days, the later one is new and the earlier one replaced."""
    told: list[int] = []
    for index, (reading, sentence) in enumerate(zip(readings, sentences, strict=True)):
        if reading.when is None or sentence is None or reading.when.precision.value != "day":
            continue
        if roles[index].role not in {DateRole.EVENT, DateRole.BACKGROUND, DateRole.REPLACED}:
            continue
        if sentence.with_tag("cues.postponed", "cues.replaced"):
            told.append(index)
    days = sorted({readings[index].when.start for index in told if readings[index].when is not None})  # type: ignore[union-attr]
    if len(days) == 1:
        _new_date(context, readings, sentences, roles, told)
        return
    if len(days) != 2 or not any(sentence.with_tag("cues.postponed") for sentence in (sentences[index] for index in told) if sentence):
        return
    for index in told:
        when = readings[index].when
        if when is not None and when.start == days[0]:
            roles[index] = Role(DateRole.REPLACED, "the earlier of two days where the event is put off")
        elif when is not None:
            roles[index] = Role(DateRole.EVENT, "the later of two days where the event is put off", 0.8)


def _new_date(context: Context, readings: list[Reading], sentences: list[Sentence | None], roles: list[Role], told: list[int]) -> None:
    """ "New date: 9 April" makes the event date told before it the replaced one."""
    for index in told:
        sentence, when = sentences[index], readings[index].when
        cues = [cue for cue in (sentence.with_tag("cues.postponed") if sentence else []) if 0 <= readings[index].start - cue.end <= 40]
        before = [k for k in range(index) if roles[k].role is DateRole.EVENT and readings[k].when is not None]
        if not cues or not before or when is None:
            continue
        old = readings[before[-1]].when
        if old is not None and old.start != when.start:
            roles[before[-1]] = Role(DateRole.REPLACED, f"{_words(context, cues[-1])!r} gives another day")
            roles[index] = Role(DateRole.EVENT, f"{_words(context, cues[-1])!r} in front of it", 0.8)
            return


def _one(context: Context, reading: Reading, sentence: Sentence, beside: list[Reading]) -> Role:
    block = context.document.blocks[sentence.block]
    key = context.field_keys[sentence.block]
    if key is not None and block.value is not None and reading.start >= block.value.start:
        labelled = _by_label(context, reading, sentence, key)
        if labelled is not None:
            return labelled
    replaced = _adjacent(reading, sentence.with_tag("cues.replaced"), before=30, after=12)
    if replaced is not None:
        return Role(DateRole.REPLACED, f"{_words(context, replaced)!r} beside it")
    published = _published(context, reading, sentence, block.kind)
    if published is not None:
        return published
    deadline = _deadline(context, reading, sentence, beside)
    if deadline is not None:
        return deadline
    return _event_or_background(context, reading, sentence)


def _by_label(context: Context, reading: Reading, sentence: Sentence, key: str) -> Role | None:
    block = context.document.blocks[sentence.block]
    label = context.text(block.label.start, block.label.end) if block.label else key
    role = _LABEL_ROLES.get(key)
    if role is DateRole.EVENT:
        # "Date: 3 May 2024 (register by 20 April)": a deadline inside the value keeps its own role.
        inner = _deadline(context, reading, sentence, [reading])
        if inner is not None and reading.start > (block.value.start if block.value else 0) + 3:
            return inner
        return Role(role, f"label {label!r}")
    if role is not None:
        return Role(role, f"label {label!r}")
    if key in {"deadline", "registration"}:
        if key == "registration" and not sentence.with_tag("cues.deadline", "cues.deadline_before"):
            return Role(DateRole.DEADLINE_REGISTRATION, f"label {label!r}", 0.6)
        kind = _kind_of_deadline(context, reading, sentence)
        if key == "registration" and kind[0] is DateRole.DEADLINE_OTHER:
            kind = (DateRole.DEADLINE_REGISTRATION, kind[1])
        return Role(kind[0], f"label {label!r}, {kind[1]}")
    if key in {"reference", "price", "phone", "email"}:
        return Role(DateRole.BACKGROUND, f"label {label!r}")
    return None


def _words(context: Context, cue: Cue) -> str:
    return " ".join(context.text(cue.start, cue.end).split())


def _adjacent(reading: Reading, cues: list[Cue], *, before: int, after: int) -> Cue | None:
    """The nearest cue at most `before` characters in front of the date or `after` behind it."""
    close = [
        (gap(cue.start, cue.end, reading.start, reading.end), cue)
        for cue in cues
        if (cue.end <= reading.start and reading.start - cue.end <= before)
        or (cue.start >= reading.end and cue.start - reading.end <= after)
    ]
    return min(close, key=lambda pair: pair[0])[1] if close else None


def _published(context: Context, reading: Reading, sentence: Sentence, kind: BlockKind) -> Role | None:
    for tag, role in (("cues.updated", DateRole.UPDATED), ("cues.published", DateRole.PUBLISHED)):
        cue = _adjacent(reading, sentence.with_tag(tag), before=14, after=0)
        if cue is not None and cue.end <= reading.start:
            between = context.text(cue.end, reading.start)
            if not any(noun.start >= cue.end for noun in sentence.nouns if noun.end <= reading.start) and len(between.split()) <= 3:
                return Role(role, f"{_words(context, cue)!r} in front of it")
    block = context.document.blocks[sentence.block]
    known = context.document.published
    plain = reading.phrase.clock is None and reading.phrase.end is None
    if (
        known is not None
        and reading.when is not None
        and known.value == reading.when.start
        and plain
        and not sentence.nouns
        and sentence.block <= 4
    ) and len(context.text(block.start, block.end).split()) <= 8:
        return Role(DateRole.PUBLISHED, "in a short line at the top, equal to the page's publication date")
    around = context.text(block.start, reading.start) + context.text(reading.end, block.end)
    if kind in {BlockKind.PARAGRAPH, BlockKind.HEADING} and not any(character.isalnum() for character in around) and sentence.block <= 3:
        if known is not None and reading.when is not None and known.value == reading.when.start:
            return Role(DateRole.PUBLISHED, "alone at the top, equal to the page's publication date")
        if (
            reading.when is not None
            and reading.phrase.clock is None
            and reading.phrase.end is None
            and reading.phrase.start.weekday is None
            and _stands_first(context, sentence.block)
        ):
            return Role(DateRole.PUBLISHED, "alone on a line at the top", 0.5)
    # A dateline: "Brussels, 12 March 2024 – The Commission ..."
    if sentence.block <= 4 and kind is BlockKind.PARAGRAPH and reading.start - block.start <= 40:
        head = context.text(block.start, reading.start).strip(" ,(")
        tail = context.text(reading.end, min(reading.end + 4, block.end))
        if (
            0 < len(head.split()) <= 3
            and head[:1].isupper()
            and context.text(reading.start - 2, reading.start) in {", ", " ("}
            and tail.strip(" .)")[:1] in {"–", "-", "—", ":"}
        ):
            return Role(DateRole.PUBLISHED, "dateline", 0.8)
    return None


def _stands_first(context: Context, block: int) -> bool:
    """True when the block comes before any prose and right behind the title."""
    title = context.title_index
    return (
        title is not None
        and block == title + 1
        and any(len(context.text(b.start, b.end).split()) > 12 for b in context.document.blocks[block + 1 :])
    )


def _deadline(context: Context, reading: Reading, sentence: Sentence, beside: list[Reading]) -> Role | None:
    lead = _lead(context, reading, sentence)
    wanted = sentence.with_tag(*_DEADLINES)
    strong = sentence.with_tag("cues.deadline")
    strong = [cue for cue in strong if cue.tag == "cues.deadline"]
    if lead is not None:
        if wanted or strong:
            kind, why = _kind_of_deadline(context, reading, sentence)
            return Role(kind, f"{_words(context, lead)!r} beside it, {why}")
        block = context.document.blocks[sentence.block]
        if block.value is not None and lead.start <= block.value.start + 2 and reading.phrase.end is None:
            kind, why = _kind_of_deadline(context, reading, sentence)
            return Role(kind, f"the field's value opens with {_words(context, lead)!r}, {why}", 0.7)
        if context.text(sentence.start, lead.start).rstrip().endswith(":") and reading.phrase.end is None:
            kind, why = _kind_of_deadline(context, reading, sentence)
            return Role(kind, f"{_words(context, lead)!r} opens what stands behind a colon, {why}", 0.7)
        if reading.phrase.end is None and not sentence.with_tag("cues.happen") and _asking_heading(context, sentence):
            kind, why = _kind_of_deadline(context, reading, sentence)
            return Role(kind, f"{_words(context, lead)!r} beside it below a heading that asks, {why}", 0.7)
        ranges = set(load(context.language).dates.to)
        happens = sentence.with_tag("cues.happen")
        scoped = any(cue.tag in _DEADLINES for scope, _ in _scopes(context, sentence) for cue in scope)
        strong_word = lead.tag == "cues.deadline" or scoped
        if strong_word and lead.pattern not in ranges and not sentence.nouns and not happens and reading.phrase.end is None:
            kind, why = _kind_of_deadline(context, reading, sentence)
            return Role(kind, f"{_words(context, lead)!r} beside it, {why}", 0.5)
    mine = [cue for cue in strong if _governs(cue, reading, beside, sentence)]
    if mine and not wanted and sentence.with_tag("cues.background", "cues.procedure"):
        # "The standstill period ends on ...": a term of the procedure, not something due.
        mine = []
    if mine:
        kind, why = _kind_of_deadline(context, reading, sentence)
        return Role(kind, f"{_words(context, mine[0])!r} in the sentence, {why}")
    return None


def _asking_heading(context: Context, sentence: Sentence) -> bool:
    """True below a heading about registering, submitting or asking."""
    heading = context.heading_index(sentence.block)
    return (
        heading is not None
        and heading != context.title_index
        and any(cue.tag in _DEADLINES for s in context.by_block[heading] for cue in s.cues)
    )


def _lead(context: Context, reading: Reading, sentence: Sentence) -> Cue | None:
    """A deadline preposition or adverb right in front of the date, or a postposition right behind it."""
    for cue in sentence.with_tag("cues.deadline_before", "cues.deadline"):
        if cue.end <= reading.start:
            between = context.text(cue.end, reading.start)
            if len(between) <= 12 and len(between.split()) <= 2 and not any(mark in between for mark in ";!?"):
                return cue
        elif cue.start >= reading.end and cue.tag == "cues.deadline_before":
            between = context.text(reading.end, cue.start)
            if len(between) <= 3 and not any(mark in between for mark in ",.;!?") and not between.strip():
                follows = context.text(cue.end, cue.end + 14)
                if not any(character.isdigit() for character in follows):
                    return cue
        elif reading.phrase.end is None and reading.start < cue.start < reading.end and cue.tag == "cues.deadline_before":
            return cue
    return None


def _governs(cue: Cue, reading: Reading, beside: list[Reading], sentence: Sentence) -> bool:
    """True when, of the sentence's dates, this one is what the deadline word speaks of."""
    behind = [other for other in beside if other.start >= cue.end]
    if behind:
        exact = [other for other in behind if other.when is not None and other.when.precision.value == "day"] or behind
        first = min(exact, key=lambda other: other.start)
        if any(
            cue.end <= noun.start and noun.end <= first.start and first.start - noun.end < 25 for noun in sentence.with_tag("cues.happens")
        ):
            return False
        return first is reading and reading.start - cue.end <= REACH
    in_front = [other for other in beside if other.end <= cue.start]
    return bool(in_front) and max(in_front, key=lambda other: other.end) is reading and cue.start - reading.end <= NEAR


def _kind_of_deadline(context: Context, reading: Reading, sentence: Sentence) -> tuple[DateRole, str]:
    """Which deadline: by the words of the sentence, then of the heading or the sentence in front, then of the page."""
    for scope, where in _scopes(context, sentence):
        found = [cue for cue in scope if cue.tag in _DEADLINES]
        if where == "sentence":
            found = [cue for cue in found if gap(cue.start, cue.end, reading.start, reading.end) <= REACH]
        if not found:
            continue
        tags = {cue.tag for cue in found}
        weak_other = {"interested"}
        others = [cue for cue in found if cue.tag == "cues.deadline_other" and cue.pattern not in weak_other]
        if where == "sentence" and len(tags) > 1:
            order = ("cues.question", "cues.registration", "cues.submission")
            near = min(found, key=lambda cue: gap(cue.start, cue.end, reading.start, reading.end))
            if others and near.tag == "cues.deadline_other":
                return DateRole.DEADLINE_OTHER, f"{_words(context, near)!r} beside it"
            tag = next((tag for tag in order if tag in tags), near.tag)
        else:
            tag = min(found, key=lambda cue: gap(cue.start, cue.end, reading.start, reading.end)).tag
        cue = next(cue for cue in found if cue.tag == tag)
        return _DEADLINES[tag], f"{_words(context, cue)!r} in the {where}"
    return DateRole.DEADLINE_OTHER, "nothing says what is due"


def _scopes(context: Context, sentence: Sentence) -> list[tuple[list[Cue], str]]:
    block = context.by_block[sentence.block]
    at = next(index for index, other in enumerate(block) if other is sentence)
    scopes: list[tuple[list[Cue], str]] = [(sentence.cues, "sentence")]
    heading = context.heading_index(sentence.block)
    if heading is not None and heading != sentence.block:
        scopes.append(([cue for other in context.by_block[heading] for cue in other.cues], "heading"))
    if at > 0:
        scopes.append((block[at - 1].cues, "sentence in front"))
    elif sentence.block > 0:
        scopes.append(([cue for other in context.by_block[sentence.block - 1][-1:] for cue in other.cues], "sentence in front"))
    return scopes


def _event_or_background(context: Context, reading: Reading, sentence: Sentence) -> Role:
    nouns = sentence.nouns
    happens = sentence.with_tag("cues.happen")
    against = sentence.with_tag("cues.background", "cues.procedure")
    against = [cue for cue in against if cue.end <= reading.start and reading.start - cue.end <= NEAR and not _inside_noun(cue, nouns)]
    if against:
        nearest = max(against, key=lambda cue: cue.end)
        # "Decision of the council meeting of 16 November": a meeting that is only the source of something is none to attend.
        strong = [noun for noun in nouns if noun.tag not in {"events.meeting", "events.other"}]
        between = [cue for cue in (*strong, *happens) if nearest.end <= cue.start and cue.end <= reading.start]
        if not between:
            return Role(DateRole.BACKGROUND, f"{_words(context, nearest)!r} in front of it")
    closing = [cue for cue in sentence.with_tag("cues.background") if 0 <= cue.start - reading.end <= 3 and not _inside_noun(cue, nouns)]
    if closing and not happens:
        return Role(DateRole.BACKGROUND, f"{_words(context, closing[0])!r} right behind it")
    if reading.when is not None and reading.when.precision.value == "year":
        return Role(DateRole.BACKGROUND, "a year only")
    if nouns:
        noun = min(nouns, key=lambda cue: gap(cue.start, cue.end, reading.start, reading.end))
        return Role(DateRole.EVENT, f"{_words(context, noun)!r} in the sentence", 0.9 if happens else 0.7)
    if (
        happens
        and sentence.with_tag("cues.procedure", "cues.published")
        and reading.when is not None
        and reading.when.precision.value != "day"
    ):
        return Role(DateRole.BACKGROUND, "a step of the procedure")
    if happens and reading.when is not None and reading.when.precision.value in {"quarter", "half_year", "season"}:
        return Role(DateRole.BACKGROUND, "a part of a year and no word for a gathering")
    if happens:
        return Role(DateRole.EVENT, f"{_words(context, happens[0])!r} in the sentence", 0.6)
    heading = _heading_noun(context, sentence)
    if heading is not None and not against and reading.when is not None and reading.when.precision.value == "day":
        return Role(DateRole.EVENT, f"{_words(context, heading)!r} in the heading above", 0.6)
    return Role(DateRole.BACKGROUND, "no word for a gathering in the sentence", 0.3)


def _heading_noun(context: Context, sentence: Sentence) -> Cue | None:
    """The gathering a section's heading names, for the first blocks below it; not where the heading speaks of registering for one."""
    index = context.heading_index(sentence.block)
    if index is None or index == context.title_index or sentence.block - index > 2:
        return None
    cues = [cue for other in context.by_block[index] for cue in other.cues]
    if any(
        cue.tag in {"cues.registration", "cues.submission", "cues.question", "cues.deadline", "cues.agenda", "cues.background"}
        for cue in cues
    ):
        return None
    return next((cue for cue in cues if cue.tag.startswith("events.")), None)


def _inside_noun(cue: Cue, nouns: list[Cue]) -> bool:
    return any(noun.start <= cue.start and cue.end <= noun.end for noun in nouns)
