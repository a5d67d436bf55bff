"""Pictures of an issue, each uploaded once for an account: known by SHA-256."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jianbao.deliver.wechat.problems import need, text_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from jianbao.deliver.wechat.client import Client
    from jianbao.deliver.wechat.package import Image
    from jianbao.deliver.wechat.record import AccountRecord, RecordFile


def missing(images: tuple[Image, ...], account: AccountRecord) -> tuple[Image, ...]:
    """Those that the account does not have, the same picture once."""
    unlike = {(image.sha256, image.is_cover): image for image in images}.values()
    return tuple(
        image
        for image in unlike
        if image.sha256 not in (account.covers if image.is_cover else account.images)
    )


def upload(
    images: tuple[Image, ...], file: RecordFile, client: Client, say: Callable[[str], None]
) -> None:
    """Upload what is missing, each on record as soon as it is there.

    Doing one twice is no harm: the first is never used. Those of the body do not go into
    the material library, which has room for 100,000.

    Raises:
        DeliveryProblem: One was refused or could not be sent.
    """
    for image in missing(images, file.read()):
        doing = f"上传{'封面' if image.is_cover else '图片'} {image.file}"
        say(doing)
        send = client.upload_cover if image.is_cover else client.upload_body_image
        answer = need(send(_name(image), image.content), doing)
        given = {image.sha256: text_in(answer, "media_id" if image.is_cover else "url", doing)}
        account = file.read()
        if image.is_cover:
            file.write(replace(account, covers={**account.covers, **given}))
        else:
            file.write(replace(account, images={**account.images, **given}))


def _name(image: Image) -> str:
    """The file name of an upload: the same picture has the same."""
    return f"jianbao-{image.sha256[:16]}.{'png' if image.file.endswith('.png') else 'jpg'}"
