import hashlib
import logging
import time
import unicodedata
import warnings
from pathlib import Path

import pytest

from extractors.errors import READ_ERROR_CODES, ProcnewsError, ReadError
from extractors.page import MAX_BYTES, MAX_CHARACTERS, WARNINGS, read
from schemas import Block, BlockKind, Document, Region

PAGES = Path(__file__).parent / "data" / "pages"
SEEDS = sorted((Path(__file__).parents[2] / "shared" / "seeds").glob("*.txt"))
LONG = (
    "The agency invites all interested suppliers to a meeting about the coming framework agreement for electric buses, "
    "where the plans for the tender and the environmental criteria are presented and discussed with the market. "
)


def _page(name: str, **options: object) -> Document:
    return read((PAGES / name).read_bytes(), name, **options)  # type: ignore[arg-type]


def _html(body: str, head: str = "", **options: object) -> Document:
    return read(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode(), "page.html", **options)  # type: ignore[arg-type]


def _text(document: Document, block: Block) -> str:
    return document.text[block.start : block.end]


def _texts(document: Document, region: Region | None = None) -> list[str]:
    return [_text(document, block) for block in document.blocks if region in {None, block.region}]


def _fields(document: Document) -> dict[str, str]:
    return {
        document.text[block.label.start : block.label.end]: document.text[block.value.start : block.value.end]
        for block in document.blocks
        if block.kind is BlockKind.FIELD and block.label and block.value
    }


def _holds(document: Document) -> None:
    """What is true of every document."""
    text, position = document.text, 0
    assert unicodedata.is_normalized("NFC", text)
    for block in document.blocks:
        assert position <= block.start < block.end
        assert not any(map(str.isalnum, text[position : block.start]))
        assert _text(document, block) == _text(document, block).strip()
        position = block.end
        for part in (block.label, block.value, *block.cells):
            assert part is None or block.start <= part.start < part.end <= block.end
        if block.kind is BlockKind.FIELD:
            assert block.label and block.value and block.label.end <= block.value.start
    assert position == len(text)
    for link in document.links:
        assert link.url.split(":")[0].lower() in {"http", "https", "mailto", "tel"}
        assert link.start is None or text[link.start : link.end] == link.text
    assert Document.model_validate_json(document.model_dump_json()) == document


# ---------------------------------------------------------------- pages of many makers


@pytest.mark.parametrize("path", sorted(PAGES.iterdir()), ids=lambda path: path.stem)
def test_every_page_keeps_the_contract(path: Path) -> None:
    document = read(path.read_bytes(), path.name)
    _holds(document)
    assert read(path.read_bytes(), path.name) == document
    assert document.media_type == "text/html"
    assert document.language.code == path.stem.rpartition("_")[2]
    assert [block.kind for block in document.blocks].count(BlockKind.TITLE) == 1


def test_drupal_event_page() -> None:
    document = _page("drupal_event_da.html")
    assert document.title == "Markedsdialog om grønne busser"
    assert document.site_name == "Nordby Kommune"
    assert document.published and (document.published.value, document.published.basis) == ("2024-02-12", "markup")
    fields = _fields(document)
    assert fields["Dato"] == "16. maj 2024"
    assert fields["Tid"] == "10.00 – 12.30"
    assert fields["Sted"] == "Rådhuset, lokale 4\nTorvegade 12\n9999 Nordby"
    assert fields["Tilmeldingsfrist"] == "2. maj 2024"
    assert _texts(document, Region.ASIDE) == ["Kontakt", "Ida Holm", "Udbudskonsulent", "Tlf. 00 00 00 12", "ida@nordby.example"]
    assert fields["E-mail"] == "post@nordby.example"
    assert "leverandører" in document.text
    for absent in ("cookie", "Hovedmenu", "Borger", "Forside", "Læs også", "genbrugspladsen", "dataLayer", "Om os"):
        assert absent not in document.text
    rows = [block for block in document.blocks if block.kind is BlockKind.TABLE_ROW]
    assert [document.text[cell.start : cell.end] for cell in rows[1].cells] == ["10.00", "Velkomst", "Ida Holm"]
    urls = [link.url for link in document.links]
    assert "mailto:ida@nordby.example" in urls
    assert "mailto:udbud@nordby.example?subject=Tilmelding" in urls
    assert [(document.text[mark.start : mark.end], mark.value) for mark in document.times] == [("16. maj 2024", "2024-05-16T10:00:00Z")]
    assert {block.found_by for block in document.blocks} == {"trafilatura", "second_pass"}
    assert document.warnings == []


