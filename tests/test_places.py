"""Finding places and venues in texts: what counts as support, what is no place, and how fields are cut."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.places import find_places
from schemas import Block, BlockKind, PlaceMention, Span

NEGATIVES = tomllib.loads((Path(__file__).parent / "data" / "place_negatives.toml").read_text("utf-8"))["case"]


def names(text: str, language: str, **options: object) -> list[str]:
    return [f"{mention.name}, {mention.place.country}" for mention in find(text, language, **options)]


def find(text: str, language: str, **options: object) -> list[PlaceMention]:
    mentions = find_places(text, language=language, **options)  # type: ignore[arg-type]
    for mention in mentions:
        assert text[mention.evidence.start : mention.evidence.end] == mention.evidence.quote
    return mentions


def span(text: str, part: str) -> tuple[int, int]:
    start = text.index(part)
    return start, start + len(part)


@pytest.mark.parametrize("case", NEGATIVES, ids=[f"{case['language']}-{number}" for number, case in enumerate(NEGATIVES)])
def test_common_words_are_no_places(case: dict[str, object]) -> None:
    text = str(case["text"])
    organisations = [span(text, name) for name in case.get("organisations", [])]  # type: ignore[attr-defined]
    persons = [span(text, name) for name in case.get("persons", [])]  # type: ignore[attr-defined]
    found = {mention.evidence.quote for mention in find(text, str(case["language"]), organisations=organisations, persons=persons)}
    assert not found & set(case["not_places"])  # type: ignore[call-overload]


def test_there_are_enough_negatives() -> None:
    assert sum(len(case["not_places"]) for case in NEGATIVES) >= 200
    assert len({case["language"] for case in NEGATIVES}) >= 30 - 6


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "The workshop takes place in Bath on 3 May.", ["Bath, GB"]),
        ("en", "We met in Bilbao, Spain, and in Tours.", ["Bilbao, ES", "Spain, ES", "Tours, FR"]),
        ("en", "Experts from Denmark, Norway and the Netherlands met.", ["Denmark, DK", "Norway, NO", "Netherlands, NL"]),
        ("en", "It was held in the city of Ghent (Belgium).", ["Ghent, BE", "Belgium, BE"]),
        ("en", "Brussels, 12 March 2024 – The network announced a meeting.", ["Brussels, BE"]),
        ("en", "Trainings were held in Essen, Split and Tours.", ["Essen, DE", "Split, HR", "Tours, FR"]),
        ("en", "The UK and the USA take part.", ["United Kingdom, GB", "United States, US"]),
        ("en", "A study visit to The Hague follows.", ["The Hague, NL"]),
        ("en", "A visit to Halle (DE) is planned.", ["Halle, DE"]),
        ("de", "Die Konferenz findet in Essen statt.", ["Essen, DE"]),
        ("de", "Treffen in der Stadt Halle und in Wien, Österreich.", ["Halle, DE", "Vienna, AT", "Austria, AT"]),
        ("de", "Am 12. März in der Stadthalle Wien.", ["Vienna, AT"]),
        ("fr", "Le séminaire aura lieu à La Haye (Pays-Bas) puis à Nice.", ["The Hague, NL", "Netherlands, NL", "Nice, FR"]),
        ("fr", "Bruxelles, le 12 mars 2024", ["Brussels, BE"]),
        ("fr", "L'Italie et l'Espagne invitent à Saragosse.", ["Italy, IT", "Spain, ES", "Zaragoza, ES"]),
        ("nl", "De bijeenkomst is in Bergen, België.", ["Mons, BE", "Belgium, BE"]),
        ("cs", "Konference se koná v Českých Budějovicích a v Praze.", ["České Budějovice, CZ", "Prague, CZ"]),
        ("pl", "Spotkanie odbędzie się w Krakowie, warsztaty w Zielonej Górze.", ["Kraków, PL", "Zielona Góra, PL"]),
        ("fi", "Tilaisuus järjestetään Helsingissä ja Tampereella.", ["Helsinki, FI", "Tampere, FI"]),
        ("et", "Seminar toimub Tartus ja Tallinnas.", ["Tartu, EE", "Tallinn, EE"]),
        ("hu", "A konferencia Szegeden és Bécsben lesz.", ["Szeged, HU", "Vienna, AT"]),
        ("lv", "Seminārs notiks Rīgā un Liepājā.", ["Riga, LV", "Liepāja, LV"]),
        ("lt", "Renginys vyks Vilniuje ir Kaune.", ["Vilnius, LT", "Kaunas, LT"]),
        ("da", "Konferencen holdes i København og Aarhus, Danmark.", ["Copenhagen, DK", "Aarhus, DK", "Denmark, DK"]),
        ("sv", "Mötet hålls i Göteborg, Skåne och Åbo.", ["Gothenburg, SE", "Skåne, SE", "Turku, FI"]),
        ("it", "Il seminario si terrà a L'Aquila e a Monaco di Baviera.", ["L'Aquila, IT", "Munich, DE"]),
        ("pt", "A sessão decorre em Lisboa e no Porto.", ["Lisbon, PT", "Porto, PT"]),
        ("ro", "Conferința are loc la București, România.", ["Bucharest, RO", "Romania, RO"]),
    ],
)
def test_places_in_sentences(language: str, text: str, wanted: list[str]) -> None:
    assert names(text, language) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1000 Bruxelles", "Brussels, BE"),
        ("DK-2100 København Ø", "Copenhagen, DK"),
        ("00-950 Warszawa", "Warsaw, PL"),
        ("1012 AB Amsterdam", "Amsterdam, NL"),
        ("110 00 Praha 1", "Prague, CZ"),
        ("SE-111 22 Stockholm", "Stockholm, SE"),
        ("Rīga, LV-1010", "Riga, LV"),
        ("A-8010 Graz", "Graz, AT"),
        ("F-67000 Strasbourg Cedex", "Strasbourg, FR"),
        ("103 Reykjavík", "Reykjavík, IS"),
    ],
)
def test_postal_codes(text: str, wanted: str) -> None:
    assert wanted in names(f"Address: Some Street 5, {text}", "en")


def test_a_year_is_no_postal_code() -> None:
    assert names("In 2024 Spa treatments were sold.", "en") == []


def test_ner_proposes_and_the_gazetteer_resolves() -> None:
    text = "Hoogstraten hosts the meeting."
    assert names(text, "en") == []
    assert names(text, "en", spans=[(0, 11, "GPE")]) == ["Hoogstraten, BE"]
    assert names("Qwertyville hosts the meeting.", "en", spans=[(0, 11, "LOC")]) == []


def test_a_place_inside_an_organisation_is_none() -> None:
    text = "The University of Zaragoza invites you to Zaragoza."
    assert [mention.evidence.start for mention in find(text, "en", organisations=[span(text, "University of Zaragoza")])] == [42]
    text = "Zagreb City Holding and Innovation Norway take part."
    assert names(text, "en", spans=[(*span(text, "Zagreb City Holding"), "ORG"), (*span(text, "Innovation Norway"), "ORG")]) == []


def test_country_hint_and_runner_up() -> None:
    mention = find("The training in Halle is free.", "en", country_hint="BE")[0]
    assert mention.place.country == "BE"
    mention = find("The training in Córdoba is free.", "en")[0]
    assert (mention.place.country, mention.place.ambiguous_with) == ("ES", ["Córdoba, AR"])
    mention = find("The training in Córdoba, Argentina is free.", "en")[0]
    assert (mention.place.country, mention.place.ambiguous_with) == ("AR", [])


def test_fields_of_blocks_support_a_name() -> None:
    text = "Where\nSpa\nWhen\n3 May"
    block = Block(kind=BlockKind.FIELD, start=0, end=9, label=Span(start=0, end=5), value=Span(start=6, end=9))
    assert names(text, "en") == []
    assert names(text, "en", blocks=[block]) == ["Spa, BE"]
    assert names("Where: Spa", "en") == ["Spa, BE"]


def test_what_a_mention_carries() -> None:
    mention = find("The seminar is in Zaragoza.", "en")[0]
    assert mention.kind == "city"
    assert mention.place.city == "Zaragoza"
    assert mention.place.region == "Aragon"
    assert mention.place.nuts == "ES243"
    assert mention.place.geonames_id == 3104324
    assert mention.place.venue is None
    assert mention.evidence.rule == "place:preposition"
    region = find("Les acteurs de Flandre et de Wallonie", "fr")[0]
    assert (region.kind, region.place.region, region.place.city, region.place.nuts) == ("region", "Flanders", None, "BE2")


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        # Up to four capitals are an acronym, in a line in capitals or with a postal code a town.
        ("nl", "De richtlijn van de EU geldt ook in België.", ["Belgium, BE"]),
        ("fr", "Adresse : 5 rue Pastorelli, 06000 NICE", ["Nice, FR"]),
        ("en", "TELL US WHAT YOU THINK", []),
        # A seat is a place; a body of the same town is not.
        ("da", "Virksomheden har hovedkontor i Horsens.", ["Horsens, DK"]),
        ("en", "The bus fleet of the City of Tampere was praised.", []),
        ("en", "It was held in the City of Tampere.", ["Tampere, FI"]),
        ("nl", "Vragen? Bel met iemand bij de Provincie Gelderland.", []),
        ("lt", "Prizas atiteko Panevėžio miesto savivaldybei.", []),
        ("sl", "Predava docent Univerze v Ljubljani.", []),
        ("nb", "Hun er professor ved Universitetet i Oslo.", []),
        # Names in names.
        ("fr", "La rencontre de Fort-de-France est annulée.", ["Fort-de-France, MQ"]),
        ("fr", "Le bureau se trouve place Sainte-Anne.", []),
        ("de", "Das Treffen ist in Lingen (Ems).", ["Lingen, DE"]),
        ("de", "Wo: Halle 7", []),
        # Listings: a part beside a date, and a line of its own.
        ("en", "8 May 2025 | Hotel Astoria, Gent | free", ["Ghent, BE"]),
        ("nl", "10 december 2026\n\nRegiobijeenkomst\n\nEindhoven\n\nDoor ziekte vervalt deze bijeenkomst.", ["Eindhoven, NL"]),
        ("en", "Library opening hours\n\nCork\n\nMonday to Friday", []),
        ("it", "Seguono Ancona (Mole Vanvitelliana, 15.4.2027) e Cagliari.", ["Ancona, IT", "Cagliari, IT"]),
        ("cs", "Účast přislíbily firmy z Dolního Rakouska.", ["Lower Austria, AT"]),
        ("ga", "Labhróidh cainteoirí ón mBreatain Bheag agus ó Albain.", ["Wales, GB", "Scotland, GB"]),
        ("tr", "Yunanistan ve Kuzey Makedonya'dan uzmanlar gelecek.", ["Greece, GR", "North Macedonia, MK"]),
        ("pl", "Biuro mieści się w Świdniku.", ["Świdnik, PL"]),
        ("sv", "Mötena hålls i Solna.", ["Solna, SE"]),
    ],
)
def test_bodies_acronyms_and_listings(language: str, text: str, wanted: list[str]) -> None:
    assert names(text, language) == wanted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Danske, svenske og tyske virksomheder deltager. Polske firmaer. Den Franske model."),
        ("de", "Deutsche, Österreichische und Schweizer Unternehmen. Polnische Firmen. Münchner Runde."),
        ("en", "Danish, German and Polish firms. The French model. Swiss experts. Catalan. Bavarian."),
        ("fr", "Les entreprises françaises et belges. Les Français. Belges et Suisses."),
        ("pl", "Polskie firmy. Polskiego rynku. Francuskie maszyny. Duńskie."),
        ("cs", "České firmy. Česká pošta. Pražské domy."),
        ("hr", "Mađarske tvrtke. Hrvatske i slovenske tvrtke."),
        ("bg", "Българските и румънските фирми. Германски стоки."),
        ("uk", "Українські, польські та німецькі компанії. Чеські заводи."),
        ("el", "Ελληνικές, γερμανικές και ιταλικές εταιρείες. Γαλλικές."),
        ("fi", "Suomalaiset, ruotsalaiset ja virolaiset yritykset. Saksalaisia."),
        ("hu", "Magyar, szlovák és német cégek. Bécsi. Horvát."),
        ("lt", "Lietuviškos, lenkiškos ir vokiškos įmonės."),
        ("tr", "Türk, Alman ve Fransız firmalar. İtalyan."),
        ("ga", "Gnóthais Éireannacha agus Francacha. Gearmánach."),
        ("mt", "Kumpaniji Maltin, Taljani u Franċiżi."),
    ],
)
def test_adjectives_are_no_countries(language: str, text: str) -> None:
    assert names(text, language) == []


def test_no_place_in_a_date() -> None:
    text = "The certificate in March starts on 3 March 2026 in Bath."
    assert names(text, "en", dates=[span(text, "3 March 2026"), (19, 24)]) == ["Bath, GB"]


def test_places_beside_a_body_in_a_span_that_says_too_much() -> None:
    text = "Firmaet har hovedkontor i Horsens og er på Mjøshallen kurssenter i Hamar."
    bodies = [span(text, "hovedkontor i Horsens"), span(text, "Mjøshallen kurssenter i Hamar")]
    assert names(text, "nb", organisations=bodies) == ["Horsens, DK", "Hamar, NO"]
    text = "Konference notiks Latvijas Nacionālajā bibliotēkā Rīgā. Semināri būs vēlāk."
    assert names(text, "lv", organisations=[span(text, "Latvijas Nacionālajā bibliotēkā Rīgā. Semināri")]) == ["Riga, LV"]
    text = "8 May 2025 | Hotel Astoria, Gent | free"
    assert names(text, "en", organisations=[span(text, "Hotel Astoria, Gent")]) == ["Ghent, BE"]


def test_regions_that_are_bodies() -> None:
    text = "Støttet af Region Sjælland, Skåne og Slesvig-Holsten."
    assert names(text, "da", organisations=[span(text, "Region Sjælland")]) == ["Skåne, SE", "Schleswig-Holstein, DE"]
    text = "Expertos de Portugal, Marruecos y la Comunidad Valenciana."
    found = names(text, "es", organisations=[span(text, "Comunidad Valenciana")])
    assert found == ["Portugal, PT", "Morocco, MA", "Valencian Community, ES"]


def test_a_person_the_model_proposes_is_no_proof() -> None:
    text = "La primera biblioteca, en Bragança, terminará en verano."
    assert names(text, "es", spans=[(*span(text, "Bragança"), "PER")]) == ["Bragança, PT"]
    text = "Toplantıya Bulgaristan katılacak."
    assert names(text, "tr", spans=[(*span(text, "Toplantıya Bulgaristan"), "PER")]) == ["Bulgaria, BG"]
    text = "Speaker: Ann Bilbao from Spain."
    assert names(text, "en", persons=[span(text, "Ann Bilbao")]) == ["Spain, ES"]


def test_columns_of_tables() -> None:
    text = "Datum | Ort | Preis\n14. April 2027 | Spa | 20 Euro\n21. April 2027 | Weil am Rhein | 20 Euro"
    assert names(text, "de") == ["Spa, BE", "Weil am Rhein, DE"]
    rows = "Date\tPlace\tFee\n3 May\tSpa\tnone"
    cells = [(0, 4), (5, 10), (11, 14)], [(15, 20), (21, 24), (25, 29)]
    blocks = [
        Block(kind=BlockKind.TABLE_ROW, start=row[0][0], end=row[-1][1], cells=[Span(start=a, end=b) for a, b in row]) for row in cells
    ]
    assert names(rows, "en", blocks=blocks) == ["Spa, BE"]


HOSTILE = st.text(alphabet=st.sampled_from("ABbrusel Wien,.()-–'’\n\t0123 4567éŁİß\u0301:@#/|„“«»"), max_size=400)


@settings(max_examples=150, deadline=None)
@given(
    text=HOSTILE,
    language=st.sampled_from(["en", "de", "fi", "tr", "ga", "lv", "xx"]),
    spans=st.lists(st.tuples(st.integers(0, 420), st.integers(0, 420)), max_size=6),
)
def test_any_text_is_read_without_error(text: str, language: str, spans: list[tuple[int, int]]) -> None:
    labelled = [(start, end, ("LOC", "PER", "ORG")[start % 3]) for start, end in spans]
    find(text, language, spans=labelled, organisations=spans, persons=spans[:2], dates=spans[2:4])


@pytest.mark.parametrize(
    "piece", ["Brussels, ", "Nový ", "in ", "1000 ", "A.", "(", "Where: a\n", "-", "Baden-", "1.2. ", "| Gent ", "Gent | "]
)
def test_long_repetitions_take_linear_time(piece: str) -> None:
    find_places(piece * 10, language="cs")
    start = time.process_time()
    find_places(piece * (60_000 // len(piece)), language="cs")
    assert time.process_time() - start < 5


def test_same_input_same_output() -> None:
    text = "Bilbao, Essen and Tours; Hotel Astoria, Budapest. Halle and Bergen."
    first = [mention.model_dump_json() for mention in find_places(text, language="en")]
    assert first == [mention.model_dump_json() for mention in find_places(text, language="en")]
