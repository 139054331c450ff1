"""What stands around a word in a text searched for venues: heads, prepositions, towns, streets, dates. It finds nothing by itself."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from extractors.lexicon import load
from extractors.places.gazetteer import fold_name, lookup
from extractors.places.vocabulary import BODY, EVENT, HEAD, ONLINE, STREET, language_words, primary, vocabulary
from extractors.places.words import LONGEST_TEXT, Spans, Word, one_sentence, with_plain_dates, words_of
from schemas import Block, PlaceMention, Region

LONGEST_VENUE, BARE_NAME_WORDS = 120, 6
SENTENCE_REACH, _LINE_REACH = 300, 400
"""Characters to each side of a name up to which its sentence goes, and its line."""
_DATE_LINES = 2
"""A line is told of a date when one stands this many lines above or below it, or nearer."""
POSTAL = re.compile(
    r"(?:[A-Z]{1,3}[-– ]{1,2})?(?:\d{5}|\d{4} ?[A-Z]{2}|\d{3} ?\d{2}|\d{2}-\d{3}|\d{4}(?:-\d{3})?)\b|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
)
HOUSE_NUMBER = re.compile(r"\b\d{1,4}(?:[-–/]\d{1,4})?\.? ?[A-Za-zА-я]?\b")
NUMBERED = re.compile(r"[^\d]{3,60}[ ,]\d{1,4}(?:[-–/]\d{1,4})?\.? ?[A-Za-zА-я]?\.?|\d{1,4}[A-Za-z]?,? [^\d]{3,60}")
TIME_OR_DATE = re.compile(r"\d{1,2}[:.]\d{2}|\b\d{1,2}\.? ?[^\W\d_]{3,12}\.? \d{4}\b|\b(?:19|20)\d{2}\b|\b\d{1,2}\.\d{1,2}\.")
NO_NUMBER = re.compile(r"\bs/n\b|\bb\.?b\.?$", re.IGNORECASE)
_QUOTES = {"„": '“”"', "“": '”"', "«": "»", "»": "«", '"': '"', "”": "”", "‘": "’", "‚": "‘"}
_OPENED = re.compile(r"[ \u00a0]{0,2}([„“«»\"”‘‚])")


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """``[start, end)`` without marks at its ends, and without a quotation mark whose other half is missing."""
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


class VenueText:
    """A text laid out for finding venues: its words with what each may be, its places, organisations, people and dates."""

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
        self.text = text[:LONGEST_TEXT]
        self.language = primary(language)
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
        self.gatherings = [
            word.start
            for at, word in enumerate(self.words)
            if self.bits[at] & (EVENT | EVENT << 16) and self.vocabulary.at_word(EVENT, self.keys, at)
        ]
        self.noun_capitals = self.known.endings.nouns_capitalised

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
        return start == 0 or bool(
            re.search(r"(?:[.!?:\n]|[.!?:\n][\"”»“„]|^[\"“„«])\s*[\"“„«(•*–-]?\s*$", self.text[max(0, start - 4) : start])
        )

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        """The line or sentence around a span, 300 characters to each side at most."""
        floor, roof = max(0, start - SENTENCE_REACH), min(len(self.text), end + SENTENCE_REACH)
        left = max(self.text.rfind(mark, floor, start) for mark in ("\n", ". ", "! ", "? ")) + 1
        rights = [at for mark in ("\n", ". ", "! ", "? ") if (at := self.text.find(mark, end, roof)) >= 0]
        return max(left, floor), min(rights, default=roof)

    def _line(self, start: int, end: int) -> tuple[int, int]:
        left = self.text.rfind("\n", 0, start) + 1
        right = self.text.find("\n", end)
        return left, right if right >= 0 else len(self.text)

    def _told(self, start: int, end: int) -> bool:
        """The sentence has a date or a word for a gathering, or the line it stands in has a date."""
        left, right = self._sentence(start, end)
        if self._dated_between(left, right):
            return True
        at = bisect_left(self.gatherings, left)
        if at < len(self.gatherings) and self.gatherings[at] < right:
            return True
        left = self.text.rfind("\n", max(0, start - _LINE_REACH), start) + 1
        right = self.text.find("\n", end, end + _LINE_REACH)
        return self._dated_between(max(left, start - _LINE_REACH), right if right >= 0 else end + _LINE_REACH)

    def _dated_between(self, start: int, end: int) -> bool:
        if self.dated:
            return self.dates.overlaps(start, end)
        return bool(TIME_OR_DATE.search(self.text, start, end))

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

    def _barred(self, index: int) -> bool:
        """Inside a date or a person's name."""
        word = self.words[index]
        return word.masked or self.dates.overlaps(word.start, word.end) or self.persons.overlaps(word.start, word.end)

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

    def _quoted(self, last: int, end: int) -> int:
        """The end moved behind a name in quotation marks that follows at once: 'sala „Europa”'."""
        opening = _OPENED.match(self.text, end)
        if opening and opening[1] in _QUOTES:
            begin = opening.end()
            closing = re.compile(f"[{re.escape(_QUOTES[opening[1]])}]").search(self.text, begin, begin + 60)
            if closing and "\n" not in self.text[begin : closing.end()] and closing.start() > begin:
                return closing.end()
        return end

    def _ends(self, end: int) -> bool:
        return bool(re.match(r"[,.;)\n]|$|[ \u00a0][|–—(]", self.text[end : end + 2]))

    def _town_begins(self, at: int) -> bool:
        """A town begins at character `at`, or behind a postal code there."""
        if at in self.place_at:
            return True
        match = POSTAL.match(self.text, at)
        return bool(match) and (match.end() + 1) in self.place_at if match else False

    def _article(self, index: int) -> bool:
        return index < len(self.words) and not self.words[index].capital and len(self.words[index].text) <= 3

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

    def _is_body(self, start: int, end: int) -> bool:
        """The same words are an organisation's name, and have the head of one."""
        return self.organisations.holds(start, end) and self._has(BODY, *self._between(start, end))

    def _field_kind(self, start: int, end: int, towns: Sequence[PlaceMention]) -> str:
        """venue, street, postal (a code with its town), town, or other, for one part of a value."""
        value = self.text[start:end]
        first, last = self._between(start, end)
        letters = [key for key in self.keys[first:last] if not key.isdigit()]
        rest = value
        mentions = [place for place in towns if start <= (place.evidence.start or 0) < end]
        for place in mentions:
            rest = rest.replace(place.evidence.quote, " ", 1)
        plain_rest = re.sub(r"[\W\d_]+", "", POSTAL.sub(" ", rest))
        if mentions and (len(plain_rest) <= 2 or fold_name(rest) in self.vocabulary.before):
            return "postal" if POSTAL.search(rest) else "town"
        if not letters or self._online(first, last):
            return "postal" if POSTAL.fullmatch(value.strip()) else "other"
        has_head = any(self._head(at) for at in range(first, last))
        has_street = self._street(first, last)
        number = HOUSE_NUMBER.search(POSTAL.sub(" ", value))
        if (self.dates.overlaps(start, end) or TIME_OR_DATE.search(value)) and not has_street and not has_head:
            return "other"
        leads = bool(self.vocabulary.at_word(STREET, self.keys, first)) and not self._head(first)
        if has_street and (number or not has_head or leads or NO_NUMBER.search(value)):
            return "street"
        if number and not has_head and len(letters) <= 5 and NUMBERED.fullmatch(value):
            return "street"
        if POSTAL.search(value) and not has_head:
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
                return trim(self.text, start, self.words[at - 1].end)
            if (
                at - 1 > first
                and self.words[at - 1].key in self.vocabulary.before
                and not self.words[at - 1].capital
                and self._gap(at - 1) == " "
            ):
                return trim(self.text, start, self.words[at - 2].end)
        date = next((left for left, right in self.dates.over(start, end)), None)
        if date is not None:
            end = date
        start, end = trim(self.text, start, end)
        return (start, end) if end > start else None

    def _without_town(self, start: int, end: int) -> tuple[int, int] | None:
        """A street address without a postal code and town at its end: '22 boulevard du Maréchal Juin', not '... à Toulouse'."""
        first = bisect_left(self.starts, start)
        for place in self._mentions(start, end):
            begin = place.evidence.start or 0
            at = bisect_left(self.starts, begin)
            if place.kind != "city" or at <= first:
                continue
            inside = self.words[at - 1].key in self.vocabulary.genitive
            behind = self.text[place.evidence.end or 0 : end]
            if inside or (HOUSE_NUMBER.search(behind) and not POSTAL.search(behind)):
                continue
            cut = begin
            if self.words[at - 1].key in self.vocabulary.before and at - 1 > first:
                cut = self.words[at - 1].start
            code = re.search(r"(?:" + POSTAL.pattern + r")[ \u00a0]*$", self.text[start:cut])
            if code and code.start() > 0:
                cut = start + code.start()
            if cut > start:
                start, end = trim(self.text, start, cut)
                break
        code = re.search(r"[ ,](?:" + POSTAL.pattern + r")$", self.text[start:end])
        if code and HOUSE_NUMBER.search(self.text[start : start + code.start()]):
            start, end = trim(self.text, start, start + code.start())
        return (start, end) if end > start else None

    def _street_range(self, at: int) -> tuple[int, int] | None:
        """The street address that begins at character `at`, up to the next separator, without its town."""
        match = re.compile(r"[^,;|\n()]{4,70}").match(self.text, at)
        if not match:
            return None
        start, end = trim(self.text, match.start(), match.end())
        if end <= start or self._field_kind(start, end, self._mentions(start, end)) != "street":
            return None
        if self.dates.overlaps(start, end):
            return None
        return self._without_town(start, end)
