"""The lexicon files are whole and well formed, and the matcher finds what their patterns say. Their dates are run by test_dates."""

from __future__ import annotations

import datetime as dt
import re
import time
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from extractors import lexicon
from extractors.lexicon import LexiconError, Matcher, Words, available, cue_matcher, field_of, fold, load
from schemas import is_edtf

CODES = available()
SECTIONS = ("dates", "times", "relative", "cues", "events", "labels", "roles", "organisations", "programmes", "places", "people")
LEAST_EXAMPLES, LEAST_NOTS = 25, 8
SUMMER_TIMES = {"CEST", "EEST", "WEST"}
TWO_READINGS = {("en", "title")}
"""Labels that stand under two keys on purpose: a title is a person's in a card and an event's on a page. The first key wins."""


def _lists(language: str) -> Iterator[tuple[str, list[str]]]:
    """Every list of patterns of a file with its name: ``cues.deadline``, ``dates.months[2]``, ``dates.seasons.spring``."""
    for section in SECTIONS:
        for key, value in getattr(load(language), section):
            name = f"{section}.{key}"
            if isinstance(value, dict):
                yield name, list(value)
                yield from ((f"{name}.{inner}", patterns) for inner, patterns in value.items() if isinstance(patterns, list))
            elif value and isinstance(value[0], list):
                yield from ((f"{name}[{number}]", patterns) for number, patterns in enumerate(value))
            else:
                yield name, value


# -- the files -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", CODES)
def test_file_loads(language: str) -> None:
    loaded = load(language)
    assert loaded.code == language
    assert loaded.name
    assert loaded.countries and all(re.fullmatch("[A-Z]{2}", country) for country in loaded.countries)
    cue_matcher(language)


@pytest.mark.parametrize("language", CODES)
def test_patterns_are_lower_case(language: str) -> None:
    # Turkish İ has no lower-case form of one letter in Unicode's default mapping.
    wrong = [(name, pattern) for name, patterns in _lists(language) for pattern in patterns if pattern.replace("İ", "i").lower() != pattern]
    assert wrong == []


@pytest.mark.parametrize("language", CODES)
def test_patterns_are_unique_within_a_key(language: str) -> None:
    twice = [(name, pattern) for name, patterns in _lists(language) for pattern in set(patterns) if patterns.count(pattern) > 1]
    assert twice == []


@pytest.mark.parametrize("language", CODES)
def test_stars_stand_at_a_words_edge_and_leave_a_stem(language: str) -> None:
    """The first word of a pattern has at least three letters beside its star; no star stands inside a word."""
    wrong = []
    for name, patterns in _lists(language):
        if name.startswith("labels."):
            continue  # Labels are compared as written.
        for pattern in patterns:
            words = pattern.split()
            head = words[0] if words else ""
            short = "*" in head and head != "*" and len(head.strip("*")) < 3
            if not words or short or any("*" in word.strip("*") for word in words) or not pattern.strip("* "):
                wrong.append((name, pattern))
    assert wrong == []


@pytest.mark.parametrize("language", CODES)
def test_a_label_names_one_field(language: str) -> None:
    fields: dict[str, list[str]] = {}
    for key, patterns in load(language).labels:
        for pattern in patterns:
            fields.setdefault(fold(pattern), []).append(key)
    assert {label: keys for label, keys in fields.items() if len(keys) > 1 and (language, label) not in TWO_READINGS} == {}


@pytest.mark.parametrize("language", CODES)
def test_numbers_and_zones_are_sound(language: str) -> None:
    loaded = load(language)
    assert all(1 <= day <= 31 for day in loaded.dates.day_names.values())
    assert all(1 <= number <= 4 for number in loaded.dates.order.values())
    assert set(loaded.dates.seasons) == {"spring", "summer", "autumn", "winter"}
    assert set(loaded.times.zones.values()) <= zoneinfo.available_timezones() | SUMMER_TIMES


@pytest.mark.parametrize("language", CODES)
def test_what_every_language_needs_is_there(language: str) -> None:
    loaded = load(language)
    needed = {
        "dates": ("to", "and_", "early", "mid", "late", "quarter", "order"),
        "relative": ("today", "tomorrow"),
        "cues": (
            "deadline", "deadline_before", "registration", "submission", "question", "happens", "happened", "published", "updated",
            "background", "procedure", "replaced", "cancelled", "postponed", "online", "hybrid", "in_person", "agenda", "more_information",
        ),
        "events": tuple(key for key, _ in loaded.events if key != "seminar"),  # English "seminar" is known everywhere.
        "labels": (
            "date", "time", "place", "venue", "organiser", "buyer", "contact", "email", "phone", "deadline", "deadline_registration",
            "deadline_submission", "published", "registration", "reference",
        ),
        "roles": ("organiser_does",),
        "organisations": ("heads", "legal_forms"),
        "programmes": ("programme", "project"),
        "places": ("venue_heads", "street_heads"),
        "people": ("honorifics", "job_titles", "phone_cues"),
    }  # fmt: skip
    empty = [f"{section}.{key}" for section, keys in needed.items() for key in keys if not getattr(getattr(loaded, section), key)]
    assert empty == []


