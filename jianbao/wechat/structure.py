"""Rules on what stands in what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.diagnostics import Code
from jianbao.wechat.fragment import NONE, Fragment
from jianbao.wechat.rule import Basis, Finding, at_tag, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.wechat.fragment import Element

#: Levels of the same tag with the same style, each the only child (the specification).
NESTING = 10
#: The editor takes empty children away where there are more than these (its checker).
_CHILDREN, _EMPTY_CHILDREN = 20, 15

_MEDIA = frozenset({"img", "video", "audio", "iframe", "svg", "g", "path", "br", "hr", "a"})
_BLOCKS = frozenset(
    {"section", "div", "p", "ul", "ol", "li", "table", "blockquote", "pre", "hr", "figure"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "article", "header", "footer", "dl", "fieldset"}
)
_INLINE = frozenset(
    {"span", "strong", "b", "em", "i", "u", "s", "del", "sup", "sub", "code", "font", "small"}
    | {"mark", "label"}
)
_LISTS = frozenset({"ul", "ol"})


@rule(
    Code.WECHAT_NESTING,
    Basis.OFFICIAL,
    "规范 · 嵌套层级限制",
    bad=f"{'<section>' * 11}<p>正文</p>{'</section>' * 11}",
    good=f"{'<section>' * 10}<p>正文</p>{'</section>' * 10}",
)
def nesting(fragment: Fragment) -> Iterator[Finding]:
    """Layers that add nothing: the editor takes them away."""
    alone = _alone(fragment)
    styles = [element.value("style") or "" for element in fragment.elements]
    levels: list[int] = []
    for element in fragment.elements:
        above = element.parent
        repeats = (
            above != NONE
            and alone[element.index]
            and element.name == fragment.elements[above].name
            and styles[element.index] == styles[above]
        )
        levels.append(levels[above] + 1 if repeats else 1)
        if levels[-1] == NESTING + 1 and element.name not in _MEDIA:
            message = f"<{element.name}> 一层套一层，超过 {NESTING} 层，会被编辑器删去"
            yield at_tag(element, message, "删去没有作用的层")


def _alone(fragment: Fragment) -> list[bool]:
    """For each element whether it is all that its parent holds."""
    return [
        element.parent != NONE
        and len(fragment.children[element.parent]) == 1
        and not fragment.direct[element.parent]
        for element in fragment.elements
    ]


@rule(
    Code.WECHAT_BLOCK_IN_INLINE,
    Basis.OURS,
    "HTML 标准 · 内容模型",
    bad="<p><span><section>正文</section></span></p>",
    good="<section><p><span>正文</span></p></section>",
)
def block_in_inline(fragment: Fragment) -> Iterator[Finding]:
    """A block inside a paragraph or of what stands in a line: readers of HTML tear it apart."""
    for element, around in _misplaced(fragment):
        if not _is_leaf(around):
            message = f"<{around.name}> 里不能有 <{element.name}>，会被拆开"
            yield at_tag(
                element, message, f"改为 <span>，或者把外面的 <{around.name}> 改为 <section>"
            )


@rule(
    Code.WECHAT_LEAF,
    Basis.OFFICIAL,
    "规范 · span[leaf] 节点规范",
    bad='<p><span leaf=""><section>正文</section></span></p>',
    good='<p><span leaf=""><strong>正文</strong></span></p>',
)
def leaf(fragment: Fragment) -> Iterator[Finding]:
    """A block inside the editor's own span."""
    for element, around in _misplaced(fragment):
        if _is_leaf(around):
            message = f"<span leaf> 里只能有行内的元素，不能有 <{element.name}>"
            yield at_tag(element, message, "把块级的元素移到 <span leaf> 外面")


def _misplaced(fragment: Fragment) -> Iterator[tuple[Element, Element]]:
    """Blocks with the inline element or paragraph that wrongly holds them."""

    def own(element: Element, above: int) -> int:
        if element.name in _INLINE or element.name == "p":
            held = above != NONE and _is_leaf(fragment.elements[above])
            return above if held else element.index
        return NONE if element.name in _BLOCKS | {"td", "th", "svg"} else above

    holders = fragment.inherited(own, NONE)
    for element in fragment.elements:
        holder = NONE if element.parent == NONE else holders[element.parent]
        if element.name in _BLOCKS and holder != NONE:
            yield element, fragment.elements[holder]


