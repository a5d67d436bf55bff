"""The keys of the files that people write, with what each is for.

An item's keys are described here whole. What shape a key of a TOML file has is said by
the loader that asks a `Table` for it; here stands only what it means.
"""

from __future__ import annotations

from jianbao.dates import DATE_PATTERN
from jianbao.frozen import dataclass

#: JSON Schema's pattern of a text that is not blank.
NOT_BLANK = r"\S"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKey:
    """A key of an item's front matter.

    ``meant`` are words that editors reach for where they mean this key.
    """

    name: str
    meaning: str
    many: bool = False  # a list of texts, not one
    required: bool = False
    pattern: str | None = None  # of JSON Schema; what rules ask beyond it, they say
    meant: tuple[str, ...] = ()


ITEM_KEYS = (
    ItemKey(
        name="title",
        meaning="标题：目录、书签和文档信息里就这样写",
        required=True,
        pattern=NOT_BLANK,
        meant=("标题",),
    ),
    ItemKey(
        name="section",
        meaning="栏目：jianbao.toml 的 sections 里的一个",
        required=True,
        pattern=NOT_BLANK,
        meant=("栏目", "category"),
    ),
    ItemKey(
        name="source",
        meaning="来源：发布原文的单位或媒体，印在文末",
        required=True,
        pattern=NOT_BLANK,
        meant=("来源",),
    ),
    ItemKey(
        name="url",
        meaning="原文网址：照样印出，并做成二维码；没有公开原文的改写 no_url",
        pattern="^https?://",
        meant=("网址", "链接", "link"),
    ),
    ItemKey(name="no_url", meaning="没有原文网址的原因；写了就不印网址和二维码", pattern=NOT_BLANK),
    ItemKey(
        name="published",
        meaning="原文的发布日期，例如 2025-02-10",
        pattern=DATE_PATTERN,
        meant=("日期", "date"),
    ),
    ItemKey(name="accessed", meaning="我们查阅原文的日期", pattern=DATE_PATTERN),
    ItemKey(name="author", meaning="原文的作者", meant=("作者",)),
    ItemKey(name="summary", meaning="摘要", meant=("摘要",)),
    ItemKey(name="link_label", meaning="二维码旁的说明，默认是“全文”"),
    ItemKey(name="slug", meaning="短名：网址、文件名和锚点里的名称，默认是稿件的文件名"),
    ItemKey(
        name="title_lines",
        meaning="标题在文章上方分成哪几行；连起来要与 title 相同",
        many=True,
    ),
    ItemKey(name="keywords", meaning="关键词", many=True, meant=("关键词", "tags")),
    ItemKey(name="ignore", meaning="这条稿件不报的诊断代号", many=True),
)

