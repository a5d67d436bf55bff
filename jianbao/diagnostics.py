"""What is wrong with the content, as data: where, how bad, what to type.

A content problem is never an exception. Each has a code from one catalogue;
``docs/diagnostics.md`` is written from it.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from jianbao.frozen import dataclass

if TYPE_CHECKING:
    from jianbao.spans import Span


class Severity(StrEnum):
    """How far a problem reaches."""

    ERROR = "error"  # nothing is built
    WARNING = "warning"  # built; exit 1 only with --strict
    NOTE = "note"  # for information


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE


class Code(Enum):
    """The catalogue: slug, severity, whether an item may ignore it, explanation.

    An item may not ignore what would let an unattributed or unreadable text
    into print.
    """

    # reading
    FILE_UNREADABLE = ("file-unreadable", _E, False, "文件不存在、不能读取，或者不是普通文件")
    ENCODING_INVALID = ("encoding-invalid", _E, False, "文本文件必须是 UTF-8（可以带 BOM）")
    CONTROL_CHARACTER = ("control-character", _E, False, "文本里有不能排印的控制字符")
    TOML_INVALID = ("toml-invalid", _E, False, "TOML 写法有误，无法读取")
    YAML_INVALID = ("yaml-invalid", _E, False, "稿件头部的 YAML 写法有误，无法读取")
    FRONT_MATTER_MISSING = ("front-matter-missing", _E, False, "稿件要以 --- 包起来的头部开始")
    KEY_UNKNOWN = ("key-unknown", _E, False, "没有这个键；多半是拼写有误")
    KEY_DUPLICATE = ("key-duplicate", _E, False, "同一个键写了两次")
    KEY_MISSING = ("key-missing", _E, False, "缺少必须填写的键")
    VALUE_INVALID = ("value-invalid", _E, False, "键的值类型不对或者为空")
    VALUE_CUT = ("value-cut", _W, True, "值里空格加 # 以后的文字被当作注释，不会排印")
    # the issue
    ISSUE_EMPTY = ("issue-empty", _E, False, "这一期没有任何稿件")
    ITEM_MISSING = ("item-missing", _E, False, "issue.toml 的 items 里列出的稿件不存在")
    ITEM_REPEATED = ("item-repeated", _E, False, "issue.toml 的 items 里同一稿件列了两次")
    ITEM_UNLISTED = ("item-unlisted", _W, False, "文件夹里有稿件没有列入 items，不会排印")
    ITEMS_INTERLEAVED = ("items-interleaved", _W, False, "items 里同一栏目的稿件没有排在一起")
    NUMBER_MISMATCH = ("number-mismatch", _E, False, "期号与台账 issues/ledger.csv 的记录不符")
    NUMBER_REPEATED = ("number-repeated", _E, False, "期号或总期号与另一期重复")
    # attribution
    SOURCE_MISSING = ("source-missing", _E, False, "每条稿件都要写明来源")
    URL_MISSING = ("url-missing", _E, False, "每条稿件要有原文网址；确无公开原文的，写明原因")
    URL_CONFLICT = ("url-conflict", _E, False, "url 与 no_url 只能有一个")
    URL_MALFORMED = ("url-malformed", _E, False, "网址不完整或者含有不该有的字符")
    URL_SCHEME = ("url-scheme", _E, False, "原文网址只能是 http:// 或 https://")
    URL_PRIVATE = ("url-private", _E, False, "网址指向内网或本机，读者打不开")
    URL_CREDENTIALS = ("url-credentials", _E, False, "网址里带有用户名或密码")
    URL_DUPLICATE = ("url-duplicate", _E, True, "本期有两条稿件指向同一原文")
    DATE_INVALID = ("date-invalid", _E, False, "日期不存在或写法不对，应为 2025-02-10 这样的写法")
    DATE_FUTURE = ("date-future", _E, False, "原文的发布或查阅日期在今天之后")
    # the item
    TITLE_EMPTY = ("title-empty", _E, False, "稿件要有标题")
    TITLE_LINES_DIFFER = ("title-lines-differ", _E, False, "title_lines 连起来要与 title 完全相同")
    SECTION_MISSING = ("section-missing", _E, False, "稿件要写明栏目")
    SECTION_UNKNOWN = ("section-unknown", _E, False, "刊物没有这个栏目")
    SLUG_INVALID = ("slug-invalid", _E, False, "slug 只能用文字、数字、连字符和下划线")
    SLUG_DUPLICATE = ("slug-duplicate", _E, False, "本期有两条稿件的 slug 相同")
    BODY_EMPTY = ("body-empty", _E, False, "稿件要有正文")
    RAW_HTML = ("raw-html", _E, False, "正文里不能写 HTML")
    PLACEHOLDER_TEXT = ("placeholder-text", _E, True, "有没写完的占位文字")
    LINK_INVALID = ("link-invalid", _E, False, "正文里的链接只能是 http、https 或 mailto")
    FOOTNOTE_MISSING = ("footnote-missing", _E, False, "正文里标了脚注，却没有写这条脚注")
    FOOTNOTE_REPEATED = ("footnote-repeated", _E, False, "同一个脚注写了两次，只会印出一条")
    FOOTNOTE_UNUSED = ("footnote-unused", _W, True, "写了脚注，正文里却没有标它，不会印出")
    IMAGE_MISSING = ("image-missing", _E, False, "找不到图片文件")
    IMAGE_OUTSIDE = ("image-outside", _E, False, "图片要放在工作区里，用相对路径引用")
    IMAGE_INVALID = (
        "image-invalid",
        _E,
        False,
        "文件不是可用的图片（PNG、JPEG、WebP、GIF 或 SVG），或者已经损坏",
    )
    # copy
    LATIN_WORD = ("latin-word", _W, True, "汉字之间夹着英文虚词")
    # review
    REVIEW_INVALID = ("review-invalid", _E, False, "审签记录里有一行读不懂；这个文件只由命令追加")
    SIGNATURE_VOID = ("signature-void", _W, False, "签字之后稿件又改过，这个签字不再作数")
    SIGNATURE_MISSING = ("signature-missing", _E, False, "对外的版本要有规定的签字才能生成")
    # the form of the copy
    HALFWIDTH_BRACKET = ("halfwidth-bracket", _W, True, "中文里用了半角括号")
    HALFWIDTH_MARK = ("halfwidth-mark", _W, True, "中文里用了半角的逗号、分号、冒号、问号或叹号")
    HALFWIDTH_STOP = ("halfwidth-stop", _W, True, "汉字后面用了西文的点")
    STRAIGHT_QUOTE = ("straight-quote", _W, True, "中文里用了直引号")
    MARK_UNPAIRED = ("mark-unpaired", _W, True, "括号、引号或书名号没有成对")
    MARK_NESTED = ("mark-nested", _W, True, "书名号或引号里面又套了同样的一层")
    MARK_REPEATED = ("mark-repeated", _W, True, "标点重复")
    MARK_LEADING = ("mark-leading", _W, True, "一段以句号、逗号等开头")
    MARK_TRAILING = ("mark-trailing", _W, True, "一段以逗号或顿号结尾")
    ENUMERATION_COMMA = ("enumeration-comma", _W, True, "并列的书名号或引号之间用了顿号")
    ELLIPSIS_FORM = ("ellipsis-form", _W, True, "省略号写法不对，应为 ……")
    DASH_FORM = ("dash-form", _W, True, "破折号写法不对，应为 ——")
    INTERPUNCT_FORM = ("interpunct-form", _W, True, "间隔号写法不对，应为 ·")
    DASH_JOINER = ("dash-joiner", _N, True, "连接几个词用了破折号，应为 —")
    STRAY_SPACE = ("stray-space", _W, True, "汉字或全角标点旁边有空格")
    TITLE_SPACE = ("title-space", _N, True, "标题里有空格，可能是换行留下的")
    DIGIT_SPACING = ("digit-spacing", _W, True, "汉字与数字、字母之间的空格与体例不一")
    SPACE_CHARACTER = ("space-character", _W, True, "用了全角空格、不换行空格等特殊空白")
    INVISIBLE_CHARACTER = ("invisible-character", _W, True, "有看不见的字符")
    COMPATIBILITY_CHARACTER = ("compatibility-character", _W, True, "全角字母数字、部首等兼容字符")
    CHARACTER_LOST = ("character-lost", _W, True, "转换中丢失的字、私用字符，或分开的附加符号")
    TRADITIONAL_CHARACTER = ("traditional-character", _W, True, "用了繁体字或异体字")
    WORD_DOUBLED = ("word-doubled", _W, True, "虚词重复，如“的的”")
    WORD_REPEATED = ("word-repeated", _N, True, "两个字的词紧接着重复")
    PHRASE_DOUBLED = ("phrase-doubled", _W, True, "四个字以上的文字紧接着重复")
    PARAGRAPH_CUT = ("paragraph-cut", _W, True, "一段没有结束，被换页断成了两段")
    DOCUMENT_NUMBER = ("document-number", _W, True, "发文字号的年份没有用六角括号")
    NUMERAL_RANGE = ("numeral-range", _W, True, "数值范围用了半角连字符")
    NUMERAL_GROUPED = ("numeral-grouped", _N, True, "带“万”“亿”的数用了千分撇")
    NUMERAL_ZERO = ("numeral-zero", _W, True, "汉字数字里的零写成了圆圈或字母")
    NUMERAL_MIXED = ("numeral-mixed", _N, True, "同一篇里同一个数有两种写法")
    YEAR_SHORT = ("year-short", _W, True, "年份只写了两位")
    DATE_DOTTED = ("date-dotted", _W, True, "正文里的日期用点分隔")
    NUMBERING_GAP = ("numbering-gap", _W, True, "“一是”“（一）”等序号不连续")
    EMPHASIS_OPEN = ("emphasis-open", _W, True, "星号没有成对，会原样印出来")
    BOLD_UNEVEN = ("bold-uneven", _N, True, "同一段里的几处重点停在不同的地方")
    BOLD_STRAY = ("bold-stray", _N, True, "句中孤立的一处重点")
    # sense of the copy
    SHORT_TITLE_UNDEFINED = ("short-title-undefined", _W, True, "用了没有交代过的文件简称")
    SHORT_TITLE_UNINTRODUCED = (
        "short-title-unintroduced",
        _N,
        True,
        "文件简称没有用“以下简称”交代，读者要自己猜",
    )
    SHORT_TITLE_UNUSED = ("short-title-unused", _W, True, "写了“以下简称”，后文却没有用这个简称")
    SHORT_TITLE_QUOTES = ("short-title-quotes", _W, True, "简称的书名号外面又加了引号")
    DOCUMENT_UNMARKED = ("document-unmarked", _N, True, "指前面的文件，却没有加书名号")
    ANTECEDENT_MISSING = ("antecedent-missing", _W, True, "“该方案”所指的方案前面没有出现过")
    COUNT_MISMATCH = ("count-mismatch", _W, True, "写的数目与列出的个数不符")
    POINTS_MISMATCH = ("points-mismatch", _W, True, "写的数目与“一是、二是”的条数不符")
    REPEATED_RUN = ("repeated-run", _W, True, "一长串文字在本期出现了两次")
    RECENTLY_TWICE = ("recently-twice", _W, True, "一句话里“近日”“日前”用了两次")
    ADVERB_PARTICLE = ("adverb-particle", _W, True, "动词前的状语后面应当用“地”")
    PARTY_GOVERNMENT = ("party-government", _W, True, "党委与政府并列，中间缺顿号")
    CORRELATIVE_MISSING = ("correlative-missing", _W, True, "“不仅”“不但”后面没有“而且”“还”呼应")
    PURPOSE_ALONE = ("purpose-alone", _W, True, "只有目的，没有主句")
    SUBJECT_LOST = ("subject-lost", _N, True, "“通过……，使……”的句子没有主语")
    CAUSE_TWICE = ("cause-twice", _W, True, "一句话里“因为”用了两次")
    ASPECT_REPEATED = ("aspect-repeated", _W, True, "“在……方面”里的话在同一句又说了一遍")
    LEAD_UNEVEN = ("lead-uneven", _W, True, "同级的几部分，有的标题后面用逗号，有的用句号")
    DEFINITION_VERB = ("definition-verb", _W, True, "名词解释里有一条缺“是指”")
    VOICE_OF_SOURCE = ("voice-of-source", _W, True, "“我省”“本市”是来源的口吻，不是本刊的")
    WEEKDAY_MISMATCH = ("weekday-mismatch", _W, True, "星期与日期对不上")
    DAY_IMPOSSIBLE = ("day-impossible", _W, True, "文字里的日期不存在")
    RANGE_REVERSED = ("range-reversed", _W, True, "起止年份写反了")
    PLAN_YEARS = ("plan-years", _W, True, "五年规划与年份对不上")
    YEAR_FUTURE = ("year-future", _W, True, "同比的年份还没有到")
    NUMBER_IN_TEXT = ("number-in-text", _W, True, "文字里的本期期号与 issue.toml 不符")
    # names
    NAME_WRONG = ("name-wrong", _W, True, "名称写法不对")
    NAME_OUT_OF_DATE = (
        "name-out-of-date",
        _W,
        True,
        "出刊时这个机构或法规已不用这个名称，或还没有设立",
    )
    NAME_VARIANT = ("name-variant", _W, True, "同一条稿件里，同一名称有几种写法")
    SOURCE_LIST_OLD = (
        "source-list-old",
        _W,
        False,
        "稿源名单的版本已超过 24 个月，或没有写版本日期",
    )
    SOURCE_UNLISTED = ("source-unlisted", _W, True, "来源不在稿源名单里")
    # sources
    SOURCE_HOST = ("source-host", _W, True, "网址所在的网站是另一个单位的")
    SOURCE_UNREGISTERED = ("source-unregistered", _N, True, "来源没有登记在 sources/ 里")
    HOST_UNREGISTERED = ("host-unregistered", _N, True, "来源登记的域名里没有网址所在的网站")
    SOURCE_SECONDARY = ("source-secondary", _N, True, "来源是转载，原发布单位的网站是知道的")
    SECTION_MISFIT = ("section-misfit", _W, True, "栏目与来源的层级不合")
    DATE_AFTER_ISSUE = ("date-after-issue", _W, True, "原文的日期在出刊日期之后")
    DATE_EARLY = ("date-early", _N, True, "原文发布得太早，不在本期收稿的时段内")
    DATE_ORDER = ("date-order", _W, True, "查阅日期在发布日期之前")
    DATE_UNLIKE_URL = ("date-unlike-url", _N, True, "发布日期与网址里的日期不同")
    DRAFT_AS_FINAL = ("draft-as-final", _W, True, "征求意见稿写成了发布、印发")
    DEADLINE_MISSING = ("deadline-missing", _N, True, "征求意见的稿件没有写截止日期")
    PRINTED_BEFORE = ("printed-before", _W, True, "最近八期里已经登过")
    # links
    URL_TRACKING = ("url-tracking", _N, True, "网址里有跟踪来路的参数")
    URL_MANGLED = ("url-mangled", _W, True, "网址像是被截断，或者多了标点")
    URL_IDENTIFIER = ("url-identifier", _N, True, "网址里的标识分段不合常规，可能混进了连字符")
    URL_SAMPLE = ("url-sample", _W, True, "网址是示例网站的")
    URL_INSECURE = ("url-insecure", _N, True, "这个网站可以用 https，网址却是 http")
    URL_LONG = ("url-long", _N, True, "网址太长，二维码印得很密")
    LINK_DEAD = ("link-dead", _W, True, "访问过：网页不存在，或者没有这个网站")
    LINK_MISSING = ("link-missing", _W, True, "访问过：打开的不是原文，是首页或“页面不存在”")
    LINK_UNVERIFIED = ("link-unverified", _N, True, "访问过：网站不答复程序，要在浏览器里核实")
    LINK_ELSEWHERE = ("link-elsewhere", _N, True, "访问过：网址转到了另一个网站")
    # evidence
    EVIDENCE_CHANGED = ("evidence-changed", _E, False, "存证的文件与当时记下的哈希不符，或者不在了")
    EVIDENCE_OTHER = ("evidence-other", _W, True, "存证的是另一个网址的网页")
    NAME_UNSUPPORTED = ("name-unsupported", _W, True, "标题里《》中的名称，存证的原文里没有")
    DATE_UNLIKE_ORIGINAL = ("date-unlike-original", _W, True, "发布日期与存证的网页写的不同")
    SOURCE_UNLIKE_ORIGINAL = ("source-unlike-original", _W, True, "来源与存证的网页写的不同")
    NUMBER_UNSUPPORTED = ("number-unsupported", _W, True, "数字在存证的原文里没有")
    REFERENCE_UNSUPPORTED = ("reference-unsupported", _W, True, "文号在存证的原文里没有")
    # ignoring
    IGNORE_UNKNOWN = ("ignore-unknown", _E, False, "ignore 里写的代号不存在，或者不允许忽略")
    IGNORE_UNUSED = ("ignore-unused", _W, False, "ignore 里写的代号没有对应的问题")
    # the press
    TEMPLATE_ERROR = ("template-error", _E, False, "模板有错误")
    GLYPH_MISSING = ("glyph-missing", _E, False, "没有字体能显示这个字")
    GLYPH_FALLBACK = ("glyph-fallback", _N, False, "常用字集里没有这个字，改用完整字库排印")
    FONT_FALLBACK = ("font-fallback", _W, False, "排版用到了主题以外的字体")
    PRESS_LOG = ("press-log", _W, False, "排版引擎有提示，版面可能与预期不符")
    # WeChat
    WECHAT_DOCUMENT = (
        "wechat-document",
        _E,
        False,
        "文章只是一段 HTML，不能有 DOCTYPE、html、head、body",
    )
    WECHAT_UNCLOSED = ("wechat-unclosed", _E, False, "标签没有结束，或者与别的标签交叉")
    WECHAT_END_STRAY = ("wechat-end-stray", _E, False, "结束标签没有开始标签")
    WECHAT_CUT_OFF = ("wechat-cut-off", _E, False, "文件在标签里中断")
    WECHAT_TEMPLATE = ("wechat-template", _E, False, "有没有填好的模板变量")
    WECHAT_EMPTY = ("wechat-empty", _E, False, "文章里没有文字，也没有图片")
    WECHAT_COMMENT = ("wechat-comment", _W, False, "注释会被删去，却占字数")
    WECHAT_SCRIPT = ("wechat-script", _E, False, "脚本会被删去")
    WECHAT_STYLE_SHEET = ("wechat-style-sheet", _E, False, "样式表会被删去")
    WECHAT_FORM = ("wechat-form", _E, False, "表单元素会被删去")
    WECHAT_EMBED = ("wechat-embed", _E, False, "嵌入的网页、音频、视频会被删去")
    WECHAT_DIV = ("wechat-div", _W, False, "div 会被改写，样式可能丢失")
    WECHAT_PRE = ("wechat-pre", _W, False, "pre 里的文字不换行，在手机上会被截断")
    WECHAT_TAG_UNKNOWN = ("wechat-tag-unknown", _W, False, "微信不认得的元素")
    WECHAT_EVENT = ("wechat-event", _E, False, "事件属性是脚本，会被删去")
    WECHAT_ID = ("wechat-id", _E, False, "id 会被删去")
    WECHAT_CLASS = ("wechat-class", _W, False, "class 没有样式表可用")
    WECHAT_ATTRIBUTE_REPEATED = (
        "wechat-attribute-repeated",
        _E,
        False,
        "同一个属性写了两次，后一个不起作用",
    )
    WECHAT_LINK_HOST = ("wechat-link-host", _E, False, "公众号不许链接到站外")
    WECHAT_LINK_ANCHOR = ("wechat-link-anchor", _E, False, "文章里不能跳转")
    WECHAT_LINK_SCHEME = ("wechat-link-scheme", _E, False, "不是网页的链接不起作用")
    WECHAT_LINK_RELATIVE = ("wechat-link-relative", _E, False, "相对的链接在文章里没有意义")
    WECHAT_LINK_EMPTY = ("wechat-link-empty", _W, False, "链接没有地址")
    WECHAT_UNBROKEN = ("wechat-unbroken", _W, False, "很长的网址不能换行，会超出手机屏幕")
    WECHAT_IMAGE_SOURCE = ("wechat-image-source", _E, False, "图片没有地址")
    WECHAT_IMAGE_LOCAL = ("wechat-image-local", _E, False, "图片只在这台电脑上")
    WECHAT_IMAGE_INLINE = ("wechat-image-inline", _E, False, "写在 HTML 里的图片会被删去")
    WECHAT_IMAGE_HOST = ("wechat-image-host", _E, False, "站外的图片会被过滤")
    WECHAT_IMAGE_KIND = ("wechat-image-kind", _E, False, "图片要用 PNG 或 JPEG")
    WECHAT_IMAGE_PROPORTION = ("wechat-image-proportion", _W, False, "图片没有写原来的宽度和高宽比")
    WECHAT_IMAGE_WIDTH = ("wechat-image-width", _W, False, "图片的宽度不随屏幕变化")
    WECHAT_IMAGE_ALT = ("wechat-image-alt", _W, False, "图片没有替代文字")
    WECHAT_IMAGE_TRANSPARENT = ("wechat-image-transparent", _E, False, "图片完全透明")
    WECHAT_BACKGROUND_HOST = ("wechat-background-host", _E, False, "背景图不在公众号里，会被删去")
    WECHAT_QR_BACKGROUND = ("wechat-qr-background", _E, False, "二维码不是 img，不能长按识别")
    WECHAT_QR_SMALL = ("wechat-qr-small", _W, False, "二维码太小，长按不易识别")
    WECHAT_QR_CLOSE = ("wechat-qr-close", _W, False, "两个二维码太近，长按时会认错")
    WECHAT_STYLE_BROKEN = ("wechat-style-broken", _W, False, "style 里有不是样式的文字")
    WECHAT_POSITION = ("wechat-position", _E, False, "position 会被删去")
    WECHAT_VARIABLE = ("wechat-variable", _E, False, "CSS 变量在文章里没有值")
    WECHAT_IMPORTANT = ("wechat-important", _W, False, "!important 会盖过深色模式")
    WECHAT_FONT_FAMILY = ("wechat-font-family", _W, False, "不要设字体")
    WECHAT_TEXT_ALIGN = (
        "wechat-text-align",
        _E,
        False,
        "text-align 的 start、end 在各种手机上对齐不一",
    )
    WECHAT_CARET = ("wechat-caret", _E, False, "光标是透明的")
    WECHAT_WIDTH_OVER = ("wechat-width-over", _E, False, "宽度超过文章最宽的时候")
    WECHAT_WIDTH_FIXED = ("wechat-width-fixed", _W, False, "固定的宽度在各种屏幕上所占的比例不同")
    WECHAT_COLUMN_FIXED = ("wechat-column-fixed", _W, False, "表格固定的列宽在手机上会溢出")
    WECHAT_MARGIN_OVER = ("wechat-margin-over", _E, False, "边距会把文字推出手机屏幕")
    WECHAT_HEIGHT_ZERO = ("wechat-height-zero", _E, False, "高度为零的文字在手机上看不见")
    WECHAT_HEIGHT_CUT = ("wechat-height-cut", _W, False, "固定的高度会截断文字")
    WECHAT_LINE_HEIGHT = ("wechat-line-height", _E, False, "行高小于字号，几行文字会叠在一起")
    WECHAT_NOWRAP = ("wechat-nowrap", _W, False, "不换行的文字会超出手机屏幕")
    WECHAT_NESTING = ("wechat-nesting", _E, False, "没有作用的嵌套太深，会被编辑器删去")
    WECHAT_BLOCK_IN_INLINE = ("wechat-block-in-inline", _E, False, "段落或行内的元素里有块级的元素")
    WECHAT_LEAF = ("wechat-leaf", _E, False, "span leaf 里有块级的元素")
    WECHAT_NODELEAF = ("wechat-nodeleaf", _E, False, "section nodeleaf 里有图片和组件以外的内容")
    WECHAT_NODES_EMPTY = ("wechat-nodes-empty", _W, False, "空的元素太多，会被编辑器删去")
    WECHAT_LIST = ("wechat-list", _W, False, "列表的项目符号会丢失或多出空行")
    WECHAT_LIST_NESTED = ("wechat-list-nested", _E, False, "列表里的列表保存后会变形")
    WECHAT_TABLE_UNWRAPPED = ("wechat-table-unwrapped", _W, False, "表格不能左右滑动，会被截断")
    WECHAT_TABLE_WIDE = ("wechat-table-wide", _W, False, "表格的列太多")
    WECHAT_ROW_BACKGROUND = ("wechat-row-background", _W, False, "表格行的背景会丢失")
    WECHAT_CELL_SIZE = ("wechat-cell-size", _W, False, "单元格不会继承表格的字号")
    WECHAT_CONTRAST = ("wechat-contrast", _W, False, "文字与背景的对比度太低")
    WECHAT_DARK_CONTRAST = ("wechat-dark-contrast", _W, False, "深色模式下文字看不清")
    WECHAT_DARK_FAINT = ("wechat-dark-faint", _W, False, "深色模式下文字难以辨识")
    WECHAT_GRADIENT = ("wechat-gradient", _W, False, "文字后面的渐变在深色模式下变成一种颜色")
    WECHAT_DARK_SKIPPED = ("wechat-dark-skipped", _W, False, "有元素在深色模式下不转换颜色")
    WECHAT_SVG_INK = ("wechat-svg-ink", _W, False, "SVG 里的深色在深色模式下看不见")
    WECHAT_SVG_REFERENCE = ("wechat-svg-reference", _E, False, "SVG 引用的 id 会被删去")
    WECHAT_SVG_TOUCH = ("wechat-svg-touch", _E, False, "SVG 动画在电脑上点不动")
    WECHAT_CHARACTERS = ("wechat-characters", _E, False, "字符超过接口的上限")
    WECHAT_BYTES = ("wechat-bytes", _E, False, "字节超过接口的上限")
    WECHAT_NEARLY_FULL = ("wechat-nearly-full", _W, False, "字符离接口的上限不到一成")
    # drafts for WeChat
    DRAFT_INVALID = ("draft-invalid", _E, False, "草稿清单 draft.json 读不懂，或者少了该有的键")
    DRAFT_TITLE_EMPTY = ("draft-title-empty", _E, False, "文章没有标题")
    DRAFT_TITLE_LONG = ("draft-title-long", _E, False, "标题超过接口的上限")
    DRAFT_AUTHOR_LONG = ("draft-author-long", _E, False, "作者超过接口的上限")
    DRAFT_DIGEST_LONG = ("draft-digest-long", _E, False, "摘要超过接口的上限")
    DRAFT_SOURCE_URL = ("draft-source-url", _E, False, "“阅读原文”的网址不可用，或者太长")
    DRAFT_ARTICLES_MANY = ("draft-articles-many", _E, False, "一份草稿里的文章超过接口的上限")
    DRAFT_FILE_MISSING = ("draft-file-missing", _E, False, "草稿清单里写的文件不存在")
    DRAFT_COVER = ("draft-cover", _E, False, "文章没有封面，或者封面不在图片清单里")
    DRAFT_CROP = ("draft-crop", _E, False, "封面的裁切不是从 0 到 1 的四个数")
    DRAFT_IMAGE_SIZE = ("draft-image-size", _E, False, "图片超过接口的上限")
    DRAFT_COUNT = ("draft-count", _E, False, "草稿清单里的数目与文件不符")
    # the official checker
    WECHAT_OUTSIDE = ("wechat-outside", _W, False, "微信的检测工具报告的问题")

    def __init__(self, slug: str, severity: Severity, ignorable: bool, explanation: str) -> None:  # noqa: FBT001  (an Enum's members pass their values by position)
        self.slug = slug
        self.severity = severity
        self.ignorable = ignorable
        self.explanation = explanation

    @property
    def may_be_ignored(self) -> bool:
        """Whether an item's ``ignore`` may name it: what does not stop the press always may."""
        return self.ignorable or self.severity is not Severity.ERROR


#: Codes by the name that editors see and type.
CODES = {code.slug: code for code in Code}


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement that would mend a problem."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem at one place; ``path`` is relative to the workspace, with slashes."""

    code: Code
    path: str
    span: Span
    message: str
    hint: str | None = None
    fix: Edit | None = None

    @property
    def severity(self) -> Severity:
        """Severity from the catalogue."""
        return self.code.severity


def has_errors(diagnostics: tuple[Diagnostic, ...]) -> bool:
    """Whether anything forbids printing."""
    return any(item.severity is Severity.ERROR for item in diagnostics)


def sort_key(item: Diagnostic) -> tuple[str, int, int, str]:
    """Order of reports: by file, then position."""
    return item.path, item.span.line, item.span.column, item.code.slug
