"""Finding the places a document names: proposals (NER, cues, fields, pairs) weighed as evidence, resolved by the gazetteer.

The gazetteer alone never makes a word a place, save names of countries and of large cities that the sentence leaves no doubt about.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from itertools import pairwise

from extractors.lexicon import field_of, load
from extractors.places.gazetteer import EUROPE, Candidate, Endings, endings, fold_name, gazetteer, lookup, runner_up
from extractors.places.vocabulary import BODY, EVENT, HEAD, ONLINE, SCHOOL, STREET, Vocabulary, vocabulary, word_lists
from schemas import Block, BlockKind, Evidence, Place, PlaceMention

# What a mention needs in all, and what each piece of evidence is worth. docs/places.md explains the table.
ACCEPT = 3.0
NAME_COUNTRY, NAME_LARGE, NAME_KNOWN, NAME_SMALL = 3.0, 2.0, 1.0, 0.0
FIELD_WHOLE, FIELD_PART, PAIR, POSTAL_CODE, DATELINE, NER_EXACT = 3.0, 1.0, 3.0, 3.0, 3.0, 3.0
NER_INSIDE, PREPOSITION, LOCATIVE, LISTED, AFTER_DATE, TOWN_WORD, SAID_BEFORE = 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0
CAPITAL_LETTER = 1.0
COMMON_WORD, COMMON_WORD_SUPPORTED = -2.0, -1.0
PART_OF_NAME, PART_OF_NAME_NOUNS_CAPITALISED = -2.0, -1.0
ORGANISATION_LABEL, PERSON_LABEL, AFTER_HONORIFIC = -1.0, -2.0, -3.0
VENUE_HEAD = 1.0
FOREIGN_SMALL, INFLECTED, INFLECTED_FOREIGN, NOT_CAPITALISED = -0.5, -0.5, -1.0, -1.0
FIRST_WORD, LISTED_COMMON, TIED_TO_A_NAME = 1.0, 1.0, -1.0
LINE_BESIDE_DATE, LINE_BESIDE_VENUE, OWN_TOWN, HEAD_BEHIND, BODY_BEHIND = 2.0, 3.0, 1.0, -4.0, -3.0
ABBREVIATION_IN_CAPITALS, FIRST_WORD_IN_A_CASE = -5.0, -2.0

_LARGE, _KNOWN = 200_000, 15_000
_LONGEST = 6
_LONGEST_TEXT = 400_000
_LOCATION_LABELS = frozenset(["LOC", "GPE", "FAC", "LC"])
_PERSON_LABELS = frozenset(["PER", "PERSON"])
_ORGANISATION_LABELS = frozenset(["ORG", "NORP", "PRODUCT"])
_PLACE_FIELDS = frozenset(["place", "venue", "country"])

_WORD = re.compile(r"\d+|[^\W\d_]+(?:[\u0300-\u036f·][^\W\d_]*)*")
_GAP = re.compile(r"[ \u00a0]|[-‑'’]|\. ?|/")
_MASK = re.compile(r"\S{1,80}@\S{1,80}|https?://\S{1,300}|www\.\S{1,200}|#\w{1,60}|\b[\w-]{2,40}\.[a-z]{2,6}(?:/\S{0,200})?(?=[\s,;)]|$)")
_FIELD_LINE = re.compile(r"(?:^[ \t>*•–-]{0,6}|(?<=[.!?;] ))([^\n:.!?;]{2,40}?)[ \t]?:[ \t]+(\S[^\n]{0,300})$", re.MULTILINE)
_NEW_SENTENCE = re.compile(r"[^\W\d_]{3,}\.[ \u00a0]+[^\W\d_]+ (?=[^\W\d_])(?P<second>[^\W\d_]+)")
_SENTENCE_END = re.compile(r"(?:^|[.!?…:;]['\"”’»)]*\s|\n)[\s\"“„«'(>*•·–—-]*$")
_BEFORE_POSTAL = re.compile(
    r"(?:^|[\s,;(/|–-])(?:(?P<prefix>[A-Z]{1,3})[-–‐ ]{1,2})?"
    r"(?P<code>\d{5}|\d{4} ?[A-Z]{2}|\d{3} ?\d{2}|\d{2}-\d{3}|\d{4}(?:-\d{3})?|\d{3})[ \u00a0]{1,2}$"
)
_AFTER_POSTAL = re.compile(
    r"^,?[ \u00a0]{1,2}(?:(?P<prefix>[A-Z]{2})[-–]\d{4,5}\b|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|[A-Z]\d{2} ?[A-Z\d]{4}\b)"
)
_AFTER_DATELINE = re.compile(r"^[ \u00a0]?(?:\([^()\n]{2,40}\))?(?:,[ \u00a0]|[ \u00a0][–—-]{1,2}[ \u00a0])")
_COUNTRY_CODE = re.compile(r"^[ \u00a0]?\(([A-Z]{2,3})\)|^, ?([A-Z]{2})(?=[\s.;)]|$)")
_PAIR_GAP = re.compile(r"[ \u00a0]?[,(/|–—-]{1,2}[ \u00a0]?|[ \u00a0]?,?\n[ \t]{0,4}")
_LIST_GAP = re.compile(r"[ \u00a0]?[,;/|–—•·-][ \u00a0]?|,?\n[ \t]*[•*·–-][ \t]*")
_DATE_BEFORE = re.compile(r"(?:\d{4}|\d{1,2}[.:]\d{2}|\d{1,2}\.)[ \u00a0]?(?:[^\W\d_]{1,4}\.?)?[ \u00a0]?[,|–—•·/(-][ \u00a0]?$")
_AFTER_TOWN = re.compile(r"|\d{1,2}|[\d -]{4,7}|[A-ZÆØÅ]{1,3}(?:\d[\dA-Z ]{0,6})?|cedex(?: \d+)?", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;|\n()•·]|[ \u00a0][–—/-][ \u00a0]")
_BARRED_LINE = re.compile(r"^[^\n|]{1,200}(?:\|[^\n|]{0,200}){1,12}$", re.MULTILINE)
_BARRED_CELL = re.compile(r"[^|\n]+")
_BEFORE_DATE = re.compile(r"[ ,:–-]{1,3}(?:[^\W\d_]{1,4}\.? ){0,2}")
_PLAIN_DATE = re.compile(r"(?<![\d.])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:(?:20)?\d\d)?(?![\d.])")
_CLITIC = re.compile(r"['’]([^\W\d_]{1,5})$")
_SENTENCE_INSIDE = re.compile(r"(?<=[^\W\d_]{4})\.[ \u00a0]+(?=[^\W\d_])|\n")
_LINE_SEPARATORS = re.compile(r"[,;|\n\t()•·]|[ \u00a0][–—-][ \u00a0]|(?<=[^\W\d_]{3})[.:][ \u00a0]|(?<=[»”\"])\.[ \u00a0]")
_DATE_IN_LINE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}\.|\b\d{1,2}[:.]\d{2}\b")
_DOMESTIC_PREFIXES = {
    "A": "AT", "B": "BE", "D": "DE", "F": "FR", "I": "IT", "L": "LU", "E": "ES", "P": "PT", "S": "SE", "N": "NO", "H": "HU", "FIN": "FI",
    "SLO": "SI", "EL": "GR", "UK": "GB", "DK": "DK", "NL": "NL",
}  # fmt: skip
_THREE_DIGITS = frozenset(("IS", "FO"))


@dataclass(slots=True)
class Word:
    """A word or number of the text with its folded form."""

    text: str
    start: int
    end: int
    key: str
    capital: bool
    masked: bool = False


class Spans:
    """Character ranges of a text, asked which of them meet another range. They may overlap one another."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted({(start, end) for start, end in spans if start < end})
        self._starts = [start for start, _ in self._spans]
        self._longest = max((end - start for start, end in self._spans), default=0)
        self._all = frozenset(self._spans)

    def __bool__(self) -> bool:
        return bool(self._spans)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._spans)

    def over(self, start: int, end: int) -> list[tuple[int, int]]:
        """Those that share a character with ``[start, end)``."""
        low = bisect_left(self._starts, start - self._longest)
        high = bisect_left(self._starts, end)
        return [span for span in self._spans[low:high] if span[1] > start]

    def overlaps(self, start: int, end: int) -> bool:
        """True when one of them shares a character with ``[start, end)``."""
        return bool(self._spans) and bool(self.over(start, end))

    def holds(self, start: int, end: int) -> bool:
        """True when one of them is exactly ``[start, end)``."""
        return (start, end) in self._all


