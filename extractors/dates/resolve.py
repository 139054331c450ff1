"""From phrases to dates: missing years, weekdays checked, EDTF written. Never adds what neither text nor reference gives."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.dates.figures import Item
from extractors.dates.grammar import Phrase
from schemas import Basis, Precision, When

_MONTHS_OF = {"quarter": 3, "half_year": 6}
_PRECISION = {
    "day": Precision.DAY, "month": Precision.MONTH, "quarter": Precision.QUARTER, "half_year": Precision.HALF_YEAR,
    "season": Precision.SEASON, "week": Precision.WEEK, "year": Precision.YEAR,
}  # fmt: skip
_NEAR = 300
"""Characters within which a date with a year lends it, when the publication date is known."""
_BACK = 1.5
"""How much farther a day gone by counts than one to come, where no verb tells."""
_WEEKDAY_WINDOW = 3
"""Years tried on either side of an anchor when a weekday decides; a weekday fits again after 5 to 11 years."""


@dataclass(slots=True)
class Reading:
    """A phrase with its place in the text and, once resolved, its date."""

    phrase: Phrase
    start: int
    end: int
    quote: str
    past: bool | None = None
    due: bool = False
    """A deadline: with a publication date to go by it is the next such day, whatever other dates stand near."""
    when: When | None = None
    moved_from: When | None = None
    """The old date, where the phrase says from which day to which an event was moved."""
    warnings: list[str] = field(default_factory=list)

    @property
    def stated_year(self) -> bool:
        """True when the phrase itself gives a year."""
        return self.phrase.start.year is not None

    def anchor(self) -> dt.date | None:
        """A day to measure other dates from, when the phrase gives a year and at least a month."""
        item = self.phrase.start
        if item.year is None or item.month is None:
            return None
        return _date(item.year, item.month, item.day or 15)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _possible(item: Item) -> bool:
    if item.unit != "day" or item.month is None or item.day is None:
        return True
    last = (
        calendar.monthrange(item.year, item.month)[1]
        if item.year
        else (29 if item.month == 2 else calendar.monthrange(2024, item.month)[1])
    )
    return 1 <= item.day <= last


def resolve(
    readings: Sequence[Reading],
    *,
    reference: dt.date | None,
    years: Sequence[tuple[int, int]] = (),
    trusted: Sequence[Reading] | None = None,
) -> list[Reading]:
    """Give every reading its `when`; impossible dates are left out of the result with nothing bent.

    `years` are (offset, year) pairs of years that stand alone in a title or heading above. `trusted` are the
    readings whose years may be lent to others (all, when None): dates of events before those of laws and reports.
    """
    lenders = readings if trusted is None else trusted
    anchors = [(reading.start, anchor) for reading in lenders if (anchor := reading.anchor()) is not None]
    resolved: list[Reading] = []
    for reading in readings:
        phrase = reading.phrase
        items = [phrase.start] + ([phrase.end] if phrase.end else [])
        if not all(_possible(item) for item in items):
            reading.warnings.append("impossible-date")
            continue
        basis = Basis.STATED
        alternatives: list[str] = []
        if not _settle_relative(items, reference):
            continue
        if phrase.start.relative is not None:
            basis = Basis.PUBLISHED
        elif phrase.start.year is None:
            basis, alternatives = _find_year(reading, anchors, years, reference, readings)
        _check_weekday(reading, items)
        when = _write(phrase, basis, alternatives)
        if when is not None:
            reading.when = when
            resolved.append(reading)
    return resolved


def _settle_relative(items: Sequence[Item], reference: dt.date | None) -> bool:
    """Turn "tomorrow" and its like into days; False when there is no day to count from."""
    for item in items:
        if item.relative is not None:
            if reference is None:
                return False
            day = reference + dt.timedelta(days=item.relative)
            item.year, item.month, item.day = day.year, day.month, day.day
    return True


def _find_year(
    reading: Reading,
    anchors: list[tuple[int, dt.date]],
    years: Sequence[tuple[int, int]],
    reference: dt.date | None,
    readings: Sequence[Reading],
) -> tuple[Basis, list[str]]:
    """Set the phrase's missing years: from the text near by, the weekday, the publication date; else leave them open."""
    item, end = reading.phrase.start, reading.phrase.end
    if item.unit in {"year", "season"}:
        return Basis.OPEN, []
    weekday = item.weekday if item.weekday is not None else None

    def fits(year: int) -> bool:
        if weekday is None or item.month is None or item.day is None:
            return True
        day = _date(year, item.month, item.day)
        return day is not None and day.weekday() == weekday

    def settle(year: int) -> None:
        item.year = year
        if end is not None:
            end.year = year + 1 if end.month and item.month and (end.month, end.day or 31) < (item.month, item.day or 0) else year

    for other in (other.phrase.start for other in readings if other.stated_year):
        if other.year and other.month == item.month and other.day == item.day and item.day is not None and fits(other.year):
            settle(other.year)
            return Basis.NEAR_TEXT, []
    before = [(at, anchor) for at, anchor in anchors if at < reading.start]
    after = [(at, anchor) for at, anchor in anchors if at > reading.start]
    beside = ([before[-1]] if before else []) + ([after[0]] if after else [])
    # With a publication date to go by, only what stands close by lends its year.
    if reading.due and reference is not None and weekday is None:
        settle(min(range(reference.year - 1, reference.year + 3), key=lambda year: _distance(item, year, reference, None)))
        return Basis.PUBLISHED, []
    close = [_closest_year(item, anchor) for at, anchor in beside if reference is None or abs(at - reading.start) <= _NEAR]
    for year in [*close, *(year for at, year in reversed(years) if at <= reading.start)]:
        if fits(year):
            settle(year)
            return Basis.NEAR_TEXT, []
    probe = reference or (beside[0][1] if beside else None)
    if probe is None:
        return Basis.OPEN, []
    span = range(probe.year - _WEEKDAY_WINDOW, probe.year + _WEEKDAY_WINDOW + 1)
    candidates = sorted(span, key=lambda year: _distance(item, year, probe, reading.past))
    if weekday is not None and item.unit == "day":
        fitting = [year for year in candidates if fits(year)]
        if fitting:
            settle(fitting[0])
            return Basis.WEEKDAY, [str(year) for year in fitting[1:2]]
        return Basis.OPEN, []
    if reference is not None:
        settle(candidates[0])
        return Basis.PUBLISHED, [str(candidates[1])]
    return Basis.OPEN, []


