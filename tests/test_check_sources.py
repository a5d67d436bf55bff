"""Sources against websites: ``cases/hosts`` are pairs that are one body's, and that are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from workspaces import ITEM, diagnose, item_text

HOSTS = Path(__file__).parent / "cases" / "hosts"
REGISTRY = Path(__file__).parent.parent / "sources"
#: The sections that the repository's registry names.
PUBLICATION = """\
[publication]
name = "简报"
sections = ["国策要论", "地方新政", "产业前沿", "数谷动态"]
"""


def pairs(name: str) -> list[tuple[str, str]]:
    """Source and host of each line."""
    lines = (HOSTS / name).read_text("utf-8").splitlines()
    return [(source, host) for source, _, host in (line.partition(" | ") for line in lines[1:])]


def codes(folder: Path, source: str, host: str, registry: dict[str, str]) -> set[str]:
    """What checking an item of ``source`` over ``host`` finds."""
    item = item_text(source=source, url=f"https://{host}/1.html", section="产业前沿")
    found = diagnose(folder, {"jianbao.toml": PUBLICATION, ITEM: item, **registry})
    return {d.code.slug for d in found}


@pytest.fixture(params=["registered", "unregistered"])
def registry(request: pytest.FixtureRequest) -> dict[str, str]:
    """The repository's registry, and none."""
    files = REGISTRY.glob("*.toml") if request.param == "registered" else ()
    return {f"sources/{file.name}": file.read_text("utf-8") for file in files}


@pytest.mark.parametrize(("source", "host"), pairs("own.txt"))
def test_nothing_is_asked_of(
    source: str, host: str, registry: dict[str, str], tmp_path: Path
) -> None:
    assert codes(tmp_path, source, host, registry).isdisjoint({"source-host", "section-misfit"})


@pytest.mark.parametrize(("source", "host"), pairs("others.txt"))
def test_it_is_asked_whose(source: str, host: str, tmp_path: Path) -> None:
    assert "source-host" in codes(tmp_path, source, host, {})


def test_what_the_registry_lists_is_answered(tmp_path: Path) -> None:
    files = {f"sources/{file.name}": file.read_text("utf-8") for file in REGISTRY.glob("*.toml")}

    assert codes(tmp_path, "江苏省数据局", "www.nda.gov.cn", files) == set()
