"""The edition for WeChat: fragments, pictures, draft.json and the page to copy from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jianbao.model import Artifact, Edition
from jianbao.press.fonts import find_working_set, make_working_set
from jianbao.press.views import edition_title
from jianbao.press.wechat.copy_page import copy_page
from jianbao.press.wechat.packing import Packer, short_author, short_title
from jianbao.press.wechat.pictures import CROP_SQUARE, CROP_WIDE, Picture, cover_picture
from jianbao.wechat.limits import ARTICLES, CONTENT_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from jianbao.model import CheckedIssue
    from jianbao.press.wechat.packing import Post

_FOLDER = "wechat"
_SINGLE = "single"


def make_wechat_edition(
    issue: CheckedIssue, packing: str, progress: Callable[[str], None] = lambda _step: None
) -> Edition:
    """Set ``issue`` as articles of WeChat, parted as ``packing`` says.

    Raises:
        MachineProblem: A font for the covers is missing.
    """
    progress("微信文章")
    packer = Packer(issue)
    posts = packer.pack(packing)
    covers = _covers(posts, issue)
    pictures = (*packer.pictures.values(), *dict.fromkeys(covers.values()))
    draft = json.dumps(
        _draft(issue, packing, posts, covers, pictures), ensure_ascii=False, indent=2
    )
    files = {f"{post.name}.html": (post.html.encode(), "text/html") for post in posts}
    files |= {one.file: (one.content, _media_type(one.file)) for one in pictures}
    files["draft.json"] = f"{draft}\n".encode(), "application/json"
    files["copy.html"] = copy_page(edition_title(issue), posts, pictures).encode(), "text/html"
    artifacts = tuple(
        Artifact(edition=_FOLDER, path=f"{_FOLDER}/{name}", media_type=kind, content=content)
        for name, (content, kind) in files.items()
    )
    lost = [f"图片 {name} 是 SVG，微信不收，文章里只有文字说明" for name in packer.left_out]
    return Edition(artifacts=artifacts, remarks=(*budget(posts, packing), *lost))


def budget(posts: tuple[Post, ...], packing: str) -> list[str]:
    """How much of what the API takes each article is; what would fit where one is too long."""
    lines = [f"微信文章 {len(posts)} 篇（{packing}），接口每篇不到 {CONTENT_CHARACTERS} 字符："]
    for post in posts:
        size = len(post.html)
        over = size - CONTENT_CHARACTERS + 1
        verdict = f"，超出 {over} 字符，{_advice(packing)}" if over > 0 else ""
        lines.append(f"  {post.name}  {size} 字符（{size / CONTENT_CHARACTERS:.0%}）{verdict}")
    return lines


def _advice(packing: str) -> str:
    if packing == _SINGLE:
        return "可以粘贴；要推送，用 --packing sections 或 articles"
    if packing == "sections":
        return "要推送，用 --packing articles"
    return "要推送，把这一条稿件分成两条"


def _covers(posts: tuple[Post, ...], issue: CheckedIssue) -> dict[str, Picture]:
    """The cover of each article by its name; articles of one section share one."""
    fonts = find_working_set() or make_working_set(lambda _step: None)
    small = f"{issue.date.year}年第{issue.number}期　总第{issue.total}期"
    drawn: dict[tuple[str, str], Picture] = {}
    covers = {}
    for post in posts:
        key = (post.cover, post.colour)
        if key not in drawn:
            file = f"images/cover-{len(drawn) + 1}.png"
            drawn[key] = cover_picture(post.cover, small, post.colour, fonts, file)
        covers[post.name] = drawn[key]
    return covers


def _draft(
    issue: CheckedIssue,
    packing: str,
    posts: tuple[Post, ...],
    covers: dict[str, Picture],
    pictures: tuple[Picture, ...],
) -> dict[str, object]:
    entries = [_entry(issue, post, covers[post.name]) for post in posts]
    drafts = [entries[start : start + ARTICLES] for start in range(0, len(entries), ARTICLES)]
    return {
        "issue": issue.id,
        "title": edition_title(issue),
        "packing": packing,
        "drafts": [{"articles": articles} for articles in drafts],
        "images": [
            {"file": p.file, "sha256": p.sha256, "bytes": len(p.content), "use": p.use}
            for p in pictures
        ],
    }


def _entry(issue: CheckedIssue, post: Post, cover: Picture) -> dict[str, object]:
    return {
        "file": f"{post.name}.html",
        "title": short_title(post.title),
        "full_title": post.title,
        "author": short_author(issue),
        "digest": post.digest,
        "content_source_url": post.url,
        "thumb": cover.file,
        "pic_crop_235_1": CROP_WIDE,
        "pic_crop_1_1": CROP_SQUARE,
        "need_open_comment": int(issue.wechat.comments),
        "only_fans_can_comment": int(issue.wechat.comments and issue.wechat.fans_only),
        "characters": len(post.html),
        "bytes": len(post.html.encode()),
    }


def _media_type(file: str) -> str:
    return "image/jpeg" if file.endswith(".jpg") else "image/png"
