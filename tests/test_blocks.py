from collections.abc import Iterable
from pathlib import Path

import pytest

from extractors.blocks import MAX_LINES, TooManyLinesError, analyse
from extractors.fields import split_field
from extractors.lexicon import field_of
from extractors.pieces import Piece, assemble, clean
from schemas import BlockKind

SEEDS = sorted((Path(__file__).parents[2] / "shared" / "seeds").glob("*.txt"))


def _read(text: str) -> list[tuple[str, str]]:
    canonical, blocks, _, _ = assemble(analyse(text, field_of))
    return [(block.kind.value, canonical[block.start : block.end]) for block in blocks]


def _fields(text: str) -> list[tuple[str, str]]:
    canonical, blocks, _, _ = assemble(analyse(text, field_of))
    return [
        (canonical[block.label.start : block.label.end], canonical[block.value.start : block.value.end])
        for block in blocks
        if block.kind is BlockKind.FIELD and block.label and block.value
    ]


def _kinds(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [kind for kind, _ in pairs]


LONG = "The authority invites all interested suppliers to a meeting about the coming framework agreement for electric buses."


def test_title_paragraph_list_and_heading() -> None:
    read = _read(f"Market dialogue\n\n{LONG}\n\nWhat we offer\n- advice\n- a guide\n\nHow to take part\n\n{LONG}")
    assert read == [
        ("title", "Market dialogue"),
        ("paragraph", LONG),
        ("heading", "What we offer"),
        ("list_item", "advice"),
        ("list_item", "a guide"),
        ("heading", "How to take part"),
        ("paragraph", LONG),
    ]


def test_prose_without_a_title_has_none() -> None:
    assert _read(LONG + " " + LONG) == [("paragraph", LONG + " " + LONG)]


def test_kicker_in_capitals_is_not_the_title() -> None:
    assert _read(f"NEWS\nBuyers meet suppliers in the harbour\n{LONG}")[:2] == [
        ("paragraph", "NEWS"),
        ("title", "Buyers meet suppliers in the harbour"),
    ]


def test_label_lines_with_value_lines_are_fields() -> None:
    text = f"International konference\nDato\n19.–20. Mar 2024\nLokation\nBruxelles, Belgien\n{LONG}"
    assert _fields(text) == [("Dato", "19.–20. Mar 2024"), ("Lokation", "Bruxelles, Belgien")]
    assert _read(text)[-1] == ("paragraph", LONG)


def test_labels_above_no_value_stay_lines() -> None:
    # a date label needs digits below it, and a label is no value of another label
    assert _fields("Open day\nDate\nPlace\nTime") == []
    assert _fields(f"Open day\nDate\n{LONG}") == []


def test_place_goes_on_with_street_and_town() -> None:
    assert _fields("Meeting\n\nPlace:\nTown Hall\nMain Street 5\n12345 Exampletown\n3 May 2024") == [
        ("Place", "Town Hall\nMain Street 5\n12345 Exampletown")
    ]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("When: 3 May 2024", ("When", "3 May 2024")),
        ("Dato: 3. maj", ("Dato", "3. maj")),
        ("Dato:3. maj", ("Dato", "3. maj")),
        ("Datum – 3. Mai 2024", ("Datum", "3. Mai 2024")),
        ("Target group: public buyers", ("Target group", "public buyers")),
        ("Tel.: +00 0000 0001", ("Tel.", "+00 0000 0001")),
        ("10:00: Welcome", None),
        ("10:00-12:00 Workshop", None),
        ("https://meeting.example/date: yes", None),
        ("Please note: the doors open half an hour before the meeting starts.", None),
        ("The programme covers the following: advice", None),
        ("Session 1: Opening", None),
        ("in short: come", None),
        ("Date - the usual one", None),
        ("Hello, world: yes", None),
    ],
)
def test_what_is_a_field(line: str, field: tuple[str, str] | None) -> None:
    found = split_field(line, field_of)
    assert (found and (line[slice(*found[0])], line[slice(*found[1])])) == field


def test_several_fields_on_one_line() -> None:
    text = f"{LONG}\n\nDate: 3 May 2024 | Time: 10:00-15:00 | Place: Town Hall, Exampletown"
    assert _fields(text) == [("Date", "3 May 2024"), ("Time", "10:00-15:00"), ("Place", "Town Hall, Exampletown")]
    canonical, _, _, _ = assemble(analyse(text, field_of))
    assert "Date: 3 May 2024 | Time: 10:00-15:00 | Place:" in canonical


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The regional authority invites public buyers from all municipalities\n"
        "to a one-day meeting about innovation procurement. The programme is\n"
        "free of charge, but the number of seats is limited.\n"
    )
    assert _read("Title of this\n\n" + text)[1:] == [("paragraph", " ".join(text.split()))]


def test_short_lines_stay_lines() -> None:
    card = ["Jane Doe", "Project Manager", "Tel +00 0000 0001", "jane@example.org"]
    assert _read(LONG + "\n\n" + "\n".join(card))[1:] == [("paragraph", line) for line in card]


