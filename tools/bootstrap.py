"""Set up all that 简报 needs on this machine: the one owner of set-up.

    python3 tools/bootstrap.py           do what is still to be done
    python3 tools/bootstrap.py --tests   that, and what only tests need
    python3 tools/bootstrap.py --check   only say whether everything is ready

Standard library only, since it runs before anything is installed. ``.venv/.ready``
notes what was done and from which files, so a second run costs next to nothing.
Exit codes: 0 ready, 2 wrong usage, 3 the machine lacks something.
"""

from __future__ import annotations

import argparse
import ctypes.util
import hashlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
READY = VENV / ".ready"

OLDEST_PYTHON = (3, 11)
LACKING = 3  # exit code: the machine lacks something
INTERRUPTED = 130
LOCK_SECONDS = 300  # how long another apt-get is waited for

#: What each step is done from; it is done again when that changes.
SOURCES = {
    "lock": ROOT / "requirements.txt",
    "project": ROOT / "pyproject.toml",
    "machine": ROOT / "tools" / "apt-packages.txt",
}

#: Servers and a browser that tests start; without them those tests are skipped, all else works.
FOR_TESTS = ROOT / "tools" / "apt-packages-tests.txt"

#: With the machine's own configuration of pip. The lock is whole, so nothing is resolved.
PIP_INSTALL = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")

#: WeasyPrint takes these; without the last it still works, but 16 times slower.
LIBRARIES = ("pango-1.0", "pangoft2-1.0", "fontconfig", "harfbuzz", "harfbuzz-subset")

#: Where WeasyPrint looks when WEASYPRINT_DLL_DIRECTORIES says nothing.
WINDOWS_FOLDERS = r"C:\msys64\ucrt64\bin;C:\msys64\mingw64\bin"

#: What to type where there is no apt-get, by sys.platform.
MENDING = {
    "darwin": "请运行 brew install pango fontconfig && brew install --cask"
    " font-noto-serif-cjk-sc font-noto-sans-cjk-sc",
    "win32": "请在 MSYS2 UCRT64 里运行 pacman -S mingw-w64-ucrt-x86_64-pango，再装 Noto CJK 字体；"
    "MSYS2 不在 C 盘根目录时，用 WEASYPRINT_DLL_DIRECTORIES 写明它的 bin 文件夹",
    "linux": "请用本系统的软件包管理器，装上它们和 Noto CJK 字体，例如 dnf install pango harfbuzz"
    " fontconfig google-noto-serif-cjk-fonts google-noto-sans-cjk-fonts",
}


class MachineProblem(Exception):
    """The machine lacks something; ``hint`` says what to type."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def set_up() -> None:
    """Do the steps that are not done."""
    if not is_done("place", "lock"):
        make_environment()
        install_lock()
        note("place", "lock")
    if not is_done("project"):
        install_project()
        note("project")
    # Asked each time: packages come and go without a change in this folder.
    missing = lacking()
    if missing:
        install_system(missing)
    if missing or not is_done("machine"):
        make_fonts()
        note("machine")


def make_environment() -> None:
    """A fresh ``.venv``: nothing of an older lock or another folder stays in it."""
    if importlib.util.find_spec("ensurepip") is None:  # Debian has it in a package of its own
        install_system(["python{}.{}-venv".format(*sys.version_info)])
        importlib.invalidate_caches()
    say("建立 Python 环境 .venv")
    try:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        hint = "退出正在使用它的程序，看看磁盘空间和权限，再试一次"
        raise MachineProblem(f"不能建立 {VENV}：{error}", hint) from error


def install_lock() -> None:
    """The packages of requirements.txt, each with a hash that it names."""
    say("安装依赖，约半分钟")
    problem = MachineProblem("依赖没有装好，原因见上面 pip 的话", "检查网络和 pip 的设置，再试一次")
    run(problem, *PIP_INSTALL, "--require-hashes", "-r", str(SOURCES["lock"]))


def install_project() -> None:
    """This folder as a package, and proof that the lock has all that it asks for."""
    say("安装 jianbao")
    problem = MachineProblem("jianbao 没有装好，原因见上面 pip 的话")
    run(problem, *PIP_INSTALL, "--no-build-isolation", "-e", str(ROOT))
    # pip compiles what it copies, which an editable package is not; and where bytecode may not
    # be written later, each command would compile two hundred modules again.
    run(problem, "-m", "compileall", "-q", str(ROOT / "jianbao"))
    problem = MachineProblem("requirements.txt 与 pyproject.toml 不一致", "请运行 make lock")
    run(problem, "-m", "pip", "check")


def make_fonts() -> None:
    """The font working set: once a machine; the command itself knows whether it is there."""
    say("准备字体")
    run(MachineProblem("字体没有准备好"), "-m", "jianbao", "fonts")


def run(problem: MachineProblem, *words: str) -> None:
    """Run the environment's Python in the repository; raise ``problem`` when it fails."""
    if subprocess.run([str(VENV_PYTHON), *words], cwd=ROOT, check=False).returncode:
        raise problem


def say(text: str) -> None:
    """One line of progress, ahead of what the step itself prints."""
    print(f"== {text}…", flush=True)


