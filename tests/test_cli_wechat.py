"""``jianbao wechat push`` against the fake WeChat: what editors see, and what nobody sees."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from fakes.wechat import APPID, SECRET, FakeWeChat, Fault, Refusal
from wechat_pushes import article, write_package
from workspaces import CONFIGURATION, ITEM, PUBLICATION, Ran, contents, make_workspace

from jianbao.deliver.wechat.record import only_one
from jianbao.deliver.wechat.tokens import state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RECORD = "issues/2025-04/wechat.json"
ADD, UPDATE, SUBMIT = (
    "/cgi-bin/draft/add",
    "/cgi-bin/draft/update",
    "/cgi-bin/freepublish/submit",
)
RESTYLED = (
    "去掉了标签 <div> 1 处；添上了标签 <section> 1 处；去掉了属性 id 1 处；去掉了样式 position 1 处"
)


@dataclass(frozen=True)
class Desk:
    """A workspace whose issue was built for WeChat, and a WeChat to push it to."""

    folder: Path
    fake: FakeWeChat
    jianbao: Callable[..., Ran]

    def build(self, *drafts: list[dict[str, object]]) -> None:
        """Build the issue anew."""
        write_package(self.folder / "output/2025-04/wechat", *drafts)

    def push(self, *options: str) -> Ran:
        """One push, without progress."""
        return self.jianbao(self.folder, "wechat", "push", "2025-04", "--quiet", *options)

    @property
    def media_id(self) -> str:
        """Of the only draft there is."""
        (media_id,) = self.fake.drafts
        return media_id


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jianbao: Callable[..., Ran], loopback: None
) -> Iterator[Desk]:
    """Two articles in one draft, the secret in the environment."""
    del loopback
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("JIANBAO_WECHAT_SECRET", SECRET)
    with FakeWeChat(publish_states=[0]) as fake:
        settings = f'{PUBLICATION}\n[wechat]\napi = "{fake.url}"\nappid = "{APPID}"\n'
        folder = make_workspace(tmp_path / "work", {CONFIGURATION: settings})
        desk = Desk(folder, fake, jianbao)
        desk.build([article(1), article(2)])
        yield desk


def test_a_push_says_what_wechat_made_of_each_article(desk: Desk) -> None:
    ran = desk.push()

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "2025-04 第 1 份草稿：新建，共 2 篇\n"
        f"  1. 第1篇：{RESTYLED}\n"
        f"  2. 第2篇：{RESTYLED}\n"
        "到公众平台的草稿箱看过以后，由人发表。\n"
    )


def test_everything_that_was_built_arrives(desk: Desk) -> None:
    desk.push()

    first, _ = desk.fake.drafts[desk.media_id].articles
    (qr,) = (url for url, content in desk.fake.images.items() if b"qr-01" in content)
    assert first.pop("content") == (
        '<section style="color: #333;"><p>正文。1</p>'
        f'<img data-src="{qr}" data-w="300"><section>来源：国家数据局</section></section>'
    )
    assert first["thumb_media_id"] in desk.fake.materials
    sent = ("title", "author", "content_source_url", "pic_crop_235_1", "pic_crop_1_1")
    assert [first[key] for key in sent] == [
        "第1篇",
        "编辑部",
        "https://www.nda.gov.cn/1.html",
        "0_0_1_0.43",
        "0.2_0_0.8_1",
    ]


def test_a_second_push_updates_what_changed(desk: Desk) -> None:
    desk.push()
    unchanged = desk.push()
    desk.build([article(1), article(2, "改过。")])
    changed = desk.push()

    assert unchanged.out.splitlines()[0] == "2025-04 第 1 份草稿：没有改动，共 2 篇"
    assert changed.out.splitlines()[0] == "2025-04 第 1 份草稿：更新 1 篇，共 2 篇"
    assert desk.fake.requests.count(ADD) == desk.fake.requests.count(UPDATE) == 1
    assert "改过。2" in desk.fake.drafts[desk.media_id].articles[1]["content"]


def test_another_packing_takes_the_place_of_the_one_before(desk: Desk) -> None:
    desk.build([article(1), article(2)], [article(3)])
    desk.push()
    desk.build([article(1), article(2), article(3)])
    ran = desk.push()

    assert ran.out.splitlines()[0] == "2025-04 第 1 份草稿：新建，共 3 篇"
    assert [len(draft.articles) for draft in desk.fake.drafts.values()] == [3]


def test_a_dry_run_says_what_it_would_do_and_asks_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JIANBAO_WECHAT_SECRET")

    ran = desk.push("--dry-run")

    assert (ran.code, ran.err, desk.fake.requests) == (0, "", [])
    assert ran.out == (
        f"2025-04：公众号 {APPID}，不连接微信，只看推送记录\n"
        "  上传 images/cover-1.png（26 字节）\n"
        "  上传 images/qr-01.png（24 字节）\n"
        "  上传 images/qr-02.png（24 字节）\n"
        "  第 1 份草稿（2 篇）：新建\n"
    )


def test_progress_is_told_step_by_step(desk: Desk) -> None:
    ran = desk.jianbao(desk.folder, "wechat", "push", "2025-04")

    assert ran.err == (
        "2025-04 上传封面 images/cover-1.png…\n"
        "2025-04 上传图片 images/qr-01.png…\n"
        "2025-04 上传图片 images/qr-02.png…\n"
        "2025-04 新建第 1 份草稿…\n"
    )


def test_help_of_the_group_and_of_the_command(desk: Desk) -> None:
    group = desk.jianbao(desk.folder, "wechat", "--help")
    command = desk.jianbao(desk.folder, "wechat", "push", "--help")
    unknown = desk.jianbao(desk.folder, "wechat", "pusch")

    assert (group.code, command.code, unknown.code) == (0, 0, 2)
    assert "push  把生成好的微信版本存进公众号的草稿箱。" in group.out
    assert command.out.startswith("用法：jianbao wechat push [选项] 期…\n")
    assert unknown.err.startswith("错误：没有 pusch 这个命令，是不是 push？\n")


# -- what stops it --


def test_an_issue_that_was_not_built_is_not_pushed(desk: Desk) -> None:
    (desk.folder / "output/2025-04/wechat/draft.json").unlink()

    assert desk.push() == _problem(
        2, "2025-04 还没有生成微信版本", "运行 jianbao build 2025-04 --edition wechat"
    )


def test_an_item_that_changed_after_the_build_is_not_pushed(desk: Desk) -> None:
    future = (desk.folder / "output/2025-04/wechat/draft.json").stat().st_mtime + 10
    os.utime(desk.folder / ITEM, (future, future))

    assert desk.push() == _problem(
        2, "01-a.md 在生成微信版本以后改过", "运行 jianbao build 2025-04 --edition wechat"
    )


def test_a_picture_that_changed_after_the_build_is_not_pushed(desk: Desk) -> None:
    (desk.folder / "output/2025-04/wechat/images/qr-01.png").write_bytes(b"other")

    ran = desk.push()

    assert ran.code == 2
    assert "images/qr-01.png 在生成以后改过" in ran.err
    assert desk.fake.requests == []


@pytest.mark.parametrize("missing", ["thumb", "drafts", "content"])
def test_a_draft_json_that_is_not_whole_is_not_pushed(desk: Desk, missing: str) -> None:
    file = desk.folder / "output/2025-04/wechat/draft.json"
    values = json.loads(file.read_text("utf-8"))
    match missing:
        case "thumb":
            values["drafts"][0]["articles"][0]["thumb"] = "images/none.png"
        case "drafts":
            del values["drafts"]
        case "content":
            values["drafts"][0]["articles"][0]["file"] = "../../../jianbao.toml"
    file.write_text(json.dumps(values), "utf-8")

    ran = desk.push()

    assert ran.code == 2
    assert "不完整" in ran.err
    assert desk.fake.requests == []


def test_two_pushes_do_not_run_at_once(desk: Desk) -> None:
    with only_one(state_folder() / f"{APPID}.lock"):
        ran = desk.push()

    assert ran == _problem(2, "另一个推送正在进行", "等它结束再运行")


def test_a_draft_that_somebody_edited_is_left_alone(desk: Desk) -> None:
    desk.push()
    desk.fake.edit(desk.media_id, "编辑加的一句。")
    desk.build([article(1, "改过。"), article(2)])

    assert desk.push() == _problem(
        4,
        "第 1 份草稿在公众平台上被人改过",
        "要保留那里的改动就不再推送；要用这里的内容盖过去，加 --overwrite",
    )
    assert "编辑加的一句。" in desk.fake.drafts[desk.media_id].articles[0]["content"]


def test_overwriting_sends_every_article_again(desk: Desk) -> None:
    desk.push()
    desk.fake.edit(desk.media_id, "编辑加的一句。")

    ran = desk.push("--overwrite")

    assert ran.out.splitlines()[0] == "2025-04 第 1 份草稿：更新 2 篇，共 2 篇"
    assert "编辑加的一句。" not in desk.fake.drafts[desk.media_id].articles[0]["content"]


def test_a_draft_that_is_gone_is_not_made_again_unasked(desk: Desk) -> None:
    desk.push()
    desk.fake.drafts.clear()

    assert desk.push() == _problem(
        4,
        "第 1 份草稿不在草稿箱里了，可能已经发表或删除",
        "到公众平台看一看；确实要再建一份，加 --new-draft",
    )
    assert desk.fake.drafts == {}
    assert desk.push("--new-draft").code == 0
    assert len(desk.fake.drafts) == 1


def test_a_draft_of_the_same_titles_from_elsewhere_stops_it(desk: Desk) -> None:
    desk.push()
    (desk.folder / RECORD).unlink()

    ran = desk.push()

    assert ran.code == 4
    assert ran.err.startswith(
        f"错误：草稿箱里已有一份标题相同的草稿，不是照这里的推送记录建的：{desk.media_id}\n"
    )
    assert len(desk.fake.drafts) == 1


def test_a_record_that_cannot_be_read_is_not_taken_for_empty(desk: Desk) -> None:
    desk.push()
    (desk.folder / RECORD).write_text("{", "utf-8")

    ran = desk.push()

    assert ran.code == 2
    assert "读不懂推送记录" in ran.err
    assert desk.fake.requests.count(ADD) == 1


def test_content_that_is_lost_is_told_and_is_not_complete(desk: Desk) -> None:
    lost = '<section><p>正文。</p><iframe>附件</iframe><img src="images/qr-01.png"></section>'
    desk.build([article(1, content=lost)])

    ran = desk.push()

    assert ran.code == 4
    assert ran.out.splitlines()[1] == (
        "  1. 第1篇：正文的文字变了：原有 5 个字，存下 3 个，从“正文。附件”处开始不同；"
        "去掉了标签 <iframe> 1 处"
    )
    assert ran.err.startswith("错误：草稿存下了，但微信改动了内容（见上），与稿件不一致\n")


def test_what_wechat_refuses_is_a_sentence_with_its_code(desk: Desk) -> None:
    desk.fake.whitelisted = False

    assert desk.push() == _problem(
        4,
        "上传封面 images/cover-1.png：这台机器的 IP 不在白名单里：203.0.113.7（错误码 40164）",
        "到公众平台的“设置与开发 → 开发接口管理 → 基本配置”加入 IP 白名单，约五分钟后再试",
    )


def test_a_quota_that_is_used_up_is_gone_on_with_tomorrow(desk: Desk) -> None:
    desk.fake.quota = {ADD: 0}
    today = desk.push()
    desk.fake.quota = {}
    tomorrow = desk.push()

    assert "今天调用这个接口的次数用完了（错误码 45009）" in today.err
    assert (today.code, tomorrow.code) == (4, 0)
    assert len(desk.fake.images) == 2  # nothing was uploaded again


# -- publishing --


def test_publishing_is_asked_for_and_tells_the_addresses(desk: Desk) -> None:
    ran = desk.push("--publish")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-2:] == [
        "  已发布 https://mp.weixin.qq.com/s/draft-000005-1",
        "  已发布 https://mp.weixin.qq.com/s/draft-000005-2",
    ]


def test_what_is_published_is_not_pushed_again(desk: Desk) -> None:
    desk.push("--publish")
    again = desk.push("--publish")
    desk.build([article(1, "改过。"), article(2)])
    changed = desk.push()

    assert again.out.splitlines()[0] == "2025-04 第 1 份草稿：已经发表，共 2 篇"
    assert changed.code == 4
    assert changed.err.startswith("错误：第 1 份草稿已经发表，内容与现在的不同\n")
    assert desk.fake.requests.count(ADD) == desk.fake.requests.count(SUBMIT) == 1


def test_an_account_that_may_not_publish_leaves_the_draft(desk: Desk) -> None:
    desk.fake.may_publish = False

    ran = desk.push("--publish")

    assert ran.code == 4
    assert "这个账号没有这个接口的权限（错误码 48001）" in ran.err
    assert desk.push().code == 0
    assert len(desk.fake.drafts) == 1


def test_a_publication_whose_answer_is_lost_is_left_to_a_person(desk: Desk) -> None:
    desk.push()
    desk.fake.faults = {len(desk.fake.requests) + 2: Fault.DROP_AFTER}  # after two draft/get

    first, second = desk.push("--publish"), desk.push("--publish")

    for ran in (first, second):
        assert (ran.code, ran.err.splitlines()[0]) == (
            4,
            "错误：不知道第 1 份草稿的发布请求微信收到没有",
        )
    assert desk.fake.requests.count(SUBMIT) == 1


@pytest.mark.parametrize(("status", "sentence"), [(2, "原创声明没有通过"), (4, "平台审核没有通过")])
def test_a_publication_that_fails_says_why(desk: Desk, status: int, sentence: str) -> None:
    desk.fake.publish_states = [status]

    ran = desk.push("--publish")

    assert ran.code == 4
    assert ran.err.startswith(f"错误：第 1 份草稿{sentence}\n")


# -- the account and its secret --


def test_without_an_account_it_says_where_to_write_it(desk: Desk) -> None:
    (desk.folder / CONFIGURATION).write_text(PUBLICATION, "utf-8")

    assert desk.push() == _problem(
        2,
        "jianbao.toml 没有写公众号的 appid",
        '在 jianbao.toml 里写 [wechat] 和 appid = "wx……"，见 docs/wechat-push.md',
    )


def test_one_of_several_accounts_is_chosen_by_name(desk: Desk) -> None:
    file = desk.folder / CONFIGURATION
    other = '\n[[wechat.account]]\nname = "测试号"\nappid = "wxother"\n'
    file.write_text(file.read_text("utf-8") + other, "utf-8")

    assert "AppID 不对（错误码 40013）" in desk.push("--account", "测试号").err
    assert desk.push("--account", "别的") == _problem(
        2, "没有 别的 这个公众号", f"jianbao.toml 里有：{APPID}、测试号"
    )


def test_without_a_secret_it_says_where_it_may_lie(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JIANBAO_WECHAT_SECRET")

    assert desk.push() == _problem(
        2,
        "没有公众号的 AppSecret",
        "设置环境变量 JIANBAO_WECHAT_SECRET，或在 jianbao.toml 里用 secret_file 指明存放它的文件",
    )


@pytest.mark.parametrize(
    ("mode", "warning"),
    [
        (0o600, ""),
        (0o644, "注意：secret.txt 别人也能读；运行 chmod 600 secret.txt\n"),
    ],
)
def test_a_secret_in_a_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, mode: int, warning: str
) -> None:
    monkeypatch.delenv("JIANBAO_WECHAT_SECRET")
    file = desk.folder / CONFIGURATION
    file.write_text(file.read_text("utf-8") + 'secret_file = "secret.txt"\n', "utf-8")
    secret = desk.folder / "secret.txt"
    secret.write_text(f"{SECRET}\n", "utf-8")
    secret.chmod(mode)

    ran = desk.push()

    assert (ran.code, ran.err) == (0, warning)


@pytest.mark.parametrize("text", [None, "", "two words", "x" * 300])
def test_a_file_that_holds_no_secret(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    monkeypatch.delenv("JIANBAO_WECHAT_SECRET")
    file = desk.folder / CONFIGURATION
    file.write_text(file.read_text("utf-8") + 'secret_file = "secret.txt"\n', "utf-8")
    if text is not None:
        (desk.folder / "secret.txt").write_text(text, "utf-8")

    ran = desk.push()

    assert (ran.code, desk.fake.requests) == (2, [])
    assert "secret.txt" in ran.err
    assert "two words" not in ran.err


def test_a_configuration_with_errors_is_not_used(desk: Desk) -> None:
    file = desk.folder / CONFIGURATION
    file.write_text(file.read_text("utf-8") + 'apid = "wx"\n', "utf-8")

    ran = desk.push()

    assert (ran.code, desk.fake.requests) == (2, [])
    assert ran.err.endswith("错误：jianbao.toml 有错误，没有推送\n怎么办：先改好上面的错误\n")


@pytest.mark.parametrize("api", ["http://api.weixin.qq.com", "ftp://x", "weixin"])
def test_the_secret_does_not_travel_in_the_clear(desk: Desk, api: str) -> None:
    file = desk.folder / CONFIGURATION
    file.write_text(f'{PUBLICATION}\n[wechat]\napi = "{api}"\nappid = "{APPID}"\n', "utf-8")

    assert desk.push().err.startswith(
        "错误：[wechat] 的 api 要以 https:// 开头，密码不能明文传送\n"
    )


def test_nothing_that_is_written_or_shown_has_the_secret_or_a_token(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [desk.push(), desk.push("--publish")]
    token = desk.fake.token
    desk.build([article(1, "改过。"), article(2)], [article(3)])
    (desk.folder / RECORD).unlink()
    for code in (1, 40001, 45002):
        desk.fake.refusals = {ADD: Refusal(code, f"{token} {SECRET}")}
        shown.append(desk.push())
    monkeypatch.setenv("JIANBAO_WECHAT_SECRET", SECRET[::-1])
    desk.fake.expire_token()
    shown.append(desk.push())

    written = contents(desk.folder)
    text = "".join(ran.out + ran.err for ran in shown)
    assert any(ran.code for ran in shown)
    for secret in (SECRET, SECRET[::-1], token):
        assert secret not in text
        assert not [name for name, content in written.items() if secret.encode() in content]


def _problem(code: int, message: str, hint: str) -> Ran:
    return Ran(code, "", f"错误：{message}\n怎么办：{hint}\n")
