"""``jianbao check`` on files for WeChat, and the validator on whatever there may be."""

from __future__ import annotations

import json
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workspaces import make_workspace, write_files

from jianbao.diagnostics import Code
from jianbao.wechat.draft import check_draft, read_draft
from jianbao.wechat.filter import stripped
from jianbao.wechat.limits import BODY_IMAGE_BYTES, CONTENT_BYTES, CONTENT_CHARACTERS
from jianbao.wechat.places import places
from jianbao.wechat.validator import check_html

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

    Jianbao = Callable[..., Ran]

CLEAN = "<p>正文</p>\n"
PICTURE = '<img src="images/qr-01.png" alt="" data-w="9" data-ratio="1" style="width:140px">'


def characters(count: int) -> str:
    return f"<p>{'字' * (count - 7)}</p>"


def codes(html: str, *, pasted: bool = False) -> list[str]:
    return [found.code.slug for found in check_html(html, "a.html", pasted=pasted)]


# ---- the command


def test_a_clean_page_may_be_sent(jianbao: Jianbao, tmp_path: Path) -> None:
    write_files(tmp_path, {"a.html": CLEAN})

    ran = jianbao(tmp_path, "check", "a.html")

    assert (ran.code, ran.out, ran.err) == (0, "a.html：没有问题，可以发到公众号\n", "")


def test_a_page_is_shown_with_its_line_and_what_to_do(jianbao: Jianbao, tmp_path: Path) -> None:
    write_files(tmp_path, {"页/a.html": '<p>甲</p>\n<p>文 <a href="https://a.cn/">乙</a></p>\n'})

    ran = jianbao(tmp_path, "check", "页/a.html")

    assert (ran.code, ran.err) == (1, "")
    assert ran.out == (
        "错误[wechat-link-host]: 公众号不许链接到站外：https://a.cn/\n"
        " --> 页/a.html:2:9\n"
        "  |\n"
        '2 | <p>文 <a href="https://a.cn/">乙</a></p>\n'
        "  |          ^^^^^^^^^^^^^^^^^^^^\n"
        "  = 怎么办：网址作为文字印出，另附二维码；原文网址写进“阅读原文”\n"
        "\n"
        "页/a.html：1 个错误，不能发到公众号\n"
    )


