"""Markdown of pages means what the page said: it is read back as an item is."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from jianbao.gather.texts.cleaning import clean_content
from jianbao.gather.texts.item_text import slug_words
from jianbao.gather.texts.markdown import to_markdown
from jianbao.load.markdown import parser

#: What Markdown gives a meaning to, with what stands beside it in Chinese pages.
_PIECES = st.sampled_from(
    [*"#-+*_`~<>[]()!|\\&.:1a国", " ", "　", "1. ", "**", "](", "![", "&amp;", "[^1]", "---", "<b>"]
)


#: A paragraph that begins with a number may be a point of a list, as its author meant it.
_PLAIN = {"paragraph", "inline", "text", "text_special", "softbreak"}
_LIST = {"ordered_list", "list_item"}


@given(st.sampled_from(["甲", "", "1. "]), st.lists(_PIECES, max_size=12).map("".join))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_back_as_it_was(first: str, text: str) -> None:
    written = f"{first}{text}乙"
    page = html.Element("div")
    page.append(html.Element("p"))
    page[0].text = written

    tokens = parser().parse(to_markdown(clean_content(page, "https://a.cn/", "").html).markdown)

    pieces = [*tokens, *(child for token in tokens for child in token.children or ())]
    kinds = {re.sub("_(open|close)$", "", piece.type) for piece in pieces}
    assert kinds <= (_PLAIN if first == "甲" else _PLAIN | _LIST)
    if not kinds & _LIST:
        read = "".join(piece.content for piece in pieces if piece.type.startswith("text"))
        assert re.sub(r"\s", "", read) == re.sub(r"\s", "", written)


@pytest.mark.parametrize(
    ("key", "url", "title", "words"),
    [
        ("nda", "https://www.nda.gov.cn/1.html", "数据指引", "nda-20250120"),
        ("", "https://gxt.hebei.gov.cn/1.html", "数据指引", "gxt-20250120"),
        ("", "https://mp.weixin.qq.com/s/a", "DeepSeek-R1 发布", "weixin-deepseek-r1"),
        ("nda", "https://www.nda.gov.cn/1.html", "关于 AI+ 的 OpenAPI 规范", "nda-ai-openapi"),
        ("", "", "数据指引", "item-20250120"),
        ("", "http://127.0.0.1/1.html", "2025年", "item-20250120"),
    ],
)
def test_a_file_is_named_by_its_source_and_words(
    key: str, url: str, title: str, words: str
) -> None:
    assert slug_words(key, url, title, date(2025, 1, 20)) == words
