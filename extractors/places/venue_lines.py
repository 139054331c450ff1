"""Venues in lines cut into parts: '8 May 2025 | Hotel Flanders, Ghent | free', '13 avril, Le Havre, Maison de l'étudiant'.

Each part is a date, a town, a street, an online room, a person, a name or nothing; the parts beside a name decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.places.gazetteer import fold_name
from extractors.places.venue_names import VenueNames
from extractors.places.venue_text import (
    BARE_NAME_WORDS,
    HOUSE_NUMBER,
    LONGEST_VENUE,
    NO_NUMBER,
    NUMBERED,
    POSTAL,
    TIME_OR_DATE,
    lookup_is_place,
    trim,
)
from extractors.places.vocabulary import BODY, EVENT, FLOOR, HEAD

_LONGEST_LINE = 600
_PART_WORDS = 10
_SPLIT = re.compile(
    r"[,;|()•·\t]|[ \u00a0][–—-][ \u00a0]|(?<=[^\W\d_]{3})\.[ \u00a0]|(?<=[»”\"])\.[ \u00a0]"
    r"|(?<=[^\W\d_]):[ \u00a0]|[ \u00a0]:[ \u00a0]|(?<=\d{4}):[ \u00a0]"
)
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}|\b\d{1,2} ?[h–-] ?\d{1,2}\b")


@dataclass(slots=True)
class _Part:
    """A part of a line between separators: words ``[first, last)``, characters, what stands in front of it and behind it."""

    first: int
    last: int
    start: int
    end: int
    before: str
    after: str
    kind: str = ""


class VenueLines(VenueNames):
    """Venues in lines of parts, by what the parts beside a name are."""

    def _in_lines(self) -> list[tuple[tuple[int, int], str]]:
        """'8 May 2025 | Hotel Flanders, Ghent | free': parts of a line that are names, beside a town, a street or a date."""
        found: list[tuple[tuple[int, int], str]] = []
        start = 0
        while start < len(self.text):
            stop = self.text.find("\n", start)
            stop = len(self.text) if stop < 0 else stop
            if stop - start <= 4 * _LONGEST_LINE and (
                self.dates.overlaps(start, stop) or self._mentions(start, stop) or not self.dated or "\t" in self.text[start:stop]
            ):
                found += self._in_line(start, stop)
            start = stop + 1
        return found

    def _parts(self, start: int, stop: int) -> list[_Part]:
        dates = [(max(left, start), min(right, stop)) for left, right in self.dates.over(start, stop)]
        marks = [(match.start(), match.end(), match[0].strip() or match[0]) for match in _SPLIT.finditer(self.text, start, stop)]
        marks = [mark for mark in marks if not any(left < mark[1] and mark[0] < right for left, right in dates)]
        parts: list[_Part] = []
        before, left = "", start
        # A date is a part of its own, whatever stands around it.
        for low, high, mark in sorted([*marks, *((left, right, "") for left, right in dates), (stop, stop, "")]):
            begin, end = trim(self.text, left, low)
            if end > begin:
                parts.append(_Part(*self._between(begin, end), begin, end, before, mark))
                before = ""
            before = mark or before
            if low < high and not mark:
                if parts:
                    parts[-1].after = parts[-1].after or before
                parts.append(_Part(*self._between(low, high), low, high, before, "", "date"))
                before = ""
            elif parts and mark:
                parts[-1].after = mark
            left = max(left, high)
        return parts

    def _in_line(self, start: int, stop: int) -> list[tuple[tuple[int, int], str]]:
        parts = self._parts(start, stop)
        if len(parts) < 2:
            return []
        for part in parts:
            part.kind = part.kind or self._part_kind(part)
        if self.footers.overlaps(start, stop):
            return []
        near: bool | None = None
        found: list[tuple[tuple[int, int], str]] = []
        at = 0
        while at < len(parts):
            part = parts[at]
            if (
                part.kind == "proposed"
                and at
                and (parts[at - 1].kind == "date" or (part.before == "(" and parts[at - 1].kind[-4:] == "town"))
            ):
                # The model takes names of houses for persons; nobody stands between a date and a town.
                part.kind = "name"
            if part.kind == "lone" and at and parts[at - 1].kind == "town":
                part.kind = "venue"
            if part.kind not in ("venue", "name"):
                at += 1
                continue
            to = at
            while to + 1 < len(parts) and parts[to].after == "," and parts[to + 1].kind in ("venue", "room"):
                to += 1
            if near is None:
                near = self._dated_near(start, stop)
            span = self._refined(part.start, parts[to].end)
            if span and not self._swallowed(*span) and self._line_says(parts, at, to, near):
                found.append((span, "venue:line"))
            at = to + 1
        return found

    def _line_says(self, parts: list[_Part], at: int, to: int, near: bool) -> bool:
        """True when the parts beside ``parts[at : to + 1]``, or the lines around (a date is `near`), say that it is a venue."""
        group = parts[at : to + 1]
        before, after = group[0].before, group[-1].after
        behind = parts[to + 1].kind if to + 1 < len(parts) else ""
        front = parts[at - 1].kind if at else ""
        start, end = group[0].start, group[-1].end
        town_behind = behind == "town" or (behind == "street" and any(part.kind == "town" for part in parts[to + 1 : to + 4]))
        if any(piece.kind == "venue" for piece in group):
            if self._is_body(start, end):
                return near and (town_behind or front in ("date", "town", "ends_town"))
            if town_behind or behind == "street" or front in ("town", "ends_town"):
                return near or self._told(start, end)
            if front == "date":
                return self._proper(group) and before in (",", "|", "\t", "–", "—", "·", "•", "-", "(")
            return "\t" in (before, after) and any(part.kind == "date" for part in parts) and self._proper(group)
        heads_a_body = len(group) == 1 and self._has(BODY, group[0].first, group[0].last) and not self._of_the_town(group[0])
        if not near or heads_a_body or self._is_body(start, end):
            return False
        if front in ("town", "ends_town") and before == ":":
            # '20 avril, Besançon : La Rodia'
            return to + 1 == len(parts) or behind in ("street", "date")
        if front in ("town", "ends_town") and before == "(":
            # 'Karlstad (Scandic Winn, 14 april)'
            return (after == ")" or behind == "date") and not self.text[start:end].isupper()
        if behind == "street" and front in ("town", "ends_town", "date"):
            return after == ","
        if front == "town" and behind in ("", "date", "street") and to + 1 >= len(parts) - (behind != ""):
            # '21.4. Joensuu, Tiedepuisto'
            return before == "," and any(part.kind == "date" for part in parts[: max(0, at - 1)])
        if not town_behind or after != ",":
            return False
        return (before in ("", "|", "\t", "·", "•", "–", "—", "-") or front == "date") and front not in ("name", "person")

    def _proper(self, group: list[_Part]) -> bool:
        """Every longer word has a capital letter, or the name begins with its head: 'Hotel Astoria', 'готель «Старий Замок»'."""
        first, last = group[0].first, group[-1].last
        long_words = [word for word in self.words[first:last] if len(word.text) > 3 and not word.key.isdigit()]
        if all(word.capital for word in long_words) and len(long_words) > 1:
            return True
        size = self._head(first)
        return size > 1 or (size == 1 and any(word.capital for word in self.words[first + 1 : last]))

    def _part_kind(self, part: _Part) -> str:
        """date, town, postal, street, online, person, venue, room, name, or nothing."""
        value = self.text[part.start : part.end]
        if part.first >= part.last:
            return ""
        if self.dates.overlaps(part.start, part.end) or (not self.dated and TIME_OR_DATE.search(value)) or _CLOCK.fullmatch(value):
            return "date"
        mentions = self._mentions(part.start, part.end)
        if mentions:
            place = mentions[0]
            lead = self.text[part.start : place.evidence.start]
            if (place.evidence.start == part.start or POSTAL.fullmatch(lead.strip()) or fold_name(lead) in self.vocabulary.before) and (
                place.kind == "city" or place.evidence.end == part.end
            ):
                tail = self._between(place.evidence.end or 0, part.end)
                if tail[0] == tail[1] or self.text[place.evidence.end or 0 : part.end].strip().isdigit():
                    return "town"
                if not self._has_head(part) and (
                    self.words[tail[0]].key in self.known.conjunctions or self._online(*tail) or not self.words[tail[0]].capital
                ):
                    return "town"
        if self._online(part.first, part.last):
            return "online"
        number = HOUSE_NUMBER.search(POSTAL.sub(" ", value))
        street = self._street(part.first, part.last)
        if street and (
            number or NO_NUMBER.search(value) or (part.after == "," and POSTAL.match(self.text[part.end :].lstrip(" ,\u00a0")[:12]))
        ):
            return "street"
        if (
            number
            and not self._has_head(part)
            and part.last - part.first <= 5
            and NUMBERED.fullmatch(value)
            and self.words[part.first].capital
        ):
            return "street"
        if self.persons.overlaps(part.start, part.end):
            return "person"
        kind = self._name_kind(part, value)
        if kind != "venue" and self.proposed.overlaps(part.start, part.end):
            return "proposed" if kind == "name" else "person"
        return kind or ("ends_town" if mentions and mentions[-1].evidence.end == part.end and mentions[-1].kind == "city" else "")

    def _has_head(self, part: _Part) -> bool:
        return any(self._head(at) for at in range(part.first, part.last))

    def _name_kind(self, part: _Part, value: str) -> str:
        words = self.words[part.first : part.last]
        if len(words) > _PART_WORDS or len(value) > LONGEST_VENUE or any(word.masked for word in words):
            return ""
        quoted = [match.span() for match in re.finditer(r"[„“«\"][^„“”«»\"\n]{2,60}[“”»\"]", value)]
        small = [
            word
            for word in words
            if not word.capital and not word.key.isdigit() and not any(left <= word.start - part.start < right for left, right in quoted)
        ]
        heads = [at for at in range(part.first, part.last) if self._head(at)]
        plain = [word for word in small if word.key not in self.vocabulary.inside and not self.vocabulary.bits(word.key) & HEAD]
        if any(word.key in self.vocabulary.before for word in small[:1]) and words[0] is small[0]:
            return ""
        if any(word.key in self.known.function_words for word in plain):
            return ""
        if len(plain) > 1 and len(words) > 5 and part.before in ("", ".") and not self._head(part.first):
            return ""
        capital = words[0].capital or value[0] in '„“«"'
        if heads:
            if self._has(EVENT, part.first, part.last) and not self._bare_event_only(part):
                return ""
            if capital and len(plain) <= 2 and (len(words) > 1 or self._compound(part.first, part.first)):
                return "venue"
            if capital and len(words) == 1 and len(value) > 4 and not self.noun_capitals:
                return "lone"
            if not capital and len(plain) <= 2 and (quoted or any(word.capital for word in words)):
                return "venue" if heads[0] <= part.first + 2 else ""
            if len(words) <= 4 and (heads[0] == part.first or (len(words) <= 3 and not capital)):
                return "room"
            return ""
        if len(words) <= 4 and self._has(FLOOR, part.first, part.last) and any(word.key.isdigit() for word in words):
            return "room"
        if not capital or len(words) > BARE_NAME_WORDS or len(plain) > 1:
            return ""
        if self._has(EVENT, part.first, part.last) and not self._of_the_town(part):
            return ""
        if self._mentions(part.start, part.end) or lookup_is_place(value, self.language) or any(word.key.isdigit() for word in words[:1]):
            return ""
        if len(words) == 1 and (len(value) < 4 or words[0].key in self.known.common or words[0].key in self.known.function_words):
            return ""
        return "name" if 2 * sum(word.capital for word in words) >= len(words) else ""

    def _of_the_town(self, part: _Part) -> bool:
        """'Groninger Forum, Groningen': the name begins like the town that follows."""
        town = next((self.place_at[at] for at in range(part.end, part.end + 4) if at in self.place_at), None)
        return town is not None and len(town.evidence.quote) > 4 and self.keys[part.first].startswith(fold_name(town.evidence.quote)[:5])

    def _bare_event_only(self, part: _Part) -> bool:
        """The word for a gathering belongs to the venue's kind: 'Conference Centre', 'Meeting Room 2'."""
        heads = {at + offset for at in range(part.first, part.last) for offset in range(self._head(at))}
        return all(at in heads or at + 1 in heads for at in range(part.first, part.last) if self.bits[at] & EVENT)
