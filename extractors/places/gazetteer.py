"""The gazetteer: names of cities, regions and countries in many languages, opened once and looked up by folded name.

It resolves a name that something else proposes; it never says whether a word of a text is a place.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
import unicodedata
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from itertools import accumulate

MAGIC = b"procnews places 1\n"
KINDS = ("city", "region", "country")
CAPITAL, DISTRICT, NOTABLE = 1, 2, 4
"""Flags: capital of its country; part of a larger city near by; a region listed by hand as widely known."""

_SPECIAL = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t", "ĸ": "k", "·": "", "ŀ": "l",
     "ʻ": "", "ʼ": "'", "ъ": "ъ"}
)  # fmt: skip
_MARKS = re.compile("[\u0300-\u036f]+")
_BREAKS = re.compile(r"[\W_]+")
_TAG = "\x1f"
_LONGEST_NAME = 80

_EUROPE_WEIGHT = 1.5
_HINT_WEIGHT = 1.5
_HINT_STEP = 0.15
_LANGUAGE_WEIGHT = 1.0
_CAPITAL_WEIGHT = 0.7
_OWN_LANGUAGE_NAME_WEIGHT = 1.0
_LEXICON_WEIGHT = 3.0
_ENDING_WEIGHT = -0.7
_DISTRICT_WEIGHT = -1.5
_COUNTRY_WEIGHT = 9.0
_REGION_WEIGHT = 4.6
_NOTABLE_WEIGHT = 6.2
_SIMILAR = 0.8
_ENDING_FLOOR = 15_000
_ENDING_FLOOR_AT_HOME = 2_000
_ENDING_FLOOR_DISTRICT = 30_000
_MOST_FORMS = 80

EUROPE = frozenset(
    """AD AL AM AT AX AZ BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GE GG GI GL GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL
    NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK""".split()  # noqa: SIM905
)


class GazetteerError(RuntimeError):
    """The gazetteer's data file is missing or not what this version reads; the message says what to do."""


