"""Dates and times in announcements, in every language that has a lexicon.

Typed tokens (`tokens`), one grammar (`grammar`, `times`), then years and EDTF (`resolve`); roles are
decided in `roles`. Nothing here knows a language: words come from CLDR and the lexicon files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from extractors.dates.grammar import Reader
from extractors.dates.resolve import Reading, resolve
from extractors.dates.tokens import Tokens, vocabulary
from schemas import DateMention, Evidence

__all__ = ["Reading", "find", "read", "resolve"]


def read(text: str, language: str, *, offset: int = 0) -> list[Reading]:
    """The date phrases of `text` with years as written, in order; offsets are moved by `offset`."""
    words = vocabulary(language)
    tokens = Tokens.of(text, words)
    found: list[Reading] = []
    for group in Reader(tokens, words).phrases():
        for phrase in group:
            start, end = tokens.words.starts[phrase.first], tokens.words.ends[phrase.last - 1]
            found.append(Reading(phrase, start + offset, end + offset, text[start:end]))
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
    readings = read(text, language)
    return [
        DateMention(
            when=reading.when,
            warnings=reading.warnings,
            evidence=Evidence(quote=reading.quote, start=reading.start, end=reading.end, rule="dates"),
        )
        for reading in resolve(readings, reference=reference, years=years)
        if reading.when is not None
    ]
