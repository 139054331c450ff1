"""Finding venues: the building or room as written, its street address, and the town it stands in.

Nothing is made up: a venue is a stretch of the text, and what a field does not say stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from extractors.lexicon import load
from extractors.lexicon.match import fold as fold_word
from extractors.places.find import Word, field_values, language_words, words_of
from extractors.places.gazetteer import fold_name, lookup
from schemas import Block, Evidence, Place, PlaceMention

_LONGEST_TEXT = 400_000
_LONGEST_VENUE = 120
_LONGEST_NAME_WORDS = 9
_PART = re.compile(r"[^,;|\n()•·]+")
_DASHED = re.compile(r"[ \u00a0][–—-][ \u00a0]")
_POSTAL = re.compile(
    r"(?:[A-Z]{1,3}[-– ]{1,2})?(?:\d{5}|\d{4} ?[A-Z]{2}|\d{3} ?\d{2}|\d{2}-\d{3}|\d{4}(?:-\d{3})?)\b|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
)
_HOUSE_NUMBER = re.compile(r"\b\d{1,4}(?:[-–/]\d{1,4})?\.? ?[A-Za-zА-я]?\b")
_TIME_OR_DATE = re.compile(r"\d{1,2}[:.]\d{2}|\b\d{1,2}\.? ?[^\W\d_]{3,12}\.? \d{4}\b|\b(?:19|20)\d{2}\b")
_LEAD = re.compile(r"(?<![^\s,|–(])(?:[^\W\d_]{1,6}[ \u00a0'’]|[\d.:]{1,8}[^\W\d_]{0,3}\.?[,|–][ \u00a0]|\d{4}[ \u00a0][|–][ \u00a0])")
_NAME = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-Я](?:(?!\. )[^,;:|\d\n()]){2,50}")
_QUOTES = {"„": '“”"', "“": '”"', "«": "»", "»": "«", '"': '"', "”": "”", "‘": "’", "‚": "‘"}
_ALWAYS_ONLINE = frozenset(
    "online teams zoom webex skype livestream webinar virtual digital remote youtube hybrid tbc tba tbd".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class _Patterns:
    """Single-word patterns by how they match, and patterns of several words."""

    exact: frozenset[str]
    beginnings: tuple[str, ...]
    ends: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, patterns: Iterable[str]) -> _Patterns:
        single = [fold_word(pattern).rstrip(".") for pattern in patterns if " " not in pattern]
        phrases = {tuple(fold_word(pattern).replace(".", "").split()) for pattern in patterns if " " in pattern}
        return cls(
            exact=frozenset(word for word in single if "*" not in word and word),
            beginnings=tuple(sorted(word[:-1] for word in single if word.endswith("*") and len(word) > 3)),
            ends=tuple(sorted(word[1:] for word in single if word.startswith("*") and len(word) > 3)),
            phrases=tuple(sorted(phrases, key=lambda words: (-len(words), words))),
        )

    def word(self, form: str) -> bool:
        """True when one word matches."""
        return form in self.exact or form.startswith(self.beginnings or ("\0",)) or form.endswith(self.ends or ("\0",))

    def phrase_at(self, forms: Sequence[str]) -> int:
        """How many words of a phrase match at the start of `forms`; 0 when none does."""
        for phrase in self.phrases:
            if len(phrase) <= len(forms) and all(_same(part, form) for part, form in zip(phrase, forms, strict=False)):
                return len(phrase)
        return 0


def _same(part: str, form: str) -> bool:
    if part.endswith("*"):
        return form.startswith(part[:-1])
    return form.endswith(part[1:]) if part.startswith("*") else part == form


@dataclass(frozen=True)
class _VenueWords:
    heads: _Patterns
    streets: _Patterns
    online: _Patterns
    before: frozenset[str]
    inside: frozenset[str]


@lru_cache(maxsize=64)
def _venue_words(language: str) -> _VenueWords:
    lexicon, english = load(language), load("en")
    places, cues = lexicon.places, lexicon.cues
    before = {fold_name(pattern.replace("'", " ").split()[0]) for pattern in places.before_place if pattern.strip("'")}
    return _VenueWords(
        heads=_Patterns.of([*places.venue_heads, "hotel", "campus", "auditorium", "arena"]),
        streets=_Patterns.of(places.street_heads),
        online=_Patterns.of([*cues.online, *english.cues.online]),
        before=frozenset(before),
        inside=frozenset(fold_name(word) for word in lexicon.organisations.inside if word.isalpha())
        | language_words(language).endings.particles,
    )


@dataclass(slots=True)
class Location:
    """A field's value cut into its parts: character ranges of the text."""

    start: int
    end: int
    venue: tuple[int, int] | None = None
    address: tuple[int, int] | None = None
    towns: list[PlaceMention] = field(default_factory=list)


