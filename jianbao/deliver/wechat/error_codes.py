"""What WeChat's error codes mean, and what a person does about each.

Those of draft/add, uploadimg, add_material, stable_token and freepublish in the official
manual; where a page says no more than a name, the advice is ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jianbao.wechat import limits


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sentence, and what to do."""

    sentence: str
    advice: str


_BUILD = "修改稿件后重新生成微信版本，再推送"
_SETTINGS = "公众平台的“设置与开发 → 开发接口管理 → 基本配置”"
_AGAIN = "再运行一次；还是这样，就重新生成微信版本再推送"

#: By WeChat's errcode.
MEANINGS = {
    -1: Meaning("微信的系统繁忙", "过几分钟再运行一次，会接着做"),
    40001: Meaning("访问凭证无效，或者 AppSecret 不对", f"到{_SETTINGS}核对 AppSecret"),
    40002: Meaning("取凭证的请求不被接受", "更新 jianbao 再试"),
    40004: Meaning("媒体文件的类型不对", "正文图片用 PNG 或 JPEG，重新生成微信版本"),
    40005: Meaning("图片的格式不被接受", "正文图片只收 PNG 和 JPEG，重新生成微信版本"),
    40006: Meaning("文件的大小不被接受", "正文图片要小于 1 MB，封面要小于 10 MB"),
    40007: Meaning(
        "微信里没有这个草稿或封面（media_id 无效）",
        "到公众平台的草稿箱看看它是不是被删除或发表了",
    ),
    40009: Meaning("图片太大", "正文图片要小于 1 MB，封面要小于 10 MB；缩小后重新生成"),
    40013: Meaning("AppID 不对", f"到{_SETTINGS}核对 jianbao.toml 里 [wechat] 的 appid"),
    40014: Meaning("访问凭证不合法", _AGAIN),
    40125: Meaning("AppSecret 不对", f"到{_SETTINGS}核对；重置过的，换成新的"),
    40164: Meaning("这台机器的 IP 不在白名单里", f"到{_SETTINGS}加入 IP 白名单，约五分钟后再试"),
    40243: Meaning("AppSecret 已被冻结", f"到{_SETTINGS}解冻 AppSecret"),
    41001: Meaning("请求里没有访问凭证", _AGAIN),
    41005: Meaning("上传的文件是空的", _AGAIN),
    42001: Meaning("访问凭证已过期", _AGAIN),
    44003: Meaning("草稿里没有文章", _AGAIN),
    45001: Meaning("文件太大", "正文图片要小于 1 MB，封面要小于 10 MB；缩小后重新生成"),
    45002: Meaning(
        f"正文太长：连标签不能到 {limits.CONTENT_CHARACTERS} 个字符",
        "换一种分篇：jianbao build 加 --packing articles",
    ),
    45003: Meaning(f"标题太长：最多 {limits.TITLE} 个字", _BUILD),
    45004: Meaning(f"摘要太长：最多 {limits.DIGEST} 个字", _BUILD),
    45008: Meaning(
        f"一份草稿里文章太多：最多 {limits.ARTICLES} 篇",
        "换一种分篇：jianbao build 加 --packing sections",
    ),
    45009: Meaning("今天调用这个接口的次数用完了", "明天再运行一次，会接着做"),
    45011: Meaning("调用得太快", "过几分钟再运行一次，会接着做"),
    45110: Meaning(f"作者名太长：最多 {limits.AUTHOR} 个字", _BUILD),
    45166: Meaning(
        "正文里有微信不接受的内容", "运行 jianbao check --edition wechat 看看是哪里，改好再推送"
    ),
    47001: Meaning("微信读不懂请求的格式", "重新生成微信版本再推送；还是这样，更新 jianbao"),
    48001: Meaning(
        "这个账号没有这个接口的权限",
        "2025 年 7 月起，个人和未认证的账号不能用接口发布；草稿请到公众平台由人发表",
    ),
    48004: Meaning("这个接口被微信封禁了", "到公众平台的通知中心看原因"),
    50002: Meaning("账号的使用受到限制", "到公众平台的通知中心看原因"),
    53503: Meaning("草稿没有通过发布前的检查", "到公众平台打开这份草稿，看它提示什么"),
    53504: Meaning("这份草稿只能在公众平台上发表", "到公众平台的草稿箱里发表"),
    53505: Meaning("要先在公众平台上手动保存一次才能发表", "到公众平台打开这份草稿，保存，再发表"),
    89503: Meaning("这个 IP 第一次调用，要管理员确认", "请公众号的管理员在微信里确认，再试"),
    89506: Meaning("管理员拒绝了这个 IP，24 小时内不能再用", "请与管理员联系，一天后再试"),
    89507: Meaning("管理员拒绝了这个 IP，1 小时内不能再用", "请与管理员联系，一小时后再试"),
}

#: The token is not, or no longer, one that the API takes.
TOKEN = frozenset({40001, 40014, 42001})
#: WeChat was busy; it says nothing of whether the request was done.
BUSY = -1
#: There is no such draft.
GONE = 40007
#: Too many requests a minute; it was not done.
HASTE = 45011

#: The address of this machine is not in the whitelist; errmsg names it.
_NOT_LISTED = 40164
_ADDRESS = re.compile(r"invalid ip (?P<ip>[0-9a-fA-F.:]+)")


def meaning(code: int, message: str) -> Meaning:
    """What ``code`` means; ``message`` is WeChat's own errmsg."""
    known = MEANINGS.get(code)
    if known is None:
        shown = " ".join(message.split())[:120]
        return Meaning(f"微信不接受：{shown or '没有说原因'}", "按错误码到微信的官方文档里查")
    address = _ADDRESS.search(message) if code == _NOT_LISTED else None
    if address is None:
        return known
    return Meaning(f"{known.sentence}：{address['ip']}", known.advice)
