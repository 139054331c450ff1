"""Items: one date as written in words, whatever the order: day, month, quarter, half-year, season, week, year."""

from __future__ import annotations

from dataclasses import replace

from extractors.dates.figures import FigureReader, Item, two_digit_year
from extractors.dates.times import clock_at
from extractors.dates.tokens import DASHES


class ItemReader(FigureReader):
    """Reads one item at a time; `item` is the grammar's one choice point."""

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
        if (
            made is not None
            and not made.bare
            and self._street(
                index, 5 if made.unit == "month" and made.year is None else 3 if made.year is None or made.unit == "month" else 2
            )
        ):
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
        ) and (self.t.form(last) == "'" or self.t.glued(last)):
            year = (two_digit_year(self.t.number(last + 1) or 0), last + 2)
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
        onward = (
            (self.t.form(last) in DASHES or self.t.form(last) == "/")
            and self.t.glued(last)
            and self.t.numbered(last + 1, "month.") is not None
        )
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
            if short is not None and (self.t.form(made.last) == "'" or self.t.glued(made.last)) and self.t.form(made.last + 2) != ":":
                made.year, made.last, made.year_stated = two_digit_year(short), made.last + 2, True
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
            ahead = self.t.number(index) or 0
            if (last := self.t.has(at, "week")) and 1 <= ahead <= 53 and at != index + 1:
                year = self._year(last, "into")
                return Item(
                    unit="week", number=ahead, year=year[0] if year else None, last=year[1] if year else last, year_stated=bool(year)
                )
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