def is_online(value: str, *, language: str) -> bool:
    """True when `value` says that one attends from afar (online, Teams, a web meeting in the language's words)."""
    words = _venue_words(language.split("-", maxsplit=1)[0].lower())
    forms = [fold_word(word.text) for word in words_of(value)]
    if not forms:
        return False
    return any(form in _ALWAYS_ONLINE or words.online.word(form) or words.online.phrase_at(forms[at:]) for at, form in enumerate(forms))


def read_location(text: str, start: int, end: int, *, language: str, places: Sequence[PlaceMention]) -> Location:
    """Cuts ``text[start:end]``, a place field's value, into venue, street address and towns ('Venue, Street 5, 1000 City, Country')."""
    code = language.split("-", maxsplit=1)[0].lower()
    found = Location(start, end)
    inside = _mentions_in(places, start, end)
    found.towns = inside
    parts = _parts(text, start, end)
    kinds = [_kind(text, left, right, code, inside) for left, right in parts]
    venue_at = [at for at, kind in enumerate(kinds) if kind == "venue"]
    street_at = [at for at, kind in enumerate(kinds) if kind == "street"]
    if venue_at:
        first = last = venue_at[0]
        while last + 1 in venue_at and text[parts[last][1] : parts[last + 1][0]].strip(" \u00a0") == ",":
            last += 1
        found.venue = _trim(text, parts[first][0], parts[last][1])
    if street_at:
        first = last = street_at[0]
        while last + 1 < len(parts) and (kinds[last + 1] == "postal" or (kinds[last + 1] == "street" and last + 1 in street_at)):
            last += 1
        found.address = _trim(text, parts[first][0], parts[last][1])
    return found


def _mentions_in(places: Sequence[PlaceMention], start: int, end: int) -> list[PlaceMention]:
    return [
        place
        for place in places
        if place.kind != "venue"
        and place.evidence.start is not None
        and place.evidence.end is not None
        and start <= place.evidence.start < place.evidence.end <= end
    ]


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    for match in _PART.finditer(text, start, end):
        left = match.start()
        for dash in _DASHED.finditer(text, match.start(), match.end()):
            parts.append((left, dash.start()))
            left = dash.end()
        parts.append((left, match.end()))
    trimmed = (_trim(text, left, right) for left, right in parts)
    return [(left, right) for left, right in trimmed if right > left]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t\u00a0.:–—-\"“„«»”'":
        start += 1
    while end > start and text[end - 1] in " \t\u00a0.:–—-,;":
        end -= 1
    if (
        end > start
        and text[end - 1] in "\"”“»'"
        and text.count(text[end - 1], start, end) == 1
        and not any(mark in text[start : end - 1] for mark in _QUOTES)
    ):
        end -= 1
    return start, end


def _kind(text: str, start: int, end: int, language: str, places: Sequence[PlaceMention]) -> str:
    """venue, street, postal (a code with its town), town, or other, for one part of a value."""
    value = text[start:end]
    words = _venue_words(language)
    forms = [fold_word(word.text) for word in words_of(value)]
    letters = [form for form in forms if not form.isdigit()]
    mentions = _mentions_in(places, start, end)
    rest = value
    for place in mentions:
        rest = rest.replace(place.evidence.quote, " ", 1)
    plain_rest = re.sub(r"[\W\d_]+", "", _POSTAL.sub(" ", rest))
    if mentions and len(plain_rest) <= 2:
        return "postal" if _POSTAL.search(rest) else "town"
    if is_online(value, language=language) or not letters:
        return "postal" if _POSTAL.fullmatch(value.strip()) else "other"
    has_head = any(words.heads.word(form) for form in forms) or any(words.heads.phrase_at(forms[at:]) for at in range(len(forms)))
    has_street = any(words.streets.word(form) for form in forms) or any(words.streets.phrase_at(forms[at:]) for at in range(len(forms)))
    number = _HOUSE_NUMBER.search(_POSTAL.sub(" ", value))
    if _TIME_OR_DATE.search(value) and not has_street and not has_head:
        return "other"
    if has_street and (number or not has_head):
        return "street"
    if number and not has_head and len(letters) <= 5 and _numbered(value):
        return "street"
    if _POSTAL.search(value) and not has_head:
        return "postal"
    first = next((letter for letter in value if letter.isalpha()), "")
    if not has_head and (not first.isupper() or len(letters) > 10 or lookup_is_place(value, language)):
        return "other"
    return "venue"


def _numbered(value: str) -> bool:
    """'Toldbodgade 23', '10 Downing Street': a number at the end or the beginning of a short name."""
    return bool(re.fullmatch(r"[^\d]{3,60}[ ,]\d{1,4}(?:[-–/]\d{1,4})?\.? ?[A-Za-zА-я]?\.?|\d{1,4}[A-Za-z]?,? [^\d]{3,60}", value.strip()))


