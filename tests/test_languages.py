import importlib.util

import pytest
from babel import Locale

from extractors import languages
from extractors.languages import LANGUAGES, SUPPORTED

EU_OFFICIAL = [
    "bg",
    "hr",
    "cs",
    "da",
    "nl",
    "en",
    "et",
    "fi",
    "fr",
    "de",
    "el",
    "hu",
    "ga",
    "it",
    "lv",
    "lt",
    "mt",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "es",
    "sv",
]
OTHERS = ["nb", "nn", "is", "uk", "tr", "sr", "sq", "mk", "ca", "eu", "gl", "ru"]


def test_every_language_of_the_project_is_in_the_table() -> None:
    assert sorted(SUPPORTED) == sorted(EU_OFFICIAL + OTHERS)
    assert len({language.code for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("column", ["langdetect", "argos", "spacy", "babel"])
def test_codes_go_both_ways(column: str) -> None:
    back = {
        "langdetect": languages.from_langdetect,
        "argos": languages.from_argos,
        "spacy": languages.from_spacy,
        "babel": languages.from_babel,
    }[column]
    seen = [getattr(language, column) for language in LANGUAGES if getattr(language, column)]
    assert len(seen) == len(set(seen))
    for language in LANGUAGES:
        code = getattr(language, column)
        if code is not None:
            assert back(code) == language.code
    assert back("no such code") == "und"


def test_langdetect_column_is_exactly_its_profiles() -> None:
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    assert sorted(factory.get_lang_list()) == sorted(language.langdetect for language in LANGUAGES if language.langdetect)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_spacy_and_babel_know_the_codes(language: languages.Language) -> None:
    assert language.spacy is None or importlib.util.find_spec(f"spacy.lang.{language.spacy}") is not None
    assert language.spacy_model is None or language.spacy_model.startswith(f"{language.spacy}_core_")
    locale = Locale.parse(language.babel)
    assert locale.get_language_name("en")
    assert all(len(country) == 2 and country.isupper() for country in language.countries)


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("no", "nb"),
        ("nb-NO", "nb"),
        ("nn_NO.UTF-8", "nn"),
        ("no-nyn", "nn"),
        ("DA", "da"),
        ("da-DK", "da"),
        ("dan", "da"),
        ("ger", "de"),
        ("deu", "de"),
        ("zh-cn", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("pt-br", "pt-BR"),
        ("pt-PT", "pt"),
        ("sr-Latn-RS", "sr"),
        ("sh", "sr"),
        ("iw", "he"),
        ("mo", "ro"),
        (" en-GB ", "en"),
        ("", "und"),
        ("multilingual", "und"),
        ("x-klingon", "und"),
        ("und", "und"),
    ],
)
def test_tags_as_pages_write_them(tag: str, code: str) -> None:
    assert languages.normalise(tag) == code


def test_special_codes_of_the_libraries() -> None:
    assert languages.from_langdetect("no") == "nb"
    assert languages.from_langdetect("zh-cn") == "zh-Hans"
    assert languages.from_argos("pb") == "pt-BR"
    assert languages.from_argos("zt") == "zh-Hant"
    assert languages.from_argos("nb") == "nb"
    for code in ("hr", "sr", "is", "mt", "mk", "nn"):
        language = languages.get(code)
        assert language is not None and language.argos is None
    for code in ("ga", "mt", "is", "sr", "eu", "gl", "nn"):
        language = languages.get(code)
        assert language is not None and language.langdetect is None


def test_names() -> None:
    assert languages.name_of("nb-NO") == "Norwegian Bokmål"
    assert languages.name_of("tlh") == "tlh"