def test_contact_label_stands_over_its_card() -> None:
    read = _read(f"{LONG}\n\nContact:\nJane Doe\nProject Manager\njane@example.org")
    assert read[1:] == [
        ("heading", "Contact:"),
        ("paragraph", "Jane Doe"),
        ("paragraph", "Project Manager"),
        ("paragraph", "jane@example.org"),
    ]


@pytest.mark.parametrize("marker", ["- ", "• ", "* ", "– ", "-", "•", "a) ", "1) ", "(2) ", "→ "])
def test_list_markers(marker: str) -> None:
    assert _read(f"{LONG}\n{marker}practical solutions") == [("paragraph", LONG), ("list_item", "practical solutions")]


def test_numbered_list_and_days_of_a_month() -> None:
    assert _kinds(_read(f"{LONG}\n1. Welcome\n2. Lunch\n3. Closing")) == ["paragraph"] + ["list_item"] * 3
    assert _read(f"{LONG}\n1. maj Workshop\n2. maj Workshop")[1:] == [("paragraph", "1. maj Workshop"), ("paragraph", "2. maj Workshop")]
    assert _read(f"{LONG}\n19. marts 2024")[1:] == [("paragraph", "19. marts 2024")]


def test_nested_lists_have_levels() -> None:
    _, blocks, _, _ = assemble(analyse("- one\n  - two\n    - three\n- four", field_of))
    assert [block.level for block in blocks] == [1, 2, 3, 1]


def test_list_item_goes_on_below() -> None:
    assert _read(f"{LONG}\n- talking to the\n  market before a tender\n- lunch")[1:] == [
        ("list_item", "talking to the market before a tender"),
        ("list_item", "lunch"),
    ]


def test_training_rows_stay_whole() -> None:
    row = "Public procurement – also for small companies? 1st SME training | 08 November 2023"
    assert _read(f"{LONG}\n- {row}\n- {row}")[1:] == [("list_item", row)] * 2


def test_tab_separated_rows() -> None:
    canonical, blocks, _, _ = assemble(analyse("Session\tSpeaker\nOpening\tJane Doe\nClosing\tJohn Roe", field_of))
    assert [block.kind for block in blocks] == [BlockKind.TABLE_ROW] * 3
    assert [canonical[cell.start : cell.end] for cell in blocks[1].cells] == ["Opening", "Jane Doe"]
    assert _read(f"{LONG}\nA gap\tin a line")[1] == ("paragraph", "A gap in a line")


def test_underlined_and_hashed_headings() -> None:
    assert _read(f"Buyers meet\n===========\n\n{LONG}\n\n## Programme\n{LONG}") == [
        ("title", "Buyers meet"),
        ("paragraph", LONG),
        ("heading", "Programme"),
        ("paragraph", LONG),
    ]


def test_rules_and_lone_bullets_are_no_text() -> None:
    assert _read(f"{LONG}\n-----\n-\n***\nJane Doe") == [("paragraph", LONG), ("paragraph", "Jane Doe")]


def test_blank_lines_stay_between_groups() -> None:
    canonical, _, _, _ = assemble(analyse(f"{LONG}\n\n\nJane Doe\nManager", field_of))
    assert canonical == f"{LONG}\n\nJane Doe\nManager"


# ---------------------------------------------------------------- canonical text


def test_clean() -> None:
    assert clean("a\u00adb\u200bc\ufeff\u2060d\u200e") == "abcd"
    assert clean("10\u00a0–\u202f12\u2009Uhr") == "10 – 12 Uhr"
    assert clean("a\r\nb\rc\u2028d\x85e\x0bf") == "a\nb\nc\nd\ne\nf"
    assert clean("e\u0301\x00\x07") == "é"
    assert clean("\ud800") == "\ufffd"


def test_marks_across_an_accent_keep_their_place() -> None:
    piece = Piece("Caf" + "e" + "\u0301" + " Dato: 3", kind=BlockKind.FIELD, label=(6, 10), value=(12, 13))
    canonical, blocks, _, _ = assemble([piece])
    assert canonical == "Café Dato: 3"
    label, value = blocks[0].label, blocks[0].value
    assert label and canonical[label.start : label.end] == "Dato"
    assert value and canonical[value.start : value.end] == "3"


def test_too_many_lines() -> None:
    with pytest.raises(TooManyLinesError):
        analyse("a\n" * (MAX_LINES + 1), field_of)


# ---------------------------------------------------------------- real announcements


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_announcements_as_they_are(path: Path) -> None:
    text = path.read_text("utf-8")
    read = _read(text)
    assert _kinds(read).count("title") == 1
    # nothing but white space and list markers is lost
    without = str.maketrans("", "", "-• ")
    assert "".join("".join(part for _, part in read).split()).translate(without) == "".join(text.split()).translate(without)
    kinds = _kinds(read)
    expected = {
        "000": {"list_item": 11, "field": 0},
        "001": {"list_item": 2, "field": 2, "heading": 2},
        "002": {"list_item": 12, "field": 0},
        "003": {"list_item": 0, "field": 0, "paragraph": 5},
    }.get(path.stem[:3], {})
    assert {kind: kinds.count(kind) for kind in expected} == expected
