"""三审三校: which signatures still stand over the content as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic
from jianbao.reviews import Stage, StageReview
from jianbao.spans import START

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Context
    from jianbao.model import Issue
    from jianbao.reviews import Signature

#: Paths that a message names; the rest is counted.
_NAMED = 3


def reviews(issue: Issue) -> tuple[StageReview, ...]:
    """How far each stage has come, in their order."""
    return tuple(_review(issue, stage) for stage in Stage)


def _review(issue: Issue, stage: Stage) -> StageReview:
    last = _last(issue, stage)
    digests = issue.record.digests
    standing = {path: s for path, s in last.items() if s.digests[path] == digests.get(path)}
    return StageReview(
        stage=stage,
        signatures=tuple({id(s): s for s in standing.values()}.values()),
        changed=tuple(path for path in digests if path in last and path not in standing),
        unread=tuple(path for path in digests if path not in last),
    )


def _last(issue: Issue, stage: Stage) -> dict[str, Signature]:
    """By file, the last signature of ``stage`` over it, which takes the place of earlier ones."""
    return {
        path: signature
        for signature in issue.record.signatures
        if signature.stage is stage
        for path in signature.digests
    }


def void_signatures(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """Files that were edited after somebody had signed them."""
    signed: dict[str, list[Signature]] = {}
    for review in reviews(issue):
        last = _last(issue, review.stage)
        for path in review.changed:
            signed.setdefault(path, []).append(last[path])
    for path, signatures in signed.items():
        who = "、".join(f"{s.stage}（{s.by}，{s.at.date().isoformat()}）" for s in signatures)
        message = f"{who}之后又改过，签字作废"
        hint = f"请他们再看，再签：jianbao sign {issue.id} --stage {signatures[0].stage} --by 姓名"
        yield Diagnostic(Code.SIGNATURE_VOID, path, START, message, hint)


def missing_signatures(issue: Issue) -> Iterator[Diagnostic]:
    """What `[check] require_signatures` asks for and is not there."""
    for review in reviews(issue):
        if review.complete or review.stage not in issue.settings.require_signatures:
            continue
        lacking = (*review.changed, *review.unread)
        message = f"没有{review.stage}签字：{_shown(lacking)}"
        hint = f"看过之后运行 jianbao sign {issue.id} --stage {review.stage} --by 姓名"
        yield Diagnostic(Code.SIGNATURE_MISSING, issue.path, START, message, hint)


def _shown(paths: tuple[str, ...]) -> str:
    names = "、".join(path.rpartition("/")[2] for path in paths[:_NAMED])
    return names if len(paths) <= _NAMED else f"{names} 等 {len(paths)} 个文件"
