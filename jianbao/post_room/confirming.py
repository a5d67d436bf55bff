"""Letters that ask readers to confirm, composed and sent from a post room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jianbao.deliver.letters.letter_templates import mail_templates, word_confirmation
from jianbao.deliver.letters.message import Copy, compose_note, message_id
from jianbao.deliver.readers.asking import Asking
from jianbao.deliver.readers.asks import Ask, Asks
from jianbao.deliver.readers.tokens import Purpose, make_token
from jianbao.deliver.smtp.post import SmtpPost
from jianbao.deliver.smtp.wire import Connection
from jianbao.delivery import Mailbox
from jianbao.errors import UsageProblem
from jianbao.post_room.mailing import signer_of
from jianbao.post_room.posting import now, rates_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import jinja2

    from jianbao.deliver.letters.dkim import Signer
    from jianbao.deliver.letters.letter_templates import Wording
    from jianbao.deliver.letters.message import Pieces
    from jianbao.deliver.smtp.wire import Endpoint
    from jianbao.post_room.delivering import PostRoom


@dataclass(frozen=True, slots=True)
class Confirming:
    """What letters are made with."""

    room: PostRoom
    sender: Mailbox
    templates: jinja2.Environment
    signer: Signer | None

    def word(self, ask: Ask) -> Wording:
        """What the letter of ``ask`` says.

        Raises:
            UsageProblem: A template is wrong.
        """
        settings = self.room.settings
        return word_confirmation(
            self.templates,
            publication=self.room.publication,
            ask=ask,
            confirm_url=f"{settings.base_url}/c/{self._token(Purpose.CONFIRM, ask)}",
            reply_to=(settings.reply_to or self.sender).address,
        )

    def pieces(self, ask: Ask) -> Pieces:
        """The data of the message of ``ask``."""
        room = self.room
        letter = compose_note(self.word(ask), room.publication, room.settings, signer=self.signer)
        number = f"{ask.reader} {ask.times}"
        copy = Copy(
            to=Mailbox(address=ask.address, name=ask.name),
            message_id=message_id(room.keys.current, "confirm", number, self.sender.domain),
            date=now().astimezone(),
            unsubscribe_url=f"{room.settings.base_url}/r/{self._token(Purpose.READER, ask)}",
        )
        return letter.copy_for(copy)

    def _token(self, purpose: Purpose, ask: Ask) -> str:
        return make_token(self.room.keys.current, purpose, ask.reader)


def open_confirming(room: PostRoom) -> Confirming:
    """What asking works with.

    Raises:
        UsageProblem: There is no page to confirm on, no sender, or no key to sign with.
    """
    if not room.settings.base_url:
        hint = '在 [delivery] 里写 base_url = "https://……"，网页由 jianbao subscribers serve 提供'
        raise UsageProblem("没有写 base_url，读者没有地方确认", hint)
    if room.settings.sender is None:
        hint = '在 jianbao.toml 的 [delivery] 里写 sender = "简报 <brief@example.org>"'
        raise UsageProblem("没有写发件人", hint)
    templates = mail_templates((room.workspace.root / "templates",))
    return Confirming(room, room.settings.sender, templates, signer_of(room))


def asks_of(room: PostRoom, list_name: str) -> Asks:
    """Who is asked: readers who wait on the list, or on any where it is ""."""
    return Asks(room.engine, rates_of(room.settings), list_name)


async def ask_readers(
    confirming: Confirming, endpoint: Endpoint, asks: Asks, say: Callable[[int], None]
) -> tuple[Asking, str]:
    """Write to those who are due; what came of it, and why it ended early if it did."""
    settings = confirming.room.settings
    post = SmtpPost[Ask](
        lambda: Connection.open(endpoint),
        settings.bounces or confirming.sender.address,
        confirming.pieces,
        connections=1,
        per_connection=settings.per_connection,
    )
    asking = Asking(asks, post.send, now, say)
    try:
        return asking, await asking.run()
    finally:
        await post.close()
