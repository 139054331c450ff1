"""Finding venues: the building or room as written, its street address, and the town it stands in.

Nothing is made up: a venue is a stretch of the text, and what a text does not say stays empty.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractors.lexicon import load
from extractors.places.fields import field_values
from extractors.places.find import PlaceFinder, mention, mention_of
from extractors.places.gazetteer import lookup
from extractors.places.venue_lines import VenueLines
from extractors.places.venue_text import SENTENCE_REACH, trim
from extractors.places.vocabulary import FREE, ONLINE, primary, vocabulary
from extractors.places.words import LONGEST_TEXT, Spans, words_of
from schemas import Block, Evidence, Place, PlaceMention

_KNOWN_TOWN, _LARGE_TOWN = 15_000, 100_000
"""People in a town that a public building's name alone can tell, and that a hotel's can in its own country."""
_FIELD_SPLIT = re.compile(r"[,;|\n()•·]|[ \u00a0][–—-][ \u00a0]|(?<=[^\W\d_]{3})\.[ \u00a0]")


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
    words = vocabulary(primary(language))
    keys = [word.key for word in words_of(value)]
    return any(words.at_word(ONLINE, keys, at) for at in range(len(keys)))


class VenueFinder(VenueLines):
    """One document's search. `text` is read up to 400,000 characters."""

    def run(self) -> list[PlaceMention]:
        """All venues, in order, none overlapping another."""
        ranges = list(field_values(self.text, self.language, self.blocks))
        found: list[PlaceMention] = []
        fields = Spans(ranges)
        reached = 0
        for start, end in ranges:
            location = self.read_location(start, end)
            if location.venue:
                found.append(self._mention(location.venue, "venue:field", location.address, self._field_towns(location)))
        spans = [*self._in_lines(), *self._in_prose(), *self._bare_names(), *self._before_streets()]
        for (start, end), rule in sorted(spans, key=lambda item: (item[0][0], -item[0][1])):
            if start < reached or fields.overlaps(start, end):
                continue
            reached = end
            found.append(self._mention((start, end), rule, self._address_behind(end), self._near(start, end)))
        return sorted(found, key=lambda mention: mention.evidence.start or 0)

    def _field_towns(self, location: Location) -> list[PlaceMention]:
        """A field's towns, the one behind the venue and its address first."""
        stop = max(location.venue[1] if location.venue else 0, location.address[1] if location.address else 0)
        behind = [town for town in location.towns if (town.evidence.start or 0) >= stop]
        return behind or location.towns[::-1]

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
                parts.append(trim(self.text, left, match.start()))
                left = match.end()
        parts.append(trim(self.text, left, end))
        return [(left, right) for left, right in parts if right > left]

    def _address_behind(self, end: int) -> tuple[int, int] | None:
        """A street address set off by a comma right behind a venue."""
        match = re.match(r"[ \u00a0]?[,(|][ \u00a0]?|[ \u00a0][–—-][ \u00a0]", self.text[end : end + 4])
        return self._street_range(end + match.end()) if match else None

    def _near(self, start: int, end: int) -> list[PlaceMention]:
        """The towns a venue stands in: right behind it, right in front, in its name, or the only one of its sentence in front."""
        behind = [place for place in self._mentions(end, end + 90) if "\n" not in self.text[end : place.evidence.start]]
        behind = [place for place in behind if not self._parted(end, place.evidence.start or 0)]
        floor = max(0, start - SENTENCE_REACH)
        left = max(self.text.rfind(". ", floor, start), self.text.rfind("\n", floor, start), floor - 1) + 1
        before = self._mentions(left, start)
        if before and self.text[before[-1].evidence.end or 0 : start].strip() == "(":
            return before[-1:]
        if behind:
            return behind
        if before and start - (before[-1].evidence.end or 0) <= 30:
            return before[-1:]
        inside = self._mentions(start, end)
        known = [place for place in inside if self._known_town(place)] or self._town_in_name(start, end)
        if known:
            return known
        return before if len({place.name for place in before if place.kind == "city"}) == 1 else inside

    def _known_town(self, place: PlaceMention) -> bool:
        """A country or region, or a town that a building's name alone can tell."""
        meant = lookup(place.evidence.quote, language=self.language)
        return place.kind != "city" or any(each.name == place.name and each.population >= _KNOWN_TOWN for each in meant)

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

    def _mention(self, venue: tuple[int, int], rule: str, address: tuple[int, int] | None, towns: Sequence[PlaceMention]) -> PlaceMention:
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
    finder = VenueFinder(text, language=language, places=places, blocks=blocks, organisations=organisations, persons=persons, dates=dates)
    return finder.run()


def _outside_of_venues(places: Sequence[PlaceMention], venues: Sequence[PlaceMention], bodies: Spans, language: str) -> list[PlaceMention]:
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
        start = venue.evidence.start or 0
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
    words = words_of(text[:LONGEST_TEXT], dates)
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
    kept = _outside_of_venues(places, venues, Spans(organisations), primary(language))
    return sorted([*kept, *venues], key=lambda mention: (mention.evidence.start or 0, mention.evidence.end or 0, mention.kind))