@lru_cache(maxsize=1 << 15)
def fold_name(name: str) -> str:
    """The form names are compared in: lower case, no diacritics, ``ł ø đ æ ß þ ı`` written plainly, marks as one space."""
    if name.isascii():
        text = name.lower()
    else:
        text = _MARKS.sub("", unicodedata.normalize("NFKD", name.replace("İ", "i").casefold())).translate(_SPECIAL)
    return _BREAKS.sub(" ", text).strip()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a name may mean. `weight` ranks candidates of one name against each other, higher is likelier."""

    name: str
    kind: str
    country: str | None
    region: str | None
    latitude: float | None
    longitude: float | None
    population: int
    geonames_id: int | None
    nuts: str | None
    capital: bool = False
    district: bool = False
    notable: bool = False
    index: int = -1
    exact: bool = True
    locative: bool = False
    own_language: bool = False
    weight: float = 0.0

    @property
    def label(self) -> str:
        """``Name, CC``."""
        return f"{self.name}, {self.country}" if self.country else self.name


@dataclass(frozen=True, slots=True)
class Endings:
    """What a sentence does to names in one language; read from place_endings.toml. All words are folded."""

    locative: Mapping[str, tuple[str, ...]]
    other: Mapping[str, tuple[str, ...]]
    never: tuple[str, ...]
    stems: tuple[tuple[str, str], ...]
    prefixes: Mapping[str, tuple[str, ...]]
    clitics: frozenset[str]
    locative_letters: frozenset[str]
    shortest: int
    town_words: tuple[tuple[str, ...], ...]
    nouns_capitalised: bool
    particles: frozenset[str]
    genitive: frozenset[str]

    def bases(self, word: str) -> list[tuple[str, bool]]:
        """What the folded `word` may be a form of, with True where its ending says "in", "to" or "from"; longest ending first."""
        found: dict[str, bool] = {}
        if self.never and word.endswith(self.never):
            return []
        for start in (word, *self.unprefixed(word)):
            if start != word:
                found.setdefault(start, False)
            for size in range(min(len(start) - 1, 7), 0, -1):
                ending = start[-size:]
                for table, locative in ((self.locative, True), (self.other, False)):
                    for base in table.get(ending, ()):
                        rest = start[:-size] + base
                        if len(rest) >= self.shortest:
                            found[rest] = found.get(rest, False) or locative
                        if not base:
                            for changed, original in self.stems:
                                if rest.endswith(changed):
                                    stem = rest[: len(rest) - len(changed)] + original
                                    if len(stem) >= self.shortest:
                                        found[stem] = found.get(stem, False) or locative
        found.pop(word, None)
        return list(found.items())

    def unprefixed(self, word: str) -> list[str]:
        """What `word` may be without the letters a sentence puts in front (Irish mutations)."""
        return [base + word[len(prefix) :] for prefix, bases in self.prefixes.items() if word.startswith(prefix) for base in bases]


_NO_ENDINGS = Endings({}, {}, (), (), {}, frozenset(), frozenset(), 3, (), False, frozenset(), frozenset())


@lru_cache(maxsize=1)
def _all_endings() -> dict[str, Endings]:
    path = resources.files("extractors") / "data" / "place_endings.toml"
    raw = tomllib.loads(path.read_text("utf-8"))

    def table(rules: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        joined: dict[str, tuple[str, ...]] = {}
        for ending, bases in rules.items():
            key = fold_name(ending)
            joined[key] = tuple(dict.fromkeys((*joined.get(key, ()), *(fold_name(base) for base in bases))))
        return joined

    return {
        language: Endings(
            locative=table(rules.get("locative", {})),
            other=table(rules.get("other", {})),
            never=tuple(fold_name(ending) for ending in rules.get("never", [])),
            stems=tuple((fold_name(changed), fold_name(base)) for changed, base in rules.get("stems", [])),
            prefixes=table(rules.get("prefixes", {})),
            clitics=frozenset(fold_name(clitic) for clitic in rules.get("clitics", [])),
            locative_letters=frozenset(rules.get("locative_letters", "")),
            shortest=int(rules.get("shortest", 3)),
            town_words=tuple(
                sorted({tuple(fold_name(words).split()) for words in rules.get("town_words", [])}, key=lambda w: (-len(w), w))
            ),
            nouns_capitalised=bool(rules.get("nouns_capitalised", False)),
            particles=frozenset(fold_name(word) for word in rules.get("particles", [])),
            genitive=frozenset(fold_name(word) for word in rules.get("genitive", [])),
        )
        for language, rules in raw.items()
    }


def endings(language: str | None) -> Endings:
    """The endings of a language (BCP 47); those without an entry change nothing."""
    return _all_endings().get((language or "").split("-")[0].lower(), _NO_ENDINGS)


def _unplane(raw: bytes, width: int, code: str) -> array[int]:
    """Numbers stored as byte planes (all first bytes, all second bytes ...), little-endian."""
    size = len(raw) // width
    flat = bytearray(len(raw))
    for plane in range(width):
        flat[plane::width] = raw[plane * size : (plane + 1) * size]
    values: array[int] = array(code)
    values.frombytes(bytes(flat))
    return values


class Gazetteer:
    """The opened data file: sorted names in one block of bytes, searched by bisection; places in columns of numbers."""

    def __init__(self, raw: bytes) -> None:
        if not raw.startswith(MAGIC):
            raise GazetteerError("extractors/data/places.bin is not a gazetteer of this version: run scripts/build_gazetteer.py")
        head_end = raw.index(b"\n", len(MAGIC))
        header = json.loads(raw[len(MAGIC) : head_end])
        sections: dict[str, bytes] = {}
        position = head_end + 1
        for name, size in header["sections"]:
            sections[name] = zlib.decompress(raw[position : position + size])
            position += size
        self.sources: dict[str, str] = header["sources"]
        self._countries: list[str] = header["countries"]
        self._nuts: list[str] = header["nuts"]
        self._names: list[bytes] = sections["names"].split(b"\n")
        self._country = sections["country"]
        self._kind = sections["kind"]
        self._flags = sections["flags"]
        self._region = _unplane(sections["region"], 4, "I")
        self._nuts_of = _unplane(sections["nuts"], 2, "H")
        self._population = _unplane(sections["population"], 4, "I")
        self._latitude = _unplane(sections["latitude"], 4, "i")
        self._longitude = _unplane(sections["longitude"], 4, "i")
        self._geonames = array("I", [value & 0xFFFFFFFF for value in accumulate(_unplane(sections["geonames"], 4, "i"))])
        self._keys = sections["keys"]
        self._starts = array("I", accumulate(sections["key_lengths"], initial=0))
        self._post = _unplane(sections["postings"], 4, "I")
        self._more = _unplane(sections["more"], 4, "I")
        self._size = len(self._starts) - 1
        self._bounds: dict[bytes, tuple[int, int]] = {}

    def __len__(self) -> int:
        """How many places it holds."""
        return len(self._names)

    @property
    def names(self) -> int:
        """How many different folded names it holds."""
        return self._size

    def _first(self, wanted: bytes, low: int, high: int) -> int:
        """The first name in ``[low, high)`` that is not less than `wanted`."""
        keys, starts = self._keys, self._starts
        while low < high:
            middle = (low + high) >> 1
            if keys[starts[middle] : starts[middle + 1]] < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def _find(self, key: str) -> Sequence[int]:
        wanted = key.encode()
        beginning = wanted[:3]
        bounds = self._bounds.get(beginning)
        if bounds is None:
            low = self._first(beginning, 0, self._size)
            bounds = self._bounds[beginning] = (low, self._first(beginning + b"\xff", low, self._size))
        low = self._first(wanted, *bounds)
        if low == self._size or self._keys[self._starts[low] : self._starts[low + 1]] != wanted:
            return ()
        post = self._post[low]
        if post < 1 << 31:
            return (post,)
        at = post & 0x7FFFFFFF
        return self._more[at + 1 : at + 1 + self._more[at]]

    def find(self, key: str, language: str | None = None) -> tuple[Sequence[int], Sequence[int]]:
        """Indices of the places with the folded name `key`: those any language knows, and those only `language` calls so."""
        if not key or len(key) > _LONGEST_NAME:
            return (), ()
        return self._find(key), self._find(f"{language}{_TAG}{key}") if language else ()

    def place(self, index: int) -> Candidate:
        """The place at `index`, without rank."""
        flags, region, nuts = self._flags[index], self._region[index], self._nuts_of[index]
        latitude, geonames = self._latitude[index], self._geonames[index]
        known = latitude != 0x7FFFFFFF
        return Candidate(
            name=self._names[index].decode(),
            kind=KINDS[self._kind[index]],
            country=self._countries[self._country[index]] or None,
            region=self._names[region - 1].decode() if region else None,
            latitude=latitude / 1000 if known else None,
            longitude=self._longitude[index] / 1000 if known else None,
            population=self._population[index],
            geonames_id=geonames or None,
            nuts=self._nuts[nuts - 1] if nuts else None,
            capital=bool(flags & CAPITAL),
            district=bool(flags & DISTRICT),
            notable=bool(flags & NOTABLE),
            index=index,
        )


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of this installation, opened at the first call. Raises GazetteerError when its file cannot be used."""
    path = resources.files("extractors") / "data" / "places.bin"
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise GazetteerError(
            "extractors/data/places.bin is missing: run scripts/build_gazetteer.py, or install the package again"
        ) from error
    try:
        return Gazetteer(raw)
    except (zlib.error, ValueError, KeyError) as error:
        raise GazetteerError(f"extractors/data/places.bin is damaged ({error}): run scripts/build_gazetteer.py") from error


