"""Names and mailboxes in plain Latin letters, for comparing them. Never shown to anyone: values keep their own letters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SPECIAL = {
    "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ŋ": "n", "ħ": "h", "ĸ": "k", "ŧ": "t",
    # Greek, as mailboxes are spelt.
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l", "μ": "m", "ν": "n",
    "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
    # Cyrillic: Bulgarian, Serbian, Macedonian, Ukrainian, Russian.
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ђ": "dj", "ѓ": "gj", "е": "e", "є": "ie", "ж": "zh", "з": "z", "ѕ": "dz", "и": "i",
    "і": "i", "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "ћ": "c", "ќ": "kj", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "џ": "dz", "ш": "sh", "щ": "sht", "ъ": "a", "ы": "y", "ь": "y",
    "э": "e", "ю": "yu", "я": "ya", "ґ": "g",
}  # fmt: skip
_TABLE = str.maketrans(_SPECIAL)
_GREEK_PAIRS = (("ου", "ou"), ("αυ", "av"), ("ευ", "ev"), ("γγ", "ng"), ("μπ", "b"), ("ντ", "nt"))
# Two spellings of one sound: what a mailbox writes as two letters may be one accented letter in the name.
_LOOSE = (
    ("aa", "a"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ph", "f"), ("ou", "u"), ("ch", "h"), ("kh", "h"), ("th", "t"), ("ij", "y"),
    ("y", "i"), ("j", "i"), ("w", "v"), ("x", "ks"), ("zh", "z"), ("sh", "s"), ("c", "k"),
)  # fmt: skip


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Lower-case letters a-z and digits of `text`, other scripts spelt in Latin letters, accents dropped."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter))
    if any("\u0370" <= letter < "\u0400" for letter in bare):
        for pair, spelt in _GREEK_PAIRS:
            bare = bare.replace(pair, spelt)
    # й and ї lose their mark above, which changes nothing here.
    stripped = bare.translate(_TABLE)
    return "".join(letter for letter in stripped if letter.isascii() and letter.isalnum())


@lru_cache(maxsize=4096)
def sound(text: str) -> str:
    """A coarser form: spellings of one sound made one, doubled letters single. ``Jørgensen`` and ``joergensen`` agree."""
    form = plain(text)
    for written, one in _LOOSE:
        form = form.replace(written, one)
    kept: list[str] = []
    for letter in form:
        if not kept or kept[-1] != letter:
            kept.append(letter)
    return "".join(kept)


def consonants(text: str) -> str:
    """The consonants of the coarse form: what is left in common when a name crosses from one script to another."""
    return "".join(letter for letter in sound(text) if letter not in "aeiou")