@pytest.mark.parametrize("language", CODES)
def test_weak_heads_are_heads(language: str) -> None:
    """A weak head only weakens a head: every one of them is found by some head as well."""
    organisations = load(language).organisations
    matcher = Matcher({"heads": organisations.heads})
    assert [weak for weak in organisations.weak_heads if not matcher.find(Words.of(weak.replace("*", "")))] == []


@pytest.mark.parametrize("language", CODES)
def test_examples_are_enough_and_well_formed(language: str) -> None:
    loaded = load(language)
    assert len(loaded.examples) >= LEAST_EXAMPLES
    assert len(loaded.not_) >= LEAST_NOTS
    assert len({(example.text, example.reference) for example in loaded.examples}) == len(loaded.examples)
    for example in loaded.examples:
        assert example.dates
        if example.reference:
            dt.date.fromisoformat(example.reference)
        for expected in example.dates:
            assert set(expected) <= {"edtf", "start_time", "end_time", "timezone"}
            assert is_edtf(expected["edtf"])
            for key in ("start_time", "end_time"):
                assert re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", expected.get(key, "00:00"))


# -- loading ---------------------------------------------------------------------------------


def test_regional_codes_and_aliases_find_their_lexicon() -> None:
    assert load("no").code == load("nb-NO").code == "nb"
    assert load("EN-gb").code == "en"


def test_a_language_without_a_file_gets_an_empty_lexicon() -> None:
    assert load("zxx").code == "und"
    assert load("zxx").cues.deadline == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('code = "xx"\nname = "X"\ncountries = []\n[cues]\ndeadlines = ["x"]\n', "deadlines"),
        ('code = "xx"\nname = "X"\ncountries = []\ndate_order = "DYM"\n', "date_order"),
        ('code = "xx"\nname = \n', "line 2"),
    ],
)
def test_a_broken_file_is_refused_with_its_name_and_the_reason(
    content: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "xx.toml").write_text(content, "utf-8")
    monkeypatch.setattr(lexicon, "resources", SimpleNamespace(files=lambda _: tmp_path))
    monkeypatch.setattr(lexicon, "available", lambda: ("xx",))
    with pytest.raises(LexiconError) as caught:
        load.__wrapped__("xx")
    assert "xx.toml" in str(caught.value)
    assert reason in str(caught.value)


def test_field_of_reads_a_label_as_printed() -> None:
    assert field_of("Deadline for receipt of tenders:", "en") == "deadline_submission"
    assert field_of("  When? ", "en") == "date"
    assert field_of("ΠΡΟΘΕΣΜΙΑ", "el") == "deadline"
    assert field_of("Son Başvuru Tarihi:", "tr") == "deadline_submission"
    assert field_of("no such label anywhere", "en") is None


def test_field_of_prefers_the_language_given_then_english() -> None:
    assert field_of("data", "lt") == "date"
    assert field_of("Venue", "hu") == "venue"
    assert field_of("Határidő", "en") == "deadline"


# -- the matcher -----------------------------------------------------------------------------


def _found(patterns: dict[str, list[str]], text: str) -> list[tuple[str, str]]:
    return [(cue.tag, text[cue.start : cue.end]) for cue in Matcher(patterns).find(Words.of(text))]


def test_exact_words_match_whole_words_in_any_case() -> None:
    patterns = {"a": ["fair"]}
    assert _found(patterns, "The Fair, a FAIR, fairly unfair") == [("a", "Fair"), ("a", "FAIR")]


def test_diacritics_are_kept() -> None:
    assert _found({"a": ["terminas"]}, "terminas terminãs") == [("a", "terminas")]
    decomposed = "Konferenci\u0301a"
    assert _found({"a": ["konferencía"]}, decomposed) == [("a", decomposed)]


def test_a_star_behind_stands_for_any_ending_even_none() -> None:
    assert _found({"a": ["konferen*"]}, "konferen konferencija Konferencijoje webkonferencija") == [
        ("a", "konferen"),
        ("a", "konferencija"),
        ("a", "Konferencijoje"),
    ]


