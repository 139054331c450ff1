"""The name of an event as the page gives it: from items and headings without their dates, or the noun's phrase in prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.events.context import Context, Sentence
from extractors.lexicon import Cue, auxiliaries, function_words, load

_EDGE = " \t\n|:;,.–—-•·*()[]→>/"
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d+|[^\w\s]")
_QUOTED = re.compile(r"(?<!\w)[\"“„«»‘'’‚](?P<name>[^\"“”„«»]{3,120}?)[\"”“«»’']")
_LONGEST_PHRASE = 12
"""Words a noun phrase may have before it counts as running text."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title, verbatim between `start` and `end`; `quality` orders rivals: the page's own headings above phrases of prose."""

    text: str
    start: int
    end: int
    rule: str
    quality: float


def trimmed(context: Context, start: int, end: int) -> tuple[int, int]:
    """The span without white space, separators and open brackets at its edges."""
    text = context.document.text
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    # A bracket that the trimming left open at the right edge comes back.
    opened = text[start:end].count("(") - text[start:end].count(")")
    if opened > 0 and end < len(text) and text[end] == ")":
        end += 1
    return start, end


def without(context: Context, start: int, end: int, cuts: Sequence[tuple[int, int]], rule: str, quality: float) -> Title | None:
    """The longest piece of ``[start, end)`` that is left when the spans in `cuts` are taken out, or None without words."""
    pieces: list[tuple[int, int]] = []
    at = start
    for low, high in sorted((max(a, start), min(b, end)) for a, b in cuts if a < end and b > start):
        pieces.append((at, low))
        at = max(at, high)
    pieces.append((at, end))
    best: tuple[int, int] | None = None
    for low, high in pieces:
        piece = trimmed(context, low, high)
        if (
            piece[1] > piece[0]
            and any(letter.isalpha() for letter in context.text(*piece))
            and (best is None or piece[1] - piece[0] > best[1] - best[0])
        ):
            best = piece
    if best is None:
        return None
    return Title(_one_line(context.text(*best)), best[0], best[1], rule, quality)


def whole(context: Context, start: int, end: int, rule: str, quality: float) -> Title | None:
    """The span as a title."""
    return without(context, start, end, (), rule, quality)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def phrase(context: Context, sentence: Sentence, noun: Cue, cuts: Sequence[tuple[int, int]], language: str) -> Title:
    """The name around an event noun in running text: a quoted name beside it, or the noun's phrase.

    The phrase runs left over content words to the nearest function word, and right until a date, a verb of
    happening, a mark or the end of a capitalised name.
    """
    text = context.document.text
    stops = function_words(language)
    lexicon = load(language)
    low, high = _limits(sentence, noun, cuts, text)
    quoted = _quoted(context, noun, low, max(high, min(sentence.end, noun.end + 140)))
    if quoted is not None:
        return quoted
    words = [(match.start() + low, match.end() + low, match[0]) for match in _WORD.finditer(text[low:high])]
    at = next((index for index, word in enumerate(words) if word[0] <= noun.start < word[1]), None)
    if at is None:
        return Title(_one_line(text[noun.start : noun.end]), noun.start, noun.end, "event noun", 0.2)
    first = at
    inside = set(lexicon.organisations.inside) | {"&"}
    while first > 0:
        word = words[first - 1][2]
        if not (word[0].isalnum() or word in {"-", "/", "&"}):
            break
        if word.lower() in stops or (word.isdigit() and len(word) < 4):
            # "Conference on Innovation": a linking word stays when a capital stands on its other side.
            linked = first - 2 >= 0 and word.lower() in inside and words[first - 2][2][:1].isupper() and words[first][2][:1].isupper()
            if not linked:
                break
        if at - first >= _LONGEST_PHRASE // 2:
            break
        first -= 1
    while first < at and (words[first][2].lower() in stops or not words[first][2][0].isalnum()):
        first += 1
    last = at + 1
    while last < len(words) and words[last][0] < noun.end:
        last += 1
    if not lexicon.noun_capitals and words[at][2][:1].isupper() and first < at:
        # "last Project Board Meeting": the name begins with its capitals.
        capital = next((index for index in range(first, at + 1) if words[index][2][:1].isupper()), first)
        first = capital
    topic = _topic(words, last, stops, auxiliaries(lexicon.code))
    start, end = words[first][0], words[max(topic, last) - 1][1]
    start, end = trimmed(context, start, max(end, noun.end))
    # A linking word or a word in front of a date closes no name.
    closing = _closing(lexicon.code)
    while len(tail := text[start:end].split()) > 1 and tail[-1].lower() in closing and end - len(tail[-1]) >= noun.end:
        start, end = trimmed(context, start, end - len(tail[-1]))
    count = len(text[start:end].split())
    quality = 0.35 + (0.15 if count >= 3 else 0.05 if count == 2 else 0.0)
    return Title(_one_line(text[start:end]), start, end, "noun phrase", quality)


