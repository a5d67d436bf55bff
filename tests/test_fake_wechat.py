"""The fake WeChat holds to the documented limits: otherwise it would prove nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes.wechat import APPID, SECRET, FakeWeChat
from fakes.wechat_wire import Refusal

PNG = b"\x89PNG\r\n\x1a\n"
FORM = "multipart/form-data; boundary=b"


def form(content: bytes) -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="media"; filename="a.png"\r\n\r\n'
    return head + content + b"\r\n--b--\r\n"


def token(fake: FakeWeChat, **more: object) -> str:
    asked = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET} | more
    answer = fake.handle("/cgi-bin/stable_token", {}, json.dumps(asked).encode(), "")
    return str(answer["access_token"])


def call(fake: FakeWeChat, name: str, payload: object) -> dict[str, Any]:
    query = {"access_token": [token(fake)], "type": ["image"]}
    if isinstance(payload, bytes):
        return fake.handle(f"/cgi-bin/{name}", query, form(payload), FORM)
    return fake.handle(f"/cgi-bin/{name}", query, json.dumps(payload).encode(), "")


def article(fake: FakeWeChat, **more: object) -> dict[str, object]:
    thumb = call(fake, "material/add_material", PNG)["media_id"]
    return {"title": "标题", "content": "<p>正文</p>", "thumb_media_id": thumb} | more


def code(fake: FakeWeChat, name: str, payload: object) -> int:
    with pytest.raises(Refusal) as found:
        call(fake, name, payload)
    return found.value.code


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"title": "题" * 33}, 45003),
        ({"author": "人" * 17}, 45110),
        ({"digest": "摘" * 129}, 45004),
        ({"content": "文" * 20_000}, 45002),
        ({"content": ""}, 45166),
        ({"content_source_url": "https://a/" + "a" * 1024}, 45166),
        ({"thumb_media_id": "none"}, 40007),
    ],
)
def test_an_article_over_a_limit_is_refused(changed: dict[str, object], expected: int) -> None:
    fake = FakeWeChat()

    assert code(fake, "draft/add", {"articles": [article(fake, **changed)]}) == expected
    assert fake.drafts == {}


def test_an_article_at_the_limits_is_taken() -> None:
    fake = FakeWeChat()
    full = article(fake, title="题" * 32, author="人" * 16, content="文" * 19_999)

    assert call(fake, "draft/add", {"articles": [full] * 8})["media_id"] in fake.drafts


@pytest.mark.parametrize(("count", "expected"), [(0, 44003), (9, 45008)])
def test_a_draft_has_one_to_eight_articles(count: int, expected: int) -> None:
    fake = FakeWeChat()

    assert code(fake, "draft/add", {"articles": [article(fake)] * count}) == expected


@pytest.mark.parametrize(
    ("content", "expected"), [(b"", 41005), (b"GIF89a", 40005), (PNG + b"0" * 1_048_576, 40009)]
)
def test_a_body_picture_is_a_small_png_or_jpeg(content: bytes, expected: int) -> None:
    assert code(FakeWeChat(), "media/uploadimg", content) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [({"appid": "wx"}, 40013), ({"secret": "x"}, 40125), ({"grant_type": "x"}, 40002)],
)
def test_a_token_is_given_to_its_account_alone(asked: dict[str, str], expected: int) -> None:
    with pytest.raises(Refusal) as found:
        token(FakeWeChat(), **asked)

    assert found.value.code == expected


def test_a_token_stays_until_a_refresh_is_forced() -> None:
    fake = FakeWeChat()
    first = token(fake)

    assert token(fake) == first
    assert token(fake, force_refresh=True) != first


@pytest.mark.parametrize(("given", "expected"), [([], 41001), (["old"], 40001)])
def test_a_call_needs_the_token_of_now(given: list[str], expected: int) -> None:
    fake = FakeWeChat()
    token(fake)
    query = {"access_token": given} if given else {}

    with pytest.raises(Refusal) as found:
        fake.handle("/cgi-bin/draft/count", query, b"{}", "")

    assert found.value.code == expected


def test_another_address_is_refused() -> None:
    fake = FakeWeChat(whitelisted=False)

    with pytest.raises(Refusal, match=r"203\.0\.113\.7"):
        token(fake)


def test_bad_json_is_refused() -> None:
    fake = FakeWeChat()

    with pytest.raises(Refusal) as found:
        fake.handle("/cgi-bin/draft/add", {"access_token": [token(fake)]}, b"{", "")

    assert found.value.code == 47001


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ('<p id="a" class="b">正文</p>', '<p class="b">正文</p>'),
        ("<div><p>正文</p></div>", "<section><p>正文</p></section>"),
        (
            '<p style="color: red; position: absolute; top: 0">正文</p>',
            '<p style="color: red; top: 0">正文</p>',
        ),
        ("<script>x</script><p onclick='x()'>正文</p>", "<p>正文</p>"),
        ('<a href="https://example.com/">正文</a>', "<a>正文</a>"),
        (
            '<a href="https://mp.weixin.qq.com/s/a">正文</a>',
            '<a href="https://mp.weixin.qq.com/s/a">正文</a>',
        ),
        ('<p>正文<img src="https://example.com/a.png"></p>', "<p>正文</p>"),
    ],
)
def test_what_the_real_one_takes_away_is_gone(sent: str, stored: str) -> None:
    assert FakeWeChat().filtered(sent) == stored


def test_an_update_is_of_one_article_that_is_there() -> None:
    fake = FakeWeChat()
    media_id = call(fake, "draft/add", {"articles": [article(fake)]})["media_id"]
    new = article(fake, content="<p>新</p>")

    call(fake, "draft/update", {"media_id": media_id, "index": 0, "articles": new})

    assert fake.drafts[media_id].articles[0]["content"] == "<p>新</p>"
    beyond = {"media_id": media_id, "index": 1, "articles": new}
    assert code(fake, "draft/update", beyond) == 40007


def test_a_deleted_draft_is_gone() -> None:
    fake = FakeWeChat()
    media_id = call(fake, "draft/add", {"articles": [article(fake)]})["media_id"]

    call(fake, "draft/delete", {"media_id": media_id})

    assert call(fake, "draft/count", {}) == {"total_count": 0}
    assert code(fake, "draft/get", {"media_id": media_id}) == 40007
