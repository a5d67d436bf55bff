"""Who may not take a PDF of some size."""

from __future__ import annotations

import pytest

from jianbao.deliver.letters.size_limits import size_warning


@pytest.mark.parametrize(
    ("megabytes", "whose"),
    [
        (25, ""),
        (26, "Microsoft 365（25 MB）"),
        (51, "Microsoft 365（25 MB）、QQ 邮箱（50 MB）、网易邮箱（50 MB）、腾讯企业邮箱（50 MB）"),
    ],
)
def test_a_large_pdf_is_warned_of_with_who_may_not_take_it(megabytes: int, whose: str) -> None:
    said = size_warning(megabytes * 1_000_000)

    told = f'PDF 有 {megabytes}.0 MB，{whose}可能不收；可以改成 attach = "link"'
    assert said == (told if whose else "")
