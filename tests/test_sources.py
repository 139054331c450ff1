"""Finding documents: what a folder yields, under which names, and what is said about arguments that yield none."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.errors import ReadError
from flows.errors import UsageError
from flows.sources import Source, canonical_url, discover, is_url, read_bytes, read_sidecar


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text of {name}", encoding="utf-8")


def names(found: list[Source]) -> list[str]:
    return [source.name for source in found]


def test_a_folder_yields_its_documents_in_order_and_nothing_else(tmp_path: Path) -> None:
    root = tmp_path / "samples"
    make(root, "da/b.txt", "da/a.html", "da/a.meta.json", "da/a.gold.json", "README.txt", "da/readme.html", "x.htm", "y.xhtml", "z.pdf")
    make(root, ".hidden/c.txt", "nl/.secret.txt", "UPPER.TXT")
    found, problems = discover([str(root)])
    assert names(found) == ["samples/UPPER.TXT", "samples/da/a.html", "samples/da/b.txt", "samples/x.htm", "samples/y.xhtml"]
    assert problems == []


def test_names_do_not_depend_on_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for checkout in ("one", "two/deeper"):
        make(tmp_path / checkout / "samples", "da/a.txt")
    first, _ = discover([str(tmp_path / "one" / "samples")])
    second, _ = discover([str(tmp_path / "two/deeper/samples") + "/"])
    monkeypatch.chdir(tmp_path / "one" / "samples")
    third, _ = discover(["."])
    monkeypatch.chdir(tmp_path / "one")
    fourth, _ = discover(["samples/da/a.txt"])
    fifth, _ = discover(["./samples"])
    assert names(first) == names(second) == names(third) == names(fourth) == names(fifth) == ["samples/da/a.txt"]


def test_a_file_named_itself_may_have_any_suffix(tmp_path: Path) -> None:
    make(tmp_path / "in", "page.aspx")
    found, problems = discover([str(tmp_path / "in" / "page.aspx")])
    assert names(found) == ["in/page.aspx"] and not problems


def test_one_name_for_two_files_is_a_problem_and_not_a_loss(tmp_path: Path) -> None:
    make(tmp_path, "one/news/a.txt", "two/news/a.txt", "two/news/b.txt")
    found, problems = discover([str(tmp_path / "one" / "news"), str(tmp_path / "two" / "news")])
    assert names(found) == ["news/a.txt", "news/b.txt"]
    assert len(problems) == 1 and "news/a.txt" in problems[0].message and "above both" in problems[0].message


def test_the_same_file_twice_is_one_document(tmp_path: Path) -> None:
    make(tmp_path / "in", "a.txt")
    found, problems = discover([str(tmp_path / "in"), str(tmp_path / "in" / "a.txt")])
    assert names(found) == ["in/a.txt"] and not problems


def test_arguments_without_documents_say_what_to_do(tmp_path: Path) -> None:
    make(tmp_path / "in", "a.txt", "empty/notes.pdf")
    found, problems = discover(
        [str(tmp_path / "none.txt"), str(tmp_path / "in" / "empty"), "ftp://example.org/a", str(tmp_path / "in" / "a.txt")]
    )
    assert names(found) == ["in/a.txt"]
    assert [problem.message.split(": ", 1)[1].split(";")[0] for problem in problems] == [
        "no such file or folder",
        "no document in this folder",
        "only http and https are read",
    ]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("HTTPS://Example.ORG:443/News?a=1#top", "https://example.org/News?a=1"),
        ("http://example.org", "http://example.org/"),
        ("http://example.org:8080/x", "http://example.org:8080/x"),
        ("http://[2001:DB8::1]:80/x", "http://[2001:db8::1]/x"),
    ],
)
def test_urls_have_one_name(url: str, name: str) -> None:
    assert canonical_url(url) == name


@pytest.mark.parametrize(
    ("argument", "expected"), [("https://a.example", True), ("git+ssh://a", True), ("C:/x", False), ("a/b.txt", False)]
)
def test_what_looks_like_a_url(argument: str, expected: bool) -> None:
    assert is_url(argument) is expected


def test_a_sidecar_is_read_and_a_broken_one_refused(tmp_path: Path) -> None:
    make(tmp_path, "a.html", "b.html", "c.html")
    (tmp_path / "a.meta.json").write_text('{"published": "2024-01-15", "url": "https://example.org/a"}')
    (tmp_path / "b.meta.json").write_text("{broken")
    (tmp_path / "c.meta.json").write_text("[1]")
    assert read_sidecar(Source("a.html", path=tmp_path / "a.html")) == {"published": "2024-01-15", "url": "https://example.org/a"}
    assert read_sidecar(Source("d.html", path=tmp_path / "d.html")) is None
    for name in ("b", "c"):
        with pytest.raises(UsageError) as error:
            read_sidecar(Source(f"{name}.html", path=tmp_path / f"{name}.html"))
        assert error.value.code == "bad-sidecar" and f"{name}.meta.json" in str(error.value)


def test_reading_is_limited_and_a_vanished_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.page.MAX_BYTES", 10)
    make(tmp_path, "a.txt")
    with pytest.raises(ReadError) as large:
        read_bytes(Source("a.txt", path=tmp_path / "a.txt"))
    assert large.value.code == "too-large"
    with pytest.raises(UsageError) as gone:
        read_bytes(Source("b.txt", path=tmp_path / "b.txt"))
    assert gone.value.code == "unreadable" and "b.txt" in str(gone.value)