def one_sentence(text: str, spans: Iterable[tuple[int, int]], clitics: frozenset[str] = frozenset()) -> Iterator[tuple[int, int]]:
    """`spans` cut where a sentence ends in them: no name goes on behind one. `clitics` behind an apostrophe go too."""
    for start, end in spans:
        match = _SENTENCE_INSIDE.search(text, start, end)
        end = match.start() if match else end
        while end > start and text[end - 1] in " .,;:":
            end -= 1
        if clitics and (tail := _CLITIC.search(text, start, end)) and tail.end() == end and fold_name(tail[1]) in clitics:
            end = tail.start()
        yield start, end


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


def with_plain_dates(text: str, dates: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """`dates` and the days written as figures that stand outside of them ("20.4."): parts of a line beside which places stand."""
    known = Spans(dates)
    plain = (match.span() for match in _PLAIN_DATE.finditer(text))
    return [*known, *(span for span in plain if not known.overlaps(*span))]


def words_of(text: str, dates: Iterable[tuple[int, int]] = ()) -> list[Word]:
    """The words and numbers of `text`; those inside addresses of the net and inside `dates` are masked."""
    masks = sorted([*(match.span() for match in _MASK.finditer(text)), *dates])
    words: list[Word] = []
    at = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        while at < len(masks) and masks[at][1] <= start:
            at += 1
        piece = match[0]
        capital = piece[0].isupper() or (len(piece) > 2 and (piece[1].isupper() or piece[2].isupper()) and piece[0].islower())
        words.append(Word(piece, start, end, fold_name(piece), capital, at < len(masks) and masks[at][0] <= start))
    return words


@lru_cache(maxsize=1)
def _word_lists() -> dict[str, frozenset[str]]:
    return {language: frozenset(fold_name(word) for word in words.split()) for language, words in word_lists()["common"].items()}


@dataclass(frozen=True)
class LanguageWords:
    """What one language's lexicon says around places, folded."""

    before: tuple[tuple[str, ...], ...]
    common: frozenset[str]
    common_beginnings: tuple[str, ...]
    conjunctions: frozenset[str]
    function_words: frozenset[str]
    honorifics: frozenset[str]
    calendar: frozenset[str]
    endings: Endings


@lru_cache(maxsize=64)
def language_words(language: str) -> LanguageWords:
    """The lexicon's and the ending table's words for places of a language, folded once."""
    lexicon = load(language)
    before = {tuple(fold_name(part) for part in pattern.replace("'", " ").split()) for pattern in lexicon.places.before_place}
    common = {fold_name(word) for word in lexicon.places.not_places if "*" not in word}
    calendar = {fold_name(word) for words in (*lexicon.dates.months, *lexicon.dates.weekdays) for word in words} | _calendar_words(language)
    common |= calendar | _vocabulary(language)
    common |= _word_lists().get("all", frozenset()) | _word_lists().get(language, frozenset())
    return LanguageWords(
        before=tuple(sorted((words for words in before if words and all(words)), key=lambda words: (-len(words), words))),
        common=frozenset(common),
        common_beginnings=tuple(sorted(fold_name(word[:-1]) for word in lexicon.places.not_places if word.endswith("*") and len(word) > 4)),
        conjunctions=frozenset(fold_name(word) for word in (*lexicon.dates.and_, *lexicon.dates.or_) if word.isalpha()),
        function_words=_function_words().get(language, frozenset()),
        honorifics=frozenset(fold_name(word) for word in lexicon.people.honorifics),
        calendar=frozenset(calendar),
        endings=endings(language),
    )


@lru_cache(maxsize=1)
def _function_words() -> dict[str, frozenset[str]]:
    path = resources.files("extractors") / "data" / "function_words.toml"
    raw = tomllib.loads(path.read_text("utf-8"))
    return {language: frozenset(fold_name(word) for word in str(entry.get("words", "")).split()) for language, entry in raw.items()}


def _vocabulary(language: str) -> frozenset[str]:
    """Every single word the lexicon lists, and the language's function words: none of them is a place without support."""
    lexicon = load(language)
    words = set(_function_words().get(language, frozenset()))
    for section in (
        lexicon.cues,
        lexicon.events,
        lexicon.labels,
        lexicon.roles,
        lexicon.programmes,
        lexicon.relative,
        lexicon.organisations,
    ):
        for _key, patterns in section:
            words.update(fold_name(pattern) for pattern in patterns if pattern.isalpha())
    words.update(fold_name(pattern) for pattern in (*lexicon.places.venue_heads, *lexicon.places.street_heads) if pattern.isalpha())
    return frozenset(words)


@lru_cache(maxsize=64)
def _calendar_words(language: str) -> frozenset[str]:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return frozenset()
    names = [name for part in (locale.months, locale.days) for width in ("wide", "abbreviated") for name in part["format"][width].values()]
    names += [name for part in (locale.months, locale.days) for name in part["stand-alone"]["wide"].values()]
    return frozenset(fold_name(name) for name in names)


class PlaceFinder:
    """One document's search. `text` is read up to 400,000 characters."""

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
        self.text = text[:_LONGEST_TEXT]
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

    def run(self) -> list[Found]:
        """All mentions accepted, in order, their meaning decided."""
        found = [item for item in self._propose() if not self._inside_a_name(item)]
        countries = self._countries(found)
        for item in found:
            self._resolve(item, countries)
        found = [item for item in found if item.candidates]
        self._pairs(found)
        for item in found:
            self._weigh(item)
        self._lists(found)
        self._repeats(found)
        # A region's name that is an organisation's as well is a place only among places.
        return [item for item in found if item.score >= ACCEPT and not item.vetoed and not (item.body and "listed" not in item.rules)]

    def _propose(self) -> Iterator[Found]:
        index = 0
        words = self.words
        while index < len(words):
            word = words[index]
            if word.masked or word.key.isdigit() or not word.key:
                index += 1
                continue
            item = self._abbreviation(index) or self._longest(index)
            if item is None:
                index += 1
            else:
                yield item
                index = item.last

    def _abbreviation(self, index: int) -> Found | None:
        word = self.words[index]
        if not word.text.isupper() or len(word.text) > 4:
            return None
        last, form = index + 1, word.text
        while (
            len(word.text) == 1
            and last < min(len(self.words), index + 3)
            and self.text[self.words[last - 1].end : self.words[last].start] == "."
        ):
            form += "." + self.words[last].text
            last += 1
        table = gazetteer()
        for language in (self.language, "*"):
            for place in table.find(f"={form}", language)[1]:
                end = self.words[last - 1].end
                end += last > index + 1 and self.text[end : end + 1] == "."
                return Found(index, last, word.start, end, [table.place(place)], abbreviation=True)
        return None

    def _longest(self, index: int) -> Found | None:
        first = self.words[index]
        particle = not first.capital and len(first.key) <= 3
        if not first.capital and not particle:
            return None
        keys = [first.key]
        stop, long_lower = index + 1, 0
        while stop < len(self.words) and stop - index < _LONGEST:
            word = self.words[stop]
            gap = self.text[self.words[stop - 1].end : word.start]
            if word.masked or not _GAP.fullmatch(gap) or (gap.startswith(".") and (len(self.words[stop - 1].text) > 3 or gap == ".")):
                break
            long_lower += len(word.key) > 4 and not word.capital
            if long_lower > 1:
                break
            keys.append(word.key)
            stop += 1
        if particle and (len(keys) < 2 or not self.words[index + 1].capital):
            return None
        for size in range(len(keys), 0, -1):
            last = self.words[index + size - 1]
            if size == 1 and particle:
                break
            if size > 1 and last.key.isdigit():
                continue
            lower_tail = size > 1 and not last.capital
            if lower_tail and (size > 3 or len(last.key) < 4):
                continue
            name = " ".join(keys[:size])
            if size == 1 and len(name) < 2:
                break
            candidates = lookup(name, language=self.language)
            if lower_tail:
                candidates = [place for place in candidates if place.exact and (place.kind != "city" or place.population >= _KNOWN)]
            elif size > 1 and candidates and not candidates[0].exact and not candidates[0].own_language:
                candidates = [place for place in candidates if place.kind != "city" or place.population >= _KNOWN]
            if candidates:
                return Found(index, index + size, first.start, last.end, candidates)
        return None

    def _inside_a_name(self, item: Found) -> bool:
        for start, end in (*self.organisations.over(item.start, item.end), *self.named_bodies.over(item.start, item.end)):
            if start <= item.start and item.end <= end and (start, end) != (item.start, item.end):
                if not self._is_whole_field(item) and not self._beside_the_name(item, start, end):
                    return True
        # No person's name ends in a form that says "in": there the model went one word too far.
        # Nor does it hold a country's full name.
        best = item.best
        country = best.kind == "country" and best.exact and item.end - item.start > 5 and not self._common(item)
        if country and not self.certain.overlaps(item.start, item.end):
            return False
        locative = item.last > item.first and self._locative(item)
        return any(
            start <= item.start
            and item.end <= end
            and end - start > item.end - item.start
            and not (locative and (item.end == end or item.start == start))
            for start, end in self.people.over(item.start, item.end)
        )

    def _beside_the_name(self, item: Found, start: int, end: int) -> bool:
        """The span says more than a body's name, and the place stands outside of that: 'hovedkontor i Horsens'.

        A place with "in" in front of it, or in a form that says so, is outside when the span begins in small letters, with
        a place, or with a venue's head; or when the model calls it a place by itself.
        """
        if item.start == start:
            following = self.words[item.last] if item.last < len(self.words) else None
            if item.best.locative and item.last == item.first + 1:
                return True
            return following is not None and following.key in self.vocabulary.at and not following.capital and item.best.kind != "city"
        gap = self.text[self.words[item.first - 1].end : item.start] if item.first else ""
        if gap == ", " and item.end == end and item.best.kind == "city":
            return True
        # A town listed behind such a one goes with it: 'bolag i Norrbotten och Västerbotten'.
        first = item.first
        while first > 1 and self.words[first - 1].start >= start and self.words[first - 1].key in self.known.conjunctions:
            first -= 2
        before = self.words[first - 1] if first else None
        says_in = before is not None and before.start >= start and not before.capital and before.key in self.vocabulary.before
        locative = self._locative(item)
        says_in = says_in or (locative and item.end == end)
        if not says_in or (end > item.end and first == item.first and not self._conjunction_behind(item)):
            return False
        at = bisect_left(self.words, start, key=lambda word: word.start)
        bits = self.vocabulary.bits(self.words[at].key)
        heads = [self.vocabulary.bits(word.key) for word in self.words[at : item.first]]
        venue = any(bit & HEAD for bit in heads) and not any(bit & BODY for bit in heads)
        place = bool(lookup(self.words[at].text, language=self.language)) and not bits & BODY and self.words[at].key in self.vocabulary.at
        alone = self.locations.holds(item.start, item.end)
        return not self.words[at].capital or venue or place or alone or locative

    def _conjunction_behind(self, item: Found) -> bool:
        return item.last < len(self.words) and self.words[item.last].key in self.known.conjunctions

    def _countries(self, found: list[Found]) -> tuple[str, ...]:
        """Countries that speak for an ambiguous name: the source's, then those the document names, most frequent first."""
        named = Counter(item.best.country for item in found if item.best.kind == "country" and item.best.exact and item.best.country)
        ordered = [country for country, _ in sorted(named.items(), key=lambda entry: (-entry[1], entry[0]))]
        return tuple(dict.fromkeys([*([self.hint] if self.hint else []), *ordered[:5]]))

    def _resolve(self, item: Found, countries: tuple[str, ...]) -> None:
        if item.abbreviation:
            return
        name = " ".join(word.key for word in self.words[item.first : item.last])
        allowed = {place.index for place in item.candidates}
        item.candidates = [place for place in lookup(name, language=self.language, countries=countries) if place.index in allowed]
        if self._town_word(item.first) and any(place.kind == "city" for place in item.candidates):
            item.candidates.sort(key=lambda place: place.kind != "city")

    def _pairs(self, found: list[Found]) -> None:
        """'City, Country', 'Country (City)', 'City, Region', 'City (DE)': each decides the other."""
        for left, right in pairwise(found):
            gap = self.text[left.end : right.start]
            if not (_PAIR_GAP.fullmatch(gap) or gap == " "):
                continue
            for town, land in ((left, right), (right, left)):
                if land.best.kind == "city" or (gap == " " and (land is left or land.best.kind != "country")):
                    continue
                fitting = [place for place in town.candidates if place.kind == "city" and place.country == land.best.country]
                if land.best.kind == "region" and ("\n" in gap or self._common(town) or self._goes_on(town)):
                    continue
                if land.best.kind == "region" and not land.best.notable:
                    fitting = [place for place in fitting if place.region == land.best.name]
                if fitting and (town.best.kind == "city" or town.best.name == land.best.name):
                    town.candidates = fitting + [place for place in town.candidates if place not in fitting]
                    town.country = land.best.country
                    for item in (town, land):
                        item.score += PAIR
                        item.supported = True
                        item.rules.append("pair")
                    break
        for left, right in pairwise(found):
            # 'Lingen (Ems)': brackets right behind a town hold a river or a landmark, no second town.
            between = self.text[left.end : right.start], self.text[right.end : right.end + 1]
            if between == (" (", ")") and left.best.kind == right.best.kind == "city" and left.best.index != right.best.index:
                right.vetoed = True
        for item in found:
            match = _COUNTRY_CODE.match(self.text[item.end : item.end + 8])
            code = (match[1] or match[2]) if match else None
            if code:
                country = {"UK": "GB", "EL": "GR", **_ALPHA3}.get(code, code)
                fitting = [place for place in item.candidates if place.kind != "country" and place.country == country]
                if fitting:
                    item.candidates = fitting
                    item.country = country
                    item.score += PAIR
                    item.supported = True
                    item.rules.append("country_code")

    def _weigh(self, item: Found) -> None:
        best = item.best
        first, last = self.words[item.first], self.words[item.last - 1]
        if not item.abbreviation and not any(word.capital for word in self.words[item.first : item.last]):
            item.vetoed = True
            return
        starts, upper, title = self._starts_sentence(item), self._upper_line(item), self._title_line(item)
        name = self._name_weight(item)
        item.score += name
        nouns = self.known.endings.nouns_capitalised
        common = self._common(item)
        says_something = first.capital and not starts and not title and not upper and (not nouns or name >= NAME_LARGE)
        if says_something and not item.abbreviation:
            item.score += CAPITAL_LETTER
        elif starts and not upper and not title and name == NAME_LARGE and self._alone_and_sure(item, common):
            item.score += FIRST_WORD
        elif starts and not upper and not title and name == NAME_KNOWN and not common and self._own_town(item) and self._small_behind(item):
            item.score += FIRST_WORD + CAPITAL_LETTER
        if item.abbreviation and upper:
            item.score += ABBREVIATION_IN_CAPITALS
        if not common and name == NAME_KNOWN and says_something and self._own_town(item):
            item.score += OWN_TOWN
        self._cues(item)
        if starts and not best.exact and not best.own_language and best.country not in self._home() and item.rules == ["locative"]:
            item.score += FIRST_WORD_IN_A_CASE
        elif starts and best.kind == "country" and not best.exact and not item.rules and self._small_behind(item):
            # 'Polskie firmy', 'Njemačke tvrtke': an adjective at the start of a sentence looks like a form of the country's name.
            item.score += FIRST_WORD_IN_A_CASE
        if self._street_in_front(item) and not {"field", "pair", "postal_code"} & set(item.rules):
            item.vetoed = True
        if self._numbered_room(item) or self._joined_in_front(item) or self._acronym(item, upper) or self._body(item) or self._in_a_school(item):
            item.vetoed = True
        if common and not item.supported:
            led = item.first > 0 and not self.words[item.first - 1].capital
            said = "preposition" in item.rules or "locative" in item.rules
            held = says_something and led and said and best.population >= _KNOWN
            held = held or ("line" in item.rules and best.population >= 50_000)
            item.score += COMMON_WORD_SUPPORTED if held else COMMON_WORD
            item.rules.append("common")
        if not best.exact and best.kind == "city":
            item.score += INFLECTED * (not (best.capital or best.population >= _LARGE or best.locative or best.country in self._home()))
            if best.country not in self._home() and not best.own_language and not item.supported:
                item.score += INFLECTED_FOREIGN
        if name == NAME_SMALL and best.kind == "city" and not item.supported and best.country not in self._home():
            item.score += FOREIGN_SMALL
        if not last.capital and not item.abbreviation:
            item.score += NOT_CAPITALISED * (not best.exact)
        self._neighbours(item)
        self._labels(item)

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
        return not (said and item.best.population >= 3 * _KNOWN)

    def _body(self, item: Found) -> bool:
        """'the City of Tampere was praised', 'bij de Provincie Gelderland': a town word with a capital letter makes a body's name."""
        size = self._town_before(item.first)
        if not size or self.known.endings.nouns_capitalised or {"field", "postal_code", "dateline"} & set(item.rules):
            return False
        first = item.first - size
        if not self.words[first].capital or (self._starts(self.words[first].start) and not self._may_head_a_body(first)):
            return False
        return not self._says_in(first)

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

    def _name_weight(self, item: Found) -> float:
        best = item.best
        if best.kind == "country":
            return NAME_COUNTRY if best.country in EUROPE or item.abbreviation else NAME_LARGE
        if best.kind == "region":
            return NAME_LARGE if best.notable else NAME_KNOWN
        if best.district:
            return NAME_KNOWN if best.exact and best.population >= 50_000 and best.country in self._home() else NAME_SMALL
        if best.capital and best.country in EUROPE:
            return NAME_LARGE
        if best.population >= _LARGE and (best.country in EUROPE or best.population >= 5 * _LARGE) and item.end - item.start >= 4:
            return NAME_LARGE
        return NAME_KNOWN if best.population >= _KNOWN else NAME_SMALL

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
        large = best.capital or best.population >= _LARGE or best.kind == "country"
        if len(key) <= 3 and not (best.own_language or (best.exact and best.country in self._home() and best.population >= 50_000)):
            return True
        if words[0].text.isupper() and len(key) <= 4 and not large:
            return True
        return bool(self.lower.get(key)) and words[0].capital

    def _cues(self, item: Found) -> None:
        def support(points: float, rule: str, strong: bool = True) -> None:
            item.score += points
            item.supported = item.supported or strong
            item.rules.append(rule)

        whole = self._is_whole_field(item)
        if whole:
            support(FIELD_WHOLE, "field")
        elif self._field(item):
            support(FIELD_PART, "field", strong=False)
        if self._postal_code(item):
            support(POSTAL_CODE, "postal_code")
        if self._dateline(item):
            support(DATELINE, "dateline")
        elif _DATE_BEFORE.search(self.text[max(0, item.start - 24) : item.start]):
            support(AFTER_DATE, "after_date", strong=False)
        elif not whole and (points := self._part_of_line(item)):
            support(points, "line", strong=points > LINE_BESIDE_DATE)
        elif not whole and self._date_behind(item):
            support(LINE_BESIDE_DATE, "line", strong=False)
        overlap = self.locations.over(item.start, item.end)
        if any(
            abs(start - item.start) <= 4 and abs(end - item.end) <= 2 and end - start <= item.end - item.start + 4 for start, end in overlap
        ):
            support(NER_EXACT, "ner")
        elif overlap:
            support(NER_INSIDE, "ner", strong=False)
        if self._town_word(item.first) and item.best.kind != "country":
            support(TOWN_WORD, "town_word", strong=False)
        elif self._after_preposition(item):
            support(PREPOSITION, "preposition", strong=False)
        elif self._locative(item):
            support(LOCATIVE, "locative", strong=False)

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
        for match in _LINE_SEPARATORS.finditer(self.text, line_start, item.start):
            left, front = match.end(), match[0]
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
        if not front and not back and item.last == item.first + 1 and best.kind == "city" and best.population < _KNOWN:
            return 0.0
        if self._dated(line_start, line_end) and (front or back):
            return LINE_BESIDE_DATE
        return LINE_BESIDE_DATE if not front and not back and self._date_around(line_start, line_end) else 0.0

    def _date_behind(self, item: Found) -> bool:
        """'Potenza il 22 aprile', 'Ancona (Mole Vanvitelliana, 15 aprile)': a date right behind, or in brackets behind."""
        best = item.best
        if best.kind != "city" or not best.exact or (best.population < _KNOWN and best.country not in self._home()):
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
        at = bisect_right(self.fields, (item.start, _LONGEST_TEXT)) - 1
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
            return item.best.kind == "city" and (item.best.population >= _KNOWN or self.text[item.start : item.end].isupper())
        return bool(re.match(r"(?:[^\W\d_]{1,10}\.? ){0,2}\d{1,2}(?:[./ ]|st|nd|rd|th|er|º|\. )", rest))

    def _neighbours(self, item: Found) -> None:
        """A capitalised word right beside the name makes it part of another name: 'Innovation Norway', 'Paris Agreement'."""
        if self._body_behind(item):
            item.score += BODY_BEHIND
        if self._head_behind(item) and not {"field", "pair", "postal_code", "dateline", "preposition", "locative"} & set(item.rules):
            item.part_of_name = True
            item.score += HEAD_BEHIND
        if item.supported:
            return
        penalty = PART_OF_NAME_NOUNS_CAPITALISED if self.known.endings.nouns_capitalised else PART_OF_NAME
        if self._tied_to_a_name(item):
            item.part_of_name = True
            item.score += TIED_TO_A_NAME - PREPOSITION * ("preposition" in item.rules)
        if item.last < len(self.words):
            gap, after = self.text[item.end : self.words[item.last].start], self.words[item.last]
            joined = gap in (" ", "\u00a0", "-", "‑", "&", " & ") and after.capital and len(after.text) > 2 and not after.masked
            if joined and not (gap in ("-", "‑") and "preposition" in item.rules and item.best.population >= _LARGE):
                item.part_of_name = True
                item.score += penalty
        if item.first > 0:
            gap, before = self.text[self.words[item.first - 1].end : item.start], self.words[item.first - 1]
            if gap in (" ", "\u00a0", "-", "‑", "&", " & ") and not before.masked:
                if before.key in self.known.honorifics:
                    item.score += AFTER_HONORIFIC
                elif self._is_head(before) and (item.best.kind != "city" or item.best.population >= _KNOWN):
                    item.score += VENUE_HEAD
                    item.rules.append("venue_head")
                elif before.capital and not self._town_word(item.first) and "preposition" not in item.rules and len(before.text) > 1:
                    first = self._starts(before.start) and gap != "-"
                    # The first word of a sentence has its capital anyway: what the document also writes small is no name.
                    plain = before.key in self.known.function_words or bool(self.lower.get(before.key))
                    item.score += 0 if first and plain else penalty / 2 if first else penalty
            elif gap == ". ":
                initial = len(before.text) == 1 and before.capital and "preposition" not in item.rules
                if initial or before.key in self.known.honorifics:
                    item.score += AFTER_HONORIFIC


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

    def _labels(self, item: Found) -> None:
        if self.organisations.holds(item.start, item.end):
            item.body = item.best.kind == "region" and self._names_a_body(item)
            item.score += ORGANISATION_LABEL
        elif self.named_bodies.holds(item.start, item.end):
            item.score += ORGANISATION_LABEL
        if self.people.overlaps(item.start, item.end):
            # The model takes a lone town for a person now and then; nobody is in a person.
            alone = self.people.holds(item.start, item.end) and item.last == item.first + 1
            in_case = "locative" in item.rules and not self.certain.overlaps(item.start, item.end)
            said_in = (in_case or (alone and {"preposition", "line"} & set(item.rules))) and item.best.population >= _KNOWN
            country = item.best.kind == "country" and item.best.exact and not self.certain.overlaps(item.start, item.end)
            item.score += 0 if said_in or country or (alone and self._own_town(item)) else PERSON_LABEL

    def _lists(self, found: list[Found]) -> None:
        """'Bilbao, Essen and Tours': a name listed beside an accepted place is one too. Runs forth and back once each."""
        for order in (list(pairwise(found)), list(pairwise(found))[::-1]):
            for left, right in order:
                gap = self.text[left.end : right.start]
                words = [word.key for word in self.words[left.last : right.first]]
                joined = 1 <= len(words) <= 2 and words[0] in self.known.conjunctions and all(len(word) <= 4 for word in words[1:])
                lines = gap.strip(" \t,") == "\n" and self._line(left).strip(" ,") == self.text[left.start : left.end]
                listed = _LIST_GAP.fullmatch(gap) or joined or lines or gap in (" & ", " / ")
                if not listed:
                    continue
                for known, other in ((left, right), (right, left)):
                    sure = known.score >= ACCEPT and not known.vetoed and not known.body
                    if sure and "listed" not in other.rules and (known.best.kind != "country" or other.best.kind == "region"):
                        other.score += LISTED + (LISTED_COMMON if "common" in other.rules and other.best.population >= _KNOWN else 0)
                        other.rules.append("listed")

    def _repeats(self, found: list[Found]) -> None:
        """What was surely a place once is one again where it stands alone with a capital letter."""
        sure = {place.index for item in found if item.score >= ACCEPT + 1 and not item.vetoed for place in item.candidates[:1]}
        for item in found:
            if item.score < ACCEPT and item.best.index in sure and not item.part_of_name and not self._common(item):
                item.score += SAID_BEFORE
                item.rules.append("said_before")


def _fits(pattern: str, key: str) -> bool:
    if "*" not in pattern:
        return pattern == key
    return key.startswith(pattern[:-1]) if pattern.endswith("*") else key.endswith(pattern[1:])


_ALPHA3 = {
    "AUT": "AT", "BEL": "BE", "BGR": "BG", "CYP": "CY", "CZE": "CZ", "DEU": "DE", "GER": "DE", "DNK": "DK", "EST": "EE", "ESP": "ES",
    "FIN": "FI", "FRA": "FR", "GBR": "GB", "GRC": "GR", "HRV": "HR", "HUN": "HU", "IRL": "IE", "ISL": "IS", "ITA": "IT", "LTU": "LT",
    "LUX": "LU", "LVA": "LV", "MLT": "MT", "NLD": "NL", "NOR": "NO", "POL": "PL", "PRT": "PT", "ROU": "RO", "SRB": "RS", "SVK": "SK",
    "SVN": "SI", "SWE": "SE", "CHE": "CH", "TUR": "TR", "UKR": "UA", "USA": "US",
}  # fmt: skip


def field_values(text: str, language: str, blocks: Sequence[Block] = ()) -> Iterator[tuple[int, int]]:
    """Character ranges of values of fields labelled as place, venue, address, city or country.

    They come from the blocks of kind field, from rows of two table cells, from table columns under such a heading,
    and from 'Label: value' lines elsewhere.
    """
    given: set[tuple[int, int]] = set()
    columns: list[str | None] = []
    for block in blocks:
        label, value = block.label, block.value
        if block.kind != BlockKind.TABLE_ROW:
            columns = []
        elif len(block.cells) > 1:
            keys = [field_of(text[cell.start : cell.end], language) for cell in block.cells]
            if sum(key is not None for key in keys) > 1:
                columns = keys
            elif len(columns) == len(block.cells):
                given.update((cell.start, cell.end) for cell, key in zip(block.cells, columns, strict=True) if key in _PLACE_FIELDS)
            elif len(block.cells) == 2:
                label, value = block.cells
        if label is not None and value is not None and field_of(text[label.start : label.end], language) in _PLACE_FIELDS:
            given.add((value.start, _one_sentence_value(text, value.start, value.end)))
    given.update(_columns_of_lines(text, language))
    seen = sorted(given)
    for match in _FIELD_LINE.finditer(text):
        start, end = match.span(2)
        end = _one_sentence_value(text, start, end)
        at = bisect_right(seen, (start, end))
        free = (at == 0 or seen[at - 1][1] <= start) and (at == len(seen) or end <= seen[at][0])
        if free and field_of(match[1], language) in _PLACE_FIELDS:
            given.add((start, end))
    yield from sorted(given)


def _columns_of_lines(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The place columns of tables drawn with bars: 'Date | Town | Venue' above '14 April | Ioannina | ...'."""
    columns: list[str | None] = []
    for line in _BARRED_LINE.finditer(text):
        cells = [(cell.start(), cell.end()) for cell in _BARRED_CELL.finditer(text, line.start(), line.end())]
        keys = [field_of(text[start:end].strip(), language) for start, end in cells]
        if sum(key is not None for key in keys) > 1:
            columns, last = keys, line.end()
        elif columns and len(cells) == len(columns) and not text[last : line.start()].strip(" \n"):
            last = line.end()
            for (start, end), key in zip(cells, columns, strict=True):
                if key in _PLACE_FIELDS and text[start:end].strip():
                    inside = text[start:end]
                    yield start + len(inside) - len(inside.lstrip()), end - (len(inside) - len(inside.rstrip()))
        else:
            columns = []


def _one_sentence_value(text: str, start: int, end: int) -> int:
    """The end of a field's value: where prose follows it on the same line, the value ends with its sentence."""
    for sentence in _NEW_SENTENCE.finditer(text, start, end):
        if sentence["second"].islower():
            return text.index(".", sentence.start())
    for sentence in _SENTENCE_INSIDE.finditer(text, start, end):
        if sentence[0] != "\n" and len(text[sentence.end() : end].split()) >= 3 and text[sentence.end()].isupper():
            return sentence.start()
    return end


def mention_of(item: Found, text: str) -> PlaceMention:
    """The contract's form of an accepted mention."""
    others = [place for place in item.candidates if item.country in (None, place.country)]
    return mention(item.best, text, item.start, item.end, _rule(item), others=others)


def mention(
    best: Candidate, text: str, start: int, end: int, rule: str, *, others: Sequence[Candidate] = (), quote: str | None = None
) -> PlaceMention:
    """The contract's form of a place named in ``text[start:end]``."""
    evidence = Evidence(quote=text[start:end] if quote is None else quote, start=start, end=end, rule=rule)
    return PlaceMention(
        kind=best.kind,
        name=best.name,
        place=Place(
            city=best.name if best.kind == "city" else None,
            region=best.name if best.kind == "region" else best.region,
            country=best.country,
            latitude=best.latitude,
            longitude=best.longitude,
            geonames_id=best.geonames_id,
            nuts=best.nuts,
            ambiguous_with=runner_up(others),
            evidence=[evidence],
        ),
        evidence=evidence,
    )


def _rule(item: Found) -> str:
    support = [rule for rule in dict.fromkeys(item.rules) if rule != "common"]
    return "place:" + "+".join(support or ["name"])


def find_places(
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
    """Every city, region and country that `text` names as a place, in order, one mention per occurrence.

    `language` is BCP 47. `spans` are NER proposals (start, end, label). `country_hint` is the source's country (ISO 3166-1 alpha-2).
    Names inside the character ranges of `organisations` and `persons` are not places, and no name in `dates` is one.
    `blocks` give the fields of the page.
    """
    finder = PlaceFinder(
        text,
        language=language,
        spans=spans,
        country_hint=country_hint,
        organisations=organisations,
        persons=persons,
        blocks=blocks,
        dates=dates,
    )
    return [mention_of(item, text) for item in finder.run()]
