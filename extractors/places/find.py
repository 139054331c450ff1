"""Finding the places a document names: proposals (NER, cues, fields, pairs) weighed as evidence, resolved by the gazetteer.

The gazetteer alone never makes a word a place, save names of countries and of large cities that the sentence leaves no doubt about.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from extractors.places.evidence import KNOWN, LARGE, LINE_BESIDE_DATE, Found, PlaceEvidence
from extractors.places.gazetteer import EUROPE, Candidate, gazetteer, lookup, runner_up
from extractors.places.vocabulary import BODY, HEAD
from schemas import Block, Evidence, Place, PlaceMention

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
OWN_TOWN, HEAD_BEHIND, BODY_BEHIND = 1.0, -4.0, -3.0
ABBREVIATION_IN_CAPITALS, FIRST_WORD_IN_A_CASE = -5.0, -2.0
_LONGEST = 6
_GAP = re.compile(r"[ \u00a0]|[-‑'’]|\. ?|/")
_COUNTRY_CODE = re.compile(r"^[ \u00a0]?\(([A-Z]{2,3})\)|^, ?([A-Z]{2})(?=[\s.;)]|$)")
_PAIR_GAP = re.compile(r"[ \u00a0]?[,(/|–—-]{1,2}[ \u00a0]?|[ \u00a0]?,?\n[ \t]{0,4}")
_LIST_GAP = re.compile(r"[ \u00a0]?[,;/|–—•·-][ \u00a0]?|,?\n[ \t]*[•*·–-][ \t]*")
_DATE_BEFORE = re.compile(r"(?:\d{4}|\d{1,2}[.:]\d{2}|\d{1,2}\.)[ \u00a0]?(?:[^\W\d_]{1,4}\.?)?[ \u00a0]?[,|–—•·/(-][ \u00a0]?$")
_ALPHA3 = {
    "AUT": "AT", "BEL": "BE", "BGR": "BG", "CYP": "CY", "CZE": "CZ", "DEU": "DE", "GER": "DE", "DNK": "DK", "EST": "EE", "ESP": "ES",
    "FIN": "FI", "FRA": "FR", "GBR": "GB", "GRC": "GR", "HRV": "HR", "HUN": "HU", "IRL": "IE", "ISL": "IS", "ITA": "IT", "LTU": "LT",
    "LUX": "LU", "LVA": "LV", "MLT": "MT", "NLD": "NL", "NOR": "NO", "POL": "PL", "PRT": "PT", "ROU": "RO", "SRB": "RS", "SVK": "SK",
    "SVN": "SI", "SWE": "SE", "CHE": "CH", "TUR": "TR", "UKR": "UA", "USA": "US",
}  # fmt: skip


class PlaceFinder(PlaceEvidence):
    """One document's search. `text` is read up to 400,000 characters."""

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
        return [item for item in found if item.score >= ACCEPT and not item.vetoed and not self._only_a_body(item)]

    def _only_a_body(self, item: Found) -> bool:
        return item.body and ("listed" not in item.rules or self._names_a_region(item))

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
                candidates = [place for place in candidates if place.exact and (place.kind != "city" or place.population >= KNOWN)]
            elif size > 1 and candidates and not candidates[0].exact and not candidates[0].own_language:
                candidates = [place for place in candidates if place.kind != "city" or place.population >= KNOWN]
            if candidates:
                return Found(index, index + size, first.start, last.end, candidates)
        return None

    def _inside_a_name(self, item: Found) -> bool:
        for start, end in (*self.organisations.over(item.start, item.end), *self.named_bodies.over(item.start, item.end)):
            inside = start <= item.start and item.end <= end and (start, end) != (item.start, item.end)
            if inside and not self._is_whole_field(item) and not self._beside_the_name(item, start, end):
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
        venue = any(bit & HEAD for bit in heads) and not any(bit & BODY and not bit & HEAD for bit in heads)
        place = bool(lookup(self.words[at].text, language=self.language)) and not bits & BODY and self.words[at].key in self.vocabulary.at
        alone = self.locations.holds(item.start, item.end)
        return not self.words[at].capital or venue or place or alone or locative

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
        if best.kind == "region" and self._names_a_region(item) and not {"preposition", "field", "pair", "locative"} & set(item.rules):
            # 'supported by the Flemish Region': the body; 'from the Flemish Region' is the place.
            item.vetoed = True
        if (
            self._numbered_room(item)
            or self._joined_in_front(item)
            or self._acronym(item, upper)
            or self._body(item)
            or self._in_a_school(item)
        ):
            item.vetoed = True
        if common and not item.supported:
            led = item.first > 0 and not self.words[item.first - 1].capital
            said = "preposition" in item.rules or ("locative" in item.rules and best.exact)
            held = says_something and led and said and best.population >= KNOWN
            held = held or ("line" in item.rules and best.population >= 50_000)
            item.score += COMMON_WORD_SUPPORTED if held else COMMON_WORD
            item.rules.append("common")
        if not best.exact and best.kind == "city":
            item.score += INFLECTED * (not (best.capital or best.population >= LARGE or best.locative or best.country in self._home()))
            if best.country not in self._home() and not best.own_language and not item.supported:
                item.score += INFLECTED_FOREIGN
        if name == NAME_SMALL and best.kind == "city" and not item.supported and best.country not in self._home():
            item.score += FOREIGN_SMALL
        if not last.capital and not item.abbreviation:
            item.score += NOT_CAPITALISED * (not best.exact)
        self._neighbours(item)
        self._labels(item)

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
        if best.population >= LARGE and (best.country in EUROPE or best.population >= 5 * LARGE) and item.end - item.start >= 4:
            return NAME_LARGE
        return NAME_KNOWN if best.population >= KNOWN else NAME_SMALL

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
            if joined and not (gap in ("-", "‑") and "preposition" in item.rules and item.best.population >= LARGE):
                item.part_of_name = True
                item.score += penalty
        if item.first > 0:
            gap, before = self.text[self.words[item.first - 1].end : item.start], self.words[item.first - 1]
            if gap in (" ", "\u00a0", "-", "‑", "&", " & ") and not before.masked:
                if before.key in self.known.honorifics:
                    item.score += AFTER_HONORIFIC
                elif self._is_head(before) and (item.best.kind != "city" or item.best.population >= KNOWN):
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
            said_in = (in_case or (alone and {"preposition", "line"} & set(item.rules))) and item.best.population >= KNOWN
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
                        other.score += LISTED + (LISTED_COMMON if "common" in other.rules and other.best.population >= KNOWN else 0)
                        other.rules.append("listed")

    def _repeats(self, found: list[Found]) -> None:
        """What was surely a place once is one again where it stands alone with a capital letter."""
        sure = {place.index for item in found if item.score >= ACCEPT + 1 and not item.vetoed for place in item.candidates[:1]}
        for item in found:
            if item.score < ACCEPT and item.best.index in sure and not item.part_of_name and not self._common(item):
                item.score += SAID_BEFORE
                item.rules.append("said_before")


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
