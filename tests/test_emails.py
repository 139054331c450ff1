"""E-mail addresses: plain, written out for people in every language, and what is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.contacts.emails import addresses_of, find_emails, is_role_mailbox, is_template
from extractors.lexicon import available, load


def values(text: str) -> list[str]:
    return [mention.value for mention in find_emails(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("joj@example.dk\nLinkedin", "joj@example.dk"),
        ("Write to <anna@example.org>.", "anna@example.org"),
        ("(anna@example.org)", "anna@example.org"),
        ("mailto:anna@example.org", "anna@example.org"),
        ("anna@example.org.", "anna@example.org"),
        ("anna@example.org.For more", "anna@example.org"),
        ("anna@example.orgTel. 12", "anna@example.org"),
        ("anna@example.org45", "anna@example.org"),
        ("Anna.BERG@Example.ORG", "Anna.BERG@example.org"),
        ("jørgen.ågård@kommune.example", "jørgen.ågård@kommune.example"),
        ("o'brien@example.ie", "o'brien@example.ie"),
        ("anna@\nexample.org", "anna@example.org"),
        ("anna@example.\norg", "anna@example.org"),
        ("e-mail: anna @ example.org", "anna@example.org"),
        ("anna.berg @ example.org", "anna.berg@example.org"),
        ("anna@münchen.example", "anna@münchen.example"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert values(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "navn (at) domaene.dk",
        "navn[at]domaene.dk",
        "navn {at} domaene.dk",
        "navn (@) domaene.dk",
        "navn [at] domaene [dot] dk",
        "navn (bei) domaene.dk",
        "navn (arroba) domaene.dk",
        "navn (chiocciola) domaene.dk",
        "navn[snabel-a]domaene.dk",
        "navn (małpa) domaene (kropka) dk",
        "navn (zavináč) domaene.dk",
        "navn (kukac) domaene.dk",
        "navn (παπάκι) domaene.dk",
        "navn -at- domaene.dk",
        "navn AT domaene DOT dk",
        "NAVN".lower() + " (AT) domaene (DOT) dk",
        "navn(a)domaene.dk",
        "navn&#64;domaene.dk",
        "navn＠domaene.dk",
    ],
)
def test_obfuscated(text: str) -> None:
    mentions = find_emails(text)
    assert [(mention.value, mention.quote, mention.obfuscated) for mention in mentions] == [("navn@domaene.dk", text, True)]


def test_dots_of_the_local_part_are_joined() -> None:
    assert values("anna [dot] berg [at] example [dot] org") == ["anna.berg@example.org"]


def test_every_word_for_at_of_every_lexicon_is_read() -> None:
    for code in available():
        for word in load(code).people.at_words:
            if len(word) > 1 and "(" not in word:
                assert values(f"navn ({word}) example.org") == ["navn@example.org"], (code, word)


@pytest.mark.parametrize(
    "text",
    [
        "et bud at forsvaret.dk",
        "meet us at example.org",
        "Meet @ example.org",
        "name at domain dot de",
        "OPEN AT example.org",
        "logo@2x.png",
        "@user@mastodon.example",
        "follow @anna.berg",
        "https://user:secret@example.org/",
        "pkg@1.2.3",
        "a@b@c.dk",
        "x..y@example.dk",
        "anna@example",
        "www.look-at-me.example",
        "see (at) the house. Bar",
    ],
)
def test_not_an_address(text: str) -> None:
    assert values(text) == []


def test_several_in_order() -> None:
    text = "anna@example.dk,bo@example.dk; carl (at) example.dk / dora@example.dk"
    mentions = find_emails(text)
    assert [mention.value for mention in mentions] == ["anna@example.dk", "bo@example.dk", "carl@example.dk", "dora@example.dk"]
    assert all(text[mention.start : mention.end] == mention.quote for mention in mentions)


def test_mailto_links() -> None:
    assert addresses_of("mailto:anna%40example.org?subject=Hello") == ["anna@example.org"]
    assert addresses_of("MAILTO:anna@example.org,bo@example.org") == ["anna@example.org", "bo@example.org"]
    assert addresses_of("https://example.org/?q=anna@example.org") == []


@pytest.mark.parametrize(
    ("value", "role"), [("info@x.eu", True), ("post.odense@x.dk", True), ("tender-info@x.eu", True), ("anna.berg@x.eu", False)]
)
def test_role_mailboxes(value: str, role: bool) -> None:
    assert is_role_mailbox(value) is role


def test_templates_stand_for_nobody() -> None:
    assert is_template("etunimi.sukunimi@example.fi")
    assert is_template("firstname.lastname@example.org")
    assert not is_template("anna.berg@example.org")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab.@()[]{} \n-_<>ATDOø1%&#6;4", max_size=80))
def test_offsets_hold(text: str) -> None:
    mentions = find_emails(text)
    last = 0
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.quote
        assert mention.start >= last
        assert mention.value.count("@") == 1
        last = mention.end


@pytest.mark.parametrize("piece", ["@", "a@", "a.b@c.", "(at)", "(", " AT ", "a [dot] ", "a@b.cd"])
def test_a_megabyte_in_seconds(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    find_emails(text)
    assert time.process_time() - started < 15