def test_wordpress_article() -> None:
    document = _page("wordpress_news_en.html", meta={"url": "https://harbour.example/news/training"})
    assert document.title == "Training series on innovation procurement starts in May"
    assert document.author == "Maria Stone"
    assert document.published and document.published.value == "2024-04-02"
    items = [_text(document, block) for block in document.blocks if block.kind is BlockKind.LIST_ITEM]
    assert items == [
        "Writing good specifications\n14 May 2024, 9:00–12:30, Dock House, Bristol",
        "Talking to the market\n28 May 2024, 9:00–12:30, online",
        "Managing pilots | 11 June 2024",
    ]
    assert "https://harbour.example/register?series=spring#form" in [link.url for link in document.links]
    assert any("01632 960001" in text for text in _texts(document, Region.FOOTER))
    for absent in ("Related posts", "October", "1 May 2023", "Share this", "Menu"):
        assert absent not in document.text
    (event,) = document.structured_events
    assert event["name"] == "Writing good specifications"
    assert event["organizer"]["name"] == "Harbour Agency"


def test_typo3_page_without_a_first_heading() -> None:
    document = _page("typo3_de.html")
    assert document.title == "Fachtagung Nachhaltige Beschaffung"
    assert _text(document, document.blocks[0]) == document.title
    fields = _fields(document)
    assert fields["Termin"] == "Mittwoch, 13. März 2024"
    assert fields["Ort"] == "Stadthalle Musterstadt\nRingstraße 5\n01234 Musterstadt"
    assert fields["Veranstalter"] == "Landesamt Musterland\nHandelskammer Musterstadt"
    assert fields["Anmeldung"] == "bis 1. März 2024 online"
    assert "mailto:erika.beispiel@musterland.example" in [link.url for link in document.links]
    assert any(text.startswith("Ansprechpartnerin:\nDr. Erika Beispiel\nReferat 42") for text in _texts(document))


def test_listing_page_keeps_every_entry() -> None:
    document = _page("listing_fr.html")
    assert [_text(document, block) for block in document.blocks if block.kind is BlockKind.HEADING] == [
        "Atelier sur les critères environnementaux",
        "Webinaire : dialoguer avec le marché",
        "Rencontre annuelle des acheteurs",
        "Formation marchés innovants",
    ]
    for kept in ("14 mars 2024", "28 mars 2024", "6 juin 2024", "20 juin 2024, Lille", "contact@reseau.example"):
        assert kept in document.text


def test_sharepoint_page_inside_a_form() -> None:
    document = _page("sharepoint_nl.html")
    assert document.title == "Marktconsultatie straatverlichting"
    fields = _fields(document)
    assert fields["Wanneer"] == "donderdag 16 mei 2024"
    assert fields["Waar"] == "Stadskantoor, Voorbeeldstad"
    assert fields["Aanmelden"] == "uiterlijk 2 mei 2024"


def test_old_page_laid_out_with_tables() -> None:
    document = _page("table_layout_it.html")
    assert document.title == "Convegno appalti innovativi"
    assert "terrà il 12 aprile 2024" in document.text
    assert "Segreteria organizzativa\nVia Esempio 1\nTel. 06 0000 0000\nsegreteria@convegno.example" in _texts(document)
    assert "Chi siamo" not in document.text


def test_microdata_event() -> None:
    document = _page("microdata_sv.html")
    assert _fields(document)["Tid"] == "12 september 2024 kl. 8.00"
    assert document.structured_events[0]["location"]["address"]["addressLocality"] == "Exempelstad"
    assert document.published is None


def test_short_page_keeps_its_own_blocks() -> None:
    document = _html("<nav><a href=/>Home</a></nav><h2>Open day</h2><p>Come on 3 May.</p><p>Coffee is served.</p>")
    assert _texts(document) == ["Open day", "Come on 3 May.", "Coffee is served."]


