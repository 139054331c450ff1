"""Finding venues: the building or room as written, its street address, and the town it stands in.

Nothing is made up: a venue is a stretch of the text, and what a text does not say stays empty.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractors.lexicon import load
from extractors.places.find import (
    PlaceFinder,
    Spans,
    Word,
    field_values,
    language_words,
    mention,
    mention_of,
    one_sentence,
    with_plain_dates,
    words_of,
)
from extractors.places.gazetteer import fold_name, lookup
from extractors.places.vocabulary import BODY, EVENT, FLOOR, FREE, HEAD, LABEL, ONLINE, STREET, vocabulary
from schemas import Block, Evidence, Place, PlaceMention, Region

_LONGEST_TEXT = 400_000
_LONGEST_VENUE = 120
_LONGEST_LINE = 600
_NAME_WORDS = 9
_PART_WORDS = 10
_BARE_NAME_WORDS = 6
_KNOWN_TOWN, _LARGE_TOWN = 15_000, 100_000
"""People in a town that a public building's name alone can tell, and that a hotel's can in its own country."""
_DATE_LINES = 2
"""A line is told of a date when one stands this many lines above or below it, or nearer."""

_SPLIT = re.compile(r"[,;|()•·\t]|[ \u00a0][–—-][ \u00a0]|(?<=[^\W\d_]{3})\.[ \u00a0]|(?<=[»”\"])\.[ \u00a0]|(?<=[^\W\d_]):[ \u00a0]|[ \u00a0]:[ \u00a0]|(?<=\d{4}):[ \u00a0]")
_FIELD_SPLIT = re.compile(r"[,;|\n()•·]|[ \u00a0][–—-][ \u00a0]|(?<=[^\W\d_]{3})\.[ \u00a0]")
_POSTAL = re.compile(
    r"(?:[A-Z]{1,3}[-– ]{1,2})?(?:\d{5}|\d{4} ?[A-Z]{2}|\d{3} ?\d{2}|\d{2}-\d{3}|\d{4}(?:-\d{3})?)\b|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
)
_HOUSE_NUMBER = re.compile(r"\b\d{1,4}(?:[-–/]\d{1,4})?\.? ?[A-Za-zА-я]?\b")
_NUMBERED = re.compile(r"[^\d]{3,60}[ ,]\d{1,4}(?:[-–/]\d{1,4})?\.? ?[A-Za-zА-я]?\.?|\d{1,4}[A-Za-z]?,? [^\d]{3,60}")
_TIME_OR_DATE = re.compile(r"\d{1,2}[:.]\d{2}|\b\d{1,2}\.? ?[^\W\d_]{3,12}\.? \d{4}\b|\b(?:19|20)\d{2}\b|\b\d{1,2}\.\d{1,2}\.")
_NO_NUMBER = re.compile(r"\bs/n\b|\bb\.?b\.?$", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}|\b\d{1,2} ?[h–-] ?\d{1,2}\b")
_JOINTS = frozenset(("", " ", "\u00a0", "-", "‑", "&", " & ", "'", "’", ".", ". ", " № ", " №", "+", " + "))
_QUOTES = {"„": '“”"', "“": '”"', "«": "»", "»": "«", '"': '"', "”": "”", "‘": "’", "‚": "‘"}
_QUOTED_IN_FRONT = re.compile(r"[„“«\"][^„“”«»\"\n]{2,50}[“”»\"][ \u00a0]$")
_OPENED = re.compile(r"[ \u00a0]{0,2}([„“«»\"”‘‚])")
_OPEN_BRACKET = re.compile(r"[ \u00a0]?\(")


@dataclass(slots=True)
class Location:
    """A field's value cut into its parts: character ranges of the text."""

    start: int
    end: int
    venue: tuple[int, int] | None = None
    address: tuple[int, int] | None = None
    towns: list[PlaceMention] = field(default_factory=list)


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


def is_online(value: str, *, language: str) -> bool:
    """True when `value` says that one attends from afar (online, Teams, a web meeting in the language's words)."""
    words = vocabulary(_primary(language))
    keys = [word.key for word in words_of(value)]
    return any(words.at_word(ONLINE, keys, at) for at in range(len(keys)))


def _primary(language: str) -> str:
    return language.split("-", maxsplit=1)[0].lower()