def test_several_pages_in_json_are_one_list(jianbao: Jianbao, tmp_path: Path) -> None:
    write_files(tmp_path, {"a.html": "<div>甲</div>", "b.htm": "<div>乙</div>"})

    ran = jianbao(tmp_path, "check", "a.html", "b.htm", "--format", "json")

    assert ran.code == 0
    assert [found["path"] for found in json.loads(ran.out)] == ["a.html", "b.htm"]
    assert jianbao(tmp_path, "check", "--strict", "a.html", "b.htm").code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.html", "2025-04"], "错误：期和 HTML 文件不能一起检查\n怎么办：分两次运行\n"),
        (
            ["a.html", "--fix"],
            "错误：这个选项只用于期\n怎么办：HTML 文件只能与 --format、--strict、--outside 合用\n",
        ),
        (
            ["2025-04", "--outside"],
            "错误：--outside 只用于 HTML 文件\n怎么办：写 HTML 文件，例如 article.html\n",
        ),
    ],
    ids=["an issue beside it", "an option of issues", "an option of pages"],
)
def test_what_is_for_issues_is_not_for_pages(
    arguments: list[str], message: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    make_workspace(tmp_path, {"a.html": CLEAN})

    ran = jianbao(tmp_path, "check", *arguments)

    assert (ran.code, ran.out, ran.err) == (2, "", message)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "a.html:1:1: error[file-unreadable] 读不到文件 a.html：文件不存在\n"),
        (
            "<p>正文</p>".encode("gb18030"),
            "a.html:1:4: error[encoding-invalid] a.html 不是 UTF-8 编码，看起来是 GB18030（GBK）\n",
        ),
    ],
    ids=["missing", "encoding"],
)
def test_a_page_that_cannot_be_read_is_told(
    content: bytes | None, expected: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    write_files(tmp_path, {"a.html": content})

    ran = jianbao(tmp_path, "check", "a.html", "--format", "concise")

    assert (ran.code, ran.out, ran.err) == (1, expected, "")


# ---- beside a draft.json


def draft(packing: str = "sections", **more: object) -> str:
    article = {
        **dict.fromkeys(("author", "digest", "content_source_url"), ""),
        "file": "01-a.html",
        "title": "甲",
        "full_title": "甲",
        "thumb": "images/cover.png",
        "pic_crop_235_1": "0_0_1_1",
        "pic_crop_1_1": "0_0_1_1",
        "need_open_comment": 0,
        "only_fans_can_comment": 0,
        "characters": 1,
        "bytes": 1,
    }
    images = [
        {"file": name, "use": use, "sha256": "0", "bytes": 1}
        for name, use in (("images/cover.png", "cover"), ("images/qr-01.png", "body"))
    ]
    head = {"issue": "2025-04", "title": "简报", "packing": packing, "images": images}
    return json.dumps({**head, "drafts": [{"articles": [article]}], **more}, ensure_ascii=False)


def test_a_fragment_may_refer_to_the_pictures_that_its_draft_uploads(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    write_files(tmp_path, {"01-a.html": PICTURE, "02-b.html": PICTURE, "draft.json": draft()})

    assert jianbao(tmp_path, "check", "01-a.html").code == 0
    assert jianbao(tmp_path, "check", "02-b.html").code == 1


def test_the_ceiling_of_the_api_does_not_hold_for_what_is_pasted(
    jianbao: Jianbao, tmp_path: Path
) -> None:
    long = characters(CONTENT_CHARACTERS)
    write_files(tmp_path, {"01-a.html": long, "draft.json": draft("single")})

    assert jianbao(tmp_path, "check", "01-a.html").code == 0

    write_files(tmp_path, {"draft.json": draft("sections")})

    assert jianbao(tmp_path, "check", "01-a.html").code == 1


def test_a_picture_too_large_for_the_api_is_told() -> None:
    text = draft()
    sizes = {"01-a.html": 1, "images/cover.png": 1, "images/qr-01.png": BODY_IMAGE_BYTES}
    read, _ = read_draft(text, "draft.json", sizes, {})
    assert read is not None

    found = check_draft(text, "draft.json", read)

    assert Code.DRAFT_IMAGE_SIZE in {one.code for one in found}


# ---- the budget


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (CONTENT_CHARACTERS * 9 // 10 - 1, []),
        (CONTENT_CHARACTERS * 9 // 10, ["wechat-nearly-full"]),
        (CONTENT_CHARACTERS - 1, ["wechat-nearly-full"]),
        (CONTENT_CHARACTERS, ["wechat-characters"]),
        (CONTENT_BYTES // 3 + 7, ["wechat-bytes", "wechat-characters"]),
    ],
)
def test_the_budget_is_counted_to_the_character(count: int, expected: list[str]) -> None:
    assert sorted(codes(characters(count))) == expected
    assert codes(characters(count), pasted=True) == []


# ---- the official checker


def install_verifier(folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int) -> None:
    """A program that answers as the official checker documents it."""
    program = folder / "bin/verify-article-structure"
    write_files(
        folder,
        {
            "bin/verify-article-structure": f"#!{sys.executable}\n"
            "import sys\n"
            "assert sys.argv[1] == 'check' and sys.argv[3:] == ['--json'], sys.argv\n"
            f"print({answer!r}, file=sys.stderr if {code} == 2 else sys.stdout)\n"
            f"sys.exit({code})\n"
        },
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent))


def test_what_the_official_checker_finds_stands_at_its_place(
    jianbao: Jianbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [
        {"outerHTML": '<p style="color:#333">乙</p>', "parentHeight": 1},
        {"outerHTML": '<p style="color:#333">丙</p>'},
        {"outerHTML": "<p>写法变了</p>"},
    ]
    violation = {"key": "width", "message": "存在特殊排版", "items": items}
    answer = json.dumps({"isValid": False, "source": "a.html", "violations": [violation]})
    install_verifier(tmp_path, monkeypatch, answer, 1)
    write_files(tmp_path, {"a.html": '<section>甲</section>\n<p style="color:#333">乙</p>\n' * 2})

    ran = jianbao(tmp_path, "check", "a.html", "--outside", "--format", "concise")

    said = "warning[wechat-outside] 微信的检测工具报告 width：存在特殊排版\n"
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"a.html:2:1: {said}a.html:4:1: {said}a.html:1:1: {said}"


def test_the_official_checker_may_have_nothing_to_say(
    jianbao: Jianbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_verifier(tmp_path, monkeypatch, '{"isValid": true, "violations": []}', 0)
    write_files(tmp_path, {"a.html": CLEAN})

    ran = jianbao(tmp_path, "check", "a.html", "--outside")

    assert (ran.code, ran.out, ran.err) == (0, "a.html：没有问题，可以发到公众号\n", "")


@pytest.mark.parametrize(
    ("answer", "code"), [("✗ 检测执行失败：没有浏览器", 2), ("没有 JSON", 0), ("[1]", 1)]
)
def test_an_official_checker_that_fails_is_no_verdict(
    answer: str, code: int, jianbao: Jianbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_verifier(tmp_path, monkeypatch, answer, code)
    write_files(tmp_path, {"a.html": CLEAN})

    ran = jianbao(tmp_path, "check", "a.html", "--outside")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith(f"错误：微信的检测工具没有给出结果：{answer}\n怎么办：")


def test_where_there_is_no_official_checker_the_way_to_it_is_told(
    jianbao: Jianbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    write_files(tmp_path, {"a.html": CLEAN})

    ran = jianbao(tmp_path, "check", "a.html", "--outside")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        "错误：没有安装微信的检测工具 verify-article-structure\n"
        "怎么办：从 GitHub 取 wechatjs/verify-article-structure-spec，在它的 cli 文件夹里运行 "
        "npm install、npm run build 和 npm link；它要用 Chromium\n"
    )


# ---- whatever there may be

PIECES = st.sampled_from(
    [
        *("<", ">", "/", '"', "'", "=", " ", ";", ":", "%", "!", "(", ")", "#", "甲", "\n", "</"),
        *("<!--", "-->", "&quot;", "&#", "div", "a", "img", "style", "id", "href", "src"),
        *("<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<br>", "<ul><li>", "<table><tr><td>"),
        *("<svg>", "</svg>", "<title>", '<p style="', "color:", "background:", "#fff", "#123"),
        *("width:", "height:0", "line-height:", "white-space:nowrap", "px", "em", "1e9", "url("),
        *("rgb(", "hsl(0,0%,", "var(", "9" * 40, "colspan=", "[http://", "//mp.weixin.qq.com"),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join) | st.text())
def test_any_text_is_checked_and_every_place_lies_in_it(html: str) -> None:
    lines = html.split("\n")
    for found in check_html(html, "a.html"):
        span = found.span
        assert (span.line, span.column) <= (span.end_line, span.end_column)
        assert span.end_line <= len(lines)
        assert span.end_column <= len(lines[span.end_line - 1]) + 1


@given(st.lists(PIECES, max_size=40).map("".join))
def test_nothing_is_stripped_without_being_told(html: str) -> None:
    gone = {"wechat-id", "wechat-position", "wechat-event", "wechat-script", "wechat-link-host"}

    assert not gone.intersection(codes(stripped(html)))


@pytest.mark.parametrize(
    "html",
    [
        "<section>" * 10_000 + "甲" + "</section>" * 10_000,
        '<section style="color:red">' * 10_000,
        '<p style="' + "(" * 1_000_000 + '">甲</p>',
        '<p style="width:' + "9" * 1_000_000 + 'px">甲</p>',
        "<a " * 20_000,
        "<!--" * 500_000,
        "{" * 1_000_000,
        "甲" * 2_000_000,
    ],
    ids=["deep", "open", "brackets", "digits", "attributes", "comments", "braces", "long"],
)
def test_no_size_and_no_depth_is_too_much(html: str) -> None:
    assert check_html(html, "a.html")


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(_JSON, st.sampled_from([None, 1]))
def test_every_value_of_a_json_text_is_found_at_its_place(
    value: object, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    for path, (start, end) in places(text).items():
        found = value
        for step in path:
            found = found[step]  # type: ignore[index]  (the path says which it is)
        if not isinstance(found, (dict, list)):
            assert json.loads(text[start:end]) == found


@given(_JSON | st.text())
def test_no_draft_is_too_odd_to_be_checked(content: object) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    read, wrong = read_draft(text, "draft.json", {}, {})

    assert (read is None) == bool(wrong)


def test_a_draft_nested_without_end_is_invalid() -> None:
    read, wrong = read_draft("[" * 100_000, "draft.json", {}, {})

    assert read is None
    assert [one.code for one in wrong] == [Code.DRAFT_INVALID]