def test_footer_without_facts_is_left_out() -> None:
    document = _html(f"<h1>Open day</h1><p>{LONG}</p><p>{LONG.upper()}</p><footer><p>© Example Agency</p><p>Accessibility</p></footer>")
    assert "Accessibility" not in document.text


def test_title_without_a_heading_comes_from_the_head() -> None:
    document = _html(f"<p>{LONG}</p>", "<title>Open day for suppliers | Example Agency</title>")
    assert document.title == "Open day for suppliers"
    assert _text(document, document.blocks[0]) == document.title
    assert document.blocks[0].kind is BlockKind.TITLE
    named = _html(f"<p>{LONG}</p>", "<title>Agency - Open day - north</title><meta property='og:site_name' content='Agency'>")
    assert named.title == "Open day - north"
    assert _html(f"<p>{LONG}</p>", "<title>Open day - north</title>").title == "Open day - north"


def test_a_block_in_another_language_says_so() -> None:
    danish = "Kommunen inviterer alle interesserede leverandører til dialogmøde om den kommende rammeaftale torsdag den 16. maj i Aarhus. "
    document = _html(f"<h1>Invitation</h1><p>{danish * 3}</p><p>{LONG}</p>", "")
    assert document.language.code == "da"
    assert [block.language for block in document.blocks if _text(document, block) == LONG.strip()] == ["en"]


# ---------------------------------------------------------------- plain text, formats, media types


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_announcements_as_they_are(path: Path) -> None:
    document = read(path.read_bytes(), path.name)
    _holds(document)
    assert document.language.code == {"001": "da", "004": "nl"}.get(path.stem[:3], "en")
    if path.stem.startswith("001"):
        assert _fields(document) == {"Dato": "19.–20. Mar 2024", "Lokation": "Brussels, Belgien"}


@pytest.mark.parametrize(
    ("source", "media_type", "expected"),
    [
        ("a.txt", None, "text/plain"),
        ("a.html", None, "text/html"),
        ("https://x.example/a.aspx?b=1", None, "text/html"),
        ("a", "text/html; charset=utf-8", "text/html"),
        ("a.html", "text/plain", "text/plain"),
        ("a", None, "text/html"),
        ("a.bin", "application/octet-stream", "text/html"),
    ],
)
def test_format_by_media_type_suffix_or_content(source: str, media_type: str | None, expected: str) -> None:
    data = f"<p>{LONG}</p><p>{LONG}</p>".encode()
    assert read(data, source, media_type=media_type).media_type == expected


def test_html_declared_as_plain_text_is_still_html() -> None:
    document = read(b"<!DOCTYPE html><html><p>Some words of text</p></html>", "a.txt", media_type="text/plain")
    assert (document.media_type, document.text) == ("text/html", "Some words of text")
    assert "media-type-mismatch" in document.warnings


def test_charset_of_the_transport_is_used_and_distrusted() -> None:
    text = "Komunikat: zapraszamy na spotkanie dotyczące zamówień, które odbędzie się w środę w Łodzi.\n" * 3
    assert "środę w Łodzi" in read(text.encode("iso8859-2"), "a", media_type="text/plain; charset=ISO-8859-2").text
    wrong = read(text.encode(), "a", media_type="text/plain; charset=ISO-8859-1")
    assert "środę w Łodzi" in wrong.text
    assert wrong.warnings == ["charset-mismatch"]


def test_addresses_written_out_are_links() -> None:
    document = read(b"Register (see https://x.example/a_(b)?c=1), or at http://y.example/.\nhttps://", "a.txt")
    assert [(link.url, document.text[link.start : link.end]) for link in document.links] == [
        ("https://x.example/a_(b)?c=1", "https://x.example/a_(b)?c=1"),
        ("http://y.example/", "http://y.example/"),
    ]


def test_mail_and_telephone_links_stay_reachable() -> None:
    document = _html(f"<nav><a href='tel:+4500000001'>Call</a></nav><h1>Open day</h1><p>{LONG}</p><p>{LONG[:150]}</p>"
                     "<div class='share'><a href='mailto:desk@x.example'>mail</a></div>")  # fmt: skip
    assert {link.url for link in document.links if link.start is None} == {"tel:+4500000001", "mailto:desk@x.example"}
    assert "Call" not in document.text