def lookup_is_place(value: str, language: str) -> bool:
    """True when the whole value is the name of a town, region or country."""
    return any(place.exact and not place.district for place in lookup(value, language=language)[:1])


class _Prose:
    """Venues in running text: 'at the Hotel Astoria', 'in der Stadthalle Wien', 'à la Maison de l'Europe'."""

    def __init__(self, text: str, language: str, organisations: Iterable[tuple[int, int]]) -> None:
        self.text = text
        self.words = words_of(text)
        self.forms = [fold_word(word.text) for word in self.words]
        self.venue = _venue_words(language)
        self.nouns_capitalised = language_words(language).endings.nouns_capitalised
        self.locative = tuple(sorted(ending for ending in language_words(language).endings.locative if len(ending) > 1))
        self.organisations = sorted(set(organisations))

    def run(self) -> list[tuple[int, int]]:
        """Character ranges, in order, none overlapping."""
        found: list[tuple[int, int]] = []
        index = 0
        while index < len(self.words):
            span = self._at(index)
            if span is None or (found and span[0] < found[-1][1]):
                index += 1
                continue
            found.append(span)
            while index < len(self.words) and self.words[index].start < span[1]:
                index += 1
        return found

    def _gap(self, index: int) -> str:
        """What stands between the word at `index` and the next one."""
        return self.text[self.words[index].end : self.words[index + 1].start]

    def _at(self, index: int) -> tuple[int, int] | None:
        size = self.venue.heads.phrase_at(self.forms[index : index + 5]) or int(self.venue.heads.word(self.forms[index]))
        if not size or self.words[index].masked:
            return None
        first, last = self._left(index), self._right(index + size - 1)
        start, end = self.words[first].start, self.words[last].end
        end = self._quoted(last, end)
        names = [word for word in self.words[first : last + 1] if word.capital or word.key.isdigit()]
        head_only = first == index and last == index + size - 1 and end == self.words[last].end
        supported = self._supported(first) or bool(self.locative and self.words[index + size - 1].key.endswith(self.locative))
        if head_only and not (
            supported and self.words[index].capital and len(self.forms[index]) > 6 and self.forms[index] not in self.venue.heads.exact
        ):
            return None
        if not names or end - start > _LONGEST_VENUE or not (supported or self._between_commas(first, end)):
            return None
        if any(left <= start and end <= right and (left, right) != (start, end) for left, right in self.organisations):
            return None
        return start, end

    def _left(self, index: int) -> int:
        """The first word of the name: capitalised words in front of the head, 'Clarion Hotel', 'Palais des ...' excluded."""
        first = index
        while first > 0 and index - first < _LONGEST_NAME_WORDS:
            before, gap = self.words[first - 1], self._gap(first - 1)
            if gap not in (" ", "\u00a0", "-", "&", " & ", "'", "’") or not before.capital or before.masked or before.key.isdigit():
                break
            if before.key in self.venue.before or (self._starts(before) and before.key in self.venue.inside):
                break
            if self._starts(before) and gap == " " and not self.words[index].capital:
                break
            first -= 1
        return first

    def _right(self, index: int) -> int:
        """The last word: capitalised words, numbers and small words between them behind the head."""
        last = index
        at = index + 1
        while at < len(self.words) and at - index <= _LONGEST_NAME_WORDS:
            gap, word = self._gap(at - 1), self.words[at]
            if gap not in (" ", "\u00a0", "-", "&", " & ", "'", "’", ".", ". ") or word.masked:
                break
            if gap == ". " and len(self.words[at - 1].text) > 3:
                break
            if word.capital or (word.key.isdigit() and len(word.text) <= 4 and not re.fullmatch(r"(?:19|20)\d\d", word.text)):
                last = at
            elif word.key not in self.venue.inside or word.key in self.venue.before - {"de", "des", "du", "di", "del", "da", "van", "of"}:
                break
            at += 1
        return last

    def _quoted(self, last: int, end: int) -> int:
        """The end moved behind a name in quotation marks that follows at once: 'sala „Europa”'."""
        opening = self.text[end : end + 2].lstrip(" ")[:1]
        if opening in _QUOTES:
            begin = self.text.index(opening, end)
            closing = re.compile(f"[{re.escape(_QUOTES[opening])}]").search(self.text, begin + 1, begin + 60)
            if closing and "\n" not in self.text[begin : closing.end()]:
                return closing.end()
        return end

    def _starts(self, word: Word) -> bool:
        before = self.text[max(0, word.start - 3) : word.start]
        return word.start == 0 or bool(re.search(r"[.!?\n:]\s*$", before))

    def _supported(self, first: int) -> bool:
        """A preposition of place stands in front, with an article or a short word between at most."""
        for back in (1, 2, 3):
            if first - back < 0:
                return False
            gap = self._gap(first - back)
            if gap.strip(" \u00a0'’\"„“«"):
                return False
            word = self.words[first - back]
            if word.key in self.venue.before and not (len(word.text) == 1 and word.text.isupper()):
                return True
            if len(word.key) > 5 or word.capital:
                return False
        return False

    def _between_commas(self, first: int, end: int) -> bool:
        """'..., Hotel Astoria, Budapest': set off by commas, or by the start of a line, with a comma behind."""
        lead = self.text[max(0, self.words[first].start - 3) : self.words[first].start]
        tail = self.text[end : end + 2]
        return bool(re.search(r"(?:,|[–—|(•]|\n)\s*$", lead)) and bool(re.match(r",|\)|\n| [–—|]|$", tail))


