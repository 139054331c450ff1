"""The one table between BCP 47 codes and those of langdetect, Argos, spaCy and Babel. It detects nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

UNDETERMINED: Final = "und"
"""BCP 47 for a language that was not determined."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language under every name it has. None: the library does not know it.

    `countries` are ISO 3166-1 alpha-2, most likely first. `alpha3` are its ISO 639-2 and 639-3 codes.
    `spacy_model` is the stem of the official trained pipelines (``da_core_news`` for ``da_core_news_md``).
    `supported` says whether procnews sets out to read announcements in it; the others are only recognised.
    """

    code: str
    name: str
    countries: tuple[str, ...]
    langdetect: str | None
    argos: str | None
    spacy: str | None
    spacy_model: str | None
    babel: str
    alpha3: tuple[str, ...]
    supported: bool


def _rows(table: str, supported: bool) -> list[Language]:
    rows = []
    for line in table.strip().splitlines():
        code, name, countries, langdetect, argos, spacy, spacy_model, babel, alpha3 = (
            None if cell.strip() == "-" else cell.strip() for cell in line.split("|")
        )
        if code is None or name is None or babel is None:
            raise ValueError(f"the table of languages has a row without code, name or Babel locale: {line!r}")
        rows.append(
            Language(
                code,
                name.replace("_", " "),
                tuple((countries or "").split()),
                langdetect,
                argos,
                spacy,
                spacy_model,
                babel,
                tuple((alpha3 or "").split()),
                supported,
            )
        )
    return rows


# code | name | countries | langdetect | Argos (to English; en itself) | spaCy | spaCy's trained pipelines | Babel | ISO 639-2, 639-3
_SUPPORTED = """
bg | Bulgarian         | BG             | bg | bg | bg | -            | bg | bul
hr | Croatian          | HR BA          | hr | -  | hr | hr_core_news | hr | hrv
cs | Czech             | CZ             | cs | cs | cs | -            | cs | ces cze
da | Danish            | DK GL FO       | da | da | da | da_core_news | da | dan
nl | Dutch             | NL BE          | nl | nl | nl | nl_core_news | nl | nld dut
en | English           | GB IE MT       | en | en | en | en_core_web  | en | eng
et | Estonian          | EE             | et | et | et | -            | et | est ekk
fi | Finnish           | FI             | fi | fi | fi | fi_core_news | fi | fin
fr | French            | FR BE LU CH    | fr | fr | fr | fr_core_news | fr | fra fre
de | German            | DE AT CH LU BE | de | de | de | de_core_news | de | deu ger
el | Greek             | GR CY          | el | el | el | el_core_news | el | ell gre
hu | Hungarian         | HU             | hu | hu | hu | -            | hu | hun
ga | Irish             | IE             | -  | ga | ga | -            | ga | gle
it | Italian           | IT CH          | it | it | it | it_core_news | it | ita
lv | Latvian           | LV             | lv | lv | lv | -            | lv | lav lvs
lt | Lithuanian        | LT             | lt | lt | lt | lt_core_news | lt | lit
mt | Maltese           | MT             | -  | -  | -  | -            | mt | mlt
pl | Polish            | PL             | pl | pl | pl | pl_core_news | pl | pol
pt | Portuguese        | PT             | pt | pt | pt | pt_core_news | pt | por
ro | Romanian          | RO MD          | ro | ro | ro | ro_core_news | ro | ron rum
sk | Slovak            | SK             | sk | sk | sk | -            | sk | slk slo
sl | Slovenian         | SI             | sl | sl | sl | sl_core_news | sl | slv
es | Spanish           | ES             | es | es | es | es_core_news | es | spa
sv | Swedish           | SE FI AX       | sv | sv | sv | sv_core_news | sv | swe
nb | Norwegian_Bokmål  | NO             | no | nb | nb | nb_core_news | nb | nob nor
nn | Norwegian_Nynorsk | NO             | -  | -  | nn | -            | nn | nno
is | Icelandic         | IS             | -  | -  | is | -            | is | isl ice
uk | Ukrainian         | UA             | uk | uk | uk | uk_core_news | uk | ukr
tr | Turkish           | TR CY          | tr | tr | tr | -            | tr | tur
sr | Serbian           | RS ME BA       | -  | -  | sr | -            | sr | srp scc
sq | Albanian          | AL XK MK       | sq | sq | sq | -            | sq | sqi alb
mk | Macedonian        | MK             | mk | -  | mk | mk_core_news | mk | mkd mac
ca | Catalan           | ES AD          | ca | ca | ca | ca_core_news | ca | cat
eu | Basque            | ES             | -  | eu | eu | -            | eu | eus baq
gl | Galician          | ES             | -  | gl | -  | -            | gl | glg
ru | Russian           | RU             | ru | ru | ru | ru_core_news | ru | rus
"""

_RECOGNISED = """
pt-BR   | Brazilian_Portuguese | BR    | -     | pb | -  | -            | pt_BR   | -
zh-Hans | Chinese_(Simplified) | CN SG | zh-cn | zh | zh | zh_core_web  | zh_Hans | zho chi
zh-Hant | Chinese_(Traditional)| TW HK | zh-tw | zt | -  | -            | zh_Hant | -
af      | Afrikaans            | ZA    | af    | -  | af | -            | af      | afr
ar      | Arabic               | EG SA | ar    | ar | ar | -            | ar      | ara
az      | Azerbaijani          | AZ    | -     | az | az | -            | az      | aze
bn      | Bengali              | BD IN | bn    | bn | bn | -            | bn      | ben
cy      | Welsh                | GB    | cy    | -  | -  | -            | cy      | cym wel
eo      | Esperanto            | -     | -     | eo | -  | -            | eo      | epo
fa      | Persian              | IR    | fa    | fa | fa | -            | fa      | fas per
gu      | Gujarati             | IN    | gu    | -  | gu | -            | gu      | guj
he      | Hebrew               | IL    | he    | he | he | -            | he      | heb
hi      | Hindi                | IN    | hi    | hi | hi | -            | hi      | hin
id      | Indonesian           | ID    | id    | id | id | -            | id      | ind
ja      | Japanese             | JP    | ja    | ja | ja | ja_core_news | ja      | jpn
kn      | Kannada              | IN    | kn    | -  | kn | -            | kn      | kan
ko      | Korean               | KR    | ko    | ko | ko | ko_core_news | ko      | kor
ky      | Kyrgyz               | KG    | -     | ky | ky | -            | ky      | kir
ml      | Malayalam            | IN    | ml    | -  | ml | -            | ml      | mal
mr      | Marathi              | IN    | mr    | -  | mr | -            | mr      | mar
ms      | Malay                | MY    | -     | ms | ms | -            | ms      | msa may
ne      | Nepali               | NP    | ne    | -  | ne | -            | ne      | nep
pa      | Punjabi              | IN PK | pa    | -  | -  | -            | pa      | pan
so      | Somali               | SO    | so    | -  | -  | -            | so      | som
sw      | Swahili              | TZ KE | sw    | -  | -  | -            | sw      | swa
ta      | Tamil                | IN LK | ta    | -  | ta | -            | ta      | tam
te      | Telugu               | IN    | te    | -  | te | -            | te      | tel
th      | Thai                 | TH    | th    | th | th | -            | th      | tha
tl      | Tagalog              | PH    | tl    | tl | tl | -            | fil     | tgl fil
ur      | Urdu                 | PK    | ur    | ur | ur | -            | ur      | urd
vi      | Vietnamese           | VN    | vi    | vi | vi | -            | vi      | vie
"""

LANGUAGES: Final[tuple[Language, ...]] = (*_rows(_SUPPORTED, True), *_rows(_RECOGNISED, False))
"""All languages: first those procnews reads, then those it only recognises."""

SUPPORTED: Final[tuple[str, ...]] = tuple(language.code for language in LANGUAGES if language.supported)
"""BCP 47 codes of the languages procnews reads."""

# Tags that are in use and mean one of the codes above: deprecated, macrolanguage, or a language read as its nearest relative.
_ALIASES: Final[dict[str, str]] = {
    "no": "nb",
    "iw": "he",
    "in": "id",
    "mo": "ro",
    "sh": "sr",
    "hbs": "sr",
    "cnr": "sr",
    "bs": "hr",
    "bos": "hr",
    "fil": "tl",
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-hans": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
    "zh-hant": "zh-Hant",
    "pt-br": "pt-BR",
    "no-nyn": "nn",
    "no-bok": "nb",
    "ro-md": "ro",
}


@lru_cache(maxsize=1)
def _tags() -> dict[str, str]:
    tags = {language.code.lower(): language.code for language in LANGUAGES}
    for language in LANGUAGES:
        for code in language.alpha3:
            tags.setdefault(code, language.code)
    return tags | _ALIASES


def normalise(tag: str) -> str:
    """The BCP 47 code of the table that `tag` means: ``da-DK``, ``DA``, ``dan`` give ``da``; ``no`` gives ``nb``; else ``und``.

    Takes what pages and systems write: BCP 47 tags, ISO 639 codes, POSIX locales (``da_DK.UTF-8``).
    """
    low = tag.strip().lower().split(".")[0].split("@")[0].replace("_", "-")
    tags = _tags()
    parts = low.split("-")
    for length in range(len(parts), 0, -1):
        found = tags.get("-".join(parts[:length]))
        if found is not None:
            return found
    return UNDETERMINED


def get(tag: str) -> Language | None:
    """The language a tag means (see `normalise`), or None."""
    return _by("code").get(normalise(tag))


@lru_cache(maxsize=8)
def _by(column: str) -> dict[str, Language]:
    table: dict[str, Language] = {}
    for language in LANGUAGES:
        key = getattr(language, column)
        if key is not None:
            table.setdefault(key, language)
    return table


def _code(column: str, key: str) -> str:
    language = _by(column).get(key)
    return language.code if language else UNDETERMINED


def from_langdetect(code: str) -> str:
    """BCP 47 for a langdetect code: ``no`` gives ``nb``, ``zh-cn`` gives ``zh-Hans``; ``und`` for an unknown one."""
    return _code("langdetect", code)


def from_argos(code: str) -> str:
    """BCP 47 for an Argos code: ``pb`` gives ``pt-BR``, ``zt`` gives ``zh-Hant``; ``und`` for an unknown one."""
    return _code("argos", code)


def from_spacy(code: str) -> str:
    """BCP 47 for a spaCy language code; ``und`` for an unknown one."""
    return _code("spacy", code)


def from_babel(locale: str) -> str:
    """BCP 47 for a Babel locale: ``zh_Hans`` gives ``zh-Hans``; ``und`` for an unknown one."""
    return _code("babel", locale)


def name_of(tag: str) -> str:
    """The English name of a language; the tag itself where the table does not have it."""
    language = get(tag)
    return language.name if language else tag