def _is_leaf(element: Element) -> bool:
    return element.name == "span" and element.attribute("leaf") is not None


@rule(
    Code.WECHAT_NODELEAF,
    Basis.OFFICIAL,
    "规范 · section[nodeleaf] 节点规范",
    bad='<section nodeleaf=""><p>正文</p></section>',
    good='<section nodeleaf=""><img src="https://mmbiz.qpic.cn/a.png" alt="图" data-w="640" '
    'data-ratio="0.5" style="max-width:100%"></section>',
)
def nodeleaf(fragment: Fragment) -> Iterator[Finding]:
    """Anything but a picture or a component in the editor's own section."""
    hint = "把其他内容移到 <section nodeleaf> 外面"
    for element in fragment.elements:
        if element.name != "section" or element.attribute("nodeleaf") is None:
            continue
        if fragment.direct[element.index]:
            yield at_tag(element, "<section nodeleaf> 里不能有文字", hint)
        for index in fragment.children[element.index]:
            child = fragment.elements[index]
            if child.name not in {"img", "iframe", "br"} and not child.name.startswith("mp-"):
                message = f"<section nodeleaf> 里只能有图片和组件，不能有 <{child.name}>"
                yield at_tag(child, message, hint)


@rule(
    Code.WECHAT_NODES_EMPTY,
    Basis.OFFICIAL,
    "检测工具 · 冗余空节点",
    bad=f"<section><p>正文</p>{'<p></p>' * 20}</section>",
    good=f"<section>{'<p>正文</p>' * 21}</section>",
)
def empty_nodes(fragment: Fragment) -> Iterator[Finding]:
    """Many empty children: the editor takes them away."""
    for element in fragment.elements:
        children = fragment.children[element.index]
        if len(children) <= _CHILDREN:
            continue
        empty = sum(_is_empty(fragment, fragment.elements[index]) for index in children)
        if empty > _EMPTY_CHILDREN:
            message = f"{len(children)} 个子元素里有 {empty} 个是空的，会被编辑器删去"
            yield at_tag(element, message, "删去空的元素，间距用 margin")


def _is_empty(fragment: Fragment, element: Element) -> bool:
    holds = fragment.weight_of(element) or element.name in _MEDIA
    inside = fragment.children[element.index]
    return not holds and all(fragment.elements[index].name == "br" for index in inside)


@rule(
    Code.WECHAT_LIST,
    Basis.MEASURED,
    "发表后项目符号丢失或多出空行",
    bad="<ul><li>第一</li><li>第二</li></ul>",
    good="<section><p>• 第一</p><p>• 第二</p></section>",
)
def lists(fragment: Fragment) -> Iterator[Finding]:
    """A list: its marks get lost or doubled."""
    around = fragment.enclosing(_is_list)
    for element in fragment.elements:
        if _is_list(element) and around[element.index] == NONE:
            message = f"<{element.name}> 的项目符号会丢失，还会多出空行"
            yield at_tag(element, message, "一项一段，符号或编号作为文字写出")


@rule(
    Code.WECHAT_LIST_NESTED,
    Basis.MEASURED,
    "嵌套的列表保存后变形",
    bad="<ul><li>第一<ul><li>其一</li></ul></li></ul>",
    good="<section><p>• 第一</p><p>　◦ 其一</p></section>",
)
def nested_lists(fragment: Fragment) -> Iterator[Finding]:
    """A list in a list."""
    around = fragment.enclosing(_is_list)
    for element in fragment.elements:
        if _is_list(element) and around[element.index] != NONE:
            message = f"列表里的 <{element.name}> 保存后会变形"
            yield at_tag(element, message, "改为带缩进的段落，符号作为文字写出")


def _is_list(element: Element) -> bool:
    return element.name in _LISTS