# ---------------------------------------------------------------- identity and sidecar


def _id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def test_identity() -> None:
    data = b"<html><head><link rel=canonical href='https://x.example/a#b'></head><p>Some words of text</p>"
    assert read(data, "dir/a.html").id == _id("https://x.example/a")
    assert read(data, "dir/a.html", meta={"url": "https://X.example/sidecar"}).id == _id("https://x.example/sidecar")
    assert read(data, "https://www.x.example/a?utm=1").id == _id("https://x.example/a")
    assert read(b"Some words of text", "dir/a.txt").id == _id("dir/a.txt")
    assert read(data, "dir/a.html", document_id="given").id == "given"
    assert read(data, "a.html").content_hash == hashlib.sha256(data).hexdigest()


def test_a_canonical_address_that_would_merge_pages_is_not_believed() -> None:
    front = b"<html><head><link rel=canonical href='https://x.example/'></head><p>Some words of text</p>"
    assert read(front, "https://x.example/news/1").id == _id("https://x.example/news/1")
    assert read(front, "https://x.example/").id == _id("https://x.example/")
    foreign = b"<html><head><link rel=canonical href='https://victim.example/page'></head><p>Some words of text</p>"
    assert read(foreign, "https://x.example/news/1").id == _id("https://x.example/news/1")


def test_sidecar_values_win() -> None:
    meta = {"published": "2024-02-01", "url": "https://x.example/n/", "language": "en-GB", "title": "  The  title "}
    document = _html(f"<h1>Another</h1><p>{LONG}<a href=e>more</a></p>", "<meta name=date content=2020-01-01>", meta=meta)
    assert document.published and (document.published.value, document.published.basis) == ("2024-02-01", "sidecar")
    assert document.title == "The title"
    assert (document.language.code, document.language.decided_by) == ("en", "sidecar")
    assert document.links[0].url == "https://x.example/n/e"
    assert set(document.warnings) <= {"main-text-unsure"}


def test_sidecar_faults_are_warnings() -> None:
    meta = {"published": "yesterday", "url": "ftp://x", "language": "klingon", "title": "", "colour": "red"}
    document = read(LONG.encode(), "a.txt", meta=meta)
    assert document.warnings == ["sidecar-unknown-key", "sidecar-bad-value"]
    assert document.published is None
    assert document.language.code == "en"
    numbers = read(LONG.encode(), "a.txt", meta={"published": 2024, "title": None})  # type: ignore[dict-item]
    assert numbers.warnings == ["sidecar-bad-value"]
    assert read(LONG.encode(), "a.txt", meta={"published": "2024-02"}).published is not None


def test_wrong_declared_language_is_a_warning() -> None:
    document = read(f"<html lang=fr><p>{LONG}</p></html>".encode(), "a.html")
    assert document.language.code == "en"
    assert "language-conflict" in document.warnings


def test_unknown_language_is_undetermined_and_still_read() -> None:
    document = read(b"Zxqv brlkt mnop grfx tklw vbnm qwrt plkj hgfd 12 May 2024", "a.txt")
    assert document.language.code == "und"
    assert "12 May 2024" in document.text


# ---------------------------------------------------------------- bad input


def _refused(data: bytes, source: str = "dir/page.html", **options: object) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read(data, source, **options)  # type: ignore[arg-type]
    message = str(caught.value)
    assert isinstance(caught.value, ProcnewsError)
    assert caught.value.code in READ_ERROR_CODES
    assert message.startswith(f"{source}: ") and "\n" not in message
    return caught.value


@pytest.mark.parametrize("data", [b"", b"   \n\t", b"\r\n"])
def test_empty(data: bytes) -> None:
    assert _refused(data).code == "empty-document"


@pytest.mark.parametrize("data", [b"%PDF-1.4 x", b"\x89PNG\r\n\x1a\n", bytes(range(256)) * 40])
def test_binary(data: bytes) -> None:
    assert _refused(data, "a.txt").code == "binary-document"


