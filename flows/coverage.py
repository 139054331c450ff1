"""What procnews can do for each language on this machine: detect, translate, find names, lexicon. It changes nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LanguageCoverage:
    """One language. `translate` is the installed package, or why there is none; `names` the NER model; `detect` how."""

    code: str
    name: str
    detect: str
    translate: str
    translate_installed: bool
    names: str
    lexicon: bool

    def as_json(self) -> dict[str, Any]:
        """The coverage as a JSON object."""
        return asdict(self)


def coverage() -> list[LanguageCoverage]:
    """Every supported language, by code."""
    from extractors import languages, lexicon, ner
    from extractors.translation import installed_packages

    packages: dict[str, str] = {}
    for package in installed_packages():
        if package.to_code == "en":
            packages.setdefault(languages.from_argos(package.from_code), f"{package.from_code}-{package.to_code} {package.version}")
    rows = []
    for language in sorted(languages.LANGUAGES, key=lambda known: known.code):
        if not language.supported:
            continue
        if language.code == "en":
            translate, installed = "not needed", True
        elif language.code in packages:
            translate, installed = packages[language.code], True
        else:
            translate, installed = ("not installed" if language.argos else "no package exists"), False
        rows.append(
            LanguageCoverage(
                code=language.code,
                name=language.name,
                detect="langdetect, words" if language.langdetect else "words",
                translate=translate,
                translate_installed=installed,
                names=ner.model_name(language.code),
                lexicon=lexicon.code_for(language.code) is not None,
            )
        )
    return rows
