"""What WeChat made of an article, in words; what its error codes mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from jianbao.deliver.wechat.changes import compare
from jianbao.deliver.wechat.error_codes import meaning

CASES = Path(__file__).parent / "cases" / "wechat-push"
CODES = [line.split("\t") for line in (CASES / "error-codes.txt").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("file", sorted((CASES / "changes").glob("*.txt")), ids=lambda f: f.stem)
def test_what_became_of_an_article(file: Path) -> None:
    _, sent, stored, expected = (
        part.partition("\n")[2].strip() for part in file.read_text("utf-8").split("===")
    )

    changes = compare({"content": sent}, {"content": stored})

    shown = [f"内容：{line}" for line in changes.lost]
    shown += [f"样子：{line}" for line in changes.restyled]
    assert shown == expected.splitlines()


def test_titles_are_compared_as_they_are_read() -> None:
    sent = {"title": "数据 & 要素", "content_source_url": "https://www.nda.gov.cn/"}

    assert compare(sent, sent | {"title": "数据 &amp; 要素 "}).lost == ()
    assert compare(sent, {"title": "数据"}).lost == (
        "标题变成了“数据”",
        "“阅读原文”的网址没有了",
    )


@pytest.mark.parametrize(("code", "message", "sentence"), CODES, ids=lambda text: text[:20])
def test_a_code_is_a_sentence_and_an_advice(code: str, message: str, sentence: str) -> None:
    found = meaning(int(code), message)

    assert found.sentence == sentence
    assert found.advice
