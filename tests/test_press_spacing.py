"""Marks that `space_text` puts into the HTML of a stretch of text."""

from __future__ import annotations

import pytest

from jianbao.press.spacing import Neighbours, space_text


@pytest.mark.parametrize(
    ("text", "before", "after", "html"),
    [
        ("到2025年", "", "", "到2025年"),
        # The invisible separator stands for a Han character of another style.
        ("到", "", "2025", "到"),
        ("2025", "到", "年", "\u20632025\u2063"),
        ("5", "到", "年", "\u20635\u2063"),
        ("2025", "", " 年", "2025"),
        ("到", "", " 2025", "到"),
        ("形成。", "", "“新", '形成<span class="squeeze">。</span>'),
        ("形成。", "", "（来源", '形成<span class="squeeze">。</span>'),
        ("“形成”。", "", "（来源", '“形成<span class="squeeze">”。</span>'),
        ("“《新", "（", "", '<span class="squeeze">“《</span>新'),
        ("“新", "《", "", '<span class="squeeze">“</span>新'),
        ("“新", "。", "", "“新"),
        ("形成。", "", "新", "形成。"),
        ("形成。", "", "\ufffc", "形成。"),
        ("集群—数据中心", "", "", '集<span class="hold">群—</span>数据中心'),
        ("A—数据", "新", "", '<span class="hold">\u2063A—</span>数据'),
        ("新A—数据", "", "", '新<span class="hold">\u2063A—</span>数据'),
        ("A新—数据", "", "", 'A\u2063<span class="hold">新—</span>数据'),
        (
            "《新》）—数据",
            "",
            "",
            '《新<span class="squeeze">》</span><span class="hold">）—</span>数据',
        ),
        ("破折号——不连", "", "", "破折号——不连"),
        ("Don’t", "", "", 'Don<span class="apostrophe">’</span>t'),
        ("’t", "Don", "", '<span class="apostrophe">’</span>t'),
        ("a<b>&", "", "", "a&lt;b&gt;&amp;"),
    ],
)
def test_marks_stand_where_the_line_cannot_tell(
    text: str, before: str, after: str, html: str
) -> None:
    assert space_text(text, Neighbours(before, after)) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("数据要素。", "数据要&#x2060;素。"),
        ("数据要素。”）", "数据要&#x2060;素。”）"),
        ("共16个", "共16个"),
        ("素", "素"),
        ("到3要素", "到3要&#x2060;素"),
    ],
)
def test_the_last_two_characters_of_a_paragraph_hold_together(text: str, html: str) -> None:
    assert space_text(text, Neighbours(ends=True)) == html
