import tomllib
from pathlib import Path

import pytest

from extractors.charset import declared_in_markup, decode, reject_binary
from extractors.errors import ReadError

SENTENCES = tomllib.loads((Path(__file__).parent / "data" / "language_sentences.toml").read_text("utf-8"))
LEGACY = {
    "bg": "cp1251",
    "hr": "cp1250",
    "cs": "cp1250",
    "da": "iso8859-1",
    "de": "cp1252",
    "el": "iso8859-7",
    "es": "cp1252",
    "fi": "iso8859-1",
    "fr": "cp1252",
    "hu": "iso8859-2",
    "is": "cp1252",
    "lt": "cp1257",
    "lv": "cp1257",
    "mk": "cp1251",
    "pl": "iso8859-2",
    "pt": "iso8859-1",
    "ru": "koi8-r",
    "sk": "cp1250",
    "sl": "iso8859-2",
    "sv": "iso8859-1",
    "tr": "cp1254",
    "uk": "cp1251",
}


def _text(code: str) -> str:
    return "\n".join(SENTENCES[code]["sentences"])


@pytest.mark.parametrize("declared", [None, "utf-8", "right", "iso-8859-1", "no-such-charset"])
@pytest.mark.parametrize(("code", "encoding"), LEGACY.items())
def test_old_encodings_with_right_wrong_and_no_declaration(code: str, encoding: str, declared: str | None) -> None:
    label = encoding if declared == "right" else declared
    result = decode(_text(code).encode(encoding), "x", declared=[label])
    assert result.text == _text(code)
    assert "charset-mismatch" not in result.warnings or declared in {"utf-8", "iso-8859-1"}


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1251", "utf-16", "shift_jis"])
def test_valid_utf8_wins_over_a_wrong_declaration(declared: str) -> None:
    result = decode(_text("da").encode(), "x", declared=[declared])
    assert (result.text, result.encoding) == (_text("da"), "utf-8")
    assert result.warnings == ("charset-mismatch",)


def test_plain_ascii_contradicts_no_declaration() -> None:
    assert decode(b"plain words", "x", declared=["iso-8859-1"]).warnings == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks(encoding: str) -> None:
    result = decode(_text("el").encode(encoding), "x")
    assert (result.text, result.warnings) == (_text("el"), ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(encoding: str) -> None:
    data = _text("en").encode(encoding)
    reject_binary(data, "x")
    assert decode(data, "x").text == _text("en")


def test_a_few_broken_bytes_do_not_cost_the_document() -> None:
    data = _text("da").encode() + b" broken \xff\xfe here"
    result = decode(data, "x")
    assert result.text == _text("da") + " broken \ufffd\ufffd here"
    assert result.warnings == ("charset-broken-bytes",)


def test_japanese_in_its_old_encodings() -> None:
    text = "調達に関する会議は東京で開催されます。参加をお待ちしております。" * 3
    for encoding in ("shift_jis", "euc_jp", "iso2022_jp"):
        assert decode(text.encode(encoding), "x", declared=[encoding.replace("_", "-")]).text == text


def test_bytes_that_make_no_words() -> None:
    data = b" ".join(bytes([0x81, letter, 0x8D, 0xA4, 0x9D, letter, 0x90]) for letter in range(0x41, 0x5B)) * 3
    with pytest.raises(ReadError) as caught:
        decode(data, "news.txt")
    assert caught.value.code == "undecodable"
    assert "news.txt" in str(caught.value)


@pytest.mark.parametrize(
    ("head", "label"),
    [
        (b'<html><meta charset="ISO-8859-2">', "ISO-8859-2"),
        (b"<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=windows-1250'>", "windows-1250"),
        (b'<?xml version="1.0" encoding="koi8-r"?><html>', "koi8-r"),
        (b"<html><p>charset=none</p>", None),
    ],
)
def test_declared_in_markup(head: bytes, label: str | None) -> None:
    assert declared_in_markup(head) == label


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n...", b"PK\x03\x04rest", b"\x89PNG\r\n", b"\x1f\x8b\x08", bytes(range(32)) * 100, b"text\x00" * 10],
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        reject_binary(data, "file.bin")
    assert caught.value.code == "binary-document"
    assert str(caught.value).startswith("file.bin: ")
