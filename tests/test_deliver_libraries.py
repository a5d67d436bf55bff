"""The libraries that delivery cannot do without."""

from __future__ import annotations

import re
import sys
import tomllib

import pytest
from workspaces import ROOT

from jianbao.deliver.libraries import LIBRARIES, need_delivery_libraries
from jianbao.errors import MachineProblem


def test_all_packages_of_the_extra_are_looked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extra = project["optional-dependencies"]["delivery"]

    named = {re.split(r"[\[>=]", requirement)[0] for requirement in extra}

    assert set(LIBRARIES.values()) == named


@pytest.mark.parametrize(
    ("module", "package"), [("pikepdf", "pikepdf"), ("flufl", "flufl-bounce"), ("dns", "dnspython")]
)
def test_what_is_missing_is_named_with_what_to_type(
    module: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for loaded in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setattr(sys, "meta_path", [_Without(module), *sys.meta_path])

    with pytest.raises(MachineProblem) as problem:
        need_delivery_libraries()

    assert problem.value.message == f"订户和发送要用 {package}，这台机器上没有"
    assert problem.value.hint == 'pip install "jianbao[delivery]"'


class _Without:
    """A machine on which a package is not installed."""

    def __init__(self, module: str) -> None:
        self._module = module

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name.split(".", maxsplit=1)[0] == self._module:
            raise ModuleNotFoundError(name)
