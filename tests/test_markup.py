import pytest
from bs4 import BeautifulSoup

from extractors.addresses import _rotate, absolute, link_address, normal_address, unscrambled
from extractors.lexicon import field_of
from extractors.markup import lay_out
from extractors.pieces import assemble
from extractors.structured_data import index_tags
from extractors.tag_stripping import measure, strip_tags
from schemas import Block, BlockKind, Link


def _lay(body: str, base: str | None = "https://site.example/news/") -> tuple[str, list[Block], list[Link]]:
    soup = BeautifulSoup(f"<html><body>{body}</body></html>", "lxml")
    layout = lay_out(soup, index_tags(soup), field_of, base)
    text, blocks, links, _ = assemble(item.piece for item in layout.laid)
    return text, blocks, links


def _read(body: str) -> list[tuple[str, str]]:
    text, blocks, _ = _lay(body)
    return [(block.kind.value, text[block.start : block.end]) for block in blocks]


def _fields(body: str) -> list[tuple[str, str]]:
    text, blocks, _ = _lay(body)
    return [
        (text[block.label.start : block.label.end], text[block.value.start : block.value.end])
        for block in blocks
        if block.kind is BlockKind.FIELD and block.label and block.value
    ]


def test_blocks_in_page_order() -> None:
    assert _read("<h1>A</h1>before<p>one <b>two</b>\n three</p>between<h3>B</h3><ul><li>x<li>y</ul>after") == [
        ("heading", "A"),
        ("paragraph", "before"),
        ("paragraph", "one two three"),
        ("paragraph", "between"),
        ("heading", "B"),
        ("list_item", "x"),
        ("list_item", "y"),
        ("paragraph", "after"),
    ]


def test_levels() -> None:
    _, blocks, _ = _lay("<h2>A</h2><div role=heading aria-level=4>B</div><ul><li>x<ul><li>y</ul></ul>")
    assert [block.level for block in blocks] == [2, 4, 1, 2]


def test_blank_lines_as_a_browser_leaves_them() -> None:
    text, _, _ = _lay("<p>a</p><p>b</p><div>c</div><div>d</div><ul><li>e</li><li>f</li></ul>")
    assert text == "a\n\nb\n\nc\nd\n\ne\nf"


def test_line_breaks_stay_in_their_block() -> None:
    assert _read("<p>Jane Doe<br>\nProject Manager<br/>Room 4</p>") == [("paragraph", "Jane Doe\nProject Manager\nRoom 4")]


def test_soft_hyphens_and_spaces_of_entities() -> None:
    assert _read("<p>leve&shy;ran&shy;dør&nbsp;10&#8239;–&#x2009;12&#8203;</p>") == [("paragraph", "leverandør 10 – 12")]


def test_what_is_no_text_is_left_out() -> None:
    assert _read(
        "<script>var a = 'x'</script><style>p{}</style><nav><a href=/>Home</a></nav><!-- no --><noscript>no</noscript>"
        "<div class='cookie-banner'>We use cookies</div><div hidden>no</div><p style='display: none'>no</p><div aria-hidden=true>no</div>"
        "<ul class='main-menu'><li>no</ul><div role=navigation>no</div><select><option>no</select><button>no</button>"
        "<div id='siteBreadcrumb'>no</div><label for=q>Search</label><p>yes</p>"
    ) == [("paragraph", "yes")]


def test_a_frame_around_the_page_is_never_left_out() -> None:
    assert _read("<div class='page nav-open cookie-accepted'><h1>A</h1><p>yes</p></div>") == [("heading", "A"), ("paragraph", "yes")]


def test_hidden_tabs_are_text() -> None:
    assert _read("<div role=tabpanel hidden><p>Programme</p></div><div class='accordion-body' style='display:none'>Details</div>") == [
        ("paragraph", "Programme"),
        ("paragraph", "Details"),
    ]


def test_words_of_touching_elements_stay_apart() -> None:
    assert _lay("<p><span>Date</span><span>19</span><span>March</span></p>")[0] == "Date 19 March"
    assert _read("<p><b>19</b><sup>th</sup> H<sub>2</sub>O <span>inno</span><span>vation</span></p>") == [
        ("paragraph", "19th H2O innovation")
    ]


# ---------------------------------------------------------------- fields


