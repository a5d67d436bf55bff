"""What is wrong with the content, as data: where, how bad, what to type.

A content problem is never an exception. Each has a code from one catalogue;
``docs/diagnostics.md`` is written from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum


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
    IMAGE_MISSING = ("image-missing", _E, False, "找不到图片文件")
    IMAGE_OUTSIDE = ("image-outside", _E, False, "图片要放在工作区里，用相对路径引用")
    IMAGE_INVALID = (
        "image-invalid",
        _E,
        False,
        "文件不是可用的图片（PNG、JPEG、WebP、GIF 或 SVG）",
    )
    # copy
    LATIN_WORD = ("latin-word", _W, True, "汉字之间夹着英文虚词")
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

    def __init__(self, slug: str, severity: Severity, ignorable: bool, explanation: str) -> None:  # noqa: FBT001  (an Enum's members pass their values by position)
        self.slug = slug
        self.severity = severity
        self.ignorable = ignorable
        self.explanation = explanation


#: Codes by the name that editors see and type.
CODES = {code.slug: code for code in Code}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text file: 1-based, columns in characters, the end exclusive."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    @classmethod
    def on_line(cls, line: int, column: int, length: int) -> Span:
        """Span of ``length`` characters on one line."""
        return cls(line, column, line, column + length)


#: Where a problem of a file as a whole is shown.
START = Span()


def span_at(text: str, index: int, length: int, first_line: int = 1) -> Span:
    """Span of ``length`` characters from ``index`` on, which may run over line ends."""
    head = text[:index]
    line = head.count("\n")
    column = index - (head.rfind("\n") + 1) + 1
    stretch = text[index : index + length]
    more = stretch.count("\n")
    end_column = len(stretch) - stretch.rfind("\n") if more else column + len(stretch)
    return Span(line + first_line, column, line + more + first_line, end_column)


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
