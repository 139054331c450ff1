"""Short forms of names: what looks like one, whether it fits a name, and the one in brackets behind a name. Names no body."""

from __future__ import annotations

import re

from extractors.organisations.folding import fold_name

_REACH = 64
"""Characters behind a name in which its bracket must close."""
_BRACKET = re.compile(r"\s?\((?P<whole>[^()\n]{2,60})\)(?! ?(?:Nr|nr|No|n°|nº|N°|č|br|št|nru|αριθ|№)\b)")
_DASH = re.compile(r"\s?[–—-]\s(?P<short>[^\W\d_]{2,8})(?=$|[\s,.;)])")
_MARKS = " \t„“”\"«»’'"
_LAST = re.compile(r"[^\s„“”\"«»:,]+$")
_LONGEST = 18


def is_acronym(word: str) -> bool:
    """A short form: two capitals or more, no more small letters than capitals."""
    upper = sum(letter.isupper() for letter in word)
    lower = sum(letter.islower() for letter in word)
    return len(word) >= 2 and upper >= 2 and upper >= lower


def is_short_for(short: str, name: str) -> bool:
    """True when a short form's letters stand in that order in a longer name, from its first letter on: Fegamp, "ADR Vest"."""
    letters, longer = fold_name(short).replace(" ", ""), fold_name(name).replace(" ", "")
    if not short[:1].isupper() or len(letters) < 3 or 2 * len(letters) > len(longer) or letters[0] != longer[:1]:
        return False
    at = 0
    for letter in letters:
        at = longer.find(letter, at) + 1
        if at == 0:
            return False
    return True


def beside(text: str, start: int, end: int) -> tuple[str, int] | None:
    """The short form that stands in brackets or behind a dash after the name ``text[start:end]``, and where the bracket ends.

    "Ministerstvo pro místní rozvoj (dále jen „MMR“)" gives MMR, "University of Zaragoza – OBCP" OBCP; a regulation's "(EC) No" is none.
    """
    stop = min(len(text), end + _REACH)
    match = _BRACKET.match(text, end, stop)
    if match is not None:
        whole = match["whole"].strip(_MARKS)
        last = _LAST.search(whole)
        first = re.split(r"\s?[,;/–]|\s-\s", whole)[0].strip(_MARKS)
        for short in dict.fromkeys([whole, first, last[0] if last else ""]):
            fits = is_acronym(short.replace(" ", "")) or is_short_for(short, text[start:end])
            if 2 <= len(short) <= _LONGEST and short[0].isalpha() and fits:
                return short, match.end()
        return None
    match = _DASH.match(text, end, stop)
    return (match["short"], end) if match is not None and is_acronym(match["short"]) else None
