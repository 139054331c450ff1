"""Contact cards: the cases of data/contact_cards.toml by field, and each layout and rule on its own."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.contacts import find_contacts
from extractors.contacts.names import NONE, STRONG, WEAK, affinity
from schemas import Block, BlockKind, Contact, Document, EvidenceSource, LanguageDecision, Link, Region, Span

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "data" / "contact_cards.toml").read_text("utf-8"))["case"]
FIELDS = ("name", "job_title", "organisation", "email", "phones", "address")


def document(text: str, language: str = "en", *, links: Sequence[Link] = (), blocks: Sequence[Block] = ()) -> Document:
    decision = LanguageDecision(code=language, confidence=1.0, decided_by="given")
    return Document(
        id="d", source="https://www.example.org/", content_hash="0", language=decision, text=text, links=list(links), blocks=list(blocks)
    )


def contacts(text: str, language: str = "en", region: str | None = None, **more: Any) -> list[Contact]:
    page = document(text, language, links=more.pop("links", ()), blocks=more.pop("blocks", ()))
    found = find_contacts(page, region=region, **more)
    check(text, found)
    return found


def check(text: str, found: Sequence[Contact]) -> None:
    for contact in found:
        assert contact.name or contact.email or contact.phones
        for evidence in (*contact.evidence, *(phone.evidence for phone in contact.phones)):
            if evidence.source is EvidenceSource.TEXT:
                assert evidence.start is not None
                assert evidence.end is not None
                assert text[evidence.start : evidence.end] == evidence.quote
            else:
                assert evidence.start is None


def told(contact: Contact, field: str) -> list[str]:
    if field == "phones":
        return [phone.e164 for phone in contact.phones if phone.e164]
    value = getattr(contact, field)
    return [value] if value else []


@pytest.fixture(scope="module")
def scores() -> dict[str, tuple[float, list[str]]]:
    """F1 of each field over all cases, and the cases where it differs."""
    counts = {field: [0, 0, 0] for field in (*FIELDS, "kind")}
    wrong: dict[str, list[str]] = {field: [] for field in counts}
    for case in CASES:
        found = find_contacts(document(case["text"], case["language"]), region=case.get("region"))
        for field, count in counts.items():
            if field == "kind":
                got = [contact.kind for contact in found]
                want = [contact.get("kind", "person") for contact in case["contacts"]]
            else:
                got = [value for contact in found for value in told(contact, field)]
                raw = [contact.get(field) for contact in case["contacts"]]
                want = [value for item in raw if item for value in (item if isinstance(item, list) else [item])]
            if got != want:
                wrong[field].append(f"{case['name']}: {got} instead of {want}")
            left = list(got)
            for value in want:
                if value in left:
                    left.remove(value)
                    count[0] += 1
                else:
                    count[2] += 1
            count[1] += len(left)
    return {field: (2 * hit / max(1, 2 * hit + extra + missed), wrong[field]) for field, (hit, extra, missed) in counts.items()}


@pytest.mark.parametrize(
    ("field", "least"),
    [("email", 0.99), ("phones", 0.98), ("name", 0.98), ("kind", 0.98), ("job_title", 0.95), ("organisation", 0.95), ("address", 0.95)],
)
def test_f1(scores: dict[str, tuple[float, list[str]]], field: str, least: float) -> None:
    score, wrong = scores[field]
    assert score >= least, f"F1 of {field} is {score:.3f}\n" + "\n".join(wrong)


def test_the_cases_are_many_and_in_many_languages() -> None:
    assert len(CASES) >= 120
    assert len({case["language"] for case in CASES}) >= 28
    assert sum(not case["contacts"] for case in CASES) >= 15


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_evidence_is_verbatim(case: dict[str, Any]) -> None:
    check(case["text"], find_contacts(document(case["text"], case["language"]), region=case.get("region")))


def test_every_part_has_its_evidence() -> None:
    (contact,) = contacts("Contact: Anna Berg, project manager, Ministry of Example, anna.berg@example.org, tel. +45 12 34 56 78")
    assert [evidence.rule for evidence in contact.evidence] == ["name", "job_title", "organisation", "email", "phone"]
    assert contact.job_title_en == "project manager"
    assert contact.phone == "+4512345678"


def test_a_field_block_is_read_by_its_label() -> None:
    text = "Contact person\nAnna Berg\nPhone\n12 34 56 78\nE-mail\nab@example.org"
    spans = [(0, 14, 15, 24), (25, 30, 31, 42), (43, 49, 50, 64)]
    blocks = [
        Block(kind=BlockKind.FIELD, start=first, end=end, label=Span(start=first, end=stop), value=Span(start=start, end=end))
        for first, stop, start, end in spans
    ]
    (contact,) = contacts(text, region="DK", blocks=blocks)
    assert (contact.name, contact.email, contact.phone) == ("Anna Berg", "ab@example.org", "+4512345678")


def test_rows_of_a_table_are_one_contact_each() -> None:
    rows = [
        "Name\tPosition\tPhone\tE-mail",
        "Anna Berg\tProject manager\t12 34 56 78\tab@example.org",
        "Tom Fielding\tLegal adviser\t12 34 56 79\ttf@example.org",
    ]
    text = "\n".join(rows)
    blocks, at = [], 0
    for row in rows:
        cells, start = [], at
        for cell in row.split("\t"):
            cells.append(Span(start=start, end=start + len(cell)))
            start += len(cell) + 1
        blocks.append(Block(kind=BlockKind.TABLE_ROW, start=at, end=at + len(row), cells=cells))
        at += len(row) + 1
    found = contacts(text, region="DK", blocks=blocks)
    assert [(contact.name, contact.job_title, contact.email, contact.phone) for contact in found] == [
        ("Anna Berg", "Project manager", "ab@example.org", "+4512345678"),
        ("Tom Fielding", "Legal adviser", "tf@example.org", "+4512345679"),
    ]


def test_links_give_what_the_text_hides() -> None:
    text = "Anna Berg, project manager, call"
    links = [
        Link(url="mailto:anna.berg@example.org", text="Anna Berg", start=0, end=9),
        Link(url="tel:+4512345678", text="call", start=28, end=32),
        Link(url="https://www.linkedin.com/in/anna-berg-example", text="", start=10, end=10),
        Link(url="https://www.linkedin.com/company/example", text="", start=10, end=10),
    ]
    (contact,) = contacts(text, links=links)
    assert (contact.kind, contact.name, contact.email, contact.phone) == ("person", "Anna Berg", "anna.berg@example.org", "+4512345678")
    assert contact.urls == ["https://www.linkedin.com/in/anna-berg-example"]
    assert {evidence.rule for evidence in contact.evidence if evidence.source is EvidenceSource.MARKUP} == {"email", "phone", "url"}


def test_a_link_without_a_place_is_a_desk() -> None:
    (contact,) = contacts("Nothing here.", links=[Link(url="mailto:info@example.org", text="Write")])
    assert (contact.kind, contact.email) == ("desk", "info@example.org")


def test_a_visible_address_is_not_doubled_by_its_link() -> None:
    text = "Contact: anna@example.org"
    (contact,) = contacts(text, links=[Link(url="mailto:Anna@example.org", text="anna@example.org", start=9, end=25)])
    assert contact.email == "anna@example.org"
    assert [evidence.source for evidence in contact.evidence] == [EvidenceSource.TEXT]


def test_the_same_address_twice_is_one_contact() -> None:
    text = "Write to anna.berg@example.org before Friday.\nContact\nAnna Berg\nproject manager\nanna.berg@example.org\nTel. +45 12 34 56 78"
    (contact,) = contacts(text)
    assert (contact.kind, contact.name, contact.job_title, contact.phone) == ("person", "Anna Berg", "project manager", "+4512345678")


def test_the_same_name_twice_is_one_contact() -> None:
    between = "The programme is published in May. All suppliers are welcome to the meeting in the town hall."
    text = f"Contact: Anna Berg\n{between}\nAnna Berg, anna.berg@example.org"
    (contact,) = contacts(text)
    assert contact.email == "anna.berg@example.org"


def test_names_proposed_elsewhere_support_and_trim() -> None:
    text = "For more information please contact our new buyer Ann Lee Stone, tel. +45 12 34 56 78."
    start = text.index("Ann Lee Stone")
    (contact,) = contacts(text, persons=[(start, start + 13)])
    assert contact.name == "Ann Lee Stone"


def test_organisations_found_elsewhere_are_taken() -> None:
    text = "Contact: Anna Berg, project manager, Clean Waters, anna.berg@example.org"
    start = text.index("Clean Waters")
    (contact,) = contacts(text, organisations=[(start, start + 12, "Clean Waters")])
    assert contact.organisation == "Clean Waters"
    (alone,) = contacts(text)
    assert alone.organisation is None


def test_an_organisation_is_never_made_from_the_domain() -> None:
    (contact,) = contacts("Contact: Anna Berg, anna.berg@cleanwaters.example")
    assert contact.organisation is None


def test_faxes_come_last_and_are_not_called() -> None:
    (contact,) = contacts("Example Agency\nFax: +44 20 7946 0124\nTel. +44 20 7946 0123\ninfo@example.org")
    assert [(phone.e164, phone.kind) for phone in contact.phones] == [("+442079460123", "fixed"), ("+442079460124", "fax")]
    assert contact.phone == "+442079460123"


def test_a_footer_is_kept_apart_from_the_page() -> None:
    text = "Anna Berg\nanna.berg@example.org\nExample Agency\nTel. +45 12 34 56 00\ninfo@example.org"
    blocks = [
        Block(kind=BlockKind.PARAGRAPH, start=0, end=31),
        Block(kind=BlockKind.PARAGRAPH, start=32, end=len(text), region=Region.FOOTER),
    ]
    person, desk = contacts(text, blocks=blocks)
    assert (person.name, person.phone) == ("Anna Berg", None)
    assert (desk.kind, desk.organisation, desk.phone) == ("desk", "Example Agency", "+4512345600")


@pytest.mark.parametrize(
    ("name", "address", "fit"),
    [
        ("Jan Peeters", "jan.peeters@x.example", STRONG),
        ("Anna Berg", "aberg@x.example", STRONG),
        ("Anna Berg", "annab@x.example", STRONG),
        ("Jan van den Berg", "jvdberg@x.example", STRONG),
        ("Jørgen Ågård", "joergen.aagaard@x.example", STRONG),
        ("Kovács Eszter", "kovacs.eszter@x.example", STRONG),
        ("Μαρία Παπαδοπούλου", "m.papadopoulou@x.example", STRONG),
        ("Иван Петров", "i.petrov@x.example", STRONG),
        ("Annou Novákovou", "anna.novakova@x.example", STRONG),
        ("Joan Juul", "joj@x.example", WEAK),
        ("Anna Berg", "ab@x.example", WEAK),
        ("Bo Hansen", "anna.berg@x.example", NONE),
        ("Clean Cluster", "clean@cleancluster.example", NONE),
        ("Anna", "anna@x.example", NONE),
    ],
)
def test_names_and_mailboxes(name: str, address: str, fit: int) -> None:
    assert affinity(name, address) == fit


PIECES = [
    "Anna Berg", "Kontakt:", "Contact", "project manager", "anna.berg@example.org", "(at)", "Tel. +45 12 34 56 78", "\n", "\n\n", ", ",
    " | ", "Example Agency", "12 34 56 78", "Test Street 4", "1234 Townsville", "Dr.", "van", "Speakers:", "ÅØ", "Σ",
    "info@example.org", "·", "(", ")", ". ",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join), st.sampled_from(["en", "da", "el", "und"]))
def test_any_order_of_parts_keeps_its_offsets(text: str, language: str) -> None:
    first = contacts(text, language, "DK")
    assert first == contacts(text, language, "DK")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    contacts(text, "en", "DK")


@pytest.mark.parametrize(
    "piece", ["@", "(", "1", "\n", "a@b.cd ", "Anna Berg\n", "Anna Berg anna.berg@example.org\n", "Tel. +45 12 34 56 78\n", "x: "]
)
def test_a_quarter_megabyte_in_seconds(piece: str) -> None:
    text = piece * (250_000 // len(piece))
    started = time.process_time()
    find_contacts(document(text), region="DK")
    assert time.process_time() - started < 15
