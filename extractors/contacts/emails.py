"""E-mail addresses in a text, plain or written out for people ("name (at) domain dot eu"). Never completes a broken one.

Every scan starts at an @ or a bracketed word and looks a bounded way left and right, so time grows with the text alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from extractors.contacts.letters import plain
from extractors.contacts.wordlists import at_words, dot_words, word_set

_LOCAL_MAX, _DOMAIN_MAX, _LABEL_MAX = 64, 253, 63
_LOCAL = re.compile(r"[\w.%+'’&~-]")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,62})")
_LETTERS = re.compile(r"[^\W\d_]+")
_OPEN, _CLOSE = r"[(\[{<|«]", r"[)\]}>|»]"
_GAP = r"[ \t\u00a0]{0,2}"
_BARE_AT = re.compile(r"(?<=\w)[ \t\u00a0]{1,2}AT[ \t\u00a0]{1,2}(?=\w)")
_ENTITY_AT = re.compile(r"&(?:#0{0,4}64|#[xX]0{0,4}40|commat);")
_ZONES = frozenset({"com", "org", "net", "edu", "gov", "int", "mil", "info", "biz", "eu", "example"})


@dataclass(frozen=True, slots=True)
class EmailMention:
    """An address found: `value` ready to use (domain in lower case), ``text[start:end] == quote`` as written."""

    value: str
    start: int
    end: int
    quote: str
    obfuscated: bool = False


@lru_cache(maxsize=1)
def _marks() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """The patterns for a bracketed at-word, a bracketed dot-word (ahead and behind), and a bare dot-word."""

    def either(entries: frozenset[str]) -> str:
        return "|".join(re.escape(entry) for entry in sorted(entries, key=lambda entry: (-len(entry), entry)))

    many = frozenset(entry for entry in at_words() if len(entry) > 1) | {"@"}
    one = frozenset(entry for entry in at_words() if len(entry) == 1 and entry != "@")
    at = rf"{_GAP}(?:{_OPEN}{_GAP}(?:{either(many)}){_GAP}{_CLOSE}){_GAP}"
    at += rf"|(?<=\w)[ \t\u00a0]{{1,2}}[-_*](?:{either(many - {'@'})})[-_*][ \t\u00a0]{{1,2}}(?=\w)"
    if one:
        # A single letter for @ stands in round or square brackets, with no blank on either side: "etu.suku(a)example.fi".
        at += rf"|(?<=\w)[(\[](?:{either(one)})[)\]](?=\w)"
    dots = either(dot_words())
    dot = rf"{_GAP}{_OPEN}{_GAP}(?:{dots}|&#46;){_GAP}{_CLOSE}{_GAP}"
    words = either(dot_words() - {"."})
    return (
        re.compile(at, re.IGNORECASE),
        re.compile(dot, re.IGNORECASE),
        re.compile(rf"[ \t\u00a0]{{1,2}}(?:{words})[ \t\u00a0]{{1,2}}", re.IGNORECASE),
        re.compile(r"[ \t\u00a0]{1,2}DOT[ \t\u00a0]{1,2}"),
    )


def _local_before(text: str, end: int) -> int:
    """Where the local part that ends at `end` begins; `end` itself where there is none."""
    start = end
    floor = max(0, end - _LOCAL_MAX)
    while start > floor and _LOCAL.match(text, start - 1):
        start -= 1
    if start == floor and start > 0 and _LOCAL.match(text, start - 1):
        return end  # Longer than an address can be.
    while start < end and text[start] in ".'’-~%+&":
        start += 1
    return start


def _split_local_before(text: str, end: int, dot: re.Pattern[str]) -> tuple[int, str]:
    """The local part before `end`, joined over bracketed dots ("anna [dot] berg"): its start and its value."""
    start = _local_before(text, end)
    value = text[start:end]
    for _ in range(3):
        window = text[max(0, start - 24) : start]
        last = None
        for match in dot.finditer(window):
            last = match
        if last is None or last.end() != len(window):
            break
        inner_end = start - len(window) + last.start()
        inner = _local_before(text, inner_end)
        if inner == inner_end:
            break
        value = f"{text[inner:inner_end]}.{value}"
        start = inner
    return start, value


def _domain_after(text: str, start: int, *, spelt: bool, dots: tuple[re.Pattern[str], ...]) -> tuple[int, str] | None:
    """The domain that begins at `start`: its end and its value, or None. `spelt` allows words for the dots."""
    labels: list[str] = []
    ends: list[int] = []
    at = start
    while at - start <= _DOMAIN_MAX:
        match = _LABEL.match(text, at)
        if match is None:
            break
        label = match[0].rstrip("-_")
        labels.append(label)
        ends.append(at + len(label))
        at = ends[-1]
        if text[at : at + 1] == ".":
            at += 1
            continue
        # A bare word for the dot only while no dot was seen: what comes after "example.org" is the sentence.
        usable = dots[: 1 if len(labels) > 1 else None] if spelt else ()
        following = next((found for pattern in usable if (found := pattern.match(text, at))), None)
        if following is None:
            break
        at = following.end()
    # A sentence or a word that was glued to the address is cut off: "example.org.For", "example.orgTel".
    lower = all(label == label.lower() for label in labels[:1])
    for index in range(1, len(labels)):
        label = labels[index]
        if not lower or label == label.lower():
            continue
        letters = _LETTERS.match(label)
        head = re.match(r"[^\W\d_A-Z]{2,}(?=[A-Z])", label)
        if head is not None:
            labels[index] = head[0]
            ends[index] += len(head[0]) - len(label)
            del labels[index + 1 :], ends[index + 1 :]
        elif label[:1].isupper() and letters is not None and index >= 2 and label != label.upper():
            del labels[index:], ends[index:]
        break
    while labels:
        zone = labels[-1]
        if zone.lower().startswith("xn--"):
            break
        letters = _LETTERS.match(zone)
        size = len(letters[0]) if letters else 0
        if size >= 2:
            ends[-1] -= len(zone) - size
            labels[-1] = zone[:size]
            break
        labels.pop()
        ends.pop()
    if len(labels) < 2 or any("_" in label for label in labels) or labels[-1].lower() in word_set("file_endings"):
        return None
    if len(labels[-1]) > _LABEL_MAX:
        return None
    return ends[-1], ".".join(labels).lower()


def _zone_after_break(text: str, end: int) -> int | None:
    """The end of a zone that the line break after "name@example." tore off, or None."""
    match = re.compile(r"\.\r?\n([a-z]{2,7})(?![\w.@-])").match(text, end)
    if match is None or (len(match[1]) != 2 and match[1] not in _ZONES):
        return None
    return match.end()


def find_emails(text: str) -> list[EmailMention]:
    """Every e-mail address of `text`, in order, without overlaps. A bare word " at " is never an @."""
    if "@" not in text and "＠" not in text and not any(sign in text for sign in "([{<|«&-_*") and " AT " not in text:
        return []
    at, dot, bare_dot, capital_dot = _marks()
    found: list[EmailMention] = []

    def add(start: int, end: int, local: str, domain: str, obfuscated: bool) -> None:
        local = local.replace("’", "'").strip(".")
        if local and ".." not in local and any(letter.isalnum() for letter in local):
            found.append(EmailMention(f"{local}@{domain}", start, end, text[start:end], obfuscated))

    for match in re.finditer(r"[@＠]", text):
        here = match.start()
        start, stop = here, here + 1
        obfuscated = match[0] != "@"
        if here and text[here - 1] in " \u00a0" and text[stop : stop + 1] in {" ", "\u00a0"}:
            # "name @ domain.eu": only when the word before is more than a plain word.
            start = _local_before(text, here - 1)
            labelled = re.search(r"mail[^\n]{0,3}:\s{0,3}$", text[max(0, start - 12) : start], re.IGNORECASE)
            if not re.search(r"[._\d-]", text[start : here - 1]) and not labelled:
                continue
            local = text[start : here - 1]
            stop += 1
            obfuscated = True
        else:
            start = _local_before(text, here)
            local = text[start:here]
            broken = re.compile(r"\r?\n(?=[^\W_])").match(text, stop)
            if broken is not None:
                stop = broken.end()
        if not local or (start and text[start - 1] in "@＠/" and text[start - 2 : start] != "//"):
            continue
        if re.search(r"://[^\s/@]{0,64}:$", text[max(0, start - 80) : start]):
            continue  # A password in a URL.
        domain = _domain_after(text, stop, spelt=obfuscated or "\n" not in text[here:stop], dots=(dot,))
        if domain is None:
            label = _LABEL.match(text, stop)
            end = _zone_after_break(text, label.end()) if label and stop == here + 1 else None
            if end is None or label is None:
                continue
            domain = (end, f"{label[0]}.{text[label.end() + 1 : end].strip()}".lower())
        add(start, domain[0], local, domain[1], obfuscated or dot.search(text, stop, domain[0]) is not None)

    for pattern, dots in ((at, (dot, bare_dot)), (_ENTITY_AT, (dot,)), (_BARE_AT, (dot, capital_dot))):
        for match in pattern.finditer(text):
            start, local = _split_local_before(text, match.start(), dot)
            if not local:
                continue
            domain = _domain_after(text, match.end(), spelt=True, dots=dots)
            if domain is None:
                continue
            if pattern is _BARE_AT and not (capital_dot.search(text, match.end(), domain[0]) or dot.search(text, match.end(), domain[0])):
                continue  # Capitals alone may be a heading: the dot has to be spelt as well.
            add(start, domain[0], local, domain[1], True)

    found.sort(key=lambda mention: (mention.start, -mention.end))
    kept: list[EmailMention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def addresses_of(url: str) -> list[str]:
    """The addresses of a ``mailto:`` URL, decoded; an empty list for any other URL."""
    if url[:7].lower() != "mailto:":
        return []
    body = unquote(url[7:].split("?", 1)[0][:1000])
    return list(dict.fromkeys(mention.value for mention in find_emails(body)))


def is_role_mailbox(value: str) -> bool:
    """True where the local part names a desk or a function (info@, tenders@), not a person."""
    parts = [part for part in re.split(r"[._+-]|\d+", value.split("@", 1)[0]) if part]
    if not parts:
        return True
    roles = word_set("role_mailboxes")
    return plain(parts[0]) in roles or plain("".join(parts)) in roles or (plain(parts[-1]) in roles and len(plain(parts[0])) <= 3)


def is_template(value: str) -> bool:
    """True for an address that stands for everybody's ("firstname.lastname@example.org")."""
    parts = [plain(part) for part in re.split(r"[._-]", value.split("@", 1)[0]) if part]
    return len(parts) >= 2 and all(part in word_set("template_parts") for part in parts)