def wanted_state(*steps: str) -> dict[str, str]:
    """What ``.ready`` holds when ``steps`` are done."""
    # Programs in .venv name their folder, so a moved one needs a new environment.
    state = {"place": str(ROOT)}
    for step, file in SOURCES.items():
        state[step] = hashlib.sha256(file.read_bytes()).hexdigest()
    return {step: state[step] for step in steps}


def found_state() -> dict[str, str]:
    """What ``.ready`` holds; nothing where there is no environment."""
    try:
        return dict(json.loads(READY.read_text("utf-8"))) if VENV_PYTHON.exists() else {}
    except (OSError, TypeError, ValueError):
        return {}


def is_done(*steps: str) -> bool:
    """Whether ``steps`` were done from the files as they are now."""
    return wanted_state(*steps).items() <= found_state().items()


def note(*steps: str) -> None:
    """Remember that ``steps`` are done."""
    state = found_state() | wanted_state(*steps)
    READY.write_text(json.dumps(state, ensure_ascii=False, indent=1) + "\n", "utf-8")


def has_apt() -> bool:
    """Whether this is Debian or one of its kind."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-query"))


def lacking() -> list[str]:
    """Packages, or where there are no Debian packages libraries, that are not there."""
    return missing_packages(SOURCES["machine"]) if has_apt() else missing_libraries()


def set_up_tests() -> None:
    """Everything, and what only tests need."""
    set_up()
    missing = missing_packages(FOR_TESTS) if has_apt() else []
    if missing:
        install_system(missing)


def missing_packages(file: Path) -> list[str]:
    """Names in ``file``, one a line, that dpkg does not have installed."""
    lines = file.read_text("utf-8").splitlines()
    names = [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]
    command = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names]
    # It fails when it does not know a name, which is an answer too.
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [name for name in names if f"{name} installed" not in answer.splitlines()]


def missing_libraries() -> list[str]:
    """Libraries that neither the loader nor, on Windows, WeasyPrint's folders have."""
    chosen = os.environ.get("WEASYPRINT_DLL_DIRECTORIES", WINDOWS_FOLDERS).split(";")
    folders = [Path(folder) for folder in chosen] if os.name == "nt" else []
    return [
        name
        for name in LIBRARIES
        if not any(any(folder.glob(f"lib{name}-*.dll")) for folder in folders)
        and not ctypes.util.find_library(name)
    ]


def install_system(missing: list[str]) -> None:
    """Install what is ``missing``, or say how."""
    message = f"这台机器缺少 {'、'.join(missing)}"
    if not has_apt():
        raise MachineProblem(message, MENDING.get(sys.platform, MENDING["linux"]))
    line = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
    if sys.platform != "win32" and os.geteuid() != 0:
        raise MachineProblem(message, f"请运行 sudo {line}")
    say(f"安装系统软件包 {' '.join(missing)}")
    if not apt_install(missing):
        raise MachineProblem(f"{message}，没有装上，原因见上面 apt-get 的话", f"请运行 {line}")


def apt_install(packages: list[str]) -> bool:
    """Install ``packages``, waiting for another program that has apt's locks."""
    update_lists()
    return apt("install", "-y", "--no-install-recommends", *packages).returncode == 0


def update_lists() -> None:
    """Apt's own option waits for dpkg's lock; for the lock of the lists we wait here."""
    for _ in range(LOCK_SECONDS // 5):
        done = apt("update", stderr=subprocess.PIPE)
        if "Could not get lock" not in done.stderr:
            break
        time.sleep(5)
    if done.returncode:
        print(done.stderr, file=sys.stderr, end="")
        say("软件包列表没有更新成功，用现有的列表接着装")


def apt(*words: str, stderr: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run apt-get, which asks nothing and says what it says in English."""
    command = ["apt-get", "-q", "-o", f"DPkg::Lock::Timeout={LOCK_SECONDS}", *words]
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, env=surroundings, stderr=stderr, text=True, check=False)


def check_ready() -> None:
    """Everything is ready; nothing is done about it."""
    environment = [] if is_done("place", "lock", "project") else ["Python 环境"]
    fonts = [] if is_done("machine") else ["字体工作集"]
    missing = [*environment, *lacking(), *fonts]
    if missing:
        raise MachineProblem(f"还缺 {'、'.join(missing)}", "请运行 python3 tools/bootstrap.py")
    print("一切就绪。")


def main() -> int:
    """The command; return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a pipe on Windows may know no Chinese
    parser = argparse.ArgumentParser(description="准备好运行 jianbao 所需的一切。")
    parser.add_argument("--check", action="store_true", help="只看是否就绪：0 就绪，3 还缺东西")
    parser.add_argument("--tests", action="store_true", help="连同只有测试要用的系统软件包")
    wanted = parser.parse_args()
    step = check_ready if wanted.check else set_up_tests if wanted.tests else set_up
    if sys.version_info < OLDEST_PYTHON:
        found = sys.version.split()[0]
        print(f"错误：需要 Python 3.11 或更新的版本，现在是 {found}", file=sys.stderr)
        return LACKING
    try:
        step()
    except MachineProblem as problem:
        print(f"错误：{problem}", file=sys.stderr)
        if problem.hint:
            print(f"怎么办：{problem.hint}", file=sys.stderr)
        return LACKING
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