def _closest_year(item: Item, anchor: dt.date) -> int:
    """The year that puts the date nearest to the anchor day."""
    month, day = _middle(item)
    return min(
        (anchor.year - 1, anchor.year, anchor.year + 1), key=lambda year: abs(((_date(year, month, min(day, 28)) or anchor) - anchor).days)
    )


def _middle(item: Item) -> tuple[int, int]:
    if item.unit in _MONTHS_OF and item.number:
        return (item.number - 1) * _MONTHS_OF[item.unit] + 2, 1
    if item.unit == "week" and item.number:
        return min(12, 1 + (item.number * 7) // 31), 15
    return item.month or 1, item.day or 15


def _distance(item: Item, year: int, reference: dt.date, past: bool | None) -> float:
    """How far a year's reading lies from the reference; the wrong side of it counts far."""
    month, day = _middle(item)
    last = calendar.monthrange(year, month)[1]
    there = dt.date(year, month, min(day, last))
    days = (there - reference).days
    if item.unit != "day":
        # A month or quarter that is running still counts as both coming and past.
        days = 0 if abs(days) <= 16 else days
    if past:
        return float(-days) if days <= 0 else 10_000.0 + days
    if past is False:
        return float(days) if days >= 0 else 10_000.0 - days
    # No word of tense: the nearer one, with a preference for what is to come.
    return float(days) if days >= 0 else -_BACK * days


def _check_weekday(reading: Reading, items: Sequence[Item]) -> None:
    for item in items:
        if item.weekday is None or item.unit != "day" or not (item.year and item.month and item.day):
            continue
        day = _date(item.year, item.month, item.day)
        if day is not None and day.weekday() != item.weekday:
            reading.warnings.append("weekday-conflict")


def _edtf(item: Item) -> str | None:
    year = f"{item.year:04d}" if item.year else "XXXX"
    mark = "~" if item.approximate else ""
    match item.unit:
        case "day":
            return f"{year}-{item.month:02d}-{item.day:02d}" if item.month and item.day else None
        case "month":
            return f"{year}-{item.month:02d}{mark}" if item.month else None
        case "season":
            return f"{year}-{item.number}" if item.year else None
        case "year":
            return f"{year}{mark}" if item.year else None
        case _:
            return None


def _span(item: Item) -> tuple[str, str, str] | None:
    """(EDTF, first, last) of an item; first and last as partial dates."""
    prefix = f"{item.year:04d}-" if item.year else "--"
    x = f"{item.year:04d}-" if item.year else "XXXX-"
    match item.unit:
        case "day" | "month":
            edtf = _edtf(item)
            if edtf is None:
                return None
            partial = f"{prefix}{item.month:02d}" + (f"-{item.day:02d}" if item.unit == "day" else "")
            return edtf, partial, partial
        case "quarter" | "half_year":
            if not item.number:
                return None
            size = _MONTHS_OF[item.unit]
            first, last = (item.number - 1) * size + 1, item.number * size
            return f"{x}{first:02d}/{x}{last:02d}", f"{prefix}{first:02d}", f"{prefix}{last:02d}"
        case "week":
            if not (item.year and item.number):
                return None
            try:
                monday = dt.date.fromisocalendar(item.year, item.number, 1)
                if item.weekday is not None:
                    day = monday + dt.timedelta(days=item.weekday)
                    return day.isoformat(), day.isoformat(), day.isoformat()
            except ValueError:
                return None
            sunday = monday + dt.timedelta(days=6)
            return f"{monday}/{sunday}", monday.isoformat(), sunday.isoformat()
        case _:
            edtf = _edtf(item)
            return (edtf, f"{item.year:04d}", f"{item.year:04d}") if edtf else None


def _write(phrase: Phrase, basis: Basis, alternatives: list[str]) -> When | None:
    """The contract's date of a phrase, or None when it cannot be written without inventing."""
    start = _span(phrase.start)
    if start is None:
        return None
    edtf, first, last = start
    precision = _PRECISION[phrase.start.unit]
    if phrase.start.unit == "week" and phrase.start.weekday is not None:
        precision = Precision.DAY
    if phrase.end is not None:
        end = _span(phrase.end)
        if end is None:
            return None
        if end[2] < first and not first.startswith("--"):
            return None
        edtf, last = f"{edtf.split('/')[0]}/{end[0].split('/')[-1]}", end[2]
        if phrase.end.unit != "day":
            precision = _PRECISION[phrase.end.unit] if phrase.start.unit != "day" else Precision.MONTH
    clock = phrase.clock
    written = [f"{year}{edtf[4:]}" for year in alternatives if edtf[:4].isdigit() and "/" not in edtf]
    return When(
        edtf=edtf,
        start=first,
        end=last,
        start_time=clock.start if clock else None,
        end_time=clock.end if clock else None,
        timezone=clock.zone if clock else None,
        timezone_source="stated" if clock and clock.zone else None,
        precision=precision,
        basis=basis,
        alternatives=written,
    )
