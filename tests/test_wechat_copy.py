"""copy.html in a real browser: what its button puts on the clipboard, and what a phone shows."""

from __future__ import annotations

import base64
import html
import re
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from chromium import CHROMIUM, browser
from PIL import Image
from workspaces import ROOT, TODAY, item_text, make_workspace

from jianbao import pipeline
from jianbao.settings import Packing
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chromium import Browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt install chromium")

#: What WeChat shows of an article at once on a phone 844 pixels high, in pixels.
SCREEN = 750

_READ = """navigator.clipboard.read().then(async ([one]) => ({
  html: await (await one.getType('text/html')).text(),
  text: await (await one.getType('text/plain')).text(),
}))"""

_SAID = """new Promise(resolve => setInterval(() => {
  const said = document.querySelector('.said').textContent;
  if (said) resolve(said);
}, 20))"""


_BOXES = """[...document.images].map(i => i.getBoundingClientRect())
  .map(b => [b.left, b.top, b.right, b.bottom])"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("copy")
    workspace, issue = find_issue(str(ROOT / "issues" / "2025-04"), Path.cwd())
    checked = pipeline.check(workspace, issue, TODAY)
    press = pipeline.Press(output=output, editions=("wechat",), packing=Packing.SINGLE)
    assert pipeline.build(checked, workspace, issue, press).folder is not None
    return output / "2025-04" / "wechat"


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        allowed = ["clipboardReadWrite", "clipboardSanitizedWrite"]
        opened.ask("Browser.grantPermissions", permissions=allowed)
        yield opened


def _show_on_a_phone(folder: Path, fragment: str, chromium: Browser) -> None:
    phone = folder / "phone.html"
    page = f'<!doctype html><meta charset="utf-8"><body style="margin:16px">{fragment}'
    phone.write_text(page, "utf-8")
    chromium.open(phone, 375, 2)


def _text(fragment: str) -> str:
    return re.sub(r"<[^>]*>|\s", "", fragment)


@pytest.mark.parametrize("api", [True, False], ids=["clipboard-api", "copy-event"])
def test_the_button_copies_the_article_with_its_pictures(
    folder: Path, chromium: Browser, *, api: bool
) -> None:
    chromium.open(folder / "copy.html", 1000, 1)
    chromium.ask("Page.bringToFront")
    if not api:
        chromium.run("delete window.ClipboardItem")
    chromium.run("document.querySelector('.copy').click()")
    assert chromium.run(_SAID) == "已复制，可以粘贴了"
    copied = chromium.run(_READ)
    fragment = (folder / "01-issue.html").read_text("utf-8")
    assert _text(copied["html"]) == _text(fragment)
    assert re.sub(r"\s", "", copied["text"]) == html.unescape(_text(fragment))
    sent = [base64.b64decode(one) for one in re.findall(r"base64,([^\"]+)", copied["html"])]
    names = re.findall(r'src="(images/[^"]*)"', fragment)
    assert sent == [(folder / name).read_bytes() for name in names]


def test_every_code_is_read_off_the_screen_of_a_phone(folder: Path, chromium: Browser) -> None:
    fragment = (folder / "01-issue.html").read_text("utf-8")
    _show_on_a_phone(folder, fragment, chromium)
    width = chromium.run("document.documentElement.scrollWidth")
    boxes = chromium.run(_BOXES)
    picture = Image.open(BytesIO(chromium.picture()))
    codes = [zxingcpp.read_barcodes(picture.crop([2 * e for e in box])) for box in boxes]
    printed = re.findall(r"(https?://[^<]*)</p>", fragment.rpartition("原文链接")[2])
    assert width == 375
    assert [found[0].text for found in codes] == [url.replace("&amp;", "&") for url in printed]


def test_no_two_codes_share_a_screen_however_short_the_items(
    tmp_path: Path, chromium: Browser
) -> None:
    bodies = ["正文。\n", "1. 甲\n2. 乙\n\n> 丙\n", f"{'正文。' * 60}\n", "| 甲 |\n| - |\n| 乙 |\n"]
    files = {
        f"issues/2025-04/{number:02}-a.md": item_text(
            body, title=f"第{number}条", url=f"https://www.nda.gov.cn/{number}.html"
        )
        for number, body in enumerate(bodies, start=1)
    }
    workspace, issue = find_issue(
        str(make_workspace(tmp_path, files) / "issues" / "2025-04"), Path.cwd()
    )
    checked = pipeline.check(workspace, issue, TODAY)
    press = pipeline.Press(output=tmp_path / "output", editions=("wechat",))
    built = pipeline.build(checked, workspace, issue, press)
    assert built.folder is not None, built.diagnostics
    made = built.folder / "wechat"
    fragment = (made / "02-section-1.html").read_text("utf-8")
    _show_on_a_phone(made, fragment, chromium)
    boxes = chromium.run(_BOXES)
    heights = [below[3] - above[1] for above, below in pairwise(boxes)]
    assert len(boxes) == len(bodies)
    assert [height for height in heights if height < SCREEN] == []