@lru_cache(maxsize=1 << 12)
def _place(index: int) -> Candidate:
    return gazetteer().place(index)


@lru_cache(maxsize=64)
def _lexicon_forms(language: str) -> dict[str, str]:
    from extractors.lexicon import load

    listed = {fold_name(form): fold_name(english) for form, english in load(language).places.forms.items()}
    # Irish forms come with and without the article, and with the letters a sentence adds: known in the plain form too.
    for form, english in list(listed.items()):
        if form.startswith("an ") and len(form) > 7:
            listed.setdefault(form[3:], english)
    for form, english in list(listed.items()):
        for base in endings(language).unprefixed(form):
            if len(base) >= 5:
                listed.setdefault(base, english)
    return listed


@lru_cache(maxsize=64)
def _home(language: str) -> tuple[str, ...]:
    from extractors.lexicon import load

    return tuple(load(language).countries)


def _weight(place: Candidate, countries: Sequence[str], home: Sequence[str]) -> float:
    if place.kind == "country":
        weight = _COUNTRY_WEIGHT
    elif place.kind == "region":
        weight = _NOTABLE_WEIGHT if place.notable else _REGION_WEIGHT
    else:
        weight = math.log10(place.population + 300)
        weight += _CAPITAL_WEIGHT * place.capital + _DISTRICT_WEIGHT * place.district
    if place.country in EUROPE:
        weight += _EUROPE_WEIGHT
    if place.country in countries:
        weight += _HINT_WEIGHT - _HINT_STEP * min(countries.index(place.country), 6)
    if place.country in home:
        weight += _LANGUAGE_WEIGHT - 0.1 * min(home.index(place.country), 5)
    return weight


