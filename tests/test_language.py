import random
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from extractors import language
from extractors.language import detect, detect_blocks
from extractors.languages import SUPPORTED
from schemas import Block, BlockKind, Document, LanguageDecision

DATA = Path(__file__).parent / "data" / "language_sentences.toml"
SENTENCES: dict[str, dict[str, list[str]]] = tomllib.loads(DATA.read_text("utf-8"))


def _score(key: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for code, texts in SENTENCES.items():
        for text in texts[key]:
            found = detect(text).code
            counts["right" if found == code else "abstained" if found == "und" else "wrong"] += 1
    return counts


def test_the_sentences_cover_every_language() -> None:
    assert sorted(SENTENCES) == sorted(SUPPORTED)
    assert all(len(texts["sentences"]) >= 3 and len(texts["titles"]) >= 2 for texts in SENTENCES.values())


def test_single_sentences() -> None:
    counts = _score("sentences")
    assert counts["wrong"] == 0, counts
    assert counts["right"] >= 0.95 * counts.total(), counts


def test_short_titles_are_right_or_abstained_from() -> None:
    counts = _score("titles")
    assert counts["wrong"] <= 0.04 * counts.total(), counts
    assert counts["right"] >= 0.8 * counts.total(), counts


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_short_announcement_in_every_language(code: str) -> None:
    texts = SENTENCES[code]["sentences"]
    if code == "sr":  # one text is not written in two alphabets
        texts = texts[1:]
    decision = detect("\n".join(texts))
    assert decision.code == code, decision
    assert decision.confidence >= language.MIN_CONFIDENCE
    assert decision.reason


@pytest.mark.parametrize(
    ("text", "code", "by"),
    [
        ("Η ημερίδα για τις δημόσιες συμβάσεις θα γίνει στην Αθήνα", "el", "script"),
        ("会議は東京で開催されます。参加をお待ちしています。", "ja", "script"),
        ("모든 참가자는 회의 전에 등록해야 합니다", "ko", "script"),
        ("הכנס יתקיים בתל אביב ביום חמישי", "he", "script"),
        ("Конференцијата ќе се одржи во Скопје, пријавете се најдоцна до петок.", "mk", None),
        ("Конференция ще се проведе в София, моля регистрирайте се до петък.", "bg", None),
        ("Конференција ће се одржати у Београду, пријавите се до петка.", "sr", None),
        ("Конференція відбудеться у Києві, зареєструйтеся до п'ятниці.", "uk", None),
        ("Ráðstefnan verður haldin í Reykjavík og skráning fer fram á vefnum.", "is", "lexicon"),
        ("Il-konferenza se ssir il-Belt Valletta u r-reġistrazzjoni hija miftuħa għal kulħadd.", "mt", "lexicon"),
    ],
)
def test_script_and_letters(text: str, code: str, by: str | None) -> None:
    decision = detect(text)
    assert decision.code == code, decision
    assert by is None or decision.decided_by == by


@pytest.mark.parametrize("text", ["", "   \n", "12.03.2024 10:00", "OK", "https://example.org/da/nyheder", "jane@example.org", "★★★ ☎ 🙂"])
def test_abstains_without_words(text: str) -> None:
    decision = detect(text)
    assert decision.code == "und"
    assert decision.decided_by == "none"
    assert decision.confidence < language.MIN_CONFIDENCE
    assert decision.reason


def test_abstains_on_no_language() -> None:
    assert detect("Zxqv brlkt mnop grfx tklw vbnm qwrt plkj hgfd").code == "und"


def test_the_same_text_gives_the_same_answer() -> None:
    texts = [text for entry in SENTENCES.values() for text in entry["sentences"]]
    first = {text: detect(text) for text in texts}
    shuffled = texts[:]
    random.Random(3).shuffle(shuffled)
    assert {text: detect(text) for text in shuffled} == first


def test_capital_letters_change_nothing() -> None:
    assert detect("DE GEMEENTE NODIGT ALLE ONDERNEMERS UIT VOOR EEN BIJEENKOMST OVER DE AANBESTEDING").code == "nl"
    assert detect("İHALE TOPLANTISI İÇİN BELEDİYE TARAFINDAN BİR DAVET VE DAHA FAZLA BİLGİ").code == "tr"


# ---------------------------------------------------------------- what is declared

DANISH = SENTENCES["da"]["sentences"][0] + " " + SENTENCES["da"]["sentences"][1]


def test_declared_and_agreed() -> None:
    decision = detect(DANISH, declared="da-DK", declared_by="markup")
    assert (decision.code, decision.decided_by) == ("da", "markup")
    assert "agrees" in decision.reason


def test_declared_decides_what_is_too_short() -> None:
    decision = detect("Workshop", declared="nl", declared_by="sidecar")
    assert (decision.code, decision.decided_by) == ("nl", "sidecar")
    assert "too short" in decision.reason


def test_declared_decides_close_pairs() -> None:
    text = "Markedsdialog om nye elektriske ferger"
    assert detect(text).code == "und"
    assert detect(text, declared="nb").code == "nb"
    assert detect(text, declared="no").code == "nb"


def test_text_overrules_a_wrong_declaration() -> None:
    decision = detect(DANISH, declared="en")
    assert decision.code == "da"
    assert "declared en" in decision.reason
    assert language.conflicts("en", decision)
    assert not language.conflicts("da", decision)
    assert not language.conflicts(None, decision)
    assert not language.conflicts("klingon", decision)


def test_unknown_declaration_is_named_and_ignored() -> None:
    decision = detect(DANISH, declared="klingon")
    assert decision.code == "da"
    assert "klingon" in decision.reason


def test_candidates_restrict_the_answer() -> None:
    assert detect(DANISH, candidates=["sv", "nb"]).code in {"sv", "nb", "und"}
    assert detect(DANISH, candidates=["da", "en"]).code == "da"


# ---------------------------------------------------------------- blocks


def _document(code: str, *paragraphs: str) -> Document:
    blocks, position = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(kind=BlockKind.PARAGRAPH, start=position, end=position + len(paragraph)))
        position += len(paragraph) + 1
    return Document(
        id="0",
        source="x",
        content_hash="0",
        language=LanguageDecision(code=code, confidence=1, decided_by="given"),
        text="\n".join(paragraphs),
        blocks=blocks,
    )