def find_venues(
    text: str,
    *,
    language: str,
    places: Sequence[PlaceMention] = (),
    blocks: Sequence[Block] = (),
    organisations: Iterable[tuple[int, int]] = (),
) -> list[PlaceMention]:
    """Buildings and rooms that `text` names as venues, in order; `places` are its places as `find_places` gave them.

    Fields labelled as place, venue or address are cut into venue, address and town; in prose a venue needs a head word
    of the lexicon (hotel, Stadthalle, Maison ...) and a preposition of place, or commas around it. Online rooms are none.
    """
    text = text[:_LONGEST_TEXT]
    code = language.split("-", maxsplit=1)[0].lower()
    venues: list[PlaceMention] = []
    ranges = list(field_values(text, code, blocks))
    for start, end in ranges:
        location = read_location(text, start, end, language=code, places=places)
        if location.venue:
            venues.append(_mention(text, location.venue, "venue:field", location.address, location.towns[::-1]))
    bodies = sorted(set(organisations))
    taken = list(ranges)
    prose = [(span, "venue:head") for span in _Prose(text, code, bodies).run()]
    prose += [(span, "venue:before_town") for span in _before_towns(text, code, places, bodies)]
    for (start, end), rule in prose:
        if not any(left < end and start < right for left, right in taken):
            near = _near(text, start, end, places)
            venues.append(_mention(text, (start, end), rule, _address_behind(text, end, code), near))
            taken.append((start, end))
    return sorted(venues, key=lambda mention: mention.evidence.start or 0)


def _before_towns(
    text: str, language: str, places: Sequence[PlaceMention], organisations: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """'at Tour & Taxis, Brussels', '19 March, 10:00, Tour & Taxis, Brussels': a name between a preposition or a date and a town."""
    before = language_words(language).before
    starts = {word for words in before for word in words[-1:]}
    found = []
    for place in places:
        town = place.evidence.start
        if place.kind != "city" or town is None:
            continue
        begin = max(0, town - 80)
        if not re.search(r",[ \u00a0]$", text[begin:town]):
            continue
        for match in reversed(list(_LEAD.finditer(text, begin, town - 2))):
            lead, name = match[0].strip(" \u00a0'’,|–"), text[match.end() : town - 2]
            if not _NAME.fullmatch(name) or not (lead[:1].isdigit() or fold_name(lead) in starts):
                continue
            span = (match.end(), town - 2)
            words = name.replace("&", " ").split()
            named = sum(word[0].isupper() for word in words) >= (len(words) + 1) // 2 and len(words) <= 6
            clear = not any(left < span[1] and span[0] < right for left, right in organisations) and not _mentions_in(places, *span)
            if named and clear and not is_online(name, language=language) and not lookup_is_place(name, language):
                found.append(span)
                break
    return found


def _near(text: str, start: int, end: int, places: Sequence[PlaceMention]) -> list[PlaceMention]:
    """Towns in the venue's name, right behind it, or else the only one of its sentence."""
    inside = _mentions_in(places, start, end)
    behind = [place for place in _mentions_in(places, end, end + 90) if "\n" not in text[end : place.evidence.start]]
    if inside or behind:
        return [*inside, *behind]
    left = max(text.rfind(". ", 0, start), text.rfind("\n", 0, start)) + 1
    before = _mentions_in(places, left, start)
    return before if len({place.name for place in before if place.kind == "city"}) == 1 else []


def _address_behind(text: str, end: int, language: str) -> tuple[int, int] | None:
    """A street address set off by a comma right behind a venue."""
    match = re.match(r"[ \u00a0]?[,(][ \u00a0]?([^,;\n()]{4,70})", text[end : end + 80])
    if not match:
        return None
    start, stop = _trim(text, end + match.start(1), end + match.end(1))
    return (start, stop) if _kind(text, start, stop, language, ()) == "street" else None


def _mention(
    text: str,
    venue: tuple[int, int],
    rule: str,
    address: tuple[int, int] | None,
    towns: Sequence[PlaceMention],
) -> PlaceMention:
    start, end = venue
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