@pytest.mark.parametrize(
    "body",
    [
        "<dl><dt>Date</dt><dd>3 May 2024</dd></dl>",
        "<dl><div><dt>Date:</dt><dd><span>3 May</span> 2024</dd></div></dl>",
        "<table><tr><td>Date</td><td>3 May 2024</td></tr></table>",
        "<table><tr><th>Date</th><td>3 May 2024</td></tr></table>",
        "<table><tr><th>Date</th><th>Place</th></tr><tr><td>3 May 2024</td><td>Town Hall</td></tr></table>",
        "<p><strong>Date:</strong> 3 May 2024</p>",
        "<p><strong>Date</strong>: 3 May 2024</p>",
        "<p><b>Date</b> 3 May 2024</p>",
        "<p>Date: 3 May 2024</p>",
        "<p>Welcome!<br>Date: 3 May 2024<br>Bring a pen.</p>",
        "<ul><li><strong>Date:</strong> 3 May 2024</li></ul>",
        "<div class='field'><div class='field__label'>Date</div><div class='field__item'>3 May 2024</div></div>",
        "<div><span class='label'>Date</span><span class='value'>3 May 2024</span></div>",
        "<ul><li><span class='info-label'>Date</span> <span>3 May 2024</span></li></ul>",
        "<div><h4>Date</h4><p>3 May 2024</p></div>",
        "<div><div>Date</div><div>3 May 2024</div></div>",
        "<div><p>Date<br>3 May 2024</p></div>",
        "<pre>Date: 3 May 2024</pre>",
    ],
)
def test_forms_of_a_field(body: str) -> None:
    assert ("Date", "3 May 2024") in _fields(body)


def test_unknown_labels_need_markup_or_a_line_of_their_own() -> None:
    assert _fields("<dl><dt>Refreshments</dt><dd>Coffee</dd></dl>") == [("Refreshments", "Coffee")]
    assert _fields("<div><span class='label'>Refreshments</span> <span class='value'>Coffee</span></div>") == [("Refreshments", "Coffee")]
    assert _fields("<p><strong>Refreshments:</strong> Coffee</p>") == [("Refreshments", "Coffee")]
    assert _fields("<p>Important: the meeting starts earlier than we had planned for all of you.</p>") == []
    assert _fields("<p><strong>Contact</strong> us today</p>") == []


def test_a_definition_with_several_values() -> None:
    assert _fields("<dl><dt>Organiser</dt><dd>Agency</dd><dd>Chamber</dd><dt>Place</dt><dd>Hall<br>Street 5</dd></dl>") == [
        ("Organiser", "Agency\nChamber"),
        ("Place", "Hall\nStreet 5"),
    ]


def test_questions_and_answers_are_no_fields() -> None:
    answer = "Everyone may take part. " * 30
    assert [kind for kind, _ in _read(f"<dl><dt>Who may take part?</dt><dd>{answer}</dd></dl>")] == ["heading", "paragraph"]


def test_address_lines_below_a_label() -> None:
    assert _fields("<div><h3>Place</h3><div>Town Hall</div><div>Main Street 5</div><div>12345 Exampletown</div></div><p>Bye</p>") == [
        ("Place", "Town Hall\nMain Street 5\n12345 Exampletown")
    ]


def test_a_label_does_not_reach_into_another_part_of_the_page() -> None:
    assert _fields("<section><div><h3>Date</h3></div></section><section><div><p>3 May 2024</p></div></section>") == []


# ---------------------------------------------------------------- lists and tables


def test_list_item_of_several_lines_is_one_block() -> None:
    assert _read("<ul><li><p>Writing specifications</p><p>14 May 2024</p></li></ul>") == [
        ("list_item", "Writing specifications\n14 May 2024")
    ]


def test_teasers_in_a_list_keep_their_headings() -> None:
    assert _read("<ul><li><h3><a href=/1>A</a></h3><p>14 May 2024</p></li></ul>") == [("heading", "A"), ("paragraph", "14 May 2024")]


def test_table_rows_and_cells() -> None:
    text, blocks, _ = _lay(
        "<table><caption>Programme</caption><thead><tr><th>Time<th>Talk</thead>"
        "<tr><td>10:00<td>Welcome<br>by Jane Doe<tr><td>11:00<td>Lunch</table>"
    )
    assert [block.kind.value for block in blocks] == ["heading", "table_row", "table_row", "table_row"]
    assert [text[cell.start : cell.end] for cell in blocks[2].cells] == ["10:00", "Welcome\nby Jane Doe"]


def test_layout_tables_are_no_tables() -> None:
    body = "<table><tr><td><p>Home</p></td><td><table><tr><td>Date</td><td>3 May</td></tr></table><p>Some words</p></td></tr></table>"
    assert _read(body) == [("paragraph", "Home"), ("field", "Date\n3 May"), ("paragraph", "Some words")]


# ---------------------------------------------------------------- links


def test_links_have_their_place_and_address() -> None:
    text, _, links = _lay("<p>See <a href='../e?id=1#x'>the  <b>programme</b></a>, <a href='mailto:a@b.example'>write</a>.</p>")
    assert [(link.url, link.text, link.start, link.end) for link in links] == [
        ("https://site.example/e?id=1#x", "the programme", 4, 17),
        ("mailto:a@b.example", "write", 19, 24),
    ]
    assert all(text[link.start : link.end] == link.text for link in links)


