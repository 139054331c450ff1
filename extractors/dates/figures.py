"""Figures and words of dates: days, years, weekdays and numeric dates, over typed tokens. The ground the grammar stands on."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.dates.times import Clock, clock_at
from extractors.dates.tokens import DASHES, Tokens, Vocabulary


@dataclass(slots=True)
class Item:
    """One date as written, with what it leaves out as None. `unit` is day, month, quarter, half_year, season, week or year."""

    unit: str = "day"
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    number: int | None = None
    approximate: bool = False
    clock: Clock | None = None
    first: int = 0
    last: int = 0
    year_stated: bool = False
    month_stated: bool = False
    month_first: bool = False
    numeric: bool = False
    relative: int | None = None

    @property
    def bare(self) -> bool:
        """A day's figure and nothing more."""
        return self.unit == "day" and self.month is None and self.year is None and self.relative is None


class FigureReader:
    """Reads what is written in figures, and the single words of a date."""

    def __init__(self, tokens: Tokens, vocabulary: Vocabulary) -> None:
        self.t = tokens
        self.v = vocabulary
        self.between = False

    # -- words that carry no date ------------------------------------------------------------

    def _skip(self, index: int, *tags: str) -> int:
        """Step over glue words with one of `tags`, at most four of them."""
        for _ in range(4):
            behind = max((self.t.has(index, tag) for tag in tags), default=0)
            if not behind or (self.t.numbered(index, "month.") is not None and "link" not in tags):
                return index
            if self.t.numbered(index, "dayname.") is not None:
                return index
            index = behind
            if self.t.form(index) == "'" and self.t.glued(index):
                index += 1
        return index

    def _newline(self, index: int) -> bool:
        return "\n" in self.t.gap(index)

    def _blank_line(self, index: int) -> bool:
        return self.t.gap(index).count("\n") > 1

    # -- figures -----------------------------------------------------------------------------

    def _free(self, index: int) -> bool:
        """False when the figure at `index` is the tail of a longer number, price, code or reference."""
        if index == 0:
            return True
        before = self.t.form(index - 1)
        if not self.t.glued(index):
            return before not in {"§", "€", "$", "£", "+", "#", "№"} and not (
                before.isdigit() and self.t.gap(index) == " " and len(before) >= 3 and not yearish(before)
            )
        if before in {"(", "[", "'", '"', "“", "„", "«", "|", ">", "~", ":", ";", "‘", "’"} or (before in DASHES):
            if before in DASHES and self.t.glued(index - 1):
                prior = self.t.form(index - 2)
                return not (prior.isdigit() and len(prior) > 2 and not yearish(prior))
            return True
        if before == "/":
            prior = self.t.form(index - 2)
            return not prior.isdigit() or (len(prior) <= 2 and self.t.form(index - 3) not in {"-", "/"})
        if before == ".":
            return not self.t.form(index - 2).isdigit() or bool(self.t.numbered(index - 2, "month."))
        if before == ",":
            return not (self.t.form(index - 2).isdigit() and self.t.glued(index - 1))
        return before.isalpha() and bool(self.t.has(index - 1, "before_day") or self.t.has(index - 1, "link"))

    def _day(self, index: int) -> tuple[int, int] | None:
        """(day of the month, index behind) of a figure with its ordinal ending, or of a spelled-out day."""
        value = self.t.number(index)
        if value is not None:
            if not 1 <= value <= 31 or len(self.t.form(index)) > 2 or not self._free(index):
                return None
            last = index + 1
            suffix = self.t.has(last, "suffix")
            if suffix and self.t.glued(last) and not (self.t.form(last) in DASHES and self.t.form(last + 1).isdigit()):
                last = suffix
                again = self.t.has(last, "suffix")
                if again and self.t.glued(last):
                    last = again
            elif self.t.form(last) == "." and self.t.glued(last) and not (self.t.glued(last + 1) and self.t.form(last + 1).isdigit()):
                last += 1
            if self.t.form(last) == "%" or (
                self.t.glued(last) and self.t.form(last).isalpha() and self.t.numbered(last, "month.") is None and not suffix
            ):
                return None
            last = self._skip(last, "after_day")
            return value, last
        named = self.t.numbered(index, "dayname.")
        if named is not None:
            return named[0], self._skip(named[1], "after_day")
        return None

    def _year(self, index: int, *glue: str) -> tuple[int, int] | None:
        """(year, index behind) of a four-figure year with the words around it."""
        at = self._skip(index, "before_year", "link", *glue)
        if at - index > 4:
            return None
        value = self.t.number(at)
        if value is None or len(self.t.form(at)) != 4 or not 1900 <= value <= 2099:
            return None
        last = at + 1
        behind = self.t.form(last)
        if behind in {"/", ",", ":"} and self.t.glued(last) and self.t.glued(last + 1) and self.t.form(last + 1).isdigit():
            return None
        if behind == "/" and self.t.glued(last) and self.t.glued(last + 1) and self.t.form(last + 1).isalpha():
            return None
        if (
            behind == "."
            and self.t.glued(last)
            and (not self.t.glued(last + 1) or self.t.form(last + 1) == ",")
            and self.v.dot_after_year
            and not self._newline(last + 1)
        ):
            last += 1
        suffix = self.t.has(last, "suffix")
        if suffix and self.t.glued(last) and self.t.form(last) in DASHES:
            last = suffix
        return value, self._skip(last, "after_year")

    def _weekday(self, index: int) -> tuple[int, int] | None:
        found = self.t.numbered(index, "weekday.")
        if found is None:
            return None
        last = found[1]
        if self.t.form(last) == "." and self.t.glued(last):
            last += 1
        return found[0], last

    # -- numeric dates -----------------------------------------------------------------------

    def _separator(self, index: int, first: str | None = None) -> tuple[str, int] | None:
        """(sign, index behind) of a separator inside a numeric date; dots may be followed by a space."""
        sign = self.t.form(index)
        if sign not in {".", "/", "-", "–"} or not self.t.glued(index):
            return None
        if first is not None and sign != first and not (first in {"/", "."} and sign in {"-", "–"}):
            return None
        gap = self.t.gap(index + 1)
        if gap not in {"", " "} or (gap == " " and sign != "."):
            return None
        return sign, index + 1

    def _numeric(self, index: int) -> Item | None:
        """A date in figures with its year: any order and separator; the values prove the order where they can."""
        a = self.t.number(index)
        if a is None or not self._free(index):
            return None
        one = self._separator(index + 1)
        if one is None:
            return None
        b = self.t.number(one[1])
        month_roman = None
        if b is None and one[0] in {".", "-", "/"}:
            month_roman = self.t.roman(one[1])
            b = month_roman
        if b is None or (len(self.t.form(one[1])) > 2 and month_roman is None):
            return None
        two = self._separator(one[1] + 1, one[0])
        spaced = False
        if two is None and one[0] == "/" and self.t.gap(one[1] + 1) == " " and len(self.t.form(one[1] + 1)) == 4:
            two, spaced = (" ", one[1] + 1), True
        if (
            two is None
            and one[0] == "/"
            and self.t.form(one[1] + 1) in DASHES
            and self.t.gap(one[1] + 1) == " "
            and self.t.glued(one[1] + 2)
        ):
            two = ("/", one[1] + 2)
        if two is None:
            return None
        c = self.t.number(two[1])
        if c is None:
            return None
        last = two[1] + 1
        size_a, size_c = len(self.t.form(index)), len(self.t.form(two[1]))
        if (
            self.t.form(last) in {".", "/", "-", ","}
            and self.t.glued(last)
            and self.t.glued(last + 1)
            and self.t.form(last + 1).isdigit()
            and self.t.form(last) != "-"
        ) and not (size_a == 4 or size_c == 4):
            return None
        if size_a == 4 and 1900 <= a <= 2099 and size_c <= 2:
            year, month, day = a, b, c
            if self.t.form(last) == "." and self.t.glued(last) and one[0] == ".":
                last += 1
        elif size_a <= 2 and ((size_c == 4 and 1900 <= c <= 2099) or (size_c == 2 and not spaced and (one[0] == two[0] or one[0] == "/"))):
            year = c if size_c == 4 else two_digit_year(c)
            day, month = (a, b) if self.v.date_order != "MDY" else (b, a)
            if month > 12 >= day and month_roman is None:
                day, month = month, day
            if size_c == 2 and one[0] == "-" and not (clock_at(self.t, last, self.v, after_date=True) and self.t.has(last, "t_at")):
                return None
        else:
            return None
        if self.t.form(last) == "." and self.t.glued(last) and self.v.dot_after_year and size_c == 4 and not self._newline(last + 1):
            last += 1
        item = Item(
            year=year, month=month, day=day, first=index, year_stated=True, month_stated=True, month_first=size_a == 4, numeric=True
        )
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        if self.t.form(last) == "t" and self.t.glued(last) and (clock := clock_at(self.t, last + 1, self.v)):
            item.clock, last = clock, clock.last
        item.last = self._skip(last, "after_year")
        return item

    def _numeric_partial(self, index: int, *, proven: bool) -> Item | None:
        """Day and month in figures without a year: ``19.3.``, ``19/3``; `proven` when the words around ask for a date."""
        a = self.t.number(index)
        if a is None or len(self.t.form(index)) > 2 or not self._free(index):
            return None
        sign = self.t.form(index + 1)
        if sign not in {".", "/"} or not self.t.glued(index + 1):
            return None
        gap = self.t.gap(index + 2)
        if gap not in {"", " "} or (gap and sign == "/"):
            return None
        b = self.t.number(index + 2)
        roman = self.t.roman(index + 2) if b is None else None
        b = b if b is not None else roman
        if b is None or (len(self.t.form(index + 2)) > 2 and roman is None):
            return None
        day, month = a, b
        if month > 12 >= day and sign == "/":
            day, month = month, day
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return None
        last = index + 3
        closed = self.t.form(last) == "." and self.t.glued(last) and not (self.t.glued(last + 1) and self.t.form(last + 1).isdigit())
        if (
            self.t.form(last) in {".", "/", ",", ":"}
            and not closed
            and self.t.glued(last)
            and self.t.glued(last + 1)
            and self.t.form(last + 1).isdigit()
        ):
            return None
        if self.t.form(last) in {"%", "€", "$", "£"} or (self.t.glued(last) and self.t.form(last).isalpha()):
            return None
        padded = len(self.t.form(index + 2)) == 2 and self.t.form(index + 2).startswith("0")
        line_start = index == 0 or self._newline(index)
        if self.t.form(index - 1) == ":" and (closed or sign == "/"):
            proven = True
        if not proven and (clock := clock_at(self.t, last + 1 if closed else last, self.v, after_date=True)) is not None:
            proven = (
                (closed or sign == "/")
                and self.t.has(last + 1 if closed else last, "t_at") > 0
                and not (clock.weak and sign == "/" and line_start)
            )
        if not proven and closed and sign == "." and not line_start:
            proven = self._range_or_clock_behind(last + 1)
        elif not proven and sign == ".":
            proven = self._range_behind(last + 1 if closed else last)
        if not proven and not (sign == "." and closed and gap == "" and (padded or a > 12) and not line_start):
            return None
        if sign == "." and closed:
            last += 1
        return Item(month=month, day=day, first=index, last=last, month_stated=True, numeric=True)

    def _range_behind(self, index: int) -> bool:
        """True when a dash or "to" and a further date in figures follow: ``30. 9. – 4. 10. 2024``."""
        at = index + 1 if self.t.form(index) in DASHES else self.t.has(index, "to")
        if not at and (joined := self.t.has(index, "and")):
            return self._numeric(joined) is not None
        if at and at == self.t.has(index, "to") and at >= len(self.t):
            return True
        return bool(at) and (self._numeric(at) is not None or self._numeric_partial(at, proven=True) is not None)

    def _range_or_clock_behind(self, index: int) -> bool:
        if self._range_behind(index) or (self.t.has(index, "to") and not self.t.form(self.t.has(index, "to")).isdigit()):
            # A range, or a postposition that means "until".
            return True
        clock = clock_at(self.t, index, self.v, after_date=True)
        return (clock is not None and bool(self.t.has(index, "t_at"))) or (clock is not None and not clock.weak)


def yearish(form: str) -> bool:
    """True for a four-figure year from 1900 to 2099."""
    return len(form) == 4 and form.isdigit() and 1900 <= int(form) <= 2099


def two_digit_year(value: int) -> int:
    """The POSIX window: 69 to 99 are the last century, 00 to 68 this one."""
    return 1900 + value if value >= 69 else 2000 + value
