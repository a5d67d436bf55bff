"""A whole week, from the lists of the sources to the printed issue."""

from __future__ import annotations

import json
import socket
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from fakes.site import CONFIGURATION_TEXT, OFFICES, all_pages, news_of, registry_files
from web_server import serve
from workspaces import TODAY, write_files

from jianbao.pipeline import check
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

    Jianbao = Callable[..., Ran]

pytestmark = pytest.mark.usefixtures("loopback")

DOMAIN = "hecheng.cn"
HOSTS = [f"{office.stem}.{DOMAIN}" for office in OFFICES]
ISSUE_TEXT = "number = 4\ntotal = 217\ndate = 2025-02-10\n"
#: What is taken: of TRS, of a static list, of jcms, of a feed, and of a list in GBK.
TAKEN = {
    "完善数据流通安全治理方案公布": ("国策要论", "合成发展改革委", "2025-02-07"),
    "公共数据资源登记平台上线试运行": ("国策要论", "合成数据局", "2025-02-05"),
    "数据条例草案提请一审": ("地方新政", "合成省人大", "2025-02-06"),
    "数据要素流通观察报告发布": ("产业前沿", "合成研究院", "2025-02-06"),
    "首批城市可信数据空间项目签约": ("数谷动态", "合成市大数据局", "2025-02-08"),
}
WECHAT = ("可信数据空间的三条路", "产业前沿", "合成论坛", "2025-02-07")
WECHAT_URL = "https://mp.weixin.qq.com/s?__biz=a&mid=1&idx=1&sn=b"
WECHAT_TEXT = (
    "可信数据空间怎样建，各地各有做法。本文比较了企业自建、行业共建和城市统建三条路，认为要从"
    "场景出发，先有供需双方，再有平台和规则，不能为建而建。"
)
#: 合成样例: an article of an official account, as a browser saves it.
WECHAT_PAGE = (
    f"<!-- 合成样例 --><html><head><title>{WECHAT[0]}</title>"
    f'<meta property="og:title" content="{WECHAT[0]}"></head><body>'
    f'<h1 id="activity-name">{WECHAT[0]}</h1><span id="js_name">{WECHAT[2]}</span>'
    f'<div id="js_content"><p>{WECHAT_TEXT}</p></div>'
    "<script>var ct='1738890000';</script></body></html>"
)


@pytest.fixture(autouse=True)
def _names_lead_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that knows the made-up offices: each has a name of its own."""

    def look_up(name: str, port: int, *_arguments: object, **_options: object) -> list[object]:
        assert name.endswith(f".{DOMAIN}"), name
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def desk(folder: Path, port: int) -> Path:
    """A workspace without an item, whose sources are on this machine, at ``port``."""
    files = {"jianbao.toml": CONFIGURATION_TEXT.replace('["127.0.0.1"]', str(HOSTS))}
    for office in OFFICES:
        files |= registry_files(f"http://{office.stem}.{DOMAIN}:{port}", (office,))
    return write_files(
        folder, {**files, "issues/2025-04/issue.toml": ISSUE_TEXT, "saved.html": WECHAT_PAGE}
    )


def test_a_week_from_the_lists_to_the_printed_issue(jianbao: Jianbao, tmp_path: Path) -> None:
    with serve(all_pages()) as site:
        desk(tmp_path, urlsplit(site.address).port or 0)
        fetched = jianbao(tmp_path, "fetch", "--quiet")
        numbers = {one["title"]: one["number"] for one in listed(jianbao, tmp_path)}
        chosen = [str(numbers[title]) for title in TAKEN]
        taken = jianbao(tmp_path, "inbox", "take", *chosen)
        drafted = [jianbao(tmp_path, "draft", one, "--issue", "2025-04") for one in chosen]
    imported = jianbao(
        *(tmp_path, "import", "saved.html", "--issue", "2025-04"),
        *("--url", WECHAT_URL, "--section", WECHAT[1]),
    )
    checked = jianbao(tmp_path, "check", "2025-04")
    built = jianbao(tmp_path, "build", "2025-04", "--quiet")

    assert set(numbers) == {one.title for one in news_of()}
    ran = (fetched, taken, *drafted, imported, checked, built)
    assert [one.code for one in ran] == [0] * len(ran), ran
    assert items(tmp_path) == {(title, *rest) for title, rest in TAKEN.items()} | {WECHAT}
    text = printed(tmp_path)
    assert not [wanted for wanted in to_be_printed() if wanted not in text]
    states = {one["title"]: one["state"] for one in listed(jianbao, tmp_path)}
    assert {title for title, state in states.items() if state == "used"} == set(TAKEN)


def listed(jianbao: Jianbao, folder: Path) -> list[dict[str, Any]]:
    """Every candidate."""
    every = ("--since", "all", "--state", "all", "--limit", "0", "--format", "json")
    found: list[dict[str, Any]] = json.loads(jianbao(folder, "inbox", *every).out)
    return found


def items(folder: Path) -> set[tuple[str, str, str, str]]:
    """Title, section, source and day of each article that goes to print."""
    issue = check(Workspace(folder), folder / "issues/2025-04", TODAY).issue
    assert issue is not None
    return {
        (one.title, one.section, one.attribution.source, str(one.attribution.published))
        for one in issue.articles
    }


def printed(folder: Path) -> str:
    """The text of the printed issue, without the breaks of its lines."""
    (pdf,) = (folder / "output/2025-04").glob("*.pdf")
    ran = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True)
    return "".join(ran.stdout.split())


def to_be_printed() -> set[str]:
    """Of each item the title, the source and a sentence of the body."""
    deeds = {f"{source}近日作出部署" for title, (_, source, _) in TAKEN.items()}
    bodies = {f"“{title}”将分步实施" for title in TAKEN}
    return {*TAKEN, *deeds, *bodies, WECHAT[0], WECHAT[2], WECHAT_TEXT}
