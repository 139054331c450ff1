"""What the words around a possible place say: prepositions, postal codes, fields, lines, heads of bodies and venues.

It answers questions about a name; it neither proposes names nor adds up points.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractors.lexicon import load
from extractors.places.fields import field_values
from extractors.places.gazetteer import EUROPE, Candidate, fold_name, lookup
from extractors.places.vocabulary import BODY, EVENT, HEAD, ONLINE, SCHOOL, STREET, Vocabulary, language_words, vocabulary
from extractors.places.words import LONGEST_TEXT, Spans, Word, one_sentence, with_plain_dates, words_of
from schemas import Block

LINE_BESIDE_DATE, LINE_BESIDE_VENUE = 2.0, 3.0
LARGE, KNOWN = 200_000, 15_000
"""People in a large town, and in one that is known beyond its region."""
_LOCATION_LABELS = frozenset(["LOC", "GPE", "FAC", "LC"])
_PERSON_LABELS = frozenset(["PER", "PERSON"])
_ORGANISATION_LABELS = frozenset(["ORG", "NORP", "PRODUCT"])
_SENTENCE_END = re.compile(r"(?:^|[.!?…:;]['\"”’»)]*\s|\n)[\s\"“„«'(>*•·–—-]*$")
_BEFORE_POSTAL = re.compile(
    r"(?:^|[\s,;(/|–-])(?:(?P<prefix>[A-Z]{1,3})[-–‐ ]{1,2})?"
    r"(?P<code>\d{5}|\d{4} ?[A-Z]{2}|\d{3} ?\d{2}|\d{2}-\d{3}|\d{4}(?:-\d{3})?|\d{3})[ \u00a0]{1,2}$"
)
_AFTER_POSTAL = re.compile(
    r"^,?[ \u00a0]{1,2}(?:(?P<prefix>[A-Z]{2})[-–]\d{4,5}\b|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|[A-Z]\d{2} ?[A-Z\d]{4}\b)"
)
_AFTER_DATELINE = re.compile(r"^[ \u00a0]?(?:\([^()\n]{2,40}\))?(?:,[ \u00a0]|[ \u00a0][–—-]{1,2}[ \u00a0])")
_AFTER_TOWN = re.compile(r"|\d{1,2}|[\d -]{4,7}|[A-ZÆØÅ]{1,3}(?:\d[\dA-Z ]{0,6})?|cedex(?: \d+)?", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;|\n()•·]|[ \u00a0][–—/-][ \u00a0]")
_BEFORE_DATE = re.compile(r"[ ,:–-]{1,3}(?:[^\W\d_]{1,4}\.? ){0,2}")
_LINE_SEPARATORS = re.compile(r"[,;|\n\t()•·]|[ \u00a0][–—-][ \u00a0]|(?<=[^\W\d_]{3})[.:][ \u00a0]|(?<=[»”\"])\.[ \u00a0]")
_DATE_IN_LINE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}\.|\b\d{1,2}[:.]\d{2}\b")
_DOMESTIC_PREFIXES = {
    "A": "AT", "B": "BE", "D": "DE", "F": "FR", "I": "IT", "L": "LU", "E": "ES", "P": "PT", "S": "SE", "N": "NO", "H": "HU", "FIN": "FI",
    "SLO": "SI", "EL": "GR", "UK": "GB", "DK": "DK", "NL": "NL",
}  # fmt: skip
_THREE_DIGITS = frozenset(("IS", "FO"))


@dataclass(slots=True)
class Found:
    """A possible mention on its way: words ``[first, last)``, what it may mean, and the evidence so far."""

    first: int
    last: int
    start: int
    end: int
    candidates: list[Candidate]
    score: float = 0.0
    rules: list[str] = field(default_factory=list)
    supported: bool = False
    country: str | None = None
    vetoed: bool = False
    part_of_name: bool = False
    abbreviation: bool = False
    body: bool = False

    @property
    def best(self) -> Candidate:
        """The likeliest meaning."""
        return self.candidates[0]


class PlaceEvidence:
    """What a text says around a possible place: each method answers one question about one name."""

    def __init__(
        self,
        text: str,
        *,
        language: str,
        spans: Iterable[tuple[int, int, str]] = (),
        country_hint: str | None = None,
        organisations: Iterable[tuple[int, int]] = (),
        persons: Iterable[tuple[int, int]] = (),
        blocks: Sequence[Block] = (),
        dates: Iterable[tuple[int, int]] = (),
        words: list[Word] | None = None,
    ) -> None:
        self.text = text[:LONGEST_TEXT]
        self.language = language.split("-", maxsplit=1)[0].lower()
        self.known = language_words(self.language)
        self.hint = country_hint
        self.vocabulary: Vocabulary = vocabulary(self.language)
        self.dates = Spans(with_plain_dates(self.text, dates))
        self.words = words_of(self.text, self.dates) if words is None else words
        spans = list(spans)
        clitics = self.known.endings.clitics
        located = [(start, end) for start, end, label in spans if label.upper() in _LOCATION_LABELS]
        self.locations = Spans(one_sentence(self.text, located, clitics))
        self.certain = Spans(persons)
        proposed = [(start, end) for start, end, label in spans if label.upper() in _PERSON_LABELS]
        self.people = Spans([*persons, *one_sentence(self.text, proposed, clitics)])
        bodies = [(start, end) for start, end, label in spans if label.upper() in _ORGANISATION_LABELS]
        self.named_bodies = Spans(one_sentence(self.text, bodies, clitics))
        self.organisations = Spans(one_sentence(self.text, organisations, clitics))
        self.fields = list(field_values(self.text, self.language, blocks))
        self.lower = Counter(word.key for word in self.words if not word.capital)

    def _conjunction_behind(self, item: Found) -> bool:
        return item.last < len(self.words) and self.words[item.last].key in self.known.conjunctions

    def _small_behind(self, item: Found) -> bool:
        following = self.words[item.last] if item.last < len(self.words) else None
        return following is not None and following.text.islower()

    def _own_town(self, item: Found) -> bool:
        """A town of the language's or the source's own countries, in its plain form, with a long name that means no other place."""
        best = item.best
        if best.kind != "city" or not best.exact or best.country not in self._home():
            return False
        alone = len(item.candidates) == 1 or best.weight - item.candidates[1].weight >= 1
        return alone and item.end - item.start >= (6 if best.population >= 50_000 else 7)

    def _acronym(self, item: Found, upper: bool) -> bool:
        """'EU', 'ROI': up to four capitals are no town unless the line is in capitals, or a code, a dateline or a field says so."""
        word = self.words[item.first]
        if item.abbreviation or item.last > item.first + 1 or not word.text.isupper() or not 1 < len(word.text) <= 4 or upper:
            return False
        said = {"postal_code", "dateline", "field", "pair"} & set(item.rules)
        return not (said and item.best.population >= 3 * KNOWN)

    def _body(self, item: Found) -> bool:
        """'the City of Tampere was praised', 'bij de Provincie Gelderland': a town word with a capital letter makes a body's name."""
        size = self._town_before(item.first)
        if not size or self.known.endings.nouns_capitalised or {"field", "postal_code", "dateline"} & set(item.rules):
            return False
        first = item.first - size
        if not self.words[first].capital or (self._starts(self.words[first].start) and not self._may_head_a_body(first)):
            return False
        return not self._says_in(first)

    def _names_a_region(self, item: Found) -> bool:
        """'Region Sjælland', 'Västra Götalandsregionen': the word for a region in the name makes it a body's."""
        return any("region" in word.key for word in self.words[item.first : item.last])

    def _names_a_body(self, item: Found) -> bool:
        return any(self._may_head_a_body(at) for at in range(item.first, item.last))

    def _may_head_a_body(self, index: int) -> bool:
        return "region" in self.words[index].key or bool(self.vocabulary.bits(self.words[index].key) & (BODY | BODY << 16))

    def _street_in_front(self, item: Found) -> bool:
        """'place Sainte-Anne', 'rue de Bruxelles': the name of a street."""
        at = item.first - 1
        if at >= 0 and self._keys_before(item.first, 1) is not None and self.words[at].key in self.known.endings.genitive:
            at -= 1
        if at < 0 or self._keys_before(item.first, item.first - at) is None:
            return False
        keys = [word.key for word in self.words[at : item.first + 1]]
        return bool(self.vocabulary.at_word(STREET, keys, 0))

    def _numbered_room(self, item: Found) -> bool:
        """'Halle 7': a venue's head with a number is a room."""
        following = self.words[item.last] if item.last < len(self.words) else None
        if following is None or not following.key.isdigit() or len(following.key) > 3 or item.last > item.first + 1:
            return False
        return self.text[item.end : following.start] in (" ", "\u00a0") and self._is_head(self.words[item.first])

    def _joined_in_front(self, item: Found) -> bool:
        """'Fort-de-France': the end of a name joined by hyphens."""
        if item.first < 2 or self.text[item.start - 1 : item.start] not in ("-", "‑"):
            return False
        before = self.words[item.first - 1]
        return not before.capital and self.text[before.start - 1 : before.start] in ("-", "‑")

    def _in_a_school(self, item: Found) -> bool:
        """'Universitetet i Oslo', 'Univerza v Ljubljani': in a university's name the town stands behind "in"."""
        at = item.first - 2
        if at < 0 or self._keys_before(item.first, 2) is None or not self.words[at].capital:
            return False
        return self.words[at + 1].key in self.vocabulary.before and bool(self.vocabulary.bits(self.words[at].key) & SCHOOL)

    def _says_in(self, index: int) -> bool:
        """A preposition that says "in" stands in front of word `index`, with an article between at most."""
        for back in (1, 2):
            if index < back or self._keys_before(index, back) is None:
                return False
            word = self.words[index - back]
            if word.key in self.vocabulary.at and word.key not in self.vocabulary.beside_bodies:
                return True
            if word.capital or len(word.key) > 4:
                return False
        return False

    def _alone_and_sure(self, item: Found, common: bool) -> bool:
        """A capital or very large city as the first word, in its plain form, with a lower-case word behind it."""
        best = item.best
        known = best.kind == "city" and best.exact and best.country in EUROPE and (best.capital or best.population >= 500_000)
        following = self.words[item.last] if item.last < len(self.words) else None
        return known and not common and item.end - item.start >= 4 and following is not None and following.text.islower()

    def _goes_on(self, item: Found) -> bool:
        """A capitalised word follows at once: 'Piazza Duomo'."""
        following = self.words[item.last] if item.last < len(self.words) else None
        return following is not None and following.capital and self.text[item.end : following.start] in (" ", "\u00a0")

    def _home(self) -> set[str]:
        return {*load(self.language).countries, *([self.hint] if self.hint else [])}

    def _common(self, item: Found) -> bool:
        if item.abbreviation:
            return False
        words = self.words[item.first : item.last]
        if len(words) > 1:
            return (
                not item.best.own_language
                and item.best.kind != "country"
                and all(word.key in self.known.common or len(word.key) < 3 for word in words)
            )
        key = words[0].key
        if key in self.known.common or key.startswith(self.known.common_beginnings or ("\0",)):
            return True
        if self.vocabulary.bits(key) & (EVENT | ONLINE) or self.vocabulary.heads.named(key):
            return True
        best = item.best
        large = best.capital or best.population >= LARGE or best.kind == "country"
        if len(key) <= 3 and not (best.own_language or (best.exact and best.country in self._home() and best.population >= 50_000)):
            return True
        if words[0].text.isupper() and len(key) <= 4 and not large:
            return True
        return bool(self.lower.get(key)) and words[0].capital

    def _locative(self, item: Found) -> bool:
        best, last = item.best, self.words[item.last - 1]
        if best.locative:
            return True
        rules = self.known.endings
        if rules.locative_letters and last.text[-1:].lower() in rules.locative_letters:
            return True
        if rules.clitics and self.text[last.end : last.end + 1] in ("'", "’") and item.last < len(self.words):
            return self.words[item.last].key in rules.clitics
        return False

    def _keys_before(self, index: int, size: int) -> tuple[str, ...] | None:
        """The folded words right in front, or None when something other than a space or apostrophe stands between."""
        if index < size:
            return None
        for position in range(index - size, index):
            gap = self.text[self.words[position].end : self.words[position + 1].start]
            if gap.strip(" \u00a0'’\"“„«") and gap not in ("-", ". "):
                return None
        return tuple(word.key for word in self.words[index - size : index])

    def _after_preposition(self, item: Found) -> bool:
        index = item.first
        for size in (0, 1):
            # An article or a short adjective may stand between, before countries and regions at least.
            if size and (item.best.kind == "city" or not self._short_word(index - 1)):
                break
            at = index - size
            if at < 1 or (size and self._keys_before(index, 1) is None):
                break
            if self._preposition_at(at):
                return True
        return bool(self._town_before(index) and self._preposition_at(index - self._town_before(index)))

    def _preposition_at(self, index: int) -> bool:
        for pattern in self.known.before:
            keys = self._keys_before(index, len(pattern))
            if keys is not None and all(_fits(part, key) for part, key in zip(pattern, keys, strict=True)):
                return self._prefix_of_word(index, len(pattern))
        return False

    def _prefix_of_word(self, index: int, size: int) -> bool:
        """False for a capital letter such as a Roman figure or an initial that only looks like a preposition ('V', 'A.')."""
        word = self.words[index - size]
        return not (len(word.text) == 1 and word.text.isupper() and not self._starts(word.start))

    def _short_word(self, index: int) -> bool:
        return index >= 0 and len(self.words[index].key) <= 4 and not self.words[index].capital

    def _town_before(self, index: int) -> int:
        for pattern in self.known.endings.town_words:
            if self._keys_before(index, len(pattern)) == pattern:
                return len(pattern)
        return 0

    def _town_word(self, index: int) -> bool:
        return self._town_before(index) > 0

    def _starts(self, position: int) -> bool:
        before = self.text[max(0, position - 12) : position]
        if position <= 12 and not before.strip(" \t\"“„«'(>*•·–—-"):
            return True
        if not _SENTENCE_END.search(before):
            return False
        # "St. Gallen", "v. Chr.": an abbreviation ends no sentence.
        stop = before.rstrip()
        return not (stop.endswith(".") and re.search(r"(?:^|[\s.(])[^\W\d_]{1,3}\.$", stop)) or "\n" in before[len(stop) :]

    def _starts_sentence(self, item: Found) -> bool:
        return self._starts(item.start)

    def _line(self, item: Found) -> str:
        start = self.text.rfind("\n", max(0, item.start - 300), item.start) + 1
        start = start or max(0, item.start - 300)
        end = self.text.find("\n", item.end, item.end + 300)
        return self.text[start : end if end >= 0 else item.end + 300]

    def _upper_line(self, item: Found) -> bool:
        if not self.text[item.start : item.end].isupper():
            return False
        line = self._line(item)
        rest = line.replace(self.text[item.start : item.end], "")
        letters = [letter for letter in rest if letter.isalpha()]
        return len(letters) >= 4 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters)

    def _title_line(self, item: Found) -> bool:
        """A line in which nearly every longer word has a capital letter: there a capital says nothing."""
        if self.known.endings.nouns_capitalised:
            return False
        line = self._line(item).strip()
        if len(line) > 150 or line.endswith("."):
            return False
        long_words = re.findall(r"[^\W\d_]{4,}", line)
        return len(long_words) >= 4 and sum(word[0].isupper() for word in long_words) >= 0.75 * len(long_words)

    def _is_whole_field(self, item: Found) -> bool:
        """True for a whole part of a place field: 'Where: Hotel Astoria, [Budapest], Hungary'."""
        field_range = self._field(item)
        if field_range is None:
            return False
        start, end = field_range
        left = max((match.end() for match in _SEPARATORS.finditer(self.text, start, item.start)), default=start)
        match = _SEPARATORS.search(self.text, item.end, end)
        right = match.start() if match else end
        before, after = self.text[left : item.start].strip(), self.text[item.end : right].strip(" .")
        plain_before = not before or bool(re.fullmatch(r"(?:[A-Z]{1,3}[-– ])?[\d -]{3,8}(?: ?[A-Z]{2})?", before))
        if not plain_before:
            small = all(key in self.vocabulary.before or key in self.known.function_words for key in fold_name(before).split())
            plain_before = (self._after_preposition(item) and small) or self._town_word(item.first)
        room = after.isdigit() and self._is_head(self.words[item.last - 1])
        return plain_before and bool(_AFTER_TOWN.fullmatch(after)) and not room

    def _part_of_line(self, item: Found) -> float:
        """Points for a whole part of a line: '8 May | Hotel Flanders, [Ghent] | free', or a line of its own beside a date's line."""
        best = item.best
        common = self._common(item)
        if best.kind == "country" or (best.kind == "city" and best.population < 5000 and best.country not in self._home()):
            return 0.0
        line_start = max(self.text.rfind("\n", max(0, item.start - 300), item.start) + 1, item.start - 300)
        line_end = self.text.find("\n", item.end, item.end + 300)
        line_end = line_end if line_end >= 0 else min(len(self.text), item.end + 300)
        left, front = line_start, ""
        for mark in _LINE_SEPARATORS.finditer(self.text, line_start, item.start):
            left, front = mark.end(), mark[0]
        match = _LINE_SEPARATORS.search(self.text, item.end, line_end)
        right, back = (match.start(), match[0]) if match else (line_end, "")
        for low, high in self.dates.over(left, right):
            # A date beside the name is a part of its own.
            if high <= item.start:
                left, front = high, " "
            elif low >= item.end:
                right, back = low, " "
        before, after = self.text[left : item.start].strip(" '’\"“„«("), self.text[item.end : right].strip(" .'\"”»")
        lead = bool(re.fullmatch(r"(?:[A-Z]{1,3}[-– ])?[\d -]{3,8}(?: ?[A-Z]{2})?", before))
        if before and not lead and fold_name(before) not in self.vocabulary.before:
            return 0.0
        if not _AFTER_TOWN.fullmatch(after) and not self._online_behind(item, right):
            return 0.0
        if front == "(" and self.organisations.overlaps(left - 3, left):
            return 0.0
        if front and not front.startswith((".", ":")) and self._venue_in_front(line_start, left - len(front)):
            return LINE_BESIDE_VENUE
        if common:
            return 0.0
        if not front and not back and item.last == item.first + 1 and best.kind == "city" and best.population < KNOWN:
            return 0.0
        if self._dated(line_start, line_end) and (front or back):
            return LINE_BESIDE_DATE
        return LINE_BESIDE_DATE if not front and not back and self._date_around(line_start, line_end) else 0.0

    def _date_behind(self, item: Found) -> bool:
        """'Potenza il 22 aprile', 'Ancona (Mole Vanvitelliana, 15 aprile)': a date right behind, or in brackets behind."""
        best = item.best
        if best.kind != "city" or not best.exact or (best.population < KNOWN and best.country not in self._home()):
            return False
        for low, high in self.dates.over(item.end, item.end + 60):
            between = self.text[item.end : low]
            if low < item.end or "\n" in between:
                continue
            bracket = between.startswith(" (") and ")" not in between and high - low > 4
            return bracket or bool(_BEFORE_DATE.fullmatch(between))
        return False

    def _online_behind(self, item: Found, right: int) -> bool:
        """'Utrecht en via livestream': the rest of the part says that one may attend from afar."""
        rest = [word for word in self.words[item.last : item.last + 6] if word.start < right]
        keys = [word.key for word in rest]
        return bool(rest) and not rest[0].capital and any(self.vocabulary.at_word(ONLINE, keys, at) for at in range(len(keys)))

    def _venue_in_front(self, line_start: int, end: int) -> bool:
        """The part in front ends with a venue or a street: 'Hotel Flanders, Ghent', 'Toldbodgade 23, Aarhus'."""
        start = line_start
        for match in _LINE_SEPARATORS.finditer(self.text, line_start, end):
            start = match.end()
        low = bisect_left(self.words, start, key=lambda word: word.start)
        high = bisect_left(self.words, end, key=lambda word: word.start)
        words = self.words[low:high]
        if not words or not any(word.capital for word in words):
            return False
        keys = [word.key for word in words]
        if any(self.vocabulary.at_word(HEAD, keys, at) for at in range(len(keys))):
            # A body whose name has a venue's head stands beside its town too, and the town is as sure.
            return True
        return any(self.vocabulary.at_word(STREET, keys, at) for at in range(len(keys))) and any(key.isdigit() for key in keys)

    def _dated(self, start: int, end: int) -> bool:
        return self.dates.overlaps(start, end) if self.dates else bool(_DATE_IN_LINE.search(self.text, start, end))

    def _date_around(self, start: int, end: int) -> bool:
        """A date stands in one of the two lines in front or behind; empty lines do not count."""
        for _ in range(2):
            while start > 0 and self.text[start - 1].isspace():
                start -= 1
            start = self.text.rfind("\n", 0, start) + 1 if start else 0
            while end < len(self.text) and self.text[end].isspace():
                end += 1
            stop = self.text.find("\n", end)
            end = stop if stop >= 0 else len(self.text)
        return end - start < 1200 and self._dated(start, end)

    def _field(self, item: Found) -> tuple[int, int] | None:
        """The place field the name stands in."""
        at = bisect_right(self.fields, (item.start, LONGEST_TEXT)) - 1
        return self.fields[at] if at >= 0 and item.end <= self.fields[at][1] else None

    def _postal_code(self, item: Found) -> bool:
        before = self.text[max(0, item.start - 16) : item.start]
        match = _BEFORE_POSTAL.search(before)
        if match:
            code, prefix = match["code"], match["prefix"]
            country = _DOMESTIC_PREFIXES.get(prefix or "", prefix or "")
            if len(code) == 3 and item.best.country not in _THREE_DIGITS:
                return False
            if re.fullmatch(r"(?:19|20)\d\d", code) and not prefix:
                lead = before[: match.start("code")].rstrip(" \u00a0")
                if lead and not lead.endswith((",", ";", "\n", "|", "(")):
                    return False
            self._prefer(item, country)
            return True
        match = _AFTER_POSTAL.match(self.text[item.end : item.end + 14])
        if match:
            self._prefer(item, match["prefix"] or "")
        return bool(match)

    def _prefer(self, item: Found, country: str) -> None:
        fitting = [place for place in item.candidates if place.country == country]
        if fitting:
            item.candidates = fitting

    def _dateline(self, item: Found) -> bool:
        """'Bruxelles, le 12 mars ...' at the start of a sentence, 'Wien (OTS) - ...' at the start of a line."""
        if not self._starts(item.start):
            return False
        after = self.text[item.end : item.end + 60]
        match = _AFTER_DATELINE.match(after)
        if not match:
            return False
        rest = after[match.end() :]
        dash = not match[0].startswith(",") and "," not in match[0]
        if dash:
            line_start = self.text.rfind("\n", 0, item.start) + 1
            if self.text[line_start : item.start].strip(' \t"“„«*'):
                return False
            return item.best.kind == "city" and (item.best.population >= KNOWN or self.text[item.start : item.end].isupper())
        return bool(re.match(r"(?:[^\W\d_]{1,10}\.? ){0,2}\d{1,2}(?:[./ ]|st|nd|rd|th|er|º|\. )", rest))

    def _body_behind(self, item: Found) -> bool:
        """'Panevėžio miesto savivaldybė', 'Helsingin kaupunki': an inflected town with a body's head in small letters behind it."""
        if not self.vocabulary.modifiers or item.best.kind != "city" or (self._locative(item) and not self._genitive_too(item)):
            return False
        for at in range(item.last, min(item.last + 2, len(self.words))):
            word = self.words[at]
            if self.text[self.words[at - 1].end : word.start] != " " or word.capital or word.key in self.vocabulary.before:
                return False
            if self.vocabulary.bits(word.key) & BODY:
                return True
        return False

    def _genitive_too(self, item: Found) -> bool:
        """A form that says "in" or "of": Finnish 'Espoon'."""
        rules, key = self.known.endings, self.words[item.last - 1].key
        bases = [key[: -len(ending)] + base for ending, stems in rules.other.items() if key.endswith(ending) for base in stems]
        return any(place.index == item.best.index for base in bases for place in lookup(base, language=self.language)[:2])

    def _head_behind(self, item: Found) -> bool:
        """'Gdynia City Hall', 'Bilbao Exhibition Centre': the head of a body or a venue follows, with a capital letter."""
        if item.last >= len(self.words) or self.text[item.end : self.words[item.last].start] not in (" ", "\u00a0"):
            return False
        words = [word for word in self.words[item.last : item.last + 3] if word.capital]
        keys = [word.key for word in words]
        if not words or words[0] is not self.words[item.last]:
            return False
        return any(self.vocabulary.at_word(bit, keys, 0) for bit in (HEAD, BODY, STREET))

    def _tied_to_a_name(self, item: Found) -> bool:
        """'Pact of Amsterdam', 'Treaty of Rome': a capitalised word and a genitive word in front, and no venue's head."""
        at = item.first - 1
        if at < 1 or item.best.kind != "city" or self.words[at].key not in self.known.endings.genitive:
            return False
        before = self.words[at - 1]
        if not before.capital or self._town_word(item.first) or self._keys_before(item.first, 2) is None:
            return False
        return not any(self._is_head(word) for word in self.words[max(0, at - 5) : at])

    def _is_head(self, word: Word) -> bool:
        return len(word.key) > 3 and bool(self.vocabulary.bits(word.key) & HEAD)


def _fits(pattern: str, key: str) -> bool:
    if "*" not in pattern:
        return pattern == key
    return key.startswith(pattern[:-1]) if pattern.endswith("*") else key.endswith(pattern[1:])
