"""Names by legal forms: "Nordlys Energi A/S", "„Сигма“ ЕООД", "ООО «Ромашка»", "Zelené zmluvy, o. z.". Knows no company."""

from __future__ import annotations

from extractors.organisations import names, tables
from extractors.organisations.spans import Span
from extractors.organisations.tagged import APOSTROPHES, OPEN_QUOTES, Tagged

_REACH = 10
"""Words a company's name has at most beside its legal form."""
_MARKS = frozenset({"&", "-", "+", ".", *APOSTROPHES})
_QUOTES = frozenset('”“"»’«')


def by_legal_forms(t: Tagged) -> list[Span]:
    """The companies and registered associations of a block."""
    found: list[Span] = []
    for index in range(len(t)):
        stop = t.tags[index].get("legal")
        if stop is None or t.barred[index] or not _is_legal_form(t, index, stop):
            continue
        first, last = _in_front(t, index), stop
        if t.table.legal_first and _quoted_behind(t, stop):
            first = index
        if first == index:
            last = _behind(t, index, stop)
            if last == stop:
                continue
        form = t.words.text[t.words.starts[index] : t.words.ends[stop - 1]]
        if last < len(t) and t.raws[last] == "." and t.glued(last) and "." in form and not form.endswith("."):
            # A full stop of the form belongs to it: "spol. s r.o".
            last += 1
        first, _ = names.strip(t, first, last)
        if first < last:
            start, end = t.span(first, last)
            found.append(Span(start, end, "legal form", 0.9, legal=form))
    return found


def _is_legal_form(t: Tagged, index: int, stop: int) -> bool:
    """A legal form as written: with a capital, a dot or a slash ("A/S", "s.r.o."), or several words; "as" and "se" are other words."""
    text = t.words.text[t.words.starts[index] : t.words.ends[stop - 1]]
    if text in tables.mixed_legal_forms():
        return True
    if len(text) <= 3 and text.isalpha() and not text.isupper():
        return False
    if stop < len(t) and t.glued(stop) and (t.raws[stop].isalnum() or t.raws[stop] in APOSTROPHES):
        return False
    if text != text.lower() or "/" in text:
        return True
    if text.endswith(".") and len(text) >= 3 and index > 0 and t.capital[index - 1] and t.near[index]:
        # "Strætó bs."
        return True
    return text.count(".") >= 2 or (len(text) >= 5 and " " in text)


def _in_front(t: Tagged, index: int) -> int:
    """The beginning of the name in front of a legal form; `index` where none stands there."""
    first = index
    comma = first > 0 and t.raws[first - 1] == "," and t.near[first]
    if comma:
        first -= 1
    if first == 0 or not t.near[first]:
        return index
    if t.raws[first - 1] in _QUOTES:
        opened = next((k for k in range(first - 2, max(first - _REACH, -1), -1) if t.closing(k) == first - 1), None)
        return index if opened is None else opened
    small = 0
    while first > 0 and t.near[first] and not t.barred[first - 1] and index - first < _REACH:
        before = first - 1
        if t.capital[before]:
            if first < index and _ends_name(t, before):
                break
            first, small = before, 0
        elif _is_tied(t, before):
            first = before
        elif t.has(before, "link") and before >= 1 and t.capital[before - 1] and first < index and t.capital[first]:
            if t.joiner(before) and (t.has(before - 1, "legal") or t.head(before - 1)):
                break
            first = before - 1
        elif comma and small < 3 and _is_part(t, before):
            # "Právne médiá, s. r. o.": the comma tells that all in front of it is the name.
            first, small = before, small + 1
        else:
            break
    while first < index and not t.capital[first] and not (t.raws[first].isdigit() and t.glued(first + 1)):
        first += 1
    return first if any(t.capital[k] for k in range(first, index)) else index


def _ends_name(t: Tagged, before: int) -> bool:
    """True for a capitalised word in front of a company's name that is no part of it: "Firma", a role, an event."""
    opens = t.opens_sentence(before)
    if t.has(before, "apposition") and (opens or not t.head(before)):
        return True
    return opens and (t.role[before] or t.event[before])


def _is_tied(t: Tagged, mark: int) -> bool:
    """True for a mark or a figure inside a company's name."""
    if mark < 1:
        return False
    if t.raws[mark].isdigit():
        return True
    if t.raws[mark] not in _MARKS or not (t.capital[mark - 1] or t.raws[mark] == "-"):
        return False
    return t.raws[mark] != "." or len(t.raws[mark - 1]) <= 4


def _is_part(t: Tagged, index: int) -> bool:
    """True for a small word of a company's name that a capital stands close in front of."""
    if not t.raws[index][0].isalpha() or t.stop[index] or t.role[index] or t.has(index, "apposition"):
        return False
    for at in range(index - 1, max(index - 4, -1), -1):
        if not t.near[at + 1] or t.stop[at] or t.has(at, "apposition"):
            return False
        if t.capital[at]:
            return True
    return False


def _quoted_behind(t: Tagged, index: int) -> bool:
    """True where a quoted name stands behind a legal form: "ТОВ «Зелений Крок»"."""
    return index < len(t) and t.near[index] and t.raws[index] in OPEN_QUOTES and t.closing(index) is not None and not t.glued(index)


def _behind(t: Tagged, index: int, stop: int) -> int:
    """The end of the name behind a legal form in front of it; `stop` where none stands there."""
    if stop >= len(t) or not t.near[stop]:
        return stop
    if t.raws[stop] in OPEN_QUOTES:
        close = t.closing(stop)
        return stop if close is None else close + 1
    if not t.table.legal_first or not t.capital[stop] or sum(letter.isupper() for letter in t.raws[index]) < 2:
        return stop
    last = stop
    while last < len(t) and t.near[last] and not t.barred[last] and last - stop < 6 and (t.capital[last] or t.raws[last] in {"&", "-"}):
        last += 1
    return last
