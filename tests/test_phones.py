"""Telephone numbers: E.164 with the region's source, kinds, extensions, and what is no number."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.contacts.phones import find_phones


def numbers(text: str, region: str | None = None, language: str | None = None) -> list[str]:
    return [phone.e164 or phone.raw for phone in find_phones(text, region=region, languages=(language,) if language else ())]


@pytest.mark.parametrize(
    ("text", "region", "language", "expected"),
    [
        ("Tel +45 12 34 56 78", None, None, ["+4512345678"]),
        ("(+45) 12 34 56 78", None, None, ["+4512345678"]),
        ("0045 12 34 56 78", None, None, ["+4512345678"]),
        ("Tlf. 12 34 56 78", "DK", "da", ["+4512345678"]),
        ("tlf. 12 34 56 78 / 12 34 56 79", "DK", "da", ["+4512345678", "+4512345679"]),
        ("telefon 22 00 00 11 eller 22 00 00 12", "NO", "nb", ["+4722000011", "+4722000012"]),
        ("Tfn 08-465 004 01", "SE", "sv", ["+46846500401"]),
        ("puh. 040 123 4567", "FI", "fi", ["+358401234567"]),
        ("Telefon: +49 (0) 89 123456-12", "DE", "de", ["+498912345612"]),
        ("Tel. 030 5200-0", "DE", "de", ["+493052000"]),
        ("Tel.: 02/555.12.34", "BE", "nl", ["+3225551234"]),
        ("0032 (0)2 441 10 10", None, None, ["+3224411010"]),
        ("Tél. : 01 99 00 12 34 ou 06 39 98 12 34", "FR", "fr", ["+33199001234", "+33639981234"]),
        ("Teléfono: 912 34 56 78", "ES", "es", ["+34912345678"]),
        ("tel. 06 1234567", "IT", "it", ["+39061234567"]),
        ("+39 (0)6 1234567", None, None, ["+39061234567"]),
        ("Telefone 213 456 789", "PT", "pt", ["+351213456789"]),
        ("tel. 22 123 45 67", "PL", "pl", ["+48221234567"]),
        ("tel.: 222 123 456", "CZ", "cs", ["+420222123456"]),
        ("Tel.: (06-1) 474-1155", "HU", "hu", ["+3614741155"]),
        ("Telefon: 021 123 45 67", "RO", "ro", ["+40211234567"]),
        ("tel. (8 5) 273 5521", "LT", "lt", ["+37052735521"]),
        ("Τηλ.: 210 1234567", "GR", "el", ["+302101234567"]),
        ("тел. 02 123 4567", "BG", "bg", ["+35921234567"]),
        ("☎ 12 34 56 78", "DK", None, ["+4512345678"]),
        ("Phone\n+44 20 7946 0123", None, None, ["+442079460123"]),
        ("T: 020 7946 0123\nM: 07700 900123", "GB", "en", ["+442079460123", "+447700900123"]),
        ("Call +1 202 555 0123, +30 210 1234567 and +40 21 123 45 67", None, None, ["+12025550123", "+302101234567", "+40211234567"]),
        ("+4512345678+4512345679", None, None, ["+4512345678", "+4512345679"]),
        ("Tel: +45 12 34 56 78 (09:00-15:00)", None, None, ["+4512345678"]),
    ],
)
def test_numbers(text: str, region: str | None, language: str | None, expected: list[str]) -> None:
    assert numbers(text, region, language) == expected


@pytest.mark.parametrize("text", ["+44 20 7946 0123", "+45 12 34 56 78", "+358 40 000 0000", "+44 7700 900123"])
def test_fictitious_numbers_with_a_country_code_keep_it(text: str) -> None:
    (phone,) = find_phones(f"Tel. {text}")
    assert phone.e164 == text.replace(" ", "")
    assert phone.region_source == "stated"


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("CVR 29 18 94 73", "DK"),
        ("CVR-nr.: 29189473, EAN 5798000000012", "DK"),
        ("Tlf. CVR 29 18 94 73", "DK"),
        ("Org.nr. 912 345 678", "NO"),
        ("45 000 000 NOK", "NO"),
        ("tel. 45 000 000 NOK", "NO"),
        ("IČO 12345678, DIČ CZ12345678", "CZ"),
        ("25 000 000 Kč", "CZ"),
        ("NIP 123-456-78-90, REGON 123456789", "PL"),
        ("NIF 123 456 789", "PT"),
        ("SIRET 123 456 789 00012", "FR"),
        ("USt-IdNr. DE123456789, HRB 123456", "DE"),
        ("IBAN DE12 3456 7890 1234 5678 90", "DE"),
        ("CPV 33000000-0", "DK"),
        ("CPV-kode: 72000000, 79400000", "DK"),
        ("2024/S 055-123456", "DE"),
        ("Aktenzeichen 2024-123456", "DE"),
        ("Tel. 12.05.2024", "DK"),
        ("19.03.2024 - 20.03.2024", "DK"),
        ("Open 09:00-17:00, 9.00-16.00", "GB"),
        ("2021-2027", "DK"),
        ("https://example.org/12345678", "DK"),
        ("info2024123456@example.org", "DK"),
        ("Tel. 112", "DK"),
        ("J40/11461/2003", "RO"),
        ("12 34 56 78", "DK"),
        ("+00 9988776655", None),
    ],
)
def test_no_numbers(text: str, region: str | None) -> None:
    assert find_phones(text, region=region, languages=("da",)) == []


def test_the_label_of_another_number_ends_the_reach_of_a_cue() -> None:
    assert numbers("Tlf. 12 34 56 78, CVR 29 18 94 73", "DK", "da") == ["+4512345678"]


def test_kinds() -> None:
    text = "Tel. +44 20 7946 0123, mob. +44 7700 900123, fax +44 20 7946 0124, Tel./Fax +44 20 7946 0125"
    assert [phone.kind for phone in find_phones(text, languages=("en",))] == ["fixed", "mobile", "fax", "fixed"]
    assert [phone.kind for phone in find_phones("Mobil: +45 12 34 56 78", languages=("da",))] == ["mobile"]


@pytest.mark.parametrize(
    ("text", "extension"),
    [("Tel. +44 20 7946 0123 ext. 45", "45"), ("tel. +48 22 123 45 67 wew. 12", "12"), ("Tel. +44 20 7946 0123, 45 people", None)],
)
def test_extensions(text: str, extension: str | None) -> None:
    (phone,) = find_phones(text)
    assert phone.extension == extension
    assert phone.e164 in {"+442079460123", "+48221234567"}


def test_the_source_of_the_region_is_told() -> None:
    local = "Tlf. 12 34 56 78"
    assert [phone.region_source for phone in find_phones(local, region="DK")] == ["page_country"]
    assert [phone.region_source for phone in find_phones(local, region="DK", region_source="language")] == ["language"]
    assert [phone.region_source for phone in find_phones("Tel. 222 123 456", languages=("cs",))] == ["language"]


def test_without_a_country_a_local_number_stays_raw() -> None:
    (phone,) = find_phones("Tel. 020 7946 0123", languages=("en",))
    assert (phone.raw, phone.e164, phone.region_source) == ("020 7946 0123", None, "none")


def test_blocked_spans_hold_no_number() -> None:
    text = "Tel. 12 34 56 78"
    assert find_phones(text, region="DK", blocked=[(5, 16)]) == []


def test_trusted_and_likely_spans_need_no_cue() -> None:
    text = "12 34 56 78"
    assert find_phones(text, region="DK") == []
    assert [phone.e164 for phone in find_phones(text, region="DK", trusted=[(0, 11)])] == ["+4512345678"]
    assert [phone.e164 for phone in find_phones(text, region="DK", likely=[(0, 11)])] == ["+4512345678"]
    assert find_phones(text, likely=[(0, 11)]) == []
    assert [phone.raw for phone in find_phones(text, trusted=[(0, 11)])] == [text]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789+()-./ \nTel.fax€NOK", max_size=80))
def test_offsets_hold(text: str) -> None:
    for phone in find_phones(text, region="DK", languages=("da",)):
        evidence = phone.evidence
        assert evidence.start is not None
        assert text[evidence.start : evidence.end] == evidence.quote == phone.raw


@pytest.mark.parametrize("piece", ["1", "12 ", "+45 ", "(", "1.2-3/", "+1(2)", "tel "])
def test_a_megabyte_in_seconds(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    find_phones(text, region="DK", languages=("da",))
    assert time.process_time() - started < 15
