"""draft.json: what draft/add is to be told of each article, and which pictures go with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jianbao.press.views import edition_title
from jianbao.press.wechat.cover import SQUARE_CROP, WIDE_CROP
from jianbao.press.wechat.short_texts import digest, list_of, short_title
from jianbao.settings import Commenters
from jianbao.wechat.limits import ARTICLES, AUTHOR

if TYPE_CHECKING:
    from jianbao.model import CheckedIssue
    from jianbao.press.wechat.packing import Piece
    from jianbao.press.wechat.pictures import Picture
    from jianbao.press.wechat.writing import WrittenPiece
    from jianbao.settings import Packing

DRAFT = "draft.json"


def entries_of(
    written: tuple[WrittenPiece, ...], issue: CheckedIssue
) -> tuple[dict[str, object], ...]:
    """What draft.json says of each article."""
    return tuple(_entry(one, issue) for one in written)


def write_draft(
    issue: CheckedIssue,
    packing: Packing,
    entries: tuple[dict[str, object], ...],
    pictures: tuple[Picture, ...],
) -> str:
    """The text of draft.json; articles in drafts of as many as WeChat takes."""
    starts = range(0, len(entries), ARTICLES)
    content = {
        "issue": issue.id,
        "title": edition_title(issue),
        "packing": packing.value,
        "drafts": [{"articles": entries[start : start + ARTICLES]} for start in starts],
        "images": [
            {"file": p.file, "sha256": p.sha256, "bytes": len(p.content), "use": p.use}
            for p in pictures
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _entry(one: WrittenPiece, issue: CheckedIssue) -> dict[str, object]:
    settings, piece = issue.wechat, one.piece
    return {
        "file": one.file,
        "title": short_title(piece.title),
        "full_title": piece.title,
        "author": (settings.author or issue.publication.name)[:AUTHOR],
        "digest": _digest(piece, issue),
        "content_source_url": _source_url(piece, issue),
        "thumb": one.cover.file,
        "pic_crop_235_1": WIDE_CROP,
        "pic_crop_1_1": SQUARE_CROP,
        "need_open_comment": int(settings.comments is not Commenters.NONE),
        "only_fans_can_comment": int(settings.comments is Commenters.FOLLOWERS),
        "characters": len(one.html),
        "bytes": len(one.html.encode()),
    }


def _digest(piece: Piece, issue: CheckedIssue) -> str:
    if len(piece.articles) == 1:
        return digest(piece.articles[0])
    return list_of(tuple(article.title for article in piece.articles or issue.articles))


def _source_url(piece: Piece, issue: CheckedIssue) -> str:
    """阅读原文 leads to the original where there is exactly one, else to the issue."""
    if len(piece.articles) == 1:
        return piece.articles[0].attribution.url or ""
    return issue.wechat.issue_url.replace("{id}", issue.id)
