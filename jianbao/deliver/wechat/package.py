"""What was built for WeChat: draft.json with the fragments and pictures beside it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DRAFTS = "draft.json"
_SOURCE = re.compile(r"""(?P<lead>\bsrc=(?P<quote>["']))(?P<file>images/[^"']*)(?P=quote)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture, by file name beside draft.json."""

    file: str
    sha256: str
    is_cover: bool
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftArticle:
    """One article of a draft; ``fields`` are those of draft/add that need no upload."""

    title: str
    thumb: str
    content: str = field(repr=False)
    fields: Mapping[str, object]

    @property
    def pictures(self) -> tuple[str, ...]:
        """The files that the content shows."""
        return tuple(found["file"] for found in _SOURCE.finditer(self.content))

    def payload(self, urls: Mapping[str, str], thumb_media_id: str) -> dict[str, object]:
        """As draft/add takes it, its pictures at ``urls`` by file."""
        content = _SOURCE.sub(
            lambda found: f"{found['lead']}{urls[found['file']]}{found['quote']}", self.content
        )
        return {
            "article_type": "news",
            "title": self.title,
            **self.fields,
            "content": content,
            "thumb_media_id": thumb_media_id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """All drafts of an issue and their pictures by file."""

    issue: str
    packing: str
    drafts: tuple[tuple[DraftArticle, ...], ...]
    images: Mapping[str, Image]

    @property
    def used_images(self) -> tuple[Image, ...]:
        """Pictures and covers that the articles show, in the order of their names."""
        articles = [one for draft in self.drafts for one in draft]
        files = {file for one in articles for file in (*one.pictures, one.thumb)}
        return tuple(self.images[file] for file in sorted(files))


_FIELDS: Mapping[str, type[str | int]] = {
    "author": str,
    "digest": str,
    "content_source_url": str,
    "pic_crop_235_1": str,
    "pic_crop_1_1": str,
    "need_open_comment": int,
    "only_fans_can_comment": int,
}


def read_package(folder: Path, issue_folder: Path) -> Package:
    """What lies in ``folder``, built from ``issue_folder``.

    Raises:
        UsageProblem: It was not built, is older than the items, or is not whole.
    """
    again = f"运行 jianbao build {issue_folder.name} --edition wechat"
    index = folder / DRAFTS
    if not index.is_file():
        raise UsageProblem(f"{issue_folder.name} 还没有生成微信版本", again)
    if changed := _newer(issue_folder, index.stat().st_mtime):
        raise UsageProblem(f"{changed} 在生成微信版本以后改过", again)
    try:
        return _package(json.loads(index.read_text("utf-8")), folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageProblem(f"{index} 或它旁边的文件不完整：{_cause(error)}", again) from error


def _cause(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"读不到 {error.filename}"
    return f"没有 {error.args[0]}" if isinstance(error, KeyError) else str(error)[:100]


def _newer(issue_folder: Path, built: float) -> str | None:
    """The first file of the issue that changed after the build."""
    sources = [issue_folder / "issue.toml", *sorted(issue_folder.glob("*.md"))]
    return next((f.name for f in sources if f.exists() and f.stat().st_mtime > built), None)


def _package(content: Mapping[str, Any], folder: Path) -> Package:
    images = {one["file"]: _image(one, folder) for one in content["images"]}
    drafts = tuple(
        tuple(_article(one, folder) for one in draft["articles"]) for draft in content["drafts"]
    )
    for article in (one for draft in drafts for one in draft):
        for file in (article.thumb, *article.pictures):
            if file not in images:
                raise KeyError(file)
    if not all(drafts):
        raise ValueError("有一份草稿里没有文章")
    return Package(
        issue=str(content["issue"]), packing=str(content["packing"]), drafts=drafts, images=images
    )


def _image(entry: Mapping[str, Any], folder: Path) -> Image:
    content = _beside(folder, entry["file"]).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != entry["sha256"]:
        raise ValueError(f"{entry['file']} 在生成以后改过")
    return Image(
        file=entry["file"], sha256=digest, is_cover=entry["use"] == "cover", content=content
    )


def _article(entry: Mapping[str, Any], folder: Path) -> DraftArticle:
    fields = {key: entry[key] for key in _FIELDS}
    wrong = [key for key, kind in _FIELDS.items() if not isinstance(fields[key], kind)]
    if wrong:
        raise ValueError(f"{wrong[0]} 的值不对")
    content = _beside(folder, entry["file"]).read_text("utf-8")
    return DraftArticle(
        title=str(entry["title"]), thumb=str(entry["thumb"]), content=content, fields=fields
    )


def _beside(folder: Path, name: str) -> Path:
    """A file of the folder, and of no other."""
    file = (folder / name).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise ValueError(f"{name} 不在生成的文件夹里")
    return file