def lookup(name: str, *, language: str | None = None, countries: Iterable[str] = ()) -> list[Candidate]:
    """The places `name` may mean, best first: exact names, then names it is an inflected form of in `language` (BCP 47).

    `countries` are hints (ISO 3166-1 alpha-2), most trusted first: the source's country, countries named near by.
    A form found through an ending must name a place with 15,000 people (2,000 in a country of the language or of the hints).
    """
    return list(_lookup(fold_name(name), (language or "").split("-")[0].lower() or None, tuple(countries)))


@lru_cache(maxsize=1 << 14)
def _lookup(key: str, language: str | None, countries: tuple[str, ...]) -> tuple[Candidate, ...]:
    table = gazetteer()
    home = _home(language) if language else ()
    ranked: dict[int, Candidate] = {}
    general, own = table.find(key, language)
    english = _form_meant(key, language) if language else None
    listed: set[int] = set()
    if english:
        # A form the lexicon gives is a name of the likeliest place that bears the English name.
        meant = _lookup(english, None, home)
        meant = tuple(place for place in meant if fold_name(place.name) == english) or meant
        listed = {place.index for place in meant[:1]}
        own = (*own, *listed)
    for group, is_own in ((own, True), (general, False)):
        for index in group:
            if index not in ranked:
                place = _place(index)
                extra = _OWN_LANGUAGE_NAME_WEIGHT if is_own or place.country in home else 0.0
                extra += _LEXICON_WEIGHT * (index in listed)
                ranked[index] = replace(place, own_language=is_own, weight=_weight(place, countries, home) + extra)
    for base, locative in _base_forms(key, language):
        general, own = table.find(base, language)
        for group, is_own in ((own, True), (general, False)):
            for index in group:
                if index in ranked:
                    if locative and ranked[index].own_language:
                        ranked[index] = replace(ranked[index], locative=True)
                    continue
                place = _place(index)
                floor = _ENDING_FLOOR_AT_HOME if place.country in home or place.country in countries else _ENDING_FLOOR
                if place.kind == "city" and (place.population < floor or (place.district and place.population < _ENDING_FLOOR_DISTRICT)):
                    continue
                extra = _OWN_LANGUAGE_NAME_WEIGHT if is_own or place.country in home else 0.0
                weight = _weight(place, countries, home) + extra + _ENDING_WEIGHT
                ranked[index] = replace(place, exact=False, locative=locative, own_language=is_own, weight=weight)
    return tuple(sorted(ranked.values(), key=lambda place: (-place.weight, -place.population, place.index)))


def _form_meant(key: str, language: str) -> str | None:
    """The English name that the lexicon gives for a folded form, or for the form a sentence's first letters stand on (Irish)."""
    forms = _lexicon_forms(language)
    if key in forms or not endings(language).prefixes:
        return forms.get(key)
    return next((forms[base] for base in endings(language).unprefixed(key) if base in forms), None)


def _base_forms(key: str, language: str | None) -> list[tuple[str, bool]]:
    """Base forms of a folded name of one to four words; each word may change in languages whose adjectives agree."""
    rules = endings(language)
    if not (rules.locative or rules.other or rules.prefixes):
        return []
    words = key.split(" ")
    if len(words) == 1:
        return rules.bases(key)[:_MOST_FORMS]
    if len(words) > 4:
        return []
    forms: list[tuple[str, bool]] = [("", False)]
    for position, word in enumerate(words):
        options = [(word, False), *rules.bases(word)]
        if position == len(words) - 1:
            options = options[:24]
        forms = [(f"{left} {right}".strip(), one or two) for left, one in forms for right, two in options[:24]]
        forms = forms[: _MOST_FORMS * 3]
    return [form for form in forms if form[0] != key]


def runner_up(candidates: Sequence[Candidate]) -> list[str]:
    """Labels of candidates in other countries that weigh nearly as much as the first."""
    if not candidates:
        return []
    first = candidates[0]
    near = (other for other in candidates[1:] if other.country != first.country and first.weight - other.weight < _SIMILAR)
    return list(dict.fromkeys(other.label for other in near))[:3]
