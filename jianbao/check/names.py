"""Names of bodies, laws and terms against the names ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import HOUSE, issue_rule
from jianbao.check.stretches import char_before, lies_in, sentence_at
from jianbao.cjk import ONE_HAN
from jianbao.diagnostics import Code
from jianbao.patterns import pattern
from jianbao.records import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jianbao.check.rule import Context
    from jianbao.model import Issue
    from jianbao.records import Name

#: 泰国 before 国家旅游局 makes it another's; words that join two names do not.
_APART = pattern(f"{ONE_HAN}|[A-Za-z0-9]")
_JOINING = "和与及或由经向对被把将同在是为至原日前"
#: 监察部门 and 文化部分 are no ministries.
_LONGER = pattern("[门分署队件位落级]")
#: A wrong form as short as this may be the end of another's name.
_SHORT_FORM = 4
#: Words by which a text tells of what was, and of what is to be.
_PAST = pattern(
    "原(?![则文因创有料来点理])|时任|曾|前身|当时|撤销|并入|组建|改名|更名|改为|改称|重组|不再保留|划入|"
    "整合|合并|转隶|成立|设立|历史|废止"
)
_TO_COME = pattern("将|拟|筹|组建|成立|设立|揭牌")
_YEAR = pattern(r"(?<![0-9])((?:19|20)[0-9]{2})年")


@issue_rule(
    Code.NAME_WRONG,
    clause=HOUSE,
    bad="国家大数据局公布名单。",
    good="国家数据局公布名单，贵州省大数据局转发。",
)
def wrong(issue: Issue, context: Context) -> Iterator[tuple[Prose, Finding]]:
    """A form that the ledger bans."""
    for form, name, prose, start in _uses(issue, context, issue.names, right=False):
        meant = name.short[0] if name.kind is NameKind.LAW and name.short else name.preferred
        hint = f"改为“{meant}”" + (f"（{name.note}）" if name.note else "")
        message = f"“{form}”应为“{meant}”"
        is_certain = sum(form in other.wrong for other in issue.names) == 1
        replacement = meant if is_certain else None
        yield prose, Finding(start, start + len(form), message, hint, replacement)


@issue_rule(
    Code.NAME_OUT_OF_DATE,
    clause=HOUSE,
    bad="国土资源部近日印发通知。",
    good="自然资源部近日印发通知，原国土资源部2016年的通知废止。各级监察部门参加。",
)
def out_of_date(issue: Issue, context: Context) -> Iterator[tuple[Prose, Finding]]:
    """A name that was not in use on the issue's day, where the text does not speak of the past."""
    if issue.head is None:
        return
    day = issue.head.date
    past = [name for name in issue.names if name.until and name.until < day]
    future = [
        name
        for name in issue.names
        if name.since and name.since > day and name.kind is NameKind.BODY
    ]
    for form, name, prose, start in _uses(issue, context, [*past, *future], right=True):
        sentence = sentence_at(prose.text, start)
        if name in future:
            if _TO_COME.search(sentence):
                continue
            message, hint = f"“{form}”{name.since}才有", "核对机构名称和日期"
        else:
            if _tells_history(sentence, name):
                continue
            message = f"“{form}”用到 {name.until} 为止"
            hint = f"现为“{name.successor}”" if name.successor else "核对现在的名称"
        yield prose, Finding(start, start + len(form), message, f"{hint}；说的是过去，前面加“原”")


def _tells_history(sentence: str, name: Name) -> bool:
    """Whether there is a word of the past, or a year in which the name was right."""
    until = name.until.year if name.until else 0
    years = (int(found[1]) for found in _YEAR.finditer(sentence))
    return bool(_PAST.search(sentence)) or any(year <= until for year in years)


def _uses(
    issue: Issue, context: Context, names: Sequence[Name], *, right: bool
) -> Iterator[tuple[str, Name, Prose, int]]:
    """Each place where a form of ``names`` stands for itself, not within a longer name."""
    proses = [prose for manuscript in context.manuscripts for prose in manuscript.proses]
    # A form is looked for once in the whole issue; only the few that are there, in each text.
    forms = [
        (form, name)
        for name in names
        for form in (name.right if right else name.wrong)
        if form in context.text
    ]
    if not forms:
        return
    there = [other for name in issue.names for other in name.right if other in context.text]
    longer = {
        form: [other for other in there if form in other and form != other] for form, _ in forms
    }
    for prose in proses:
        for form, name in forms:
            covered = [span for other in longer[form] for span in _find(other, prose.text)]
            for start, end in _find(form, prose.text):
                apart = right or len(form) <= _SHORT_FORM
                stands = _stands_alone(prose, start, end, name.kind, apart=apart)
                if stands and not lies_in(tuple(covered), start, end):
                    yield form, name, prose, start


def _find(form: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(form)
    while start >= 0:
        yield start, start + len(form)
        start = text.find(form, start + len(form))


def _stands_alone(prose: Prose, start: int, end: int, kind: NameKind, *, apart: bool) -> bool:
    """Whether the stretch is a name by itself; ``apart`` asks for no word right before it."""
    text = prose.text
    before, behind = char_before(text, start), text[end : end + 1]
    if kind is NameKind.LAW:
        return before in {"《", "国"} and behind == "》"
    if prose.in_quoted_title(start, end):
        return False
    if text[start].isascii():
        return not any(char.isascii() and char.isalnum() for char in before + behind)
    if text[end - 1] == "部" and _LONGER.match(behind):
        return False
    return not apart or before in _JOINING or not _APART.match(before)
