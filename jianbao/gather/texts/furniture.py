"""What stands in and around a page's text without being of it: buttons, shares, editors' marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.gather.texts.visible import BLOCKS, han_count, one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: Elements that show nothing of the text; forms are not among them: ASP.NET wraps all in one.
_UNSHOWN = (
    *("script", "style", "noscript", "template", "select", "button", "input", "textarea", "nav"),
    *("iframe", "object", "embed", "svg", "canvas", "audio", "video", "link", "meta", "head"),
    *("mp-common-profile", "mpvoice", "mp-style-type", "qqmusic"),
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
#: Names of classes and ids.
_NAMES = re.compile(
    r"^(?:bdshare.*|bds_.*|share.*|social.*|print.*|toolbar|tools|font-?size|zihao|zitidaxiao"
    r"|close|guanbi|dayin|qr-?code.*|ewm|erweima|sys?|pag(?:er|ination|es)|pre-?next|prevnext"
    r"|shangxiapian|relat(?:ed|e).*|xgxw|xgbd|crumbs?|bread-?crumbs?|location|position|comments?"
    r"|zrbj|zerenbianji|statement-box|js_(?:profile|pc_qr|tags).*)$",
    re.IGNORECASE,
)
#: An element of such a name that holds more than this of the text's Han characters stays.
_MUCH = 0.4

_BUTTON = (
    r"打印(?:本页|此页|文章|正文)?|关闭(?:本页|此页|窗口|页面)?|收藏(?:本页|此页)?|分享(?:到)?|纠错"
    r"|返回(?:顶部|首页|列表|上一页)?|字体|字号|大|中|小|默认|特大|超大|朗读|我要纠错|阅读原文|下载|保存"
    r"|微信|微博|新浪微博|腾讯微博|QQ空间|QQ好友|人人网|朋友圈|复制链接|点赞|在看|繁體|简体|无障碍"
)
#: One class on both sides of a button: two would make the matching exponential.
_BESIDE = r"[\[\]【】()（）「」|｜/·<>+\-\s：:]"
_FURNITURE = re.compile(
    rf"{_BESIDE}*(?:(?:{_BUTTON}){_BESIDE}*)+"
    r"|[（(]?\s*(?:信息|文章|稿件)?来源\s*[：:][^。]{1,40}[)）]?"
    r"|[\[【(（]?\s*(?:责任)?编辑\s*[：:].{0,30}"
    r"|[\[【(（]?\s*(?:责编|值班编辑|编审|审核|校对|网络编辑|监制|初审|复审|终审|排版|美编)\s*[：:].{0,40}"
    r"|(?:扫一扫|扫描|扫码|长按|微信扫).{0,30}(?:打开|查看|浏览|关注|阅读|分享|手机|识别|二维码|页).{0,12}"
    r"|(?:上|下)一(?:篇|条|页)\s*[：:].*|(?:上|下)一(?:篇|条|页)"
    r"|(?:浏览|阅读|点击|访问)(?:次数|量|数)\s*[：:]?\s*[0-9]*\s*次?"
    r"|您?当前(?:的)?位置\s*[：:].*|(?:点击)?(?:上方|下方)?.{0,4}蓝字.{0,6}关注.{0,12}"
    r"|分享到\s*[：:]?.{0,40}|(?:相关|延伸)(?:阅读|新闻|报道|稿件|链接)\s*[：:]?"
    r"|喜欢此内容的人还喜欢|预览时标签不可点|继续滑动看下一个|轻触阅读原文|.{0,20}赞\s*\d*\s*在看.*"
)
#: What a page shows of itself above its text, which the fields have.
_OF_FIELDS = re.compile(
    r"(?:(?:发布|发文|成文)?(?:时间|日期)|(?:信息|文章|稿件)?来源|作者|发布机构|发布单位|浏览(?:次数|量)|阅读(?:次数|量)?"
    r"|字号|字体|访问量|点击数)\s*[：:]"
)
_LONGEST = 120


def drop_unshown(tree: HtmlElement) -> None:
    """Take out what a reader never sees, comments included."""
    for element in list(tree.iter()):
        if element is tree or element.getparent() is None:
            continue
        is_unshown = not isinstance(element.tag, str) or element.tag in _UNSHOWN
        if (
            is_unshown
            or element.get("hidden") is not None
            or _HIDDEN.search(element.get("style") or "")
        ):
            element.drop_tree()


def drop_named(tree: HtmlElement) -> None:
    """Take out elements that class or id call furniture, unless they are the text."""
    whole = han_count(tree.text_content())
    for element in list(tree.iter()):
        names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
        if element is tree or not any(map(_NAMES.match, names)) or element.getparent() is None:
            continue
        if han_count(element.text_content()) <= whole * _MUCH:
            element.drop_tree()


def drop_lines(tree: HtmlElement, title: str) -> None:
    """Take out lines that are nothing but furniture, and the title where it stands there again."""
    above = True
    for block in leaf_blocks(tree):
        text = one_line(block.text_content())
        if block.tag in {"td", "th"} or (not text and block.find(".//img") is not None):
            continue
        is_head = above and (_same(text, title) or _is_of_fields(text))
        if is_head or (len(text) <= _LONGEST and _FURNITURE.fullmatch(text)):
            block.drop_tree()
        else:
            above = above and not text


def leaf_blocks(tree: HtmlElement) -> list[HtmlElement]:
    """The innermost blocks, each of which is one line of the text."""
    blocks = [one for one in tree.iterdescendants() if one.tag in BLOCKS and one.tag != "br"]
    return [
        one
        for one in blocks
        if not any(inner.tag in BLOCKS - {"br"} for inner in one.iterdescendants())
    ]


def _same(text: str, title: str) -> bool:
    return bool(title) and "".join(text.split()) == "".join(title.split())


def _is_of_fields(text: str) -> bool:
    """来源：甲局 发布时间：2025-01-20 浏览次数：12."""
    return (
        len(text) <= _LONGEST
        and len(_OF_FIELDS.findall(text)) >= 1
        and _OF_FIELDS.match(text) is not None
    )
