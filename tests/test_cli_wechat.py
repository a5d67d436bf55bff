"""``jianbao wechat push`` against the fake WeChat: what editors see, and what nobody sees."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from fakes.wechat import APPID
from fakes.wechat_wire import Fault
from push_desk import problem
from wechat_pushes import article
from workspaces import ITEM

from jianbao.deliver.wechat.tokens import state_folder
from jianbao.locks import only_one

if TYPE_CHECKING:
    from push_desk import Desk

RECORD = "issues/2025-04/wechat.json"
ADD, UPDATE, SUBMIT = (
    "/cgi-bin/draft/add",
    "/cgi-bin/draft/update",
    "/cgi-bin/freepublish/submit",
)
RESTYLED = (
    "去掉了标签 <div> 1 处；添上了标签 <section> 1 处；去掉了属性 id 1 处；去掉了样式 position 1 处"
)


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

    assert desk.push() == problem(
        2, "2025-04 还没有生成微信版本", "运行 jianbao build 2025-04 --edition wechat"
    )


def test_an_item_that_changed_after_the_build_is_not_pushed(desk: Desk) -> None:
    future = (desk.folder / "output/2025-04/wechat/draft.json").stat().st_mtime + 10
    os.utime(desk.folder / ITEM, (future, future))

    assert desk.push() == problem(
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
    with only_one(state_folder() / f"{APPID}.lock", "推送"):
        ran = desk.push()

    assert ran == problem(2, "另一个推送正在进行", "等它结束再运行")


def test_a_draft_that_somebody_edited_is_left_alone(desk: Desk) -> None:
    desk.push()
    desk.fake.edit(desk.media_id, "编辑加的一句。")
    desk.build([article(1, "改过。"), article(2)])

    assert desk.push() == problem(
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

    assert desk.push() == problem(
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

    assert desk.push() == problem(
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