@lru_cache(maxsize=64)
def _closing(language: str) -> frozenset[str]:
    """Words that stand in front of a date, a time or a place, or link: no name ends in one."""
    lexicon = load(language)
    patterns = [
        *lexicon.dates.before_day,
        *lexicon.dates.link,
        *lexicon.dates.from_,
        *lexicon.dates.to,
        *lexicon.places.before_place,
        *lexicon.times.at,
    ]
    return function_words(language) | frozenset(pattern for pattern in patterns if " " not in pattern)


def _topic(words: list[tuple[int, int, str]], last: int, stops: frozenset[str], verbs: frozenset[str]) -> int:
    """How far the phrase goes on behind the noun: over one linking word and the content words behind it."""
    end, links, index = last, 0, last
    while index < len(words) and index - last < _LONGEST_PHRASE:
        word = words[index][2]
        if not (word[0].isalnum() or word in {"&", "/", "-", "–"}) or word.lower() in verbs:
            break
        if word.lower() in stops:
            links += 1
            if links > 3:
                break
        else:
            end = index + 1
        index += 1
    else:
        if index - last >= _LONGEST_PHRASE:
            # Running text, not a name: keep the noun and what is written with capitals behind it.
            return _capitals(words, last)
    return end


def _capitals(words: list[tuple[int, int, str]], last: int) -> int:
    end = last
    for index in range(last, min(last + 8, len(words))):
        word = words[index][2]
        if word[:1].isupper():
            end = index + 1
        elif index - end >= 2 or not word[0].isalnum():
            break
    return end


def _limits(sentence: Sentence, noun: Cue, cuts: Sequence[tuple[int, int]], text: str) -> tuple[int, int]:
    """The part of the sentence a name may fill: between the dates, verbs of happening and clause marks around the noun."""
    low, high = sentence.start, sentence.end
    spans = [
        *cuts,
        *(
            (cue.start, cue.end)
            for cue in sentence.cues
            if cue.tag.startswith(("cues.happen", "roles.", "cues.parallel", "cues.within", "cues.deadline"))
        ),
    ]
    for start, end in spans:
        if end <= noun.start:
            low = max(low, end)
        elif start >= noun.end:
            high = min(high, start)
    for mark in (",", ";", "(", ")", ":", " – ", " — ", "|", "\n"):
        left = text.rfind(mark, low, noun.start)
        if left >= 0:
            low = max(low, left + len(mark))
        right = text.find(mark, noun.end, high)
        if right >= 0:
            high = min(high, right)
    return low, high


def _quoted(context: Context, noun: Cue, low: int, high: int) -> Title | None:
    text = context.document.text
    reach_low, reach_high = max(low, noun.start - 130), min(len(text), max(high, noun.end), noun.end + 140)
    for match in _QUOTED.finditer(text, reach_low, reach_high):
        before, after = noun.start - match.end(), match.start() - noun.end
        if 0 <= before <= 4 or 0 <= after <= 12 or match.start() < noun.start < match.end():
            name = match["name"]
            if any(letter.isupper() for letter in name) and len(name.split()) <= 16:
                start = match.start("name")
                return Title(_one_line(name), start, start + len(name), "quoted name", 0.75)
    return None
