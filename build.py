"""``python build.py ISSUE…`` is ``jianbao build ISSUE…``."""

from tools.bootstrap import run_jianbao

raise SystemExit(run_jianbao("build"))