def test_a_block_in_another_language_is_found() -> None:
    document = _document("da", DANISH, " ".join(SENTENCES["en"]["sentences"]), SENTENCES["da"]["sentences"][2])
    found = detect_blocks(document)
    assert {index: decision.code for index, decision in found.items()} == {1: "en"}
    assert found[1].confidence >= language.BLOCK_CONFIDENCE


def test_short_blocks_abstain() -> None:
    assert detect_blocks(_document("da", DANISH, "Please register before Friday.", "Workshop")) == {}


@pytest.mark.parametrize("code", sorted(set(SENTENCES) - {"sr"}))
def test_blocks_of_the_same_language_are_left_alone(code: str) -> None:
    assert detect_blocks(_document(code, *SENTENCES[code]["sentences"])) == {}


# ---------------------------------------------------------------- the data


def test_the_vocabulary_is_well_formed() -> None:
    vocabulary = language._vocabulary()
    assert sorted(vocabulary) == sorted(SUPPORTED)
    for code, words in vocabulary.items():
        assert len(words.words) >= 30, code
        for word in words.words | set(words.stems) | set(words.endings):
            assert word == word.lower(), (code, word)
            assert all(letter in words.letters for letter in word if letter > "z"), (code, word)


def test_long_texts_are_sampled() -> None:
    text = "\n".join(SENTENCES["fi"]["sentences"] * 2_000)
    excerpt = language.sample(text)
    assert len(excerpt) <= 4_100
    assert detect(text).code == "fi"


def test_prose_is_preferred_to_menus() -> None:
    menu = "\n".join(["Home", "News", "About us", "Contact", "Search"] * 3)
    excerpt = language.sample(menu + "\n" + DANISH + "\n" + DANISH)
    assert "About us" not in excerpt
    assert "Kommunen inviterer" in excerpt
