"""Clock times and time ranges in every national style, over typed tokens. Knows nothing of days."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.dates.tokens import DASHES, Tokens, Vocabulary


@dataclass(frozen=True, slots=True)
class Clock:
    """A time, or a range of two, at words ``[first, last)``; times are ``HH:MM``, the zone as stated."""

    start: str
    end: str | None
    zone: str | None
    first: int
    last: int
    weak: bool = False


@dataclass(frozen=True, slots=True)
class _Point:
    hour: int
    minute: int
    last: int
    sure: bool
    """Its own shape proves it a time: a colon, an hour word, a.m. or p.m."""
    bare: bool
    half: str | None
    cued: bool = False
    figures: int = 0


def _point(tokens: Tokens, index: int, *, allow_bare: bool) -> _Point | None:
    noon = tokens.has(index, "t_noon")
    if noon:
        return _Point(12, 0, noon, True, False, "pm")
    # The half of the day may stand in front: "délután 3 órakor".
    ahead = next((name for name in ("am", "pm") if tokens.has(index, f"t_{name}")), None)
    if ahead is not None:
        index = tokens.has(index, f"t_{ahead}")
        if tokens.number(index) is None:
            return None
    hour = tokens.number(index)
    if hour is None or hour > 24 or len(tokens.form(index)) > 2 or _inside_number(tokens, index):
        return None
    minute, last, sure, bare = 0, index + 1, False, True
    sign, follow = tokens.form(index + 1), tokens.form(index + 2)
    minutes = tokens.number(index + 2)
    two = minutes is not None and len(follow) == 2 and minutes <= 59
    # "h" and its like stand between hour and minutes or close the hour.
    hour_word = tokens.has(index + 1, "t_hour")
    # "в 10-00": minutes behind a dash, where they can be no hour.
    dashed = sign in DASHES and two and (minutes == 0 or (minutes or 0) > 24) and bool(tokens.tags[index - 1].get("t_at") if index else 0)
    comma = sign == "," and two and bool(tokens.has(index + 3, "t_hour"))
    if (
        (sign in {":", "."} or comma or dashed)
        and tokens.glued(index + 1)
        and tokens.glued(index + 2)
        and two
        and not _decimal(tokens, index + 2, sign)
    ):
        assert minutes is not None
        minute, last, sure, bare = minutes, index + 3, sign == ":" or dashed, False
        if sign == ":" and tokens.form(index + 3) == ":" and tokens.glued(index + 4) and len(tokens.form(index + 4)) == 2:
            last = index + 5
        hour_word = tokens.has(last, "t_hour")
        if hour_word:
            last, sure = hour_word, True
    elif hour_word:
        after = tokens.number(hour_word)
        if (
            after is not None
            and len(tokens.form(hour_word)) == 2
            and after <= 59
            and (tokens.glued(hour_word) or tokens.gap(hour_word) == " ")
        ):
            if tokens.glued(hour_word) or tokens.glued(index + 1) or len(sign) == 1:
                minute, last = after, hour_word + 1
                closing = tokens.has(last, "t_hour") or (last + 1 if tokens.form(last) in {"m", "min"} else 0)
                last = closing or last
            else:
                last = hour_word
        else:
            last = hour_word
        sure, bare = True, False
    elif sign == ":" and tokens.glued(index + 1):
        return None
    half = ahead
    sure = sure or bool(ahead and not bare)
    for name in ("am", "pm"):
        behind = tokens.has(last, f"t_{name}")
        if behind and tokens.gap(last) in {"", " "}:
            half, last, sure, bare = name, behind, True, False
            break
    if bare and not allow_bare:
        return None
    if half and hour > 12:
        half = None
    if hour == 24 and minute:
        return None
    return _Point(hour, minute, last, sure, bare, half, figures=len(tokens.form(index)))


def _inside_number(tokens: Tokens, index: int) -> bool:
    """True when the figure goes on to the left: ``3.10``, ``1,10``, ``/10``, ``+10``, ``:10``."""
    before = tokens.form(index - 1)
    if not tokens.glued(index) or not before:
        return False
    return before in {".", ",", "/", ":", "+", "_", "#", "€", "$", "£", "§"} and (
        tokens.form(index - 2).isdigit() or before in {"+", "_", "#", "€", "$", "£", "§"}
    )


def _decimal(tokens: Tokens, index: int, sign: str) -> bool:
    """True when digits go on behind the minutes: ``10.30.2024``, ``1.250.000``, ``12.5 %``."""
    behind = tokens.form(index + 1)
    if behind in {"%", "€", "$", "£"}:
        return True
    return (
        behind in {".", ",", "/", "'"}
        and tokens.glued(index + 1)
        and tokens.glued(index + 2)
        and tokens.form(index + 2).isdigit()
        and sign == "."
    )


def _write(point: _Point, half: str | None) -> str:
    hour = point.hour
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    return f"{hour:02d}:{point.minute:02d}"


def _zone(tokens: Tokens, index: int, vocabulary: Vocabulary) -> tuple[str | None, int]:
    """A time zone at `index`, in brackets or not: (name, index behind)."""
    at = index + 1 if tokens.form(index) in {"(", ",", "["} else index
    behind = tokens.has(at, "t_zone")
    if not behind:
        return None, index
    pattern = tokens.patterns[at]["t_zone"]
    name = vocabulary.zones[pattern.lower()]
    if name in {"UTC", "GMT"} and tokens.form(behind) in {"+", "-", "−"} and tokens.number(behind + 1) is not None and tokens.glued(behind):
        hours = tokens.number(behind + 1) or 0
        if hours <= 14:
            sign = "+" if tokens.form(behind) == "+" else "-"
            minutes = 0
            last = behind + 2
            if tokens.form(last) == ":" and tokens.number(last + 1) is not None:
                minutes, last = tokens.number(last + 1) or 0, last + 2
            name, behind = f"{sign}{hours:02d}:{minutes:02d}", last
    if at != index and tokens.form(behind) in {")", "]"}:
        behind += 1
    return name, behind


def clock_at(tokens: Tokens, index: int, vocabulary: Vocabulary, *, after_date: bool = False) -> Clock | None:
    """The time or time range that starts at word `index`, or None.

    A bare figure or a dotted one is a time only with a clock word in front, an hour word behind,
    a range of two such, or right behind a date (`after_date`).
    """
    first = index
    cued = strong = False
    while (
        (behind := tokens.has(index, "t_at"))
        or (behind := tokens.has(index, "from"))
        or (behind := tokens.has(index, "between"))
        or (cued and (behind := tokens.has(index, "t_hour")) and tokens.form(index).isalpha())
    ):
        if tokens.has(index, "t_at"):
            cued = True
            strong = strong or tokens.patterns[index]["t_at"] in vocabulary.strong_at
        index = behind
        if tokens.form(index) == ":" and tokens.form(index + 1) != "":
            index += 1
        if index - first > 8:
            return None
    ok_bare = strong or (cued and after_date)
    start = _point(tokens, index, allow_bare=True)
    if start is None:
        return None
    last = start.last
    end: _Point | None = None
    middle = last
    joined = False
    if tokens.form(middle) in DASHES or (
        tokens.form(middle) == "/" and start.sure and (slashed := _point(tokens, middle + 1, allow_bare=False)) and slashed.sure
    ):
        middle, joined = middle + 1, True
    elif (behind := tokens.has(middle, "to")) or (first != index and (behind := tokens.has(middle, "and"))):
        middle, joined = behind, True
    elif (
        (behind := tokens.has(middle, "and"))
        and (later := _point(tokens, behind, allow_bare=True))
        and (tokens.has(later.last, "between") or (later.sure and not start.bare and not start.sure))
    ):
        # "9.30 és 16.00 óra között": the word for between stands behind.
        middle, joined = behind, True
    elif start.sure and (following := _point(tokens, middle, allow_bare=False)) and following.sure and not tokens.has(middle, "t_noon"):
        # "10 órától 12 óráig": the endings say from and until.
        joined = "\n" not in tokens.gap(middle) and tokens.form(middle - 1).isalpha()
    if joined:
        while behind := tokens.has(middle, "t_at") or tokens.has(middle, "from"):
            middle = behind
        end = _point(tokens, middle, allow_bare=True)
        if end is not None and (end.hour, end.minute) == (start.hour, start.minute) and not end.half:
            end = None
        if end is not None and end.bare and not (start.sure or ok_bare):
            end = None
        if (
            end is not None
            and end.bare
            and (_goes_on(tokens, end.last) or (start.sure and not start.bare and start.minute and not ok_bare))
        ):
            end = None
    if end is None:
        dotted = not start.bare and not start.sure
        if start.bare and (not ok_bare or _goes_on(tokens, start.last)):
            return None
        if dotted and not (cued or after_date):
            return None
        if start.hour == 24:
            return None
        zone, last = _zone(tokens, start.last, vocabulary)
        return Clock(_write(start, start.half), None, zone, first, last, weak=not (start.sure or strong))
    if not (start.sure or end.sure or ok_bare or (cued and not start.bare)):
        # Two dotted figures: 10.00-15.00 is a time range, 10.5-12.5 is not; both could be days and months.
        dotted_both = not start.bare and not end.bare
        possible_dates = 1 <= start.minute <= 12 and 1 <= end.minute <= 12
        if not dotted_both or (possible_dates and not after_date) or tokens.form(end.last) == ".":
            return None
    if start.bare and not end.sure and not ok_bare:
        return None
    half = start.half
    if half is None and end.half:
        half = end.half if start.hour <= end.hour or end.hour == 12 else ("am" if end.half == "pm" else None)
        if end.half == "pm" and start.hour < 12 and end.hour == 12:
            half = "am"
    begin, finish = (
        _write(start, half),
        _write(end, end.half or (half if start.half and end.hour > start.hour and end.hour != 12 else None)),
    )
    zone, last = _zone(tokens, end.last, vocabulary)
    return Clock(begin, finish, zone, first, last, weak=not (start.sure or end.sure or strong))


def _goes_on(tokens: Tokens, index: int) -> bool:
    """True when a bare figure is the start of something else: a month, a unit, a decimal, an ordinal dot."""
    form = tokens.form(index)
    if tokens.numbered(index, "month.") is not None:
        return True
    if form in {"%", "€", "$", "£", "/", "°"}:
        return True
    if form in {".", ",", ":"} and tokens.glued(index) and tokens.glued(index + 1) and tokens.form(index + 1).isdigit():
        return True
    return bool(form == "." and (tokens.numbered(index + 1, "month.") is not None or tokens.form(index + 1).isdigit()))


def bare_clock(tokens: Tokens, index: int, vocabulary: Vocabulary) -> Clock | None:
    """A time behind a label for time, where a bare figure is an hour: ``10``, ``9-12``."""
    start = _point(tokens, index, allow_bare=True)
    if start is None or start.hour == 24:
        return None
    end = None
    if tokens.form(start.last) in DASHES or tokens.has(start.last, "to"):
        end = _point(tokens, tokens.has(start.last, "to") or start.last + 1, allow_bare=True)
    last = end.last if end else start.last
    zone, last = _zone(tokens, last, vocabulary)
    return Clock(
        _write(start, start.half or (end.half if end else None)), _write(end, end.half) if end else None, zone, index, last, weak=True
    )
