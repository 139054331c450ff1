"""Codes: CPV, NUTS, notices, references, grants, amounts, programmes and projects, and what is none of them."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.codes import cpv_check_digit, find_codes


def values(text: str, kind: str, language: str = "en") -> list[str]:
    return [code.value for code in find_codes(text, language=language) if code.kind == kind]


@pytest.mark.parametrize(
    "code",
    [
        "03111000-2",
        "09000000-3",
        "18451000-5",
        "33000000-0",
        "33190000-8",
        "34110000-1",
        "45000000-7",
        "48000000-8",
        "71355200-3",
        "72000000-5",
        "90000000-7",
    ],
)
def test_the_check_digit_of_the_cpv(code: str) -> None:
    assert cpv_check_digit(code) == int(code[-1])
    assert values(f"Supply of goods, {code}.", "cpv") == [code]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CPV: 72000000, 79400000", ["72000000", "79400000"]),
        ("CPV-kode 45000000-7 og 33100000-1", ["45000000-7", "33100000-1"]),
        ("CPV 33000000-9", ["33000000-9"]),  # A wrong check digit behind the cue is the page's, and stays as written.
        ("33000000-9", []),
        ("03300000-2", ["03300000-2"]),  # The group whose published digits follow no rule.
        ("72000000", []),
        ("12345678-9", []),
        ("Tel. 12345678", []),
        ("CPV 99000000-1", []),
    ],
)
def test_cpv(text: str, expected: list[str]) -> None:
    assert values(text, "cpv") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NUTS: DK011, DE21H", ["DK011", "DE21H"]),
        ("NUTS 2 code FRK2", ["FRK2"]),
        ("NUTS code EL30", ["EL30"]),
        ("NUTS and bolts, ABC", []),
        ("DK011", []),
    ],
)
def test_nuts(text: str, expected: list[str]) -> None:
    assert values(text, "nuts") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024/S 055-123456", ["2024/S 055-123456"]),
        ("TED notice 123456-2024", ["123456-2024"]),
        ("OJ S 55/2024 notice 00123456-2024", ["00123456-2024"]),
        ("a sum of 123456-2024", []),
    ],
)
def test_notices(text: str, expected: list[str]) -> None:
    assert values(text, "notice") == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Reference number: ABC/2024/12", "en", ["ABC/2024/12"]),
        ("Sagsnr.: 2024-1234", "da", ["2024-1234"]),
        ("Aktenzeichen: B 1.2-345/24", "de", ["B 1.2-345/24"]),
        ("Case number\n2024-12345", "en", ["2024-12345"]),
        ("with reference to 2024", "en", []),
        ("reference: 12.05.2024", "en", []),
        ("Regulation (EU) No 1896/2006", "lt", []),
    ],
)
def test_references(text: str, language: str, expected: list[str]) -> None:
    assert values(text, "reference", language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("under grant agreement No 101036449", "en", ["101036449"]),
        ("Finanzhilfevereinbarung Nr. 101036449", "de", ["101036449"]),
        ("convention de subvention n° 101036449", "fr", ["101036449"]),
        ("umowa o dofinansowanie nr POIR.01.01.01-00-0001/20", "pl", ["POIR.01.01.01-00-0001/20"]),
        ("a grant agreement of 19.03.2024", "en", []),
    ],
)
def test_grants(text: str, language: str, expected: list[str]) -> None:
    assert values(text, "grant", language) == expected


@pytest.mark.parametrize(
    ("text", "language", "number", "currency", "quote"),
    [
        ("a budget of 2.5 million euros", "en", 2_500_000, "EUR", "2.5 million euros"),
        ("€2.5m", "en", 2_500_000, "EUR", "€2.5m"),
        ("EUR 1 250 000.50", "en", 1_250_000.5, "EUR", "EUR 1 250 000.50"),
        ("£5bn", "en", 5_000_000_000, "GBP", "£5bn"),
        ("2.5 billion euros", "en", 2_500_000_000, "EUR", "2.5 billion euros"),
        ("1.250.000,50 €", "de", 1_250_000.5, "EUR", "1.250.000,50 €"),
        ("1,5 Mio. EUR", "de", 1_500_000, "EUR", "1,5 Mio. EUR"),
        ("1,2 Mrd. Euro", "de", 1_200_000_000, "EUR", "1,2 Mrd. Euro"),
        ("CHF 1'200'000", "de", 1_200_000, "CHF", "CHF 1'200'000"),
        ("25 mio. kr.", "da", 25_000_000, "DKK", "25 mio. kr"),
        ("1.500 kr.", "da", 1500, "DKK", "1.500 kr."),
        ("45 000 000 NOK", "nb", 45_000_000, "NOK", "45 000 000 NOK"),
        ("300 kroner", "nb", 300, "NOK", "300 kroner"),
        ("25 Mkr", "sv", 25_000_000, "SEK", "25 Mkr"),
        ("5 milj. kr", "sv", 5_000_000, "SEK", "5 milj. kr"),
        ("5 miljoonaa euroa", "fi", 5_000_000, "EUR", "5 miljoonaa euroa"),
        ("3 MEUR", "fi", 3_000_000, "EUR", "3 MEUR"),
        ("2 M€", "fr", 2_000_000, "EUR", "2 M€"),
        ("3 millones de euros", "es", 3_000_000, "EUR", "3 millones de euros"),
        ("2,5 mln zł", "pl", 2_500_000, "PLN", "2,5 mln zł"),
        ("120 tys. złotych", "pl", 120_000, "PLN", "120 tys. złotych"),
        ("2 mil. Kč", "cs", 2_000_000, "CZK", "2 mil. Kč"),
        ("10 millió Ft", "hu", 10_000_000, "HUF", "10 millió Ft"),
        ("2 milioane lei", "ro", 2_000_000, "RON", "2 milioane lei"),
        ("100.000 лв.", "bg", 100_000, "BGN", "100.000 лв."),
        ("2 млн. евро", "bg", 2_000_000, "EUR", "2 млн. евро"),
        ("3 εκατ. ευρώ", "el", 3_000_000, "EUR", "3 εκατ. ευρώ"),
        ("50 milijuna eura", "hr", 50_000_000, "EUR", "50 milijuna eura"),
    ],
)
def test_amounts(text: str, language: str, number: float, currency: str, quote: str) -> None:
    (code,) = find_codes(text, language=language)
    assert (code.kind, code.number, code.currency, code.evidence.quote) == ("amount", number, currency, quote)


def test_a_range_gives_both_ends() -> None:
    codes = find_codes("EUR 3–4 million", language="en")
    assert [(code.number, code.evidence.quote) for code in codes] == [(3_000_000, "EUR 3–4 million"), (4_000_000, "EUR 3–4 million")]


@pytest.mark.parametrize(
    "text",
    [
        "Europe 2021-2027",
        "in 2024",
        "Evropa 2024",
        "one euro. 26.02.2010",
        "20 try to",
        "all 20 all",
        "8 ft wide",
        "Horizon 2020 EUR",
        "10 m",
        "5 k",
        "2024 kr",
    ],
)
def test_no_amounts(text: str) -> None:
    assert values(text, "amount") == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("financed by Horizon Europe", "en", ["Horizon Europe"]),
        ("programu Horyzont Europa", "pl", ["Horizon Europe"]),
        ("Horisontti Euroopan rahoitus", "fi", ["Horizon Europe"]),
        ("Horizont-Europa-Programm", "de", ["Horizon Europe"]),
        ("Horizon2020 og H2020", "da", ["Horizon 2020"]),
        ("EU’s COSME-program", "da", ["COSME"]),
        ("Interreg Europe og Interreg", "da", ["Interreg Europe", "Interreg"]),
        ("w programie Interregu", "pl", ["Interreg"]),
        ("LIFE-programmet", "sv", ["LIFE"]),
        ("le programme LIFE", "fr", ["LIFE"]),
        ("LIFE 2021-2027", "en", ["LIFE"]),
        ("the EDF programme", "en", ["European Defence Fund"]),
        ("Fonds européen de développement régional (FEDER)", "fr", ["European Regional Development Fund"]),
        ("Erasmus+ and EU4Health", "en", ["Erasmus+", "EU4Health"]),
        ("the PIP programme", "en", ["PIP"]),
        ("program Interreg Slovenija–Avstrija", "sl", ["Interreg Slovenija–Avstrija"]),
        ("Fundusze Europejskie dla Wielkopolski", "pl", ["Fundusze Europejskie dla Wielkopolski"]),
        ("Fundusze Europejskie dla Nowoczesnej Gospodarki", "pl", ["Fundusze Europejskie dla Nowoczesnej Gospodarki"]),
    ],
)
def test_programmes(text: str, language: str, expected: list[str]) -> None:
    assert values(text, "programme", language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Reply ASAP, please",
        "LIFE IS GOOD",
        "Life in the city",
        "a peace plus",
        "EDF in France",
        "STEP BY STEP",
        "DIGITAL",
        "our interact team",
        "the cosme",
        "SMEs' programme",
        "EU programme",
    ],
)
def test_words_are_no_programmes(text: str) -> None:
    assert values(text, "programme") == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("BRINC-projektet dækker rejsen", "da", ["BRINC"]),
        ("the BRINC project", "en", ["BRINC"]),
        ("le projet PROCUREX", "fr", ["PROCUREX"]),
        ("projekt InnoBuyer", "pl", ["InnoBuyer"]),
        ("projektu „Zielone Zamówienia”", "pl", ["Zielone Zamówienia"]),
        ("the PROCURE2INNOVATE project", "en", ["PROCURE2INNOVATE"]),
        ("inom Procura-projektet", "sv", ["Procura"]),
        ("the GREEN-BUY MED project", "en", ["GREEN-BUY MED"]),
        ("projekt SKUPAJ+ povezuje", "sl", ["SKUPAJ+"]),
        ("an EU project and SME projects", "en", []),
        ("a PPI project", "en", []),
        ("ABOUT THE PILOT PROJECT", "en", []),
        ("a large project", "en", []),
        ("Horizon 2020 project", "en", []),
        ("pour Saint-Exemple. Projet", "fr", []),
    ],
)
def test_projects(text: str, language: str, expected: list[str]) -> None:
    assert values(text, "project", language) == expected


def test_each_value_once_unless_every_mention_is_asked_for() -> None:
    text = "COSME and COSME"
    assert len(find_codes(text, language="en")) == 1
    assert [code.evidence.start for code in find_codes(text, language="en", every=True)] == [0, 10]


def test_the_programme_table_is_sound() -> None:
    path = Path(__file__).parent.parent / "extractors" / "data" / "programmes.toml"
    rows = tomllib.loads(path.read_text("utf-8"))["programme"]
    assert len(rows) >= 120
    assert len({row["name"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row) <= {"name", "forms", "acronyms", "context", "suffix", "written"}
        assert row.get("forms") or row.get("acronyms")
        assert all(form == form.lower() for form in row.get("forms", []))
    for row in rows:
        for form in row.get("forms", []):
            if "*" not in form:
                shown = form.title()
                found = [code.value for code in find_codes(f"see {shown} here", language="en") if code.kind == "programme"]
                assert row["name"] in found or found, (row["name"], form)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789.,-/ €kEURmioCPNTSprojectLIFE\n„”-", max_size=100), st.sampled_from(["en", "da", "pl"]))
def test_offsets_hold(text: str, language: str) -> None:
    last = 0
    for code in find_codes(text, language=language, every=True):
        evidence = code.evidence
        assert evidence.start is not None
        assert text[evidence.start : evidence.end] == evidence.quote
        assert evidence.start >= last or code.kind == "amount"
        last = evidence.start


@pytest.mark.parametrize("piece", ["1", "1.2", "€", "1 000 ", "CPV ", "12345678 ", "A-", "Ref: ", '"'])
def test_half_a_megabyte_in_seconds(piece: str) -> None:
    text = piece * (500_000 // len(piece))
    started = time.process_time()
    find_codes(text, language="da")
    assert time.process_time() - started < 15
