"""The text of a page without a tree: how deep its tags nest, and its text with the tags taken out.

For pages that are too deep or too large to lay out. Time is linear in the length of the page, whatever stands in it.
"""

from __future__ import annotations

import html
import re
from typing import Final

from extractors.markup import BLOCKS, SPACED, word_set

_OPTIONAL_END: Final = word_set("p li td tr th dt dd option thead tbody tfoot colgroup col html head body rp rt")
_VOID: Final = word_set("area base br col embed hr img input link meta param source track wbr keygen command frame")
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")


def measure(markup: str) -> tuple[int, int]:
    """How many tags a page has and how deep they nest at most, counted in one pass without building a tree."""
    depth = deepest = count = 0
    for match in _TAG_NAME.finditer(markup):
        count += 1
        name = match[2].lower()
        if name in _OPTIONAL_END or name in _VOID:
            continue
        if match[1]:
            depth = max(depth - 1, 0)
        else:
            depth += 1
            deepest = max(deepest, depth)
    return count, deepest


def strip_tags(markup: str) -> str:
    """The text of a page by dropping its tags, in time linear in its length; blocks become lines."""
    out: list[str] = []
    position = 0
    while True:
        start = markup.find("<", position)
        if start < 0:
            out.append(markup[position:])
            break
        out.append(markup[position:start])
        if markup.startswith("<!--", start):
            end = markup.find("-->", start + 4)
            position = len(markup) if end < 0 else end + 3
            continue
        match = _TAG_NAME.match(markup, start)
        if match is None and not markup.startswith(("<!", "<?"), start):
            out.append("<")
            position = start + 1
            continue
        end = markup.find(">", start)
        if end < 0:
            break
        position = end + 1
        name = match[2].lower() if match else ""
        if name in {"script", "style", "noscript", "template"} and match and not match[1]:
            closing = re.compile(rf"</{name}", re.IGNORECASE).search(markup, position)
            position = len(markup) if closing is None else closing.start()
        elif name == "br" or name in BLOCKS:
            out.append("\n\n" if name in SPACED else "\n")
    return html.unescape("".join(out))
