"""``python build.py ISSUE…`` is ``jianbao build ISSUE…``."""

from tools.launch import run_jianbao

raise SystemExit(run_jianbao("build"))