def test_a_star_in_front_stands_for_any_beginning() -> None:
    assert _found({"a": ["*ministerium"]}, "Ministerium Finanzministerium Ministeriums") == [
        ("a", "Ministerium"),
        ("a", "Finanzministerium"),
    ]


def test_stars_on_both_sides_match_inside() -> None:
    assert _found({"a": ["*seminar*"]}, "Onlineseminaren seminar semi") == [("a", "Onlineseminaren"), ("a", "seminar")]


def test_a_lone_star_is_any_one_word_but_no_figure() -> None:
    patterns = {"a": ["head of *", "* officer"]}
    assert _found(patterns, "head of procurement") == [("a", "head of procurement")]
    assert _found(patterns, "head of 12") == []
    assert _found(patterns, "policy officer") == [("a", "policy officer")]


def test_phrases_match_word_by_word_over_any_space_with_stars_in_each() -> None:
    patterns = {"a": ["rinkos konsultacij*", "kutu* vi*"]}
    assert _found(patterns, "Rinkos\n  konsultacijos") == [("a", "Rinkos\n  konsultacijos")]
    assert _found(patterns, "rinkos dalyvių konsultacija") == []
    assert _found(patterns, "kutuhan viela") == [("a", "kutuhan viela")]


def test_a_phrase_does_not_run_past_the_end() -> None:
    assert _found({"a": ["no later than"]}, "no later") == []


def test_marks_are_words_of_their_own() -> None:
    assert _found({"a": ["e-mail", "tel.", "-ig", "b2b"]}, "E-mail, tel. 19-ig, B2B") == [
        ("a", "E-mail"),
        ("a", "tel."),
        ("a", "-ig"),
        ("a", "B2B"),
    ]


@pytest.mark.parametrize("sign", ["'", "’", "‘", "ʼ", "`", "´"])
def test_every_apostrophe_is_one(sign: str) -> None:
    text = f"19 ta{sign} Marzu"
    assert _found({"a": ["ta'"]}, text) == [("a", f"ta{sign}")]


def test_typographic_hyphens_are_plain_ones() -> None:
    assert _found({"a": ["e-mail"]}, "e\u2011mail e\u2010mail") == [("a", "e\u2011mail"), ("a", "e\u2010mail")]


def test_turkish_capitals_fold() -> None:
    assert fold("İHALE") == "ihale"
    assert _found({"a": ["istişare*"]}, "İSTİŞARE") == [("a", "İSTİŞARE")]


def test_greek_final_sigma_folds() -> None:
    assert _found({"a": ["λήξης"]}, "ΛΉΞΗΣ") == [("a", "ΛΉΞΗΣ")]


def test_the_longest_pattern_of_a_tag_wins_at_its_first_word() -> None:
    patterns = {"a": ["market", "market consultation*", "market consultation meeting"]}
    assert _found(patterns, "market consultation meetings")[0] == ("a", "market consultation")
    assert _found(patterns, "market consultation meeting")[0] == ("a", "market consultation meeting")
    assert [cue.pattern for cue in Matcher(patterns).find(Words.of("market consultations"))] == ["market consultation*"]


def test_tags_do_not_hide_each_other() -> None:
    patterns = {"kind": ["information day"], "noun": ["day", "information"]}
    assert _found(patterns, "information day") == [("kind", "information day"), ("noun", "information"), ("noun", "day")]


def test_matches_carry_offsets_and_stay_in_the_range_asked_for() -> None:
    text = "one day, another day"
    words = Words.of(text)
    cues = Matcher({"a": ["day"]}).find(words)
    assert [(text[cue.start : cue.end], cue.first, cue.last) for cue in cues] == [("day", 1, 2), ("day", 4, 5)]
    assert [cue.first for cue in Matcher({"a": ["day"]}).find(words, 2)] == [4]
    assert Matcher({"a": ["another day"]}).find(words, 0, 4) == []


def test_words_within_a_span_lie_wholly_inside_it() -> None:
    words = Words.of("one two three")
    assert words.within(0, 7) == (0, 2)
    assert words.within(1, 12) == (1, 2)


def test_english_event_nouns_are_known_in_every_language() -> None:
    text = "A matchmaking és a hackathon"
    assert {cue.tag for cue in cue_matcher("hu").find(Words.of(text))} >= {"events.matchmaking", "events.workshop"}


def test_matching_costs_linear_time() -> None:
    matcher = cue_matcher("en")

    def cost(size: int) -> float:
        words = Words.of("no later than the " * size)
        begin = time.process_time()
        matcher.find(words)
        return time.process_time() - begin

    cost(100)
    small, large = max(cost(1_000), 0.005), cost(8_000)
    assert large < 40 * small
