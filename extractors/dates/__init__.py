"""Dates and times in announcements, in every language that has a lexicon.

Typed tokens (`tokens`), one grammar (`grammar`, `times`), then years and EDTF (`resolve`); roles are
decided in `roles`. Nothing here knows a language: words come from CLDR and the lexicon files.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from extractors.dates.grammar import Reader
from extractors.dates.resolve import Reading, resolve
from extractors.dates.times import bare_clock, clock_at
from extractors.dates.tokens import Tokens, numeric_order, vocabulary
from extractors.lexicon import Cue, Words, abbreviations, cue_matcher
from schemas import DateMention, Evidence

__all__ = ["Reading", "find", "find_clocks", "mark_tense", "read", "resolve", "sentence_bounds"]


def read(text: str, language: str, *, offset: int = 0, country: str | None = None) -> list[Reading]:
    """The date phrases of `text` with years as written, in order; offsets are moved by `offset`.

    `country` (ISO 3166-1 alpha-2) settles the order of numeric dates where the language has several.
    """
    words = vocabulary(language)
    if country and (order := numeric_order(language, country)) != words.date_order:
        words = replace(words, date_order=order)
    tokens = Tokens.of(text, words)
    found: list[Reading] = []
    for group in Reader(tokens, words).phrases():
        for phrase in group:
            start, end = tokens.words.starts[phrase.first], tokens.words.ends[phrase.last - 1]
            found.append(Reading(phrase, start + offset, end + offset, text[start:end]))
    return found


_SENTENCE_END = re.compile(r"(?P<word>[^\W\d_]*|\d*)(?P<mark>[.!?…]+[\"'”»)\]]*)(?P<gap>\s+)(?=(?P<next>\S))|\n+")


def sentence_bounds(text: str, language: str = "und") -> list[int]:
    """Offsets at which a sentence begins, rising, with the text's length last.

    A dot ends no sentence behind a figure, an abbreviation of the lexicon or before a small letter. Behind a unit
    such as "2025 г." or "2025 r." it does only where the sentence has said more than the date.
    """
    short = abbreviations(language)
    bounds = [0]
    for match in _SENTENCE_END.finditer(text):
        if match["mark"] is None or "\n" in match["gap"]:
            bounds.append(match.end())
            continue
        word, following = match["word"], match["next"]
        if following.islower() or (following.isdigit() and "." in match["mark"]):
            continue
        if match["mark"].startswith("."):
            said = len(text[bounds[-1] : match.start()].split())
            behind_figure = text[max(match.start() - 2, 0) : match.start()].strip()[-1:].isdigit()
            if word.isdigit():
                # "the 3. Forum" goes on, "in room 17. Tickets ..." does not; where months are capitalised nothing tells.
                written = vocabulary(language)
                year = len(word) == 4 and not written.dot_after_year
                clock = text[match.start() - 1 : match.start()] in {":", "."}
                ordinal = len(word) <= 2 and written.dot_after_day and not clock
                if (said <= _DATE_ALONE and not year and not clock) or (ordinal and written.capital_months):
                    continue
            elif len(word) <= 3 and behind_figure:
                if said <= _DATE_ALONE:
                    continue
            elif not word or word.lower() in short or (len(word) == 1 and word.isupper()):
                continue
        bounds.append(match.end())
    bounds.append(len(text))
    return _cut_long(text, bounds)


def _cut_long(text: str, bounds: list[int]) -> list[int]:
    """No sentence longer than can be read: one without marks is cut at a space, so that work per sentence stays bounded."""
    cut = [bounds[0]]
    for bound in bounds[1:]:
        while bound - cut[-1] > _LONGEST_SENTENCE:
            space = text.rfind(" ", cut[-1] + 1, cut[-1] + _LONGEST_SENTENCE)
            cut.append(space + 1 if space > 0 else cut[-1] + _LONGEST_SENTENCE)
        cut.append(bound)
    return cut


_LONGEST_SENTENCE = 1_500
_DATE_ALONE = 6
"""Words a sentence may have up to a unit's dot ("On 15 May 2025 r.") for the dot to end nothing."""


def mark_tense(readings: Sequence[Reading], text: str, language: str, *, offset: int = 0) -> None:
    """Say of every reading whether its sentence speaks of the past: the cue nearest to the date decides."""
    if not readings:
        return
    words = Words.of(text)
    cues = [cue for cue in cue_matcher(language).find(words) if cue.tag in {"cues.happens", "cues.happened"}]
    bounds = sentence_bounds(text, language)
    for reading in readings:
        at = bisect_right(bounds, reading.start - offset) - 1
        low, high = bounds[at], bounds[min(at + 1, len(bounds) - 1)]
        near = [cue for cue in cues if low <= cue.start < high]
        # The longer cue wins a tie: "will be organised" holds "organised".
        near.sort(key=lambda cue: (_gap(cue, reading, offset), cue.start - cue.end))
        if near:
            reading.past = near[0].tag == "cues.happened"


def _gap(cue: Cue, reading: Reading, offset: int) -> int:
    return max(cue.start + offset - reading.end, reading.start - offset - cue.end, 0)


def find_clocks(text: str, language: str, *, labelled: bool) -> list[tuple[str, str | None, str | None, int, int]]:
    """Clock times of a text without a date: (start, end, zone, first, last character), in order.

    With `labelled` the text stands behind a label for time, so that bare and dotted figures are hours.
    """
    words = vocabulary(language)
    tokens = Tokens.of(text, words)
    found: list[tuple[str, str | None, str | None, int, int]] = []
    index = 0
    while index < len(tokens):
        clock = clock_at(tokens, index, words, after_date=labelled) or (
            bare_clock(tokens, index, words) if labelled and not found else None
        )
        if clock is None:
            index += 1
            continue
        found.append((clock.start, clock.end, clock.zone, tokens.words.starts[clock.first], tokens.words.ends[clock.last - 1]))
        index = max(clock.last, index + 1)
    return found


def find(
    text: str,
    language: str,
    reference: dt.date | None = None,
    country: str | None = None,
    *,
    years: Sequence[tuple[int, int]] = (),
) -> list[DateMention]:
    """Every date of `text`, resolved, in order.

    `language` is a BCP 47 code, `reference` the day of writing (publication), which resolves missing
    years; without one they stay open (``XXXX-06-06``). `country` (ISO 3166-1) is the source's, for
    numeric dates whose order the language leaves open. `years` are (offset, year) pairs known from
    headings. Example: ``find("6-7 June", "en")[0].when.edtf == "XXXX-06-06/XXXX-06-07"``.
    """
    readings = read(text, language, country=country)
    mark_tense(readings, text, language)
    return [
        DateMention(
            when=reading.when,
            warnings=reading.warnings,
            evidence=Evidence(quote=reading.quote, start=reading.start, end=reading.end, rule="dates"),
        )
        for reading in resolve(readings, reference=reference, years=years)
        if reading.when is not None
    ]
