"""What WeChat takes out of an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.wechat.filter import stripped

PICTURE = '<img src="https://mmbiz.qpic.cn/a">'

CASES = {
    "an id": ('<p id="a" style="color:red">甲</p>', '<p style="color:red">甲</p>'),
    "a position": ('<p style="position:absolute;top:1em">甲</p>', '<p style="top:1em">甲</p>'),
    "a style that is nothing but a position": ('<p style="POSITION: fixed">甲</p>', "<p>甲</p>"),
    "a div": ("<div>甲<DIV>乙</DIV></div>", "<section>甲<section>乙</section></section>"),
    "a style sheet": ("<style>p > a {}</style><p>甲</p>", "<p>甲</p>"),
    "a script": ("<p>甲<script>if (a < b) '</p>'</script></p>", "<p>甲</p>"),
    "a handler": ('<p onclick="a()">甲</p>', "<p>甲</p>"),
    "an address elsewhere": ('<a href="https://www.nda.gov.cn/">甲</a>', "<a>甲</a>"),
    "an anchor": ('<a href="#a">甲</a>', "<a>甲</a>"),
    "a script as an address": ('<a href="javascript:a()">甲</a>', "<a>甲</a>"),
    "a picture elsewhere": ('<p><img src="https://www.nda.gov.cn/a.png"></p>', "<p></p>"),
    "a picture beside the file": ('<img src="images/a.png">', ""),
    "a background elsewhere": (
        "<p style=\"background:url('a.png');color:red\">甲</p>",
        '<p style="color:red">甲</p>',
    ),
    "a frame": ('<p>甲</p><iframe src="https://a.cn"><p>乙</p></iframe>', "<p>甲</p>"),
    "a form": ("<form><p>甲</p><input></form>", "<p>甲</p>"),
    "a whole document": ("<!DOCTYPE html><html><title>甲</title><body>乙</body></html>", "乙"),
    "a comment": ("<p>甲<!-- 乙 --></p>", "<p>甲</p>"),
    "a tag that is cut off": ("<p>甲</p><p style=", "<p>甲</p>"),
    "what only looks like a tag once a comment is gone": ("<<!-- -->p>", "&lt;p>"),
}

KEPT = {
    "a class": '<p class="a">甲</p>',
    "flex": '<section style="display:flex;justify-content:center">甲</section>',
    "importance": '<p style="color:red !important">甲</p>',
    "data": '<section data-w="640" nodeleaf>甲</section>',
    "a WeChat address": '<a href="https://mp.weixin.qq.com/s/a?b=1&amp;c=2">甲</a>',
    "a WeChat picture": f"<p>{PICTURE}</p>",
    "a WeChat background": '<p style="background:url(&quot;https://mmbiz.qpic.cn/a&quot;)">甲</p>',
    "an unbalanced fragment": "<p>甲<b>乙</p>",
}


@pytest.mark.parametrize(("html", "left"), CASES.values(), ids=CASES.keys())
def test_what_wechat_does_not_store_is_gone(html: str, left: str) -> None:
    assert stripped(html) == left


@pytest.mark.parametrize("html", KEPT.values(), ids=KEPT.keys())
def test_what_wechat_stores_is_left_as_it_is(html: str) -> None:
    assert stripped(html) == html


PIECES = st.sampled_from(
    [
        *("<", ">", "/", '"', "'", "=", " ", ";", "甲", "</", "<!--", "-->", "&quot;"),
        *("div", "a", "img", "style", "script", "id", "on", "href", "src", "url(", ")"),
        *("<p>", "</p>", "<div id=x>", "</div>", "<title>", "<noscript>", "<embed>"),
        *("position:", "https://mmbiz.qpic.cn/1"),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_filtering_again_changes_nothing_more(html: str) -> None:
    assert stripped(stripped(html)) == stripped(html)
