"""The built wheel, installed where there is no repository, makes a PDF."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from jianbao import __version__

_REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that has the wheel, and an empty folder to work in."""

    python: Path
    packages: Path
    folder: Path

    def run(self, *arguments: str) -> str:
        """Output of this environment's Python, which must succeed, in the empty folder."""
        hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
        surroundings = {k: v for k, v in os.environ.items() if k not in hidden}
        command = [str(self.python), *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=surroundings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def jianbao(self, *arguments: str) -> str:
        """Output of ``jianbao ARGUMENTS``."""
        return self.run("-m", "jianbao", *arguments)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=_REPOSITORY, capture_output=True, check=True)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """An environment with the wheel; its dependencies are those of this one."""
    root = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "venv", "--without-pip", str(root / "env")]
    subprocess.run(command, check=True)
    (packages,) = (root / "env").glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # A path in a .pth is searched, but the .pth files there, one of them our own
    # editable installation, are not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    (root / "empty").mkdir()
    return Installed(root / "env/bin/python", packages, root / "empty")


def test_the_wheel_holds_the_package_and_its_data_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    package = _REPOSITORY / "jianbao"
    files = {
        f"jianbao/{file.relative_to(package).as_posix()}"
        for file in package.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert {name for name in names if ".dist-info/" not in name} == files
    assert wheel.name == f"jianbao-{__version__}-py3-none-any.whl"


def test_the_licence_goes_with_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert f"jianbao-{__version__}.dist-info/licenses/LICENSE" in archive.namelist()


def test_the_package_that_runs_is_the_installed_one(installed: Installed) -> None:
    shown = installed.run("-c", "import jianbao; print(jianbao.__file__)")

    assert Path(shown.strip()).is_relative_to(installed.packages)
    assert installed.jianbao("--version") == f"jianbao {__version__}\n"


def test_an_empty_folder_becomes_a_printed_issue(installed: Installed) -> None:
    installed.jianbao("init", "刊物", "--name", "某某简报")
    inside = Installed(installed.python, installed.packages, installed.folder / "刊物")
    inside.jianbao("new", "--date", "2025-02-10")
    inside.jianbao("check", "2025-01")
    inside.jianbao("build", "2025-01")

    pdf = inside.folder / "output/2025-01/某某简报-2025年第1期-总第1期.pdf"
    shown = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    information = dict(line.split(":", 1) for line in shown.splitlines())
    assert information["Title"].strip() == "某某简报 2025年第1期（总第1期）"
    assert information["Tagged"].strip() == "yes"
    assert int(information["Pages"]) >= 5
