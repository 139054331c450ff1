"""Characters per second of the date reader, beside dateparser's `search_dates` on the same texts in the same run.

    python benchmarks/dates.py [--seconds 3]

The texts are the examples of the lexicons, joined to pages per language; both readers are told the language. What they find is counted
and not compared: the examples are procnews's own tests. dateparser comes with Prefect.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Sized

from extractors import dates
from extractors.lexicon import available, load

_PAGE = 2_000
"""Characters of a page made of examples."""


def pages(languages: list[str]) -> list[tuple[str, str]]:
    """(language, text): the examples of each lexicon in pages of some 2,000 characters."""
    found = []
    for code in languages:
        lexicon, text = load(code), ""
        for line in [*(example.text for example in lexicon.examples), *(example.text for example in lexicon.not_)]:
            text += line + "\n\n"
            if len(text) >= _PAGE:
                found.append((code, text))
                text = ""
        if text:
            found.append((code, text))
    return found


def speed(read: Callable[[str, str], Sized], texts: list[tuple[str, str]], seconds: float) -> tuple[float, float]:
    """Characters per second and dates found per 1,000 characters. Lexicons are loaded before the clock runs."""
    for code in dict.fromkeys(code for code, _ in texts):
        read("19 March 2024", code)
    characters = found = index = 0
    begin = time.perf_counter()
    # All texts at least once, so that both read the same; then on until the time is over.
    while (spent := time.perf_counter() - begin) < seconds or index < len(texts):
        code, text = texts[index % len(texts)]
        found += len(read(text, code))
        characters += len(text)
        index += 1
    return characters / spent, 1000 * found / characters


def ours(text: str, code: str) -> Sized:
    """The date reader of procnews."""
    return dates.find(text, code)


def theirs(text: str, code: str) -> Sized:
    """dateparser, told the language."""
    from dateparser.search import search_dates

    return search_dates(text, languages=[code]) or ()


def main() -> None:
    """Measures both and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0, help="time for each reader, at least")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    from dateparser.languages.loader import default_loader

    known = set(default_loader.get_locale_map())
    languages = [code for code in available() if code in known]
    texts = pages(languages)
    print(f"{len(languages)} languages known to both, {sum(len(text) for _, text in texts):,} characters")
    rates = []
    for name, read in (("procnews", ours), ("dateparser", theirs)):
        rate, density = speed(read, texts, arguments.seconds)
        rates.append(rate)
        print(f"{name:12}{rate:12,.0f} characters/s{density:8.1f} dates per 1,000 characters")
    print(f"ratio       {rates[0] / rates[1]:12,.1f}")


if __name__ == "__main__":
    main()
