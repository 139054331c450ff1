"""One grammar for the dates of all languages: items (a day, a month, a quarter ...) joined by range and list words.

It reads typed tokens and yields phrases with what is written; missing months and years are shared between
the items of a phrase here, everything from outside the phrase is left to `resolve`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from extractors.dates.times import Clock, clock_at
from extractors.dates.tokens import DASHES, Tokens, Vocabulary

_BARE_CHAIN = 8
"""Day figures a list may open with before its month must come; keeps hostile rows of figures cheap."""


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


@dataclass(slots=True)
class Phrase:
    """A date, or an interval of two items, over words ``[first, last)``."""

    start: Item
    end: Item | None
    first: int
    last: int
    clock: Clock | None = None
    listed: bool = False
    group: int = 0
    warnings: list[str] = field(default_factory=list)


class Reader:
    """Reads the phrases of one text."""

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
                before.isdigit() and self.t.gap(index) == " " and len(before) >= 3 and not _yearish(before)
            )
        if before in {"(", "[", "'", '"', "“", "„", "«", "|", ">", "~", ":", ";", "‘", "’"} or (before in DASHES):
            if before in DASHES and self.t.glued(index - 1):
                prior = self.t.form(index - 2)
                return not (prior.isdigit() and len(prior) > 2 and not _yearish(prior))
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
        ):
            if not (size_a == 4 or size_c == 4):
                return None
        if size_a == 4 and 1900 <= a <= 2099 and size_c <= 2:
            year, month, day = a, b, c
            if self.t.form(last) == "." and self.t.glued(last) and one[0] == ".":
                last += 1
        elif size_a <= 2 and ((size_c == 4 and 1900 <= c <= 2099) or (size_c == 2 and not spaced and (one[0] == two[0] or one[0] == "/"))):
            year = c if size_c == 4 else _two_digit_year(c)
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
            proven = (closed or sign == "/") and self.t.has(last + 1 if closed else last, "t_at") > 0 and not (clock.weak and sign == "/" and line_start)
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
        return clock is not None and bool(self.t.has(index, "t_at")) or (clock is not None and not clock.weak)

    # -- items -------------------------------------------------------------------------------

    def item(self, index: int, *, bare: bool, proven: bool = False) -> Item | None:
        """The item that starts at word `index`; a bare day's figure only when `bare`."""
        first = index
        approximate = False
        for tag in ("early", "mid", "late"):
            behind = self.t.has(index, tag)
            if behind:
                approximate = True
                index = behind
                if self.t.form(index) in DASHES and self.t.glued(index):
                    index += 1
                index = self._skip(index, "link", "before_day")
                break
        weekday = None
        found = self._weekday(index)
        if found and not approximate:
            weekday, index = found
            for _ in range(2):
                if self.t.form(index) in {",", "("} and not self._blank_line(index + 1):
                    index += 1
            proven = True
        skipped = self._skip(index, "before_day")
        if skipped != index:
            proven = True
            index = skipped
        made = self._body(index, approximate=approximate, bare=bare, proven=proven or approximate)
        if made is not None and not made.bare and self._street(index, 5 if made.unit == "month" and made.year is None else 3 if made.year is None or made.unit == "month" else 2):
            return None
        if made is None and weekday is not None and self.t.has(index, "week"):
            made = self._week(index)
        if made is None and weekday is not None:
            linked = self._skip(index, "link", "into")
            if self.t.has(linked, "week"):
                made = self._week(linked)
        if made is None:
            return None
        made.first = first if weekday is not None or approximate else index
        made.approximate = made.approximate or approximate
        if weekday is not None:
            made.weekday = weekday
        elif made.unit == "day":
            self._trailing_weekday(made)
        if made.unit == "month" and not made.approximate:
            for tag in ("early", "mid", "late"):
                if behind := self.t.has(made.last, tag):
                    made.approximate, made.last = True, behind
                    break
        return made

    def _trailing_weekday(self, item: Item) -> None:
        """A weekday behind the date: ``2024. május 23., csütörtök``, ``23 Mayıs 2024 Perşembe``, ``19 March (Tuesday)``."""
        at = item.last
        opened = self.t.form(at) if self.t.form(at) in {"(", ","} else ""
        if opened:
            at += 1
        found = self._weekday(at)
        if found is None or (self._newline(at) and not opened):
            return
        behind = found[1]
        if opened == "(":
            if self.t.form(behind) != ")":
                return
            item.weekday, item.last = found[0], behind + 1
            return
        after = behind + 1 if self.t.form(behind) == "," else behind
        after = self._skip(after, "before_day")
        if self._day(after) is not None and not (clock_at(self.t, after, self.v, after_date=True)):
            return
        if item.bare:
            return
        item.weekday, item.last = found

    def _body(self, index: int, *, approximate: bool, bare: bool, proven: bool) -> Item | None:
        numeric = self._numeric(index)
        if numeric is not None:
            return numeric
        relative = self._relative(index)
        if relative is not None:
            return relative
        special = self._quarter(index) or self._season(index) or self._week(index)
        if special is not None:
            return special
        # Year first: "2024. március 19.", "2024 m. kovo 19 d.", "2024. gada 19. martā".
        year = self._year(index) if self._free(index) and self.t.number(index) is not None else None
        if year is not None:
            made = self._after_year(year[0], year[1])
            if made is not None:
                return made
        month = self.t.numbered(index, "month.")
        if month is not None:
            return self._month_first(index, month, approximate=approximate)
        day = self._day(index)
        if day is not None:
            made = self._day_first(index, day)
            if made is not None:
                return made
        partial = self._numeric_partial(index, proven=proven)
        if partial is not None:
            return partial
        if day is not None and bare and (self.t.number(index) is not None or proven):
            return Item(day=day[0], last=day[1])
        if year is not None and approximate:
            return Item(unit="year", year=year[0], last=year[1], year_stated=True)
        return None

    def _relative(self, index: int) -> Item | None:
        """``tomorrow``, ``in 14 days``, ``within two weeks``: told from the day of writing."""
        if index >= len(self.t):
            return None
        begins = index == 0 or self._newline(index) or self.t.form(index - 1) in {".", "!", "?", ":"}
        if self.t.words.text[self.t.words.starts[index]].isupper() and not begins:
            # A name with the word in it, as in "Acheteurs publics de Demain".
            return None
        for tag, days in (("r_day_after_tomorrow", 2), ("r_tomorrow", 1), ("r_today", 0), ("r_yesterday", -1)):
            if behind := self.t.has(index, tag):
                return Item(relative=days, last=behind)
        behind = self.t.has(index, "r_in")
        number = self.t.number(behind) if behind else None
        if number is not None and number <= 365:
            for tag, factor in (("r_day", 1), ("r_week", 7)):
                if last := self.t.has(behind + 1, tag):
                    return Item(relative=number * factor, last=last)
        return None

    def _after_year(self, year: int, index: int) -> Item | None:
        at = index + 1 if self.t.form(index) in {".", ","} and self.t.glued(index) else index
        approximate = False
        for tag in ("early", "mid", "late"):
            if behind := self.t.has(at, tag):
                at, approximate = self._skip(behind, "link"), True
        special = self._quarter(at)
        if special is not None and not special.year_stated:
            return replace(special, year=year, year_stated=True)
        season = self.t.numbered(at, "season.")
        if season is not None:
            return Item(unit="season", number=season[0], year=year, last=season[1], year_stated=True)
        month = self.t.numbered(at, "month.")
        if month is not None:
            last = month[1]
            last = last + 1 if self.t.form(last) == "." and self.t.glued(last) else last
            day = self._day(self._skip(last, "before_day", "link"))
            if day is not None and not self._is_clock(last):
                return Item(year=year, month=month[0], day=day[0], last=day[1], year_stated=True, month_stated=True, month_first=True)
            return Item(unit="month", year=year, month=month[0], last=last, year_stated=True, month_stated=True, approximate=approximate)
        day = self._day(at)
        if day is not None:
            named = self.t.numbered(self._skip(day[1], "link"), "month.")
            if named is not None:
                return Item(year=year, month=named[0], day=day[0], last=named[1], year_stated=True, month_stated=True)
        return None

    def _is_clock(self, index: int) -> bool:
        """True when the figure behind a month is an hour: only a colon tells it from a day."""
        return self.t.form(index + 1) == ":" and self.t.glued(index + 1)

    def _month_first(self, index: int, month: tuple[int, int], *, approximate: bool) -> Item | None:
        """``March 19, 2024``, ``március 19.``, ``in March 2017``, ``in March``."""
        last = month[1]
        if self.t.form(last) == "." and self.t.glued(last) and self.t.number(last + 1) is not None:
            last += 1
        for tag in ("early", "mid", "late"):
            if (behind := self.t.has(last, tag)) and self._year(behind) is None:
                return Item(unit="month", month=month[0], last=behind, month_stated=True, approximate=True)
            if behind and (found := self._year(behind)) is not None:
                # "maaliskuun alussa 2025": the part of the month stands behind it.
                return Item(
                    unit="month", year=found[0], month=month[0], last=found[1], year_stated=True, month_stated=True, approximate=True
                )
        year = self._year(last)
        if year is None and self.t.form(last) == "," and not self._newline(last + 1):
            year = self._year(last + 1)
        if (
            year is None
            and self.t.form(last) in {"'", "-"}
            and self.t.glued(last + 1)
            and self.t.number(last + 1) is not None
            and len(self.t.form(last + 1)) == 2
        ):
            if self.t.form(last) == "'" or self.t.glued(last):
                year = (_two_digit_year(self.t.number(last + 1) or 0), last + 2)
        if year is not None:
            return Item(unit="month", year=year[0], month=month[0], last=year[1], year_stated=True, month_stated=True)
        at = self._skip(last, "before_day")
        # A spelled-out number over a glue word is no day: "май на третия етаж", in May on the third floor.
        at_day = at
        spelled = at != last and self.t.number(at) is None
        day = None if self._is_clock(at) or spelled else self._day(at)
        if day is not None and not self._newline(at):
            made = Item(month=month[0], day=day[0], last=day[1], month_stated=True, month_first=True)
            at = made.last + 1 if self.t.form(made.last) == "," else made.last
            year = self._year(at)
            if year is not None and not self._newline(at):
                made.year, made.last, made.year_stated = year[0], year[1], True
            # "March 19 March 20": the figure belongs to the month behind it.
            if year is None and day[1] == at_day + 1 and self.t.numbered(self._skip(day[1], "link"), "month.") is not None:
                return None
            return made
        word = self.t.words.text[self.t.words.starts[index] : self.t.words.ends[month[1] - 1]]
        onward = (self.t.form(last) in DASHES or self.t.form(last) == "/") and self.t.glued(last) and self.t.numbered(last + 1, "month.") is not None
        if (joined := self.t.has(last, "or") or self.t.has(last, "and")) and self._month_year(joined):
            onward = word.islower() or self.v.capital_months
        if not approximate and not onward and not self._month_alone(index, word):
            return None
        return Item(unit="month", month=month[0], last=month[1], month_stated=True)

    def _month_year(self, index: int) -> bool:
        month = self.t.numbered(index, "month.")
        return month is not None and self._year(month[1]) is not None

    def _month_alone(self, index: int, word: str) -> bool:
        """A month without day and year counts only in full, in the case its language writes, behind a word that leads to a time."""
        low = word.lower()
        if len(low) < 4 or word.isupper():
            return False
        if low in self.v.short_months:
            return False
        if self.v.capital_months and not word[:1].isupper():
            return False
        if not self.v.capital_months and word[:1].isupper() and index and not self._newline(index):
            return False
        before = self.t.tags[index - 1] if index else {}
        if self.v.until_endings and any(tag.startswith("month.") for tag in before):
            return True
        return bool({"into", "link", "from", "to", "before_year"} & set(before)) or self.t.form(index - 1) in DASHES

    def _day_first(self, index: int, day: tuple[int, int]) -> Item | None:
        at = day[1]
        if self.t.form(at) in {"-", "/"} and self.t.glued(at) and self.t.glued(at + 1) and self.t.numbered(at + 1, "month.") is not None:
            at += 1
        at = self._skip(at, "link")
        month = self.t.numbered(at, "month.")
        roman = None
        if month is None and self.t.number(index) is not None:
            roman = self.t.roman(at)
            if roman is not None and (year := self._year(at + 1)) is not None:
                return Item(year=year[0], month=roman, day=day[0], last=year[1], year_stated=True, month_stated=True)
        if month is None or self._blank_line(at):
            return None
        if self.t.number(index) is None and self.v.capital_months and self.t.words.text[self.t.words.starts[at]].islower():
            # "the second may follow": no month where months have a capital.
            return None
        made = Item(month=month[0], day=day[0], last=month[1], month_stated=True)
        at = made.last
        if (self.t.form(at) in {".", ","} and self.t.gap(at) == "") or (
            self.t.form(at) in {"-", "/"} and self.t.glued(at) and self.t.glued(at + 1)
        ):
            at += 1
        year = self._year(at)
        if year is not None and not self._blank_line(at):
            made.year, made.last, made.year_stated = year[0], year[1], True
        elif self.t.form(made.last) in {"'", "-"} and self.t.glued(made.last + 1) and len(self.t.form(made.last + 1)) == 2:
            short = self.t.number(made.last + 1)
            if short is not None and (self.t.form(made.last) == "'" or self.t.glued(made.last)) and not self.t.form(made.last + 2) == ":":
                made.year, made.last, made.year_stated = _two_digit_year(short), made.last + 2, True
        return made

    def _street(self, index: int, reach: int) -> bool:
        """True behind a word for a street: ``ul. 3 Maja``, ``rue du 8 Mai``."""
        return any(
            self.t.has(at, "street") and not any("\n" in self.t.gap(k) for k in range(at + 1, index + 1))
            for at in range(max(index - reach, 0), index)
        )

    def _quarter(self, index: int) -> Item | None:
        """``Q2 2025``, ``second quarter of 2025``, ``2. Quartal 2025``, ``IV ketvirtis``; half-years alike."""
        number: int | None = None
        unit, at = "", index
        form = self.t.form(index)
        if form in {"q", "к"} and self.t.glued(index + 1) and self.t.number(index + 1) in {1, 2, 3, 4} and len(self.t.form(index + 1)) == 1:
            number, unit, at = self.t.number(index + 1), "quarter", index + 2
        else:
            order = self.t.numbered(index, "order.")
            if order is not None:
                number, at = order
                at = at + 1 if self.t.form(at) == "." and self.t.glued(at) else at
            elif self.t.number(index) in {1, 2, 3, 4} and self._free(index):
                number, at = self.t.number(index), index + 1
                suffix = self.t.has(at, "suffix")
                if suffix and self.t.glued(at):
                    at = suffix
                elif self.t.form(at) == "." and self.t.glued(at):
                    at += 1
            elif (roman := self.t.roman(index)) is not None and roman <= 4:
                number, at = roman, index + 1
                at = at + 1 if self.t.form(at) == "." and self.t.glued(at) else at
            if number is not None:
                at = at + 1 if self.t.form(at) in {"-"} and self.t.glued(at) else at
                between = self._year(at)
                for tag, name in (("quarter", "quarter"), ("half", "half_year")):
                    if between is not None and (behind := self.t.has(between[1], tag)):
                        return Item(unit=name, number=number, year=between[0], last=behind, year_stated=True)
                for tag, name in (("quarter", "quarter"), ("half", "half_year")):
                    if behind := self.t.has(at, tag):
                        unit, at = name, behind
                        break
            elif (
                (behind := self.t.has(index, "quarter") or self.t.has(index, "half"))
                and self.t.number(behind) in {1, 2, 3, 4}
                and len(self.t.form(behind)) == 1
            ):
                unit = "quarter" if self.t.has(index, "quarter") else "half_year"
                number, at = self.t.number(behind), behind + 1
            elif behind := self.t.has(index, "quarter") or self.t.has(index, "half"):
                # "trimestrul IV", "trimestrul al doilea": the number behind its noun.
                unit = "quarter" if self.t.has(index, "quarter") else "half_year"
                behind = self._skip(behind, "link")
                named = self.t.numbered(behind, "order.")
                roman = self.t.roman(behind)
                if named is not None:
                    number, at = named
                elif roman is not None and roman <= 4:
                    number, at = roman, behind + 1
        if not unit or number is None or (unit == "half_year" and number > 2 and number != 4):
            return None
        if unit == "half_year" and number == 4:
            number = 2
        at_year = at + 1 if self.t.form(at) in {",", "/", "-"} and self.t.form(at + 1).isdigit() else at
        year = self._year(at_year, "into")
        made = Item(unit=unit, number=number, last=year[1] if year else at, year=year[0] if year else None, year_stated=bool(year))
        return made

    def _season(self, index: int) -> Item | None:
        season = self.t.numbered(index, "season.")
        if season is None:
            return None
        year = self._year(season[1], "into")
        if year is None:
            return None
        return Item(unit="season", number=season[0], year=year[0], last=year[1], year_stated=True)

    def _week(self, index: int) -> Item | None:
        """``week 11``, ``uge 11 2025``, ``KW 11/2025``."""
        behind = self.t.has(index, "week")
        if not behind and self.t.number(index) is not None and self._free(index):
            # "24. Kalenderwoche 2025": the number in front.
            at = index + 2 if self.t.form(index + 1) == "." and self.t.glued(index + 1) else index + 1
            number = self.t.number(index) or 0
            if (last := self.t.has(at, "week")) and 1 <= number <= 53 and at != index + 1:
                year = self._year(last, "into")
                return Item(unit="week", number=number, year=year[0] if year else None, last=year[1] if year else last, year_stated=bool(year))
        if not behind:
            return None
        at = behind + 1 if self.t.form(behind) == "." and self.t.glued(behind) else behind
        number = self.t.number(at)
        if number is None or not 1 <= number <= 53 or len(self.t.form(at)) > 2 or self._newline(at):
            return None
        last = at + 1
        at_year = last + 1 if self.t.form(last) in {",", "/", "-"} else last
        year = self._year(at_year)
        return Item(unit="week", number=number, year=year[0] if year else None, last=year[1] if year else last, year_stated=bool(year))

    # -- phrases -----------------------------------------------------------------------------

    def _clock_behind(self, index: int) -> Clock | None:
        """A clock time right behind a date, over the marks that may stand between."""
        at = index
        for _ in range(4):
            if self.t.has(at, "t_label") and not self.t.has(at, "t_at"):
                at = self.t.has(at, "t_label")
            elif self.t.form(at) in {",", "(", "|", "–", "-", "—", ":", ";", "·", "•", "/", "from"} and not self._blank_line(at + 1):
                at += 1
            else:
                break
        if self._blank_line(at) or at >= len(self.t):
            return None
        clock = clock_at(self.t, at, self.v, after_date=True)
        if (
            clock is None
            and at == index
            and self.t.has(at, "and")
            and (clock := clock_at(self.t, self.t.has(at, "and"), self.v, after_date=True))
        ):
            return clock if not clock.weak else None
        if clock is None:
            return None
        if clock.weak and at != index and self.t.form(at - 1) in DASHES and self._looks_like_day(at):
            return None
        if self._newline(at) and clock.weak:
            return None
        return clock

    def _looks_like_day(self, index: int) -> bool:
        item = self.item(index, bare=False, proven=True)
        return item is not None

    def _connector(self, index: int) -> tuple[str, int] | None:
        """(range | and | comma, index behind) of what may join two items."""
        form = self.t.form(index)
        if form in DASHES and not self._blank_line(index + 1):
            behind = index + 1
            if self.t.form(behind) in DASHES:
                behind += 1
            return "range", behind
        if (behind := self.t.has(index, "to")) and self.t.numbered(index, "month.") is None:
            return "range", behind
        if form == "/" and not self._newline(index + 1):
            return "slash", index + 1
        if behind := self.t.has(index, "and") or self.t.has(index, "or"):
            return ("or" if self.t.has(index, "or") and not self.t.has(index, "and") else "and"), behind
        if form == "&" or form == "+":
            return "and", index + 1
        if form in {",", ";"} and not self._blank_line(index + 1):
            behind = index + 1
            if joined := self.t.has(behind, "and") or self.t.has(behind, "or"):
                return "and", joined
            if joined := self.t.has(behind, "to"):
                return "range", joined
            return "comma", behind
        return None

    def _until_ending(self, index: int) -> tuple[str, int] | None:
        """A date right behind another, closed by an ending that means "until": ``4-től 6-ig``, ``5'inden 9'una kadar``."""
        following = self.item(index, bare=True, proven=True)
        if following is None:
            return None
        if following.unit == "month" and self.v.until_endings:
            return "range", index
        closing = range(following.first + 1, following.last + 1)
        return ("range", index) if any(self.t.has(at, "to") >= following.last for at in closing) else None

    def phrases(self) -> Iterator[list[Phrase]]:
        """The date phrases of the text in order; a list of days is one group of several."""
        index, group = 0, 0
        size = len(self.t)
        while index < size:
            opened = self._opening(index)
            self.between = bool(self.t.has(index, "between"))
            made = self._chain(opened, proven=opened != index)
            if made is None:
                made = self._under_year(opened)
            if made is None and opened != index:
                self.between = False
                made = self._chain(index, proven=False)
            if made is None:
                index += 1
                continue
            chain, last = made
            group += 1
            found = self._phrases_of(chain, group)
            if found:
                self._clock_in_front(found)
                yield found
            index = max(last, index + 1)

    def _under_year(self, index: int) -> tuple[list[tuple[str, Item]], int] | None:
        """A year in front of a list or range of days: ``2024. gada 19.–20. martā``, ``2025 m. birželio 4, 11 ir 18 d.``."""
        if self.t.number(index) is None or not self._free(index):
            return None
        year = self._year(index)
        if year is None or year[1] == index + 1:
            return None
        made = self._chain(year[1], proven=True)
        if made is None or any(item.year is not None for _, item in made[0]):
            return None
        chain, last = made
        chain[0][1].first = index
        self._share([item for _, item in chain])
        current = year[0]
        for position, (_, item) in enumerate(chain):
            before = chain[position - 1][1] if position else None
            if before is not None and before.month and item.month and (item.month, item.day or 31) < (before.month, before.day or 0):
                current += 1
            item.year, item.year_stated = current, True
        return chain, last

    def _opening(self, index: int) -> int:
        """Step over a "from" or "between" that opens an interval."""
        for tag in ("from", "between", "to"):
            if behind := self.t.has(index, tag):
                return behind
        return index

    def _chain(self, index: int, *, proven: bool) -> tuple[list[tuple[str, Item]], int] | None:
        """Items from `index` on with the connectors in front of them; None when no item has a month or its like."""
        first = self.item(index, bare=True, proven=proven)
        if first is None or (first.bare and self.t.form(index - 1) == "." and self.t.form(index - 2).isdigit()):
            return None
        chain: list[tuple[str, Item]] = [("", first)]
        item = first
        last = item.last
        while len(chain) < 40:
            ending = self._until_ending(item.last) if self.v.until_endings else None
            if not item.bare and item.clock is None and ending is None:
                clock = self._clock_behind(item.last)
                if clock is not None and not (self._newline(clock.first) and clock.weak):
                    item.clock, item.last = clock, clock.last
            last = item.last
            at = last
            if self.t.form(at) == ")":
                break
            joined = self._connector(at) or ending
            if joined is None or self._blank_line(at):
                break
            kind, behind = joined
            if kind == "and" and self.between and len(chain) == 1:
                kind = "range"
            if kind == "slash" and (item.bare or (item.unit == "month" and self.t.numbered(behind, "month.") is not None)):
                kind = "range"
            elif kind == "slash":
                break
            behind = self._skip_from(behind)
            if len(chain) >= _BARE_CHAIN and all(entry.bare for _, entry in chain):
                break
            following = self.item(behind, bare=True, proven=kind == "range" or proven or item.numeric)
            if following is None:
                break
            if following.bare and not self._bare_fits(chain, kind, following):
                break
            if kind == "comma" and not following.bare and not item.bare and not self._list_goes_on(chain, following):
                break
            if following.bare and item.month_first:
                at_year = following.last + 1 if self.t.form(following.last) == "," else following.last
                if (year := self._year(at_year)) is not None and not self._newline(at_year):
                    following.year, following.last, following.year_stated = year[0], year[1], True
            chain.append((kind, following))
            item = following
        if len(chain) == 2 and chain[1][0] == "and" and (behind := self.t.has(chain[1][1].last, "between")):
            # "június 4. és 6. között": the word for between stands behind.
            chain[1] = ("range", chain[1][1])
            chain[1][1].last = behind
        while chain and chain[-1][1].bare and not self._has_month_before(chain):
            chain.pop()
        if not chain or all(entry.bare for _, entry in chain):
            return None
        last = chain[-1][1].last
        return chain, last

    def _skip_from(self, index: int) -> int:
        behind = self.t.has(index, "to") or self.t.has(index, "from")
        return behind if behind and self.t.numbered(index, "month.") is None else index

    @staticmethod
    def _has_month_before(chain: list[tuple[str, Item]]) -> bool:
        return any(item.month_stated for _, item in chain[:-1])

    def _bare_fits(self, chain: list[tuple[str, Item]], kind: str, following: Item) -> bool:
        """A further bare figure is a day only where it goes on rising, or where a month stands behind."""
        item = chain[-1][1]
        if following.day is None or item.unit != "day" or item.day is None:
            return False
        if item.bare:
            return kind in {"range", "and", "or", "comma"} and (kind != "comma" or following.day > item.day)
        # Month first: "March 19-20", "2024. március 19-20."; or a day after a full date never.
        return (
            item.month_first
            and following.day > item.day
            and kind in {"range", "and", "comma", "or"}
            and not self._unit_behind(following.last)
        )

    def _unit_behind(self, index: int) -> bool:
        form = self.t.form(index)
        return form in {":", "%", "€", "$", "£"} or (form in {".", ","} and self.t.glued(index + 1) and self.t.form(index + 1).isdigit())

    @staticmethod
    def _list_goes_on(chain: list[tuple[str, Item]], following: Item) -> bool:
        return following.unit == "day" and chain[-1][1].unit == "day"

    def _clock_in_front(self, found: list[Phrase]) -> None:
        """A time right in front of the date: ``10:00-15:00, 19 March``, ``kl. 10 den 19. marts``."""
        phrase = found[0]
        if any(entry.clock for entry in found):
            return
        at = phrase.first
        for back in range(1, 14):
            begin = at - back
            if begin < 0 or ("\n" in self.t.gap(begin + 1) and back > 1 and self._blank_line(begin + 1)):
                return
            clock = clock_at(self.t, begin, self.v)
            if clock is None and {"t_at", "from"} & set(self.t.tags[begin]):
                # "dalle 9 alle 12 del 12 marzo": two bare hours prove each other in front of a date.
                clock = clock_at(self.t, begin, self.v, after_date=True)
                clock = clock if clock is not None and clock.end is not None else None
            if clock is None or clock.last > at:
                continue
            if clock.weak and not self.t.has(begin, "t_at"):
                continue
            between = range(clock.last, at)
            if len(between) <= 4 and all(
                self.t.form(index) in {",", "(", "|", ")", ";"} | set(DASHES)
                or {"before_day", "link", "from", "t_at", "to"} & set(self.t.tags[index])
                for index in between
            ):
                # The longest reading that ends here starts furthest left.
                further = next(
                    (c for b in range(max(begin - 8, 0), begin) if (c := clock_at(self.t, b, self.v)) and c.last == clock.last),
                    None,
                )
                phrase.clock = further or clock
                phrase.first = phrase.clock.first
                return

    # -- sharing months and years inside a phrase --------------------------------------------

    def _phrases_of(self, chain: list[tuple[str, Item]], group: int) -> list[Phrase]:
        items = [item for _, item in chain]
        self._share(items)
        found: list[Phrase] = []
        index = 0
        while index < len(chain):
            item = chain[index][1]
            if index + 1 < len(chain) and chain[index + 1][0] == "range" and self._interval(item, chain[index + 1][1]):
                end = chain[index + 1][1]
                found.append(Phrase(item, end, item.first, end.last, clock=self._joint_clock(item, end), group=group))
                index += 2
                continue
            run = index
            while run + 1 < len(chain) and chain[run + 1][0] in {"and", "comma"} and self._next_day(items[run], items[run + 1]):
                run += 1
            if run > index and (chain[run][0] == "and" or run == len(chain) - 1) and self._closes(chain, index, run):
                found.append(Phrase(item, items[run], item.first, items[run].last, clock=self._joint_clock(item, items[run]), group=group))
                index = run + 1
                continue
            found.append(Phrase(item, None, item.first, item.last, clock=item.clock, group=group))
            index += 1
        for phrase in found:
            phrase.listed = len(found) > 1
        if (
            len(found) > 1
            and found[-1].clock
            and not any(entry.clock for entry in found[:-1])
            and all(item.month_stated is False for item in items[:-1])
        ):
            for phrase in found[:-1]:
                phrase.clock = found[-1].clock
        return found

    @staticmethod
    def _closes(chain: list[tuple[str, Item]], first: int, last: int) -> bool:
        """Days in a row are one interval only when the whole list is that row and no item has a time of its own."""
        return (
            first == 0
            and last == len(chain) - 1
            and sum(1 for _, item in chain[first : last + 1] if item.clock) <= 1
            and chain[last][1].unit == "day"
        )

    @staticmethod
    def _joint_clock(start: Item, end: Item) -> Clock | None:
        if start.clock and end.clock:
            return replace(start.clock, end=end.clock.end or end.clock.start, last=end.clock.last, zone=start.clock.zone or end.clock.zone)
        return end.clock or start.clock

    @staticmethod
    def _next_day(one: Item, two: Item) -> bool:
        return (
            one.unit == two.unit == "day"
            and one.day is not None
            and two.day is not None
            and one.month == two.month
            and one.year == two.year
            and two.day == one.day + 1
        )

    @staticmethod
    def _interval(one: Item, two: Item) -> bool:
        """True when the two can be the ends of one interval: rising, same unit or coarser."""
        if one.unit == "day" and two.unit == "day":
            if one.month == two.month and one.year == two.year and one.day is not None and two.day is not None and one.month is not None:
                return two.day > one.day
            return True
        return not (one.unit == "day") or two.unit in {"month"}

    @staticmethod
    def _share(items: list[Item]) -> None:
        """Give the items of a phrase the month and year that stand with their neighbours; years roll over New Year."""
        for index in range(len(items) - 2, -1, -1):
            item, right = items[index], items[index + 1]
            if item.unit == "day" and item.month is None and right.unit == "day":
                item.month = right.month
                item.month_stated = item.month_stated or False
            if item.year is None and right.year is not None and not item.year_stated:
                item.year = right.year
                if item.month and right.month and (item.month, item.day or 0) > (right.month, right.day or 31):
                    item.year = right.year - 1
        for index in range(1, len(items)):
            item, left = items[index], items[index - 1]
            if item.unit == "day" and item.month is None and left.unit == "day":
                item.month = left.month
            if item.year is None and left.year is not None:
                item.year = left.year
                if item.month and left.month and (item.month, item.day or 31) < (left.month, left.day or 0):
                    item.year = left.year + 1


def _yearish(form: str) -> bool:
    return len(form) == 4 and form.isdigit() and 1900 <= int(form) <= 2099


def _two_digit_year(value: int) -> int:
    """The POSIX window: 69 to 99 are the last century, 00 to 68 this one."""
    return 1900 + value if value >= 69 else 2000 + value
