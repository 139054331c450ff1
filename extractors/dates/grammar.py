"""One grammar for the dates of all languages: items (a day, a month, a quarter ...) joined by range and list words.

It reads typed tokens and yields phrases with what is written; missing months and years are shared between
the items of a phrase here, everything from outside the phrase is left to `resolve`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from extractors.dates.figures import Item
from extractors.dates.items import ItemReader
from extractors.dates.times import Clock, clock_at
from extractors.dates.tokens import DASHES

_BARE_CHAIN = 8
"""Day figures a list may open with before its month must come; keeps hostile rows of figures cheap."""


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


class Reader(ItemReader):
    """Reads the phrases of one text."""

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
        if form in {"&", "+"}:
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
        return one.unit != "day" or two.unit in {"month"}

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
