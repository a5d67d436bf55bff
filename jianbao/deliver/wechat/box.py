"""The draft box of the account: finding a draft whose media id is not known.

A draft of ours is one that was not there before, has the titles that were sent, in order, and
their covers: the media ids of covers were given to us, so a draft of other making does not
have them. One that has the titles and other covers might still be it, and a person decides.
A marker in the content was the other choice: it costs characters of a budget, and a filter
that took it away would lead to a second draft.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jianbao.deliver.wechat.changes import same_title
from jianbao.deliver.wechat.problems import need

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jianbao.deliver.wechat.client import Client


@dataclass(frozen=True, slots=True)
class Boxed:
    """A draft in the box: its articles' titles and covers in order."""

    media_id: str
    titles: tuple[str, ...]
    thumbs: tuple[str, ...]

    def has_titles(self, titles: tuple[str, ...]) -> bool:
        """Whether its articles are called so."""
        return len(titles) == len(self.titles) and all(map(same_title, titles, self.titles))


def drafts_in_box(client: Client) -> Iterator[Boxed]:
    """Every draft of the account.

    Raises:
        DeliveryProblem: WeChat does not tell.
    """
    for outcome in client.list_drafts():
        values = need(outcome, "查看草稿箱")
        yield from (_boxed(item) for item in values.get("item", ()))


def _boxed(item: Mapping[str, Any]) -> Boxed:
    articles = item.get("content", {}).get("news_item", ())
    return Boxed(
        str(item.get("media_id", "")),
        tuple(str(one.get("title", "")) for one in articles),
        tuple(str(one.get("thumb_media_id", "")) for one in articles),
    )
