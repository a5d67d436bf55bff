"""Rules on draft.json: what a push is about to send, against the limits of draft/add."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jianbao.diagnostics import Code, Diagnostic, sort_key
from jianbao.spans import START, Span, span_at
from jianbao.wechat import limits
from jianbao.wechat.places import Path, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CROP = re.compile(r"_".join([r"(0(?:\.\d{1,9})?|1(?:\.0{1,9})?)"] * 4))
_UPLOADED = re.compile(r"\.(?:png|jpe?g)$", re.IGNORECASE)
_TEXTS = ("file", "title", "full_title", "author", "digest", "content_source_url", "thumb")
_CROPS = ("pic_crop_235_1", "pic_crop_1_1")
_NUMBERS = ("need_open_comment", "only_fans_can_comment", "characters", "bytes")

Found = tuple[Code, Path, str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft.json that could be read, and what lies beside it.

    ``sizes`` are those of all files beside it in bytes, by relative name; ``fragments`` the
    texts of the articles among them.
    """

    content: dict[str, Any]
    sizes: Mapping[str, int]
    fragments: Mapping[str, str]

    @property
    def articles(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Every article with its path."""
        for number, draft in enumerate(self.content["drafts"]):
            for index, article in enumerate(draft["articles"]):
                yield ("drafts", number, "articles", index), article

    @property
    def images(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Every picture with its path."""
        for number, image in enumerate(self.content["images"]):
            yield ("images", number), image

    @property
    def files(self) -> frozenset[str]:
        """The names of the articles' files."""
        return frozenset(article["file"] for _, article in self.articles)

    def uploads(self, use: str) -> frozenset[str]:
        """The pictures that are sent for ``use``: "body" or "cover"."""
        return frozenset(image["file"] for _, image in self.images if image["use"] == use)


def read_draft(
    text: str, path: str, sizes: Mapping[str, int], fragments: Mapping[str, str]
) -> tuple[Draft | None, tuple[Diagnostic, ...]]:
    """``text`` of draft.json as a `Draft`, unless it has not the form of one."""
    hint = "重新生成微信版本"
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        offset = error.pos if isinstance(error, json.JSONDecodeError) else 0
        message = "draft.json 不是正确的 JSON"
        span = span_at(text, offset, 0)
        return None, (Diagnostic(Code.DRAFT_INVALID, path, span, message, hint),)
    where = places(text)
    wrong = [
        Diagnostic(Code.DRAFT_INVALID, path, _span(text, where, place), message, hint)
        for place, message in _misshapen(content)
    ]
    draft = None if wrong else Draft(content, sizes, fragments)
    return draft, tuple(sorted(wrong, key=sort_key))


def check_draft(text: str, path: str, draft: Draft) -> tuple[Diagnostic, ...]:
    """What is wrong with ``draft``, which was read from ``text``."""
    where = places(text)
    rules = (_titles, _lengths, _source_urls, _counts, _files, _covers, _crops, _images, _sizes)
    found = [
        Diagnostic(code, path, _span(text, where, place), message, hint)
        for rule in rules
        for code, place, message, hint in rule(draft)
    ]
    return tuple(sorted(found, key=sort_key))


def _span(text: str, where: Mapping[Path, tuple[int, int]], place: Path) -> Span:
    if place not in where:
        return START
    start, end = where[place]
    return span_at(text, start, end - start)


def _misshapen(content: object) -> Iterator[tuple[Path, str]]:
    """Where ``content`` has not the form of a draft.json."""
    yield from _keys(content, (), {"issue": str, "title": str, "packing": str})
    for place, draft in _list(content, (), "drafts"):
        yield from _keys(draft, place, {})
        articles = list(_list(draft, place, "articles"))
        if not articles:
            yield place, "一份草稿里没有文章"
        for at, article in articles:
            kinds = dict.fromkeys((*_TEXTS, *_CROPS), str)
            yield from _keys(article, at, kinds | dict.fromkeys(_NUMBERS, int))
    for place, image in _list(content, (), "images"):
        yield from _keys(image, place, {"file": str, "use": str, "sha256": str, "bytes": int})
    if isinstance(content, dict):
        for key in ("drafts", "images"):
            if not isinstance(content.get(key), list):
                yield (), f"缺少 {key}，或者它不是一个列表"


def _list(content: object, place: Path, key: str) -> Iterator[tuple[Path, object]]:
    value = content.get(key) if isinstance(content, dict) else None
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield (*place, key, number), one


def _keys(
    content: object, place: Path, kinds: Mapping[str, type[str | int]]
) -> Iterator[tuple[Path, str]]:
    if not isinstance(content, dict):
        yield place, "这里应当是一组键和值"
        return
    if missing := [key for key in kinds if key not in content]:
        yield place, f"缺少 {'、'.join(missing)}"
    for key, kind in kinds.items():
        if key in content and not isinstance(content[key], kind):
            wanted = "一个整数" if kind is int else "一段文字"
            yield (*place, key), f"{key} 应当是{wanted}"


def _titles(draft: Draft) -> Iterator[Found]:
    for place, article in draft.articles:
        if not article["title"].strip():
            yield Code.DRAFT_TITLE_EMPTY, (*place, "title"), "文章没有标题", "写上标题"


def _lengths(draft: Draft) -> Iterator[Found]:
    ceilings = (
        ("title", Code.DRAFT_TITLE_LONG, "标题", limits.TITLE),
        ("author", Code.DRAFT_AUTHOR_LONG, "作者", limits.AUTHOR),
        ("digest", Code.DRAFT_DIGEST_LONG, "摘要", limits.DIGEST),
    )
    for place, article in draft.articles:
        for key, code, name, most in ceilings:
            count = len(article[key])
            if count > most:
                message = f"{name}有 {count} 个字，接口最多收 {most} 个"
                yield code, (*place, key), message, f"减去 {count - most} 个字"


def _source_urls(draft: Draft) -> Iterator[Found]:
    for place, article in draft.articles:
        url = article["content_source_url"]
        at = (*place, "content_source_url")
        if url and not _is_page(url):
            message = f"“阅读原文”要有完整的网址：{url[:60]}"
            yield Code.DRAFT_SOURCE_URL, at, message, "以 https:// 或 http:// 开头；没有就留空"
        size = len(url.encode("utf-8", "replace"))
        if size > limits.SOURCE_URL_BYTES:
            message = f"“阅读原文”的网址有 {size} 字节，接口最多收 {limits.SOURCE_URL_BYTES}"
            yield Code.DRAFT_SOURCE_URL, at, message, "换成短一些的网址，或者留空"


def _is_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that are no address
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _counts(draft: Draft) -> Iterator[Found]:
    for number, one in enumerate(draft.content["drafts"]):
        count = len(one["articles"])
        if count > limits.ARTICLES:
            place = ("drafts", number, "articles", limits.ARTICLES)
            message = f"一份草稿里有 {count} 篇文章，最多 {limits.ARTICLES} 篇"
            yield Code.DRAFT_ARTICLES_MANY, place, message, "分成两份草稿"


def _files(draft: Draft) -> Iterator[Found]:
    hint = "重新生成微信版本"
    for place, article in draft.articles:
        if article["file"] not in draft.sizes:
            message = f"没有 {article['file']} 这个文件"
            yield Code.DRAFT_FILE_MISSING, (*place, "file"), message, hint
    for place, image in draft.images:
        if image["file"] not in draft.sizes:
            message = f"没有 {image['file']} 这个文件"
            yield Code.DRAFT_FILE_MISSING, (*place, "file"), message, hint


def _covers(draft: Draft) -> Iterator[Found]:
    covers = draft.uploads("cover")
    for place, article in draft.articles:
        thumb = article["thumb"]
        if thumb not in covers:
            message = f"封面 {thumb} 不在图片清单里" if thumb else "文章没有封面"
            yield Code.DRAFT_COVER, (*place, "thumb"), message, "重新生成微信版本"


def _crops(draft: Draft) -> Iterator[Found]:
    for place, article in draft.articles:
        for key in _CROPS:
            found = _CROP.fullmatch(article[key])
            if found is None or not _has_area(*(float(edge) for edge in found.groups())):
                message = f"{key} 要写成 左_上_右_下，都从 0 到 1：{article[key][:40]}"
                yield Code.DRAFT_CROP, (*place, key), message, "例如 0_0_1_0.43"


def _has_area(left: float, top: float, right: float, bottom: float) -> bool:
    return left < right and top < bottom


def _images(draft: Draft) -> Iterator[Found]:
    for place, image in draft.images:
        size = draft.sizes.get(image["file"], 0)
        body = image["use"] == "body"
        most = limits.BODY_IMAGE_BYTES if body else limits.COVER_BYTES
        if size >= most:
            message = f"图片有 {size:,} 字节，接口只收 {most:,} 字节以内"
            yield Code.DRAFT_IMAGE_SIZE, (*place, "file"), message, "缩小图片"
        if body and not _UPLOADED.search(image["file"]):
            message = f"正文的图片只能是 PNG 或 JPEG：{image['file']}"
            yield Code.WECHAT_IMAGE_KIND, (*place, "file"), message, "转成 PNG 或 JPEG"


def _sizes(draft: Draft) -> Iterator[Found]:
    hint = "文件改过；重新生成微信版本"
    for place, article in draft.articles:
        html = draft.fragments.get(article["file"])
        if html is not None and article["characters"] != len(html):
            message = f"清单写 {article['characters']} 个字符，文件有 {len(html)} 个"
            yield Code.DRAFT_COUNT, (*place, "characters"), message, hint
    for place, one in (*draft.articles, *draft.images):
        size = draft.sizes.get(one["file"])
        if size is not None and one["bytes"] != size:
            message = f"清单写 {one['bytes']} 字节，文件有 {size} 字节"
            yield Code.DRAFT_COUNT, (*place, "bytes"), message, hint