class VenueFinder:
    """One document's search. `text` is read up to 400,000 characters."""

    def __init__(
        self,
        text: str,
        *,
        language: str,
        places: Sequence[PlaceMention] = (),
        blocks: Sequence[Block] = (),
        organisations: Iterable[tuple[int, int]] = (),
        persons: Iterable[tuple[int, int]] = (),
        dates: Iterable[tuple[int, int]] = (),
        proposed_persons: Iterable[tuple[int, int]] = (),
        words: list[Word] | None = None,
    ) -> None:
        self.text = text[:_LONGEST_TEXT]
        self.language = _primary(language)
        self.vocabulary = vocabulary(self.language)
        self.known = language_words(self.language)
        self.words = words_of(self.text) if words is None else words
        self.starts = [word.start for word in self.words]
        self.keys = [word.key for word in self.words]
        bits = self.vocabulary.bits
        self.bits = [bits(key) for key in self.keys]
        self.places = [
            place for place in places if place.kind != "venue" and place.evidence.start is not None and place.evidence.end is not None
        ]
        self.place_starts = [place.evidence.start or 0 for place in self.places]
        self.place_at = {place.evidence.start: place for place in self.places}
        self.organisations = Spans(one_sentence(self.text, organisations))
        self.persons = Spans(persons)
        self.proposed = Spans(proposed_persons)
        self.dates = Spans(with_plain_dates(self.text, dates))
        self.dated = bool(self.dates)
        self.blocks = blocks
        self.footers = Spans((block.start, block.end) for block in blocks if block.region in (Region.FOOTER, Region.ASIDE))
        self.known_countries = frozenset(
            {*load(self.language).countries, *(place.place.country for place in self.places if place.place.country)}
        )
        self.noun_capitals = self.known.endings.nouns_capitalised

    def run(self) -> list[PlaceMention]:
        """All venues, in order, none overlapping another."""
        ranges = list(field_values(self.text, self.language, self.blocks))
        found: list[PlaceMention] = []
        taken: list[tuple[int, int]] = []
        for start, end in ranges:
            location = self.read_location(start, end)
            taken.append((start, end))
            if location.venue:
                found.append(self._mention(location.venue, "venue:field", location.address, self._field_towns(location)))
        spans = [*self._in_lines(), *self._in_prose(), *self._bare_names(), *self._before_streets()]
        for (start, end), rule in sorted(spans, key=lambda item: (item[0][0], -item[0][1])):
            if any(left < end and start < right for left, right in taken):
                continue
            taken.append((start, end))
            found.append(self._mention((start, end), rule, self._address_behind(end), self._near(start, end)))
        return sorted(found, key=lambda mention: mention.evidence.start or 0)

    def _field_towns(self, location: Location) -> list[PlaceMention]:
        """A field's towns, the one behind the venue and its address first."""
        stop = max(location.venue[1] if location.venue else 0, location.address[1] if location.address else 0)
        behind = [town for town in location.towns if (town.evidence.start or 0) >= stop]
        return behind or location.towns[::-1]

    # -- words ---------------------------------------------------------------------------------------

    def _between(self, start: int, end: int) -> tuple[int, int]:
        """Indices of the words that begin in ``[start, end)``."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def _gap(self, index: int) -> str:
        """What stands between the word at `index` and the next one."""
        return self.text[self.words[index].end : self.words[index + 1].start]

    def _head(self, index: int) -> int:
        """How many words of a venue's head begin at `index`."""
        if self.words[index].masked or not self.bits[index] & (HEAD | HEAD << 16):
            return 0
        return self.vocabulary.at_word(HEAD, self.keys, index)

    def _street(self, first: int, last: int) -> bool:
        return any(self.bits[at] & (STREET | STREET << 16) and self.vocabulary.at_word(STREET, self.keys, at) for at in range(first, last))

    def _online(self, first: int, last: int) -> bool:
        return any(self.bits[at] & (ONLINE | ONLINE << 16) and self.vocabulary.at_word(ONLINE, self.keys, at) for at in range(first, last))

    def _has(self, bit: int, first: int, last: int) -> bool:
        return any(self.bits[at] & (bit | bit << 16) and self.vocabulary.at_word(bit, self.keys, at) for at in range(first, last))

    def _mentions(self, start: int, end: int) -> list[PlaceMention]:
        found = self.places[bisect_left(self.place_starts, start) : bisect_left(self.place_starts, end)]
        return [place for place in found if (place.evidence.end or 0) <= end]

    def _starts_sentence(self, index: int) -> bool:
        start = self.words[index].start
        if index and self._gap(index - 1).strip() == "." and len(self.words[index - 1].text) <= 3 and self.words[index - 1].text.islower():
            return False
        return start == 0 or bool(re.search(r"(?:[.!?:\n]|[.!?:\n][\"”»“„]|^[\"“„«])\s*[\"“„«(•*–-]?\s*$", self.text[max(0, start - 4) : start]))

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        """The line or sentence around a span, 300 characters to each side at most."""
        left = max(self.text.rfind(mark, max(0, start - 300), start) for mark in ("\n", ". ", "! ", "? ")) + 1
        rights = [at for mark in ("\n", ". ", "! ", "? ") if (at := self.text.find(mark, end, end + 300)) >= 0]
        return max(left, start - 300), min(rights, default=min(len(self.text), end + 300))

    def _line(self, start: int, end: int) -> tuple[int, int]:
        left = self.text.rfind("\n", 0, start) + 1
        right = self.text.find("\n", end)
        return left, right if right >= 0 else len(self.text)

    def _told(self, start: int, end: int) -> bool:
        """The sentence has a date or a word for a gathering, or the line it stands in has a date."""
        left, right = self._sentence(start, end)
        if self._dated_between(left, right) or self._has(EVENT, *self._between(left, right)):
            return True
        left, right = self._line(start, end)
        return self._dated_between(max(left, start - 400), min(right, end + 400))

    def _dated_between(self, start: int, end: int) -> bool:
        if self.dated:
            return self.dates.overlaps(start, end)
        return bool(_TIME_OR_DATE.search(self.text, start, end))

    def _dated_near(self, start: int, end: int) -> bool:
        """A date stands in the line, or in one of the lines around it; empty lines do not count."""
        left, right = self._line(start, end)
        if self._dated_between(left, right):
            return True
        for _ in range(_DATE_LINES):
            left = self._line_before(left)
            right = self._line_behind(right)
        return self._dated_between(left, right)

    def _line_before(self, start: int) -> int:
        at = start
        while at > 0 and self.text[at - 1].isspace():
            at -= 1
        return self.text.rfind("\n", 0, at) + 1 if at else 0

    def _line_behind(self, end: int) -> int:
        at = end
        while at < len(self.text) and self.text[at].isspace():
            at += 1
        stop = self.text.find("\n", at)
        return stop if stop >= 0 else len(self.text)

    # -- names with a head ---------------------------------------------------------------------------

    def _in_prose(self) -> list[tuple[tuple[int, int], str]]:
        """'at the Hotel Astoria', 'in der Stadthalle Wien', 'à la Maison de l'Europe'."""
        found: list[tuple[tuple[int, int], str]] = []
        index = 0
        while index < len(self.words):
            span = self._at(index)
            if span is None or (found and span[0] < found[-1][0][1]):
                index += 1
                continue
            found.append((span, "venue:head"))
            while index < len(self.words) and self.words[index].start < span[1]:
                index += 1
        return found

    def _at(self, index: int) -> tuple[int, int] | None:
        """The venue whose head begins at word `index`, with its room and building joined, or None."""
        named = self._named(index)
        if named is None:
            return None
        first, last, end, plain = named
        start = self._quote_in_front(first)
        if self.bits[index] & STREET and first == index and _POSTAL.match(self.text[end :].lstrip(" ,\u00a0")[:12]):
            return None
        named_so = self.vocabulary.heads.named(self.keys[index]) or self._preposition(first)
        if not named_so and self.proposed.overlaps(self.words[index].start, self.words[index].end):
            return None
        support = self._supported(first, index, last)
        if not support and not self._set_apart(first, end):
            return None
        closed = self._closed(last, end)
        if plain and self.bits[index] & EVENT:
            return None
        town_close = plain and self.words[index].capital and not self.noun_capitals and self._town_just_before(start)
        if plain and not (town_close or closed == "town" or (support and (self._compound(index, last) or self._town_in_front(first)))):
            return None
        if self._is_body(start, end) and not (support and (closed == "town" or self._told(start, end))):
            return None
        if not plain and not closed and not self._told(start, end) and self._small(index, last):
            return None
        end = self._with_building(last, self._with_body(first, index, end))
        if end - start > _LONGEST_VENUE or self._swallowed(start, end):
            return None
        return start, end

    def _named(self, index: int) -> tuple[int, int, int, bool] | None:
        """First and last word and the end of the name around the head at `index`; True where it is nothing but the head."""
        size = self._head(index)
        if not size or self._barred(index):
            return None
        last = index + size - 1
        first = self._left(index)
        right = self._right(last)
        end = self._quoted(right, self.words[right].end)
        if end == self.words[right].end:
            right = self._completed(first, index, right)
            end = self._quoted(right, self.words[right].end)
        names = [at for at in range(first, right + 1) if self.words[at].capital or self.keys[at].isdigit()]
        quoted = end > self.words[right].end or self._quote_in_front(first) < self.words[first].start
        plain = first == index and right == last and not quoted
        if not plain and not names and not quoted and size < 2:
            return None
        if plain and not self.words[index].capital and size < 2:
            return None
        return first, right, end, plain

    def _barred(self, index: int) -> bool:
        """Inside a date or a person's name."""
        word = self.words[index]
        return word.masked or self.dates.overlaps(word.start, word.end) or self.persons.overlaps(word.start, word.end)

    def _left(self, index: int) -> int:
        """The first word of the name: capitalised words in front of the head ('Clarion Hotel'), and what may stand between."""
        first = index
        while first > 0 and index - first < _NAME_WORDS:
            before, gap = self.words[first - 1], self._gap(first - 1)
            if gap not in (" ", "\u00a0", "-", "&", " & ", "'", "’") or self._barred(first - 1) or before.key.isdigit():
                break
            if not before.capital:
                if not self._modifier(first - 1):
                    break
                first -= 2
                continue
            if before.key in self.vocabulary.before or (self._starts_sentence(first - 1) and before.key in self.vocabulary.inside):
                break
            if before.key in self.known.function_words and not (self._starts_sentence(first - 1) and len(before.text) == 3):
                break
            place = self._locative_place(before)
            if place and gap != "-":
                break
            if self._starts_sentence(first - 1) and gap == " " and not self.words[index].capital and not self._genitive_place(before):
                if not self._says_in(index) or self.bits[first - 1] & EVENT:
                    break
            first -= 1
        return first

    def _modifier(self, index: int) -> bool:
        """A small word that may stand between a name and its head: 'Moravské zemské knihovně', 'VDU didžiojoje auloje'."""
        word = self.words[index]
        if not self.vocabulary.modifiers or index < 1 or len(word.key) < 4 or self._gap(index - 1) != " ":
            return False
        if word.key in self.known.function_words or word.key in self.vocabulary.before or self.bits[index] & EVENT:
            return False
        before = self.words[index - 1]
        if not before.capital or self._barred(index - 1) or self._locative_place(before) or before.key in self.vocabulary.before:
            return False
        return not self._starts_sentence(index - 1) or self._genitive_place(before)

    def _place_of(self, word: Word) -> PlaceMention | None:
        place = self.place_at.get(word.start)
        return place if place is not None and (place.evidence.end or 0) >= word.end else None

    def _locative_place(self, word: Word) -> bool:
        """A town in a form that says "in": it is no part of the venue's name."""
        at = bisect_right(self.place_starts, word.start) - 1
        place = self.places[at] if at >= 0 and (self.places[at].evidence.end or 0) >= word.end else None
        return place is not None and "locative" in place.evidence.rule

    def _genitive_place(self, word: Word) -> bool:
        candidates = lookup(word.text, language=self.language) if self.vocabulary.modifiers else []
        return bool(candidates) and not candidates[0].locative

    def _right(self, head: int) -> int:
        """The last word: capitalised words, numbers and small words between them, behind the head; no town that follows with "in"."""
        last = head
        at = head + 1
        while at < len(self.words) and at - head <= _NAME_WORDS:
            gap, word = self._gap(at - 1), self.words[at]
            if gap not in _JOINTS or self._barred(at):
                break
            if gap[:1] == "." and len(self.words[at - 1].text) > 3:
                break
            if gap in ("'", "’") and self.known.endings.clitics:
                break
            if word.capital:
                if (word.key in self.known.honorifics and at > head + 1) or (self._locative_place(word) and not (at == head + 1 and self._names_after(head))):
                    break
                if len(word.text) == 1 and word.key in self.vocabulary.before and at + 1 < len(self.words):
                    break
                last = at
            elif word.key.isdigit():
                if len(word.text) > 4 or re.fullmatch(r"(?:19|20)\d\d", word.text) or self._ordinal(at):
                    break
                last = at
            elif gap == " " and self.bits[at] & HEAD and len(word.key) > 4 and not self.bits[at] & EVENT and self._head_joins(at, last):
                last = at
            elif word.key in self.vocabulary.before or (word.key not in self.vocabulary.inside and not self._short_mark(at)):
                if not self._modified_head(at, last) and not self._adjective(head, at):
                    break
            elif word.key in self.known.conjunctions and word.key not in self.vocabulary.genitive and not self._goes_on(head, at):
                break
            at += 1
        return last

    def _names_after(self, head: int) -> bool:
        """A head in its plain form, with the case on the name behind it: 'hotelli Albassa'."""
        return not self.words[head].capital and self.vocabulary.modifiers and not self._says_in(head)

    def _adjective(self, head: int, at: int) -> bool:
        """An adjective between a head in small letters and what it belongs to: 'sala consiliare del Comune'."""
        if at != head + 1 or self.words[head].capital or at + 1 >= len(self.words) or self._gap(at) not in (" ", "\u00a0"):
            return False
        word = self.words[at]
        if word.key in self.known.function_words or word.key in self.vocabulary.before or self.bits[at] & EVENT or len(word.key) < 4:
            return False
        return self.keys[at + 1] in self.vocabulary.genitive

    def _head_joins(self, at: int, last: int) -> bool:
        return at == last + 1 or (at == last + 2 and self._modified_head(at - 1, last))

    def _modified_head(self, at: int, last: int) -> bool:
        """An adjective in small letters between a name and its second head: 'залі Вінницької обласної філармонії'."""
        if not self.vocabulary.modifiers or at != last + 1 or not self.words[last].capital or at + 1 >= len(self.words):
            return False
        word, head = self.words[at], self.words[at + 1]
        if word.key in self.known.function_words or word.key in self.vocabulary.before or self.bits[at] & EVENT or len(word.key) < 4:
            return False
        return self._gap(at) == " " and not head.capital and bool(self.bits[at + 1] & (HEAD | BODY)) and len(head.key) > 4

    def _goes_on(self, head: int, at: int) -> bool:
        """A name may go on behind "and": 'Museum of Science and Industry', 'Centrum Kultury i Sztuki', not 'Hotel X and Mr Y'."""
        if at + 1 >= len(self.words) or self._head(at + 1):
            return False
        tied = any(self.keys[word] in self.vocabulary.inside for word in range(head + 1, at))
        return tied or self._gap(at - 1).strip() == "&" or (self.vocabulary.modifiers and at - head == 2)

    def _short_mark(self, index: int) -> bool:
        """'nr', 'č.', 'No' in front of a number."""
        following = self.words[index + 1] if index + 1 < len(self.words) else None
        return following is not None and len(self.words[index].text) <= 3 and following.key.isdigit() and self._gap(index) in (" ", ". ", ".")

    def _ordinal(self, index: int) -> bool:
        """A number that begins a date: '24. november'."""
        end = self.words[index].end
        if self.text[end : end + 1] != "." and not self.text[end : end + 1].isspace():
            return False
        following = self.words[index + 1] if index + 1 < len(self.words) else None
        return following is not None and following.key in self.known.calendar

    def _completed(self, first: int, head: int, last: int) -> int:
        """The last word with a complement in small letters, where what follows ends the name: 'Cité des sciences, Paris'."""
        if last + 1 >= len(self.words) or not (last == head or first == head or self.vocabulary.modifiers):
            return last
        if self._small_complement(head, last):
            return last + 1
        tied = False
        for at in range(last + 1, min(len(self.words), last + 5)):
            gap, word = self._gap(at - 1), self.words[at]
            if gap not in (" ", "\u00a0", "'", "’") or self._barred(at) or word.capital or word.key.isdigit() or word.masked:
                return last
            if word.key in self.vocabulary.before:
                return last
            if word.key in self.vocabulary.genitive or (tied and word.key in self.vocabulary.inside):
                tied = True
                continue
            if word.key in self.known.function_words or self.bits[at] & EVENT:
                if not (tied and word.key in self.vocabulary.inside):
                    return last
                continue
            if not tied and not (self.vocabulary.modifiers and self.words[head].capital and at == last + 1):
                return last
            if self._closed(at, word.end) == "town" or (tied and self._ends(word.end)):
                return at
        return last

    def _small_complement(self, head: int, last: int) -> bool:
        """One word in small letters that ends a name of its own: 'Палаці дозвілля «Листопад»', 'у Будинку вчителя.'"""
        at = last + 1
        word = self.words[at]
        if last != head or not self.vocabulary.modifiers or not self.words[head].capital or self._gap(last) != " " or word.capital:
            return False
        if len(word.key) < 5 or word.key in self.known.function_words or word.key in self.vocabulary.before or self._barred(at):
            return False
        if self.bits[at] & EVENT or word.key in self.vocabulary.inside or not word.key.isalpha():
            return False
        quoted = self._quoted(at, word.end) > word.end
        return quoted or bool(re.match(r"[.,;)\n]|$", self.text[word.end : word.end + 1]))

    def _ends(self, end: int) -> bool:
        return bool(re.match(r"[,.;)\n]|$|[ \u00a0][|–—(]", self.text[end : end + 2]))

    def _quoted(self, last: int, end: int) -> int:
        """The end moved behind a name in quotation marks that follows at once: 'sala „Europa”'."""
        opening = _OPENED.match(self.text, end)
        if opening and opening[1] in _QUOTES:
            begin = opening.end()
            closing = re.compile(f"[{re.escape(_QUOTES[opening[1]])}]").search(self.text, begin, begin + 60)
            if closing and "\n" not in self.text[begin : closing.end()] and closing.start() > begin:
                return closing.end()
        return end

    def _quote_in_front(self, first: int) -> int:
        """Where the name begins: in front of a name in quotation marks that stands before its head ('„Ekrano“ konferencijų centre')."""
        start = self.words[first].start
        match = _QUOTED_IN_FRONT.search(self.text, max(0, start - 62), start)
        return match.start() if match and first and not self.words[first].capital else start

    def _supported(self, first: int, head: int, last: int) -> bool:
        """The sentence says that something is there: a preposition, a form that says "in", a date or a town in front."""
        if self._preposition(first) or self._behind_label(first):
            return True
        if any(self._says_in(at) for at in range(head, min(last, head + 2) + 1)):
            return True
        if last > head and self.known.endings.locative and not self.words[head].capital:
            letters = self.keys[last]
            if len(letters) > 5 and letters.endswith(tuple(ending for ending in self.known.endings.locative if len(ending) > 2)):
                return True
        if self._clitic(last):
            return True
        if self._town_in_front(first) or self._behind_date(first):
            return True
        if not self._preposition(first, towards=True):
            return False
        gathering = any(bit & EVENT for bit in self.bits[max(0, first - 5) : max(0, first - 1)])
        return gathering or self._closed(last, self.words[last].end) == "town"

    def _says_in(self, index: int) -> bool:
        """A head in a form that says "in": 'rūmuose', 'kongresų centre'."""
        if index >= len(self.words) or not (self.bits[index] & HEAD or (index and self._head(index - 1) == 2)):
            return False
        return self.vocabulary.locative(self.words[index].text, self.keys[index])

    def _town_in_front(self, first: int) -> bool:
        """A town in a form that says "in" right in front: 'Tallinnas Kultuurikatlas'."""
        return first > 0 and self._locative_place(self.words[first - 1]) and self._gap(first - 1) in (" ", ", ")

    def _behind_label(self, first: int) -> bool:
        """A word for place or venue stands in front in the sentence: 'A konzultáció helyszíne a ... Székháza'."""
        for at in range(first - 1, max(-1, first - 4), -1):
            gap = self._gap(at)
            if gap.strip(" \u00a0:'’"):
                return False
            if self.bits[at] & LABEL:
                return True
        return False

    def _clitic(self, last: int) -> bool:
        following = self.words[last + 1] if last + 1 < len(self.words) else None
        return following is not None and self._gap(last) in ("'", "’") and following.key in self.known.endings.clitics

    def _behind_date(self, first: int) -> bool:
        """'12 May 2026, Hotel X': a date or a time right in front, with a comma, a bar or a dash between."""
        start = self.words[first].start
        match = re.search(r"[ \u00a0]?[,|·•–—/(\t-][ \u00a0]?$|\)[,]?[ \u00a0]$", self.text[max(0, start - 3) : start])
        if not match:
            return False
        at = start - len(match[0])
        if self.dated:
            return self.dates.overlaps(max(0, at - 3), at + 1)
        return bool(re.search(r"\d{4}|\d{1,2}[:.]\d{2}(?: ?[^\W\d_]{1,4}\.?)?$", self.text[max(0, at - 10) : at]))

    def _preposition(self, first: int, *, towards: bool = False) -> bool:
        """A preposition of place (or one that says "to") in front, with an article or a short word between at most."""
        wanted = self.vocabulary.towards if towards else self.vocabulary.at
        for back in (1, 2, 3):
            if first - back < 0:
                return False
            gap = self._gap(first - back)
            if gap.strip(" \u00a0'’\"„“«") and not (gap == "-" and len(self.words[first - back].text) <= 4):
                return False
            word = self.words[first - back]
            if word.key in wanted and not (len(word.text) == 1 and word.text.isupper()):
                return True
            adjective = back == 1 and self.vocabulary.modifiers and word.key not in self.known.function_words
            if (len(word.key) > 5 and not adjective) or word.capital or word.key in self.vocabulary.genitive:
                return False
        return False

    def _set_apart(self, first: int, end: int) -> bool:
        """'..., Hotel Astoria, Budapest', 'Venue unchanged: Hotel Astoria, Kossuth tér 19': set off, with a town or street behind."""
        start = self.words[first].start
        lead = self.text[max(0, start - 3) : start]
        if not re.search(r"(?:,|:|[–—|(•·]|\n|^)\s*[„“«\"]?$", lead):
            return False
        if self.footers.overlaps(start, end):
            return False
        behind = re.match(r"[ \u00a0]?[,(|–—][ \u00a0]", self.text[end : end + 3])
        if not behind:
            return False
        at = end + behind.end()
        return self._town_begins(at) or bool(self._street_range(at))

    def _closed(self, last: int, end: int) -> str:
        """What ends the name: "town" where one follows with a preposition, a form that says "in" or a comma, "mark", or nothing."""
        if last + 1 < len(self.words):
            following = self.words[last + 1]
            gap = self.text[end : following.start]
            if gap in (" ", "\u00a0"):
                if self._locative_place(following):
                    return "town"
                if following.key in self.vocabulary.before:
                    for at in (last + 2, last + 3):
                        if at < len(self.words) and self._place_of(self.words[at]):
                            return "town"
            elif gap in (", ", " (", " – ", " | ", " - ", " — "):
                at = following.start
                if self._town_begins(at) or self._street_range(at):
                    return "town"
                if following.key in self.vocabulary.before and last + 2 < len(self.words) and self._place_of(self.words[last + 2]):
                    return "town"
        return "mark" if self._ends(end) else ""

    def _town_begins(self, at: int) -> bool:
        """A town begins at character `at`, or behind a postal code there."""
        if at in self.place_at:
            return True
        match = _POSTAL.match(self.text, at)
        return bool(match) and (match.end() + 1) in self.place_at if match else False

    def _town_just_before(self, start: int) -> bool:
        """'i Skövde, på Kulturhuset': a town and a preposition right in front."""
        before = self._mentions(max(0, start - 40), start)
        return bool(before) and before[-1].kind == "city" and start - (before[-1].evidence.end or 0) <= 8

    def _compound(self, index: int, last: int) -> bool:
        """One long word that is a name by itself: 'Tekstilhuset', 'Provinciehuis'; not where all nouns have capitals."""
        word = self.words[index]
        if self.noun_capitals or self._starts_sentence(index) or index != last:
            return False
        if self.bits[index] & EVENT:
            return False
        return word.capital and len(word.key) > 6 and not self.vocabulary.heads.named(word.key)

    def _small(self, head: int, last: int) -> bool:
        """A head in small letters: 'w siedzibie ZDM'."""
        return not self.words[head].capital and last >= head

    def _is_body(self, start: int, end: int) -> bool:
        """The same words are an organisation's name, and have the head of one."""
        return self.organisations.holds(start, end) and self._has(BODY, *self._between(start, end))

    def _swallowed(self, start: int, end: int) -> bool:
        """Inside a longer organisation's name that begins in front of it."""
        first = bisect_left(self.starts, start)
        led = first > 0 and (self._preposition(first) or self._preposition(first, towards=True))
        return not led and any(left < start and end <= right for left, right in self.organisations.over(start, end))

    def _with_body(self, first: int, head: int, end: int) -> int:
        """The end moved to that of an organisation's name that begins in the venue's: 'sediul Camerei de Comerț, Industrie ...'."""
        for left, right in self.organisations.over(self.words[head].end, end):
            town = next((place for place in self._mentions(left, right) if (place.evidence.end or 0) == right), None)
            if town is not None:
                at = bisect_left(self.starts, town.evidence.start or 0)
                right = self.words[at - 2].end if self.words[at - 1].key in self.vocabulary.before else left
            if left > self.words[first].start and right > end and "\n" not in self.text[end:right]:
                return right
        return end

    def _with_building(self, last: int, end: int) -> int:
        """The end moved behind a building or room that follows: 'Sala Verde, Palazzo Rossi', 'Aula im Hauptgebäude'."""
        for _ in range(2):
            at = bisect_left(self.starts, end)
            if at >= len(self.words):
                return end
            gap = self.text[end : self.words[at].start]
            if gap.strip(" \u00a0") == "," and len(gap) <= 3:
                named = self._piece_named(at)
            elif gap == " " and self.words[at].key in self.vocabulary.at and not self.words[at].capital:
                nexts = [at + 1] if not self._article(at + 1) else [at + 2]
                named = next((n for n in (self._piece_named(n) for n in nexts if n < len(self.words)) if n is not None), None)
                if named is not None and (self.words[nexts[0]].start - end > 16 or self._head(named[0]) == 0):
                    named = None
            else:
                return end
            if named is None:
                return end
            end = named[1]
        return end

    def _article(self, index: int) -> bool:
        return index < len(self.words) and not self.words[index].capital and len(self.words[index].text) <= 3

    def _piece_named(self, at: int) -> tuple[int, int] | None:
        """A venue's name that begins exactly at word `at`: its head's index and its end."""
        for head in range(at, min(len(self.words), at + 4)):
            if self._head(head):
                named = self._named(head)
                if named is None or named[0] != at:
                    return None
                first, last, end, plain = named
                if plain and not self.words[at].capital:
                    return None
                if self._place_of(self.words[at]) or self._is_body(self.words[first].start, end):
                    return None
                if self._numbered_street(self.words[first].start, end):
                    return None
                return head, end
            if not self.words[head].capital:
                return None
        return None

    def _numbered_street(self, start: int, end: int) -> bool:
        first, last = self._between(start, end)
        return self._street(first, last) and bool(_HOUSE_NUMBER.search(self.text, start, end + 6))

    # -- lines of parts ------------------------------------------------------------------------------

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
            begin, end = _trim(self.text, left, low)
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
        footer = self.footers.overlaps(start, stop)
        near: bool | None = None
        found: list[tuple[tuple[int, int], str]] = []
        at = 0
        while at < len(parts):
            part = parts[at]
            if part.kind == "proposed" and at and (parts[at - 1].kind == "date" or (part.before == "(" and parts[at - 1].kind[-4:] == "town")):
                # The model takes names of houses for persons; nobody stands between a date and a town.
                part.kind = "name"
            if part.kind not in ("venue", "name"):
                at += 1
                continue
            to = at
            while (
                to + 1 < len(parts)
                and parts[to].after == ","
                and (parts[to + 1].kind == "venue" or (part.kind == "name" and parts[to + 1].kind == "room") or parts[to + 1].kind == "room")
            ):
                to += 1
            group = parts[at : to + 1]
            behind = parts[to + 1].kind if to + 1 < len(parts) else ""
            front = parts[at - 1].kind if at else ""
            if near is None:
                near = self._dated_near(start, stop)
            headed = any(piece.kind == "venue" for piece in group)
            span = self._refined(group[0].start, group[-1].end)
            if span and self._line_says(headed, front, behind, near, footer, group, parts, to) and not self._swallowed(*span):
                found.append((span, "venue:line"))
            at = to + 1
        return found

    def _line_says(
        self,
        headed: bool,
        front: str,
        behind: str,
        near: bool,
        footer: bool,
        group: list[_Part],
        parts: list[_Part],
        to: int,
    ) -> bool:
        """True when the parts beside a name, or the lines around it, say that it is a venue."""
        if footer:
            return False
        first, last = group[0].first, group[-1].last
        span = (group[0].start, group[-1].end)
        body = self._is_body(*span) or (len(group) == 1 and self._has(BODY, first, last) and not headed)
        town_behind = behind in ("town", "postal") or (
            behind == "street" and any(part.kind in ("town", "postal") for part in parts[to + 1 : to + 4])
        )
        if headed:
            if body:
                return near and (town_behind or front in ("date", "town", "ends_town"))
            if town_behind or behind == "street":
                return near or self._told(*span)
            if front in ("town", "ends_town"):
                return near or self._told(*span)
            if front == "date":
                return self._proper(group) and group[0].before in (",", "|", "\t", "–", "—", "·", "•", "-", "(")
            return "\t" in (group[0].before, group[-1].after) and any(part.kind == "date" for part in parts) and self._proper(group)
        if front in ("town", "ends_town") and group[0].before in ("(", ":") and not body:
            # 'Karlstad (Scandic Winn, 14 april)', '20 avril, Besançon : La Rodia'
            if group[0].before == ":":
                return near and (to + 1 == len(parts) or behind in ("street", "date"))
            return near and (group[-1].after == ")" or behind == "date") and not self.text[span[0] : span[1]].isupper()
        if behind == "street" and front in ("town", "ends_town", "date") and not body:
            return near and group[-1].after == ","
        if front == "town" and near and not body and behind in ("", "date", "street") and to + 1 >= len(parts) - (behind != ""):
            # '21.4. Joensuu, Tiedepuisto'
            return group[0].before == "," and any(part.kind == "date" for part in parts[: to - 1])
        if body or not town_behind or behind == "postal" or group[-1].after != ",":
            return False
        if group[0].before == "" and not near:
            return False
        return near and (group[0].before in ("", "|", "\t", "·", "•", "–", "—", "-") or front == "date") and front not in ("name", "person")

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
        if self.dates.overlaps(part.start, part.end) or (not self.dated and _TIME_OR_DATE.search(value)) or _CLOCK.fullmatch(value):
            return "date"
        mentions = self._mentions(part.start, part.end)
        if mentions:
            place = mentions[0]
            lead = self.text[part.start : place.evidence.start]
            if (place.evidence.start == part.start or _POSTAL.fullmatch(lead.strip()) or fold_name(lead) in self.vocabulary.before) and (
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
        number = _HOUSE_NUMBER.search(_POSTAL.sub(" ", value))
        street = self._street(part.first, part.last)
        if street and (number or _NO_NUMBER.search(value) or (part.after == "," and _POSTAL.match(self.text[part.end :].lstrip(" ,\u00a0")[:12]))):
            return "street"
        if number and not self._has_head(part) and part.last - part.first <= 5 and _NUMBERED.fullmatch(value) and self.words[part.first].capital:
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
        if len(words) > _PART_WORDS or len(value) > _LONGEST_VENUE or any(word.masked for word in words):
            return ""
        quoted = [match.span() for match in re.finditer(r"[„“«\"][^„“”«»\"\n]{2,60}[“”»\"]", value)]
        small = [
            word
            for word in words
            if not word.capital
            and not word.key.isdigit()
            and not any(left <= word.start - part.start < right for left, right in quoted)
        ]
        heads = [at for at in range(part.first, part.last) if self._head(at)]
        plain = [word for word in small if word.key not in self.vocabulary.inside and not self.vocabulary.bits(word.key) & HEAD]
        if any(word.key in self.vocabulary.before for word in small[:1]) and words[0] is small[0]:
            return ""
        if any(word.key in self.known.function_words for word in plain):
            return ""
        if len(plain) > 1 and len(words) > 5 and part.before in ("", ".") and not self._head(part.first):
            return ""
        capital = words[0].capital or value[0] in "„“«\""
        if heads:
            if self._has(EVENT, part.first, part.last) and not self._bare_event_only(part):
                return ""
            if capital and len(plain) <= 2 and (len(words) > 1 or self._compound(part.first, part.first)):
                return "venue"
            if not capital and len(plain) <= 2 and (quoted or any(word.capital for word in words)):
                return "venue" if heads[0] <= part.first + 2 else ""
            if len(words) <= 4 and (heads[0] == part.first or (len(words) <= 3 and not capital)):
                return "room"
            return ""
        if len(words) <= 4 and self._has(FLOOR, part.first, part.last) and any(word.key.isdigit() for word in words):
            return "room"
        if not capital or len(words) > _BARE_NAME_WORDS or len(plain) > 1:
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

    # -- names without a head ------------------------------------------------------------------------

    def _bare_names(self) -> list[tuple[tuple[int, int], str]]:
        """'at Tour & Taxis, Brussels', 'på Münchenbryggeriet i Stockholm': a name between a preposition or date and a town."""
        found: list[tuple[tuple[int, int], str]] = []
        for place in self.places:
            town = place.evidence.start or 0
            if place.kind != "city":
                continue
            span = self._bare_before(bisect_left(self.starts, town), place)
            if span and (not found or found[-1][0][1] <= span[0]):
                found.append((span, "venue:before_town"))
        return found

    def _bare_before(self, index: int, place: PlaceMention) -> tuple[int, int] | None:
        if index < 2:
            return None
        last = index - 1
        gap = self.text[self.words[last].end : place.evidence.start]
        if gap in (" ", "\u00a0") and self.words[last].key in self.vocabulary.before and not self.words[last].capital:
            last -= 1
            gap = self._gap(last)
            if gap not in (" ", ", "):
                return None
        elif gap in (" ", "\u00a0") and "locative" in place.evidence.rule:
            pass
        elif gap not in (", ", " (", " – ", "” in "):
            return None
        first = last
        while first >= 0 and last - first < _BARE_NAME_WORDS:
            word = self.words[first]
            if self._barred(first) or self.proposed.overlaps(word.start, word.end):
                break
            if not (word.capital or word.key in self.vocabulary.inside or (word.key.isdigit() and first != last)):
                break
            if word.key in self.vocabulary.before and not (word.capital and not self._starts_sentence(first)):
                break
            if first > 0 and self._gap(first - 1) not in (" ", "\u00a0", "&", " & ", "-", "'", "’", " + "):
                first -= 1
                break
            first -= 1
        first += 1
        while first <= last and not self.words[first].capital:
            first += 1
        if first > last or first < 1 or not self.words[last].capital:
            return None
        start, end = self.words[first].start, self.words[last].end
        if not (self._preposition(first) or self._behind_date(first)):
            return None
        if self._mentions(start, end) or self._is_named_otherwise(first, last, start, end) or not self._told(start, end):
            return None
        return start, end

    def _before_streets(self) -> list[tuple[tuple[int, int], str]]:
        """'på Dokk1, Hack Kampmanns Plads 2': a name between a preposition and a street with its number."""
        found: list[tuple[tuple[int, int], str]] = []
        for index in range(len(self.words) - 1):
            if self.keys[index] not in self.vocabulary.at or self.words[index].capital:
                continue
            first = last = index + 1
            while first < len(self.words) - 1 and self._article(first) and self._gap(first - 1) == " ":
                first += 1
            last = first
            while last + 1 < len(self.words) and last - first < _BARE_NAME_WORDS:
                gap, word = self._gap(last), self.words[last + 1]
                if gap not in ("", " ", "\u00a0", "&", " & ", "-", "'", "’") or self._barred(last + 1):
                    break
                if not (word.capital or word.key.isdigit() or word.key in self.vocabulary.inside):
                    break
                last += 1
            start, end = self.words[first].start, self.words[last].end
            if not self.words[first].capital or self._barred(first) or self.text[end : end + 2] != ", ":
                continue
            if not self._street_range(end + 2) or self._mentions(start, end) or not self._told(start, end):
                continue
            if not self._is_named_otherwise(first, last, start, end):
                found.append(((start, end), "venue:before_street"))
        return found

    def _is_named_otherwise(self, first: int, last: int, start: int, end: int) -> bool:
        """An organisation, a gathering, a place, an online room, or a word of the calendar."""
        if self._has(BODY, first, last + 1) or self._has(EVENT, first, last + 1) or self._online(first, last + 1):
            return True
        value = self.text[start:end]
        if value.isupper() and len(value) <= 5:
            return True
        if first == last and (self.noun_capitals or self.keys[first] in self.known.common or len(value) < 5):
            return True
        if self._street(first, last + 1) and bool(re.search(r"\d", value)):
            return True
        return lookup_is_place(value, self.language)

    # -- fields --------------------------------------------------------------------------------------

    def read_location(self, start: int, end: int) -> Location:
        """Cuts ``text[start:end]``, a place field's value, into venue, street address and towns ('Venue, Street 5, 1000 City')."""
        found = Location(start, end)
        found.towns = self._mentions(start, end)
        parts = self._field_parts(start, end)
        kinds = [self._field_kind(left, right, found.towns) for left, right in parts]
        venue_at = [at for at, kind in enumerate(kinds) if kind == "venue"]
        street_at = [at for at, kind in enumerate(kinds) if kind == "street"]
        if venue_at:
            first = last = venue_at[0]
            headed = self._part_has_head(parts[last])
            while last + 1 in venue_at and self.text[parts[last][1] : parts[last + 1][0]].strip(" \u00a0") == ",":
                if headed and not self._part_has_head(parts[last + 1]):
                    break
                headed = headed or self._part_has_head(parts[last + 1])
                last += 1
            found.venue = self._refined(parts[first][0], parts[last][1])
        if street_at:
            first = last = street_at[0]
            while last + 1 in street_at:
                last += 1
            found.address = self._without_town(parts[first][0], parts[last][1])
        return found

    def _part_has_head(self, part: tuple[int, int]) -> bool:
        return any(self._head(at) for at in range(*self._between(*part)))

    def _field_parts(self, start: int, end: int) -> list[tuple[int, int]]:
        parts: list[tuple[int, int]] = []
        left = start
        for match in _FIELD_SPLIT.finditer(self.text, start, end):
            if not (match[0] == "," and self.text[match.end() : match.end() + 1].isdigit()):
                parts.append(_trim(self.text, left, match.start()))
                left = match.end()
        parts.append(_trim(self.text, left, end))
        return [(left, right) for left, right in parts if right > left]

    def _field_kind(self, start: int, end: int, towns: Sequence[PlaceMention]) -> str:
        """venue, street, postal (a code with its town), town, or other, for one part of a value."""
        value = self.text[start:end]
        first, last = self._between(start, end)
        letters = [key for key in self.keys[first:last] if not key.isdigit()]
        rest = value
        mentions = [place for place in towns if start <= (place.evidence.start or 0) < end]
        for place in mentions:
            rest = rest.replace(place.evidence.quote, " ", 1)
        plain_rest = re.sub(r"[\W\d_]+", "", _POSTAL.sub(" ", rest))
        if mentions and (len(plain_rest) <= 2 or fold_name(rest) in self.vocabulary.before):
            return "postal" if _POSTAL.search(rest) else "town"
        if not letters or self._online(first, last):
            return "postal" if _POSTAL.fullmatch(value.strip()) else "other"
        has_head = any(self._head(at) for at in range(first, last))
        has_street = self._street(first, last)
        number = _HOUSE_NUMBER.search(_POSTAL.sub(" ", value))
        if (self.dates.overlaps(start, end) or _TIME_OR_DATE.search(value)) and not has_street and not has_head:
            return "other"
        leads = bool(self.vocabulary.at_word(STREET, self.keys, first)) and not self._head(first)
        if has_street and (number or not has_head or leads or _NO_NUMBER.search(value)):
            return "street"
        if number and not has_head and len(letters) <= 5 and _NUMBERED.fullmatch(value):
            return "street"
        if _POSTAL.search(value) and not has_head:
            return "postal"
        initial = next((letter for letter in value if letter.isalpha()), "")
        if not has_head and (not initial.isupper() or len(letters) > 10 or lookup_is_place(value, self.language)):
            return "other"
        return "other" if self.persons.overlaps(start, end) else "venue"

    def _refined(self, start: int, end: int) -> tuple[int, int] | None:
        """A field's venue without what leads to it ("at the ..."), and without a town that follows with "in"."""
        first, last = self._between(start, end)
        if first >= last:
            return None
        while first < last - 1 and not self.words[first].capital and self.words[first].key in self.vocabulary.at:
            first += 1
        while first < last - 1 and self._article(first) and not self._head(first):
            first += 1
        start = max(start, self.words[first].start - (self.text[self.words[first].start - 1 : self.words[first].start] in _QUOTES))
        for at in range(first + 1, last):
            word = self.words[at]
            town = self._place_of(word)
            if town is None:
                continue
            if "locative" in town.evidence.rule and self._gap(at - 1) == " ":
                return _trim(self.text, start, self.words[at - 1].end)
            if at - 1 > first and self.words[at - 1].key in self.vocabulary.before and not self.words[at - 1].capital and self._gap(at - 1) == " ":
                return _trim(self.text, start, self.words[at - 2].end)
        date = next((left for left, right in self.dates.over(start, end)), None)
        if date is not None:
            end = date
        start, end = _trim(self.text, start, end)
        return (start, end) if end > start else None

    def _without_town(self, start: int, end: int) -> tuple[int, int] | None:
        """A street address without a postal code and town at its end: '22 boulevard du Maréchal Juin', not '... à Toulouse'."""
        first, last = self._between(start, end)
        for place in self._mentions(start, end):
            begin = place.evidence.start or 0
            at = bisect_left(self.starts, begin)
            if place.kind != "city" or at <= first:
                continue
            inside = self.words[at - 1].key in self.vocabulary.genitive
            behind = self.text[place.evidence.end or 0 : end]
            if inside or _HOUSE_NUMBER.search(behind) and not _POSTAL.search(behind):
                continue
            cut = begin
            if self.words[at - 1].key in self.vocabulary.before and at - 1 > first:
                cut = self.words[at - 1].start
            code = re.search(r"(?:" + _POSTAL.pattern + r")[ \u00a0]*$", self.text[start:cut])
            if code and code.start() > 0:
                cut = start + code.start()
            if cut > start:
                start, end = _trim(self.text, start, cut)
                break
        code = re.search(r"[ ,](?:" + _POSTAL.pattern + r")$", self.text[start:end])
        if code and _HOUSE_NUMBER.search(self.text[start : start + code.start()]):
            start, end = _trim(self.text, start, start + code.start())
        return (start, end) if end > start else None

    def _street_range(self, at: int) -> tuple[int, int] | None:
        """The street address that begins at character `at`, up to the next separator, without its town."""
        match = re.compile(r"[^,;|\n()]{4,70}").match(self.text, at)
        if not match:
            return None
        start, end = _trim(self.text, match.start(), match.end())
        if end <= start or self._field_kind(start, end, self._mentions(start, end)) != "street":
            return None
        if self.dates.overlaps(start, end):
            return None
        return self._without_town(start, end)

    def _address_behind(self, end: int) -> tuple[int, int] | None:
        """A street address set off by a comma right behind a venue."""
        match = re.match(r"[ \u00a0]?[,(|][ \u00a0]?|[ \u00a0][–—-][ \u00a0]", self.text[end : end + 4])
        return self._street_range(end + match.end()) if match else None

    # -- the mention ---------------------------------------------------------------------------------

    def _near(self, start: int, end: int) -> list[PlaceMention]:
        """The towns a venue stands in: right behind it, right in front, in its name, or the only one of its sentence in front."""
        behind = [place for place in self._mentions(end, end + 90) if "\n" not in self.text[end : place.evidence.start]]
        behind = [place for place in behind if not self._parted(end, place.evidence.start or 0)]
        left = max(self.text.rfind(". ", 0, start), self.text.rfind("\n", 0, start)) + 1
        before = self._mentions(left, start)
        if before and self.text[before[-1].evidence.end or 0 : start].strip() == "(":
            return before[-1:]
        if behind:
            return behind
        if before and start - (before[-1].evidence.end or 0) <= 30:
            return before[-1:]
        inside = self._mentions(start, end) or self._town_in_name(start, end)
        if inside:
            return inside
        return before if len({place.name for place in before if place.kind == "city"}) == 1 else []

    def _parted(self, start: int, end: int) -> bool:
        """A sentence ends in between, or "and" joins what follows."""
        between = self.text[start:end]
        if re.search(r"[.!?;][ \u00a0]", between) or ")" in between.split("(", maxsplit=1)[0]:
            return True
        return any(self.keys[at] in self.known.conjunctions for at in range(*self._between(start, end)))

    def _town_in_name(self, start: int, end: int) -> list[PlaceMention]:
        """The large town that ends a public building's name, where an organisation's span hid it: 'Urban Center di Bologna'."""
        first, last = self._between(start, end)
        if last - first < 2 or not self.words[last - 1].capital:
            return []
        floor = _LARGE_TOWN if self._has(FREE, first, last) else _KNOWN_TOWN
        word = self.words[last - 1]
        town = next(iter(lookup(word.text, language=self.language)), None)
        if town is None or town.kind != "city" or town.population < floor or town.country not in self.known_countries:
            return []
        return [mention(town, self.text, word.start, word.end, "place:venue")]

    def _mention(
        self, venue: tuple[int, int], rule: str, address: tuple[int, int] | None, towns: Sequence[PlaceMention]
    ) -> PlaceMention:
        start, end = venue
        text = self.text
        evidence = Evidence(quote=text[start:end], start=start, end=end, rule=rule)
        ranked = {kind: next((town for town in towns if town.kind == kind), None) for kind in ("city", "region", "country")}
        best = ranked["city"] or ranked["region"] or ranked["country"]
        place = best.place.model_copy() if best else Place()
        country = place.country or (ranked["country"].place.country if ranked["country"] else None)
        records = [evidence]
        if address:
            records.append(Evidence(quote=text[address[0] : address[1]], start=address[0], end=address[1], rule="address"))
        if best:
            records.append(best.evidence)
        update = {
            "venue": text[start:end],
            "address": text[address[0] : address[1]] if address else None,
            "country": country,
            "evidence": records,
        }
        return PlaceMention(kind="venue", name=text[start:end], place=place.model_copy(update=update), evidence=evidence)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t\u00a0.:–—-•*·":
        start += 1
    while end > start and text[end - 1] in " \t\u00a0.:–—-,;":
        end -= 1
    # A quotation mark at one end goes unless its other half stands inside.
    if end > start and text[start] in _QUOTES and not any(mark in text[start + 1 : end] for mark in _QUOTES[text[start]]):
        start += 1
    if (
        end > start
        and text[end - 1] in "\"”“»'"
        and text.count(text[end - 1], start, end) == 1
        and not any(mark in text[start : end - 1] for mark in _QUOTES)
    ):
        end -= 1
    return start, end


def lookup_is_place(value: str, language: str) -> bool:
    """True when the whole value is the name of a town, region or country."""
    return any(place.exact and not place.district for place in lookup(value, language=language)[:1])


def find_venues(
    text: str,
    *,
    language: str,
    places: Sequence[PlaceMention] = (),
    blocks: Sequence[Block] = (),
    organisations: Iterable[tuple[int, int]] = (),
    persons: Iterable[tuple[int, int]] = (),
    dates: Iterable[tuple[int, int]] = (),
) -> list[PlaceMention]:
    """Buildings and rooms that `text` names as venues, in order; `places` are its places as `find_places` gave them.

    Fields labelled as place, venue or address are cut into venue, address and town. Elsewhere a venue needs a head word
    of the language (hotel, Stadthalle, Maison ...) with a preposition of place, a town, a street or a date beside it, or,
    without a head word, a place between such a preposition and a town. Nothing inside `persons` or `dates` is a venue.
    """
    finder = VenueFinder(
        text, language=language, places=places, blocks=blocks, organisations=organisations, persons=persons, dates=dates
    )
    return finder.run()


def _outside_of_venues(
    places: Sequence[PlaceMention], venues: Sequence[PlaceMention], bodies: Spans, language: str
) -> list[PlaceMention]:
    """Places that are not part of a venue's name.

    A town at the end of a public building's name stays where nothing else says in which town it stands ("Stadthalle Wien");
    hotels and rooms are named after any town.
    """
    named = Spans((venue.evidence.start or 0, venue.evidence.end or 0) for venue in venues)
    outside = [place for place in places if not named.overlaps(place.evidence.start or 0, place.evidence.end or 0)]
    told = {(place.name, place.place.country) for place in outside}
    kept = list(outside)
    words = vocabulary(language)
    for venue in venues:
        start, end = venue.evidence.start or 0, venue.evidence.end or 0
        if (venue.place.city, venue.place.country) in told or not venue.place.city:
            continue
        ends = {start + match.start() for match in re.finditer(r",|$", venue.name)}
        town = next((e for e in venue.place.evidence if e.start is not None and start < e.start and e.end in ends), None)
        if town is None:
            continue
        if any(start < left for left, _ in bodies.over(town.start or 0, town.end or 0)):
            continue
        known = next((place for place in lookup(town.quote, language=language) if place.name == venue.place.city), None)
        part = venue.name[: (town.end or 0) - start].rsplit(",", maxsplit=1)[-1]
        free = any(words.bits(word.key) & FREE for word in words_of(part))
        at_home = known is not None and known.country in load(language).countries
        if known is not None and known.population >= (_LARGE_TOWN if free and at_home else math.inf if free else _KNOWN_TOWN):
            kept.append(mention(known, "", town.start or 0, town.end or 0, "place:venue", quote=town.quote))
            told.add((venue.place.city, venue.place.country))
    return kept


def locate(
    text: str,
    *,
    language: str,
    spans: Iterable[tuple[int, int, str]] = (),
    country_hint: str | None = None,
    organisations: Iterable[tuple[int, int]] = (),
    persons: Iterable[tuple[int, int]] = (),
    blocks: Sequence[Block] = (),
    dates: Iterable[tuple[int, int]] = (),
) -> list[PlaceMention]:
    """Places and venues of `text` together, in order; a place that is only part of a venue's name is none by itself.

    The arguments are those of `find_places`. The people among `spans` count for venues too. The text is cut into words once.
    """
    spans, organisations, dates = list(spans), list(organisations), list(dates)
    words = words_of(text[:_LONGEST_TEXT], dates)
    proposed = [(start, end) for start, end, label in spans if label.upper() in ("PER", "PERSON")]
    finder = PlaceFinder(
        text,
        language=language,
        spans=spans,
        country_hint=country_hint,
        organisations=organisations,
        persons=persons,
        blocks=blocks,
        dates=dates,
        words=words,
    )
    places = [mention_of(item, text) for item in finder.run()]
    venues = VenueFinder(
        text,
        language=language,
        places=places,
        blocks=blocks,
        organisations=organisations,
        persons=persons,
        dates=dates,
        proposed_persons=proposed,
        words=words,
    ).run()
    kept = _outside_of_venues(places, venues, Spans(organisations), _primary(language))
    return sorted([*kept, *venues], key=lambda mention: (mention.evidence.start or 0, mention.evidence.end or 0, mention.kind))


__all__ = ["Location", "VenueFinder", "find_venues", "is_online", "locate"]