def test_a_link_around_blocks_stands_on_the_first() -> None:
    _, _, links = _lay("<a href='/4'><h3>Training</h3><p>20 June</p></a>")
    assert [(link.url, link.text) for link in links] == [("https://site.example/4", "Training")]


def test_text_before_a_link_around_blocks_is_not_linked() -> None:
    _, _, links = _lay("<div>12 May <a href='/4'><h3>Training</h3><p>20 June</p></a></div>")
    assert [(link.url, link.text) for link in links] == [("https://site.example/4", "Training")]


def test_regions() -> None:
    text, blocks, _ = _lay(
        "<header><p>a</p></header>b<footer>c</footer>d<div class='page-sidebar'>e<p>f</p></div><main>g<aside>h</aside>i</main>"
    )
    assert {text[block.start : block.end]: block.region.value for block in blocks} == {
        "a": "header", "b": "main", "c": "footer", "d": "main", "e": "aside", "f": "aside", "g": "main", "h": "aside", "i": "main",
    }  # fmt: skip


def test_preformatted_text_is_read_as_plain_text() -> None:
    assert _read("<h1>A</h1><pre>Buyers meet\n\nDate: 3 May 2024\n- one\n- two</pre>") == [
        ("heading", "A"),
        ("heading", "Buyers meet"),
        ("field", "Date: 3 May 2024"),
        ("list_item", "one"),
        ("list_item", "two"),
    ]


def test_addresses_in_what_is_left_out_are_kept_apart() -> None:
    soup = BeautifulSoup("<body><nav><a href='tel:+4500000001'>Call</a><a href='/x'>x</a></nav><p>a</p></body>", "lxml")
    assert lay_out(soup, index_tags(soup), field_of, None).loose == ["tel:+4500000001"]


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("/a", "https://x.example/b/c", "https://x.example/a"),
        ("a?b=1", "https://x.example/b/c", "https://x.example/b/a?b=1"),
        ("//y.example/a", "https://x.example/", "https://y.example/a"),
        ("/a", None, None),
        ("#top", "https://x.example/", None),
        ("javascript:alert(1)", "https://x.example/", None),
        ("JaVa\nScript:alert(1)", "https://x.example/", None),
        ("data:text/html,x", "https://x.example/", None),
        ("file:///etc/passwd", "https://x.example/", None),
        ("ftp://x.example/", None, None),
        ("http://", None, None),
        ("http://[broken", None, None),
        ("mailto:", None, None),
        (" mailto:a@b.example ", None, "mailto:a@b.example"),
        ("tel:+45 00 00", None, "tel:+4500" + "00"),
    ],
)
def test_absolute_addresses(url: str, base: str | None, expected: str | None) -> None:
    assert absolute(url, base) == expected


def test_hidden_mail_addresses_are_put_right() -> None:
    key, address = 0x5B, "ida@nordby.example"
    code = f"{key:02x}" + "".join(f"{ord(character) ^ key:02x}" for character in address)
    assert unscrambled(code) == address
    assert unscrambled("zz") is None
    text, _, links = _lay(
        f"<p>Write to <a class='__cf_email__' data-cfemail='{code}' href='/cdn-cgi/l/email-protection'>[email protected]</a></p>"
    )
    assert (text, links[0].url) == (f"Write to {address}", f"mailto:{address}")
    for by in (3, 20):
        tag = BeautifulSoup("<a href='#'>x</a>", "lxml").a
        assert tag is not None
        tag["data-mailto-token"] = _rotate(f"mailto:{address}", by)
        assert link_address(tag, None) == f"mailto:{address}"


def test_one_page_has_one_name() -> None:
    assert normal_address("HTTPS://Site.Example#top") == normal_address("https://site.example/") == "https://site.example/"
    assert normal_address("https://site.example/A?b=1#c") == "https://site.example/A?b=1"


# ---------------------------------------------------------------- too deep


def test_depth_is_measured_without_a_tree() -> None:
    assert measure("<div><p>a<p>b<br><div>c</div></div>")[1] == 2
    assert measure("<div>" * 1_000)[1] == 1_000
    assert measure("<p>" * 1_000)[1] == 0


def test_tags_are_stripped() -> None:
    assert strip_tags("<p>a &amp; b</p><script>x<y</script><b>c</b> 1 < 2 <!-- no --><br>d").split() == [
        "a",
        "&",
        "b",
        "c",
        "1",
        "<",
        "2",
        "d",
    ]
    assert strip_tags("a<!-- open") == "a"
    assert strip_tags("a<script>open") == "a"
    assert strip_tags("a < b") == "a < b"