@pytest.mark.parametrize(
    "data",
    [
        b"<html><head><script>1</script></head><body></body></html>",
        b"<html><body><img src=x></body></html>",
        "\ufeff\u200b\u00ad".encode(),
        b"<!-- nothing -->",
        b"--- *** ---",
    ],
)
def test_no_text(data: bytes) -> None:
    assert _refused(data).code == "no-text"


@pytest.mark.parametrize("unit", [b"word ", b"<p>word", b"\0"])
def test_fifty_megabytes_are_refused_quickly(unit: bytes) -> None:
    data = unit * (50_000_000 // len(unit))
    started = time.perf_counter()
    assert _refused(data).code == "too-large"
    assert time.perf_counter() - started < 0.5
    assert len(data) > MAX_BYTES


def test_too_many_characters_or_lines() -> None:
    assert _refused(b"a" * (MAX_CHARACTERS + 1), "a.txt").code == "too-large"
    assert _refused(b"a\n" * 300_000, "a.txt").code == "too-large"


def test_undecodable() -> None:
    data = b" ".join(bytes([0x81, letter, 0x8D, 0xA4, 0x9D, letter, 0x90]) for letter in range(0x41, 0x5B)) * 3
    assert _refused(data, "a.txt").code == "undecodable"


@pytest.mark.parametrize("tag", ["div", "b", "span", "ul"])
def test_nested_a_hundred_thousand_deep(tag: str) -> None:
    opened, closed = f"<{tag}>".encode() * 100_000, f"</{tag}>".encode() * 100_000
    started = time.perf_counter()
    document = read(b"<html><body>" + opened + b"The words at the bottom" + closed + b"<p>and after</p>", "a.html")
    assert "The words at the bottom" in document.text and "and after" in document.text
    assert "markup-simplified" in document.warnings
    assert _refused(b"<html><body>" + opened).code == "too-deep"
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    "data",
    [
        b"<html><p>text about things " + b"<" * 1_000_000,
        b"<html><p>text about things " + b"<!--" * 500_000,
        b"<html><p " + b"a=b " * 300_000 + b">text about things</p>",
        b"<ul><li>" * 60 + b"<li>text about things" * 8_000,
        b"<table><tr><td>" * 60 + b"text about things" + b"<p>" * 20_000,
        b"<html>" + b'<div class="label">x:<div class="value">' * 60 + b"<p>text about things" * 5_000,
        b"<html><script type='application/ld+json'>" + b"[" * 200_000 + b"</script><p>text about things",
    ],
    ids=["less-than", "comments", "attributes", "lists", "tables", "labels", "json"],
)
def test_hostile_markup_ends_soon(data: bytes) -> None:
    started = time.perf_counter()
    document = read(data, "a.html")
    assert "text about things" in document.text
    assert time.perf_counter() - started < 15


@pytest.mark.parametrize(
    "data",
    [
        b"Aa: " * 200_000,
        b"Date: 3 May | " * 50_000,
        b"a\tb\t" * 200_000,
        b"http://" * 100_000,
        (b"a." * 30 + b"@") * 10_000,
        b"1. a\n" * 20_000,
    ],
    ids=["colons", "bars", "tabs", "addresses", "mail", "numbers"],
)
def test_hostile_text_ends_soon(data: bytes) -> None:
    started = time.perf_counter()
    _holds(read(data, "a.txt"))
    assert time.perf_counter() - started < 10


def test_a_nearly_full_stack_is_no_crash() -> None:
    data = (b"<div>" * 140 + b"The words at the bottom of it" + b"</div>" * 140).join([b"<html><body>", b"</body></html>"])

    def deeper(levels: int) -> Document:
        return deeper(levels - 1) if levels else read(data, "a.html")

    assert "The words at the bottom" in deeper(500).text


def test_nothing_is_logged_or_warned(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings(), caplog.at_level(logging.INFO):
        warnings.simplefilter("error")
        _html("<p>x y</p>")
        read(b'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><p>Some words</p></html>', "a.html")
        read(b"no markup at all", "a.html")
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_every_warning_code_is_explained() -> None:
    assert all(code == code.lower().replace("_", "-") and meaning for code, meaning in WARNINGS.items())