#: By the path of the key: tables and keys with dots between.
CONFIGURATION_MEANINGS = {
    "publication": "刊物",
    "publication.name": "刊名",
    "publication.tagline": "刊名下面的一句话",
    "publication.slogan": "封面顶上的一句话",
    "publication.language": "文字的语言，例如 zh-CN",
    "publication.sections": "栏目，按排印的次序",
    "masthead": "报头（版权页）",
    "masthead.credits": "一行一个“职务、姓名列表”",
    "masthead.statement": "声明",
    "masthead.subscribe": "怎样订阅",
    "press": "排印",
    "press.profile": "house 是最好的版式，facsimile 照以前各期断行断页",
    "press.icc": "付印版用的 ICC 特性文件",
    "press.output_condition": "特性文件所说的印刷条件的名称",
    "press.size": "字号，单位是磅",
    "press.line": "行高，单位是磅",
    "press.characters": "一行几个字",
    "press.lines": "一页几行",
    "check": "检查",
    "check.digit_spacing": "汉字与数字、西文之间：tight 不打空格（排版自己留空），spaced 打空格",
    "check.require_signatures": "要签齐哪几道才能生成：true 是三审三校全部，或列出几道",
    "check.home": "本刊所在的地方，可以自称我省、我市",
    "check.window_days": "原文发布后几天以内算新闻",
    "wechat": "微信公众号",
    "wechat.api": "接口的地址；有自己的转发服务器时才改",
    "wechat.packing": "分篇：single 全期一篇，sections 卷首和每个栏目各一篇，articles 每条一篇",
    "wechat.author": "文章的作者，最多 16 个字；不写就用刊名",
    "wechat.comments": "谁可以留言：none 不开，followers 只限粉丝，all 所有人",
    "wechat.issue_url": "全期在网上的地址，{id} 代表期；几条合成的文章，阅读原文指向它",
    "wechat.appid": "公众号的 AppID",
    "wechat.secret_file": "存放 AppSecret 的文件，别放进仓库；也可用环境变量 JIANBAO_WECHAT_SECRET",
    "wechat.account": "另外的公众号，推送时用 --account 选",
    "wechat.account.name": "怎样称呼它",
    "wechat.account.appid": "它的 AppID",
    "wechat.account.secret_file": "存放它的 AppSecret 的文件",
    "delivery": "邮件",
    "delivery.smtp": "邮件服务器：smtp://用户@主机:端口，或 smtps://；密码不写在这里",
    "delivery.sender": "发件人：名称 <地址>",
    "delivery.reply_to": "读者回信寄到哪里；不写就是发件人",
    "delivery.bounces": "退信寄到哪里；不写就是发件人",
    "delivery.list_id": "列表的标识（List-Id），不写就由发件人的地址得出",
    "delivery.base_url": "公开的网址：下载链接和退订页面都在它下面",
    "delivery.attach": "pdf 把 PDF 附在邮件里，link 只给下载链接",
    "delivery.stamp": "是否给每位读者的 PDF 盖上各自的编号",
    "delivery.password_file": "存放邮箱密码的文件，别进仓库；也可用环境变量 JIANBAO_SMTP_PASSWORD",
    "delivery.ca_file": "邮件服务器的证书由单位自己签发时，签发者的证书（PEM 文件）",
    "delivery.key_file": "存放编号和退订链接所用密钥的文件，第一次用时自动写出，只有自己能读",
    "delivery.plaintext": "true 不加密：只用于单位内网里不用登录的服务器",
    "delivery.connections": "同时连几条",
    "delivery.per_connection": "一条连接上最多送几封，然后重新连接",
    "delivery.default_list": "没有写列表的订户归入哪个列表",
    "delivery.journal": "邮件服务器自己的记录：maildir 文件夹、mbox 文件或 Postfix、Exim 的日志",
    "delivery.journal_delay": "邮件服务器收下一封以后，最多几秒记录里一定有",
    "delivery.rate": "一分钟最多送几封；0 不限",
    "delivery.domain": "另有限制的域名",
    "delivery.domain.name": "域名，例如 qq.com",
    "delivery.domain.rate": "一分钟最多送几封到那里",
    "delivery.bounce_box": "收退信的邮箱：maildir:文件夹、mbox:文件 或 imaps://用户@主机/文件夹",
    "delivery.soft_bounces": "90 天里有几天退信就不再写，收件人不存在的一次就够",
    "delivery.robot": "群机器人，jianbao announce 用它通知",
    "delivery.robot.name": "怎样称呼它",
    "delivery.robot.kind": "哪里的：wecom 企业微信，dingtalk 钉钉，feishu 飞书",
    "delivery.robot.webhook_file": "存放 Webhook 地址的文件，别放进仓库；第二行可以写签名密钥",
    "delivery.robot.link": "读者到哪里看；{issue}、{number}、{total} 换成期的编号、期号、总期号",
    "delivery.dkim": "由本程序给邮件签名；邮件服务器会签的不必写",
    "delivery.dkim.selector": "DNS 里的选择器，例如 jianbao",
    "delivery.dkim.domain": "签名的域名，不写就是发件人的",
    "delivery.dkim.key_file": "RSA 私钥（PEM 文件）",
    "store": "候选稿等存在哪个数据库",
    "store.url": "sqlite:///文件（相对于刊物的文件夹），或 postgresql://用户名@主机/数据库名",
    "store.jobs": "true：jianbao send --send 交给 worker 发送；要用 PostgreSQL",
    "store.password_file": "存放数据库密码的文件，别放进仓库；或用环境变量 JIANBAO_STORE_PASSWORD",
    "gather": "采集",
    "gather.words": "本刊关注的词；标题里有的候选稿排在前面",
    "gather.private_hosts": "单位内网里可以采集的主机，例如 intranet.example.cn；不写的一律不访问",
    "gather.topics": "哪些词属于哪个栏目",
    "gather.topics.section": "栏目",
    "gather.topics.words": "标题里有其中一个词的，先归入这个栏目",
    "back_matter": "条目之后的页，例如主编简介",
    "back_matter.title": "这一页的标题",
    "back_matter.file": "这一页的 Markdown 文件",
}

ISSUE_MEANINGS = {
    "number": "期号：当年第几期",
    "total": "总期号：创刊以来第几期",
    "date": "出刊日期",
    "headline": "封面上的要题；不写就用第一条的标题",
    "cover": "封面的图片",
    "cover.image": "图片文件，相对于这一期的文件夹",
    "cover.alt": "图片上是什么，读给看不见的人听",
    "cover.credit": "图片是谁的，小字印在报头页",
    "items": "稿件的文件名，按排印的次序；不写就按栏目和文件名",
}

SOURCE_MEANINGS = {
    "name": "来源的名称，与稿件“来源”一栏所印的完全相同",
    "level": "层级：national 国家级，provincial 省级，municipal 市级，industry 行业机构、媒体",
    "hosts": "发布原文的域名，不带 https:// 和路径；没有公开网址的写 []",
    "section": "默认栏目：jianbao.toml 的 sections 里的一个",
    "kind": "怎样采集：feed 订阅源，listing 列表页，manual 人工查阅",
    "lists": "订阅源或列表页的网址，可以有几个",
    "include": "标题里有其中一个词的才要；不写就都要",
    "exclude": "标题里有其中一个词的不要",
    "encoding": "网页的编码，网页自己写错时才用，例如 gb18030",
    "timezone": "没有写时区的时间按哪个时区算",
    "every": "隔几分钟查看一次",
    "rhythm_days": "通常几天以内必有新内容；过了还没有就提醒，0 是不提醒",
    "listing": "列表页里哪里是什么：CSS 选择器；JSON 用点连起来的键",
    "listing.format": "html 网页，jcms 大汉系统的 <record>，json 接口，buildstatic 网页指向的接口",
    "listing.item": "列表里的每一条",
    "listing.title": "一条里的标题；不写就是链接的文字，选择器后面加 @title 是取属性",
    "listing.link": "一条里的链接；不写就是第一个。JSON 的可以写 /articles/{id}",
    "listing.date": "一条里的日期；不写就在标题以外的文字里找",
    "listing.summary": "一条里的摘要",
    "manners": "怎样访问这个来源的网站；不写就按通常的礼貌",
    "manners.gap": "两次访问之间隔几秒",
    "manners.concurrency": "同时有几次访问",
    "manners.proxy": "经过哪个代理，例如 http://127.0.0.1:3128",
    "manners.legacy_tls": "网站只会老式加密（不支持安全重协商）时写 true",
    "manners.robots": "obey 遵守 robots.txt，ignore 不遵守，要写明理由",
    "manners.robots_reason": "不遵守 robots.txt 的理由",
}
