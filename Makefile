# The everyday commands. Set-up itself is tools/bootstrap.py; this file only names what to run.

# A pyenv shim may stand for a Python that is not installed, so ask one that answers.
PYTHON ?= $(shell python3.11 -c 'import sys; print(sys.executable)' 2>/dev/null || command -v python3)
ISSUE = issues/2025-04
LOCK_FLAGS =
N = 10000
BIN = .venv/bin
RUN = $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help setup issue test lint lock bench fuzz faults cost docs clean delivery-faults gather-faults bench-gather bench-delivery bench-workers bench-subscribers

help:  ## 列出这些命令
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST)

setup:  ## 准备好运行环境（其他命令会自动先做这一步）
	@$(PYTHON) tools/bootstrap.py $(SETUP_FLAGS)

issue: setup  ## 生成一期；生成别的期：make issue ISSUE=issues/2025-05
	$(RUN) build.py $(ISSUE)

test: setup  ## 运行全部测试，统计覆盖率
	$(RUN) -m coverage erase
	$(RUN) -m coverage run -m pytest
	$(RUN) -m coverage combine --quiet
	$(RUN) -m coverage report

lint: setup  ## 检查代码：ruff、mypy、import-linter
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# Without `setup`, which refuses a lock that does not fit pyproject.toml. uv starts from the
# lock that there is, so versions stay as they are unless something asks for others.
lock:  ## 按 pyproject.toml 重写 requirements.txt；升级：make lock LOCK_FLAGS=--upgrade
	@test -x $(RUN) || $(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet --disable-pip-version-check uv
	@cp requirements.txt .venv/lock.txt
	$(RUN) -m uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	  --all-extras --group dev $(LOCK_FLAGS) pyproject.toml --output-file .venv/lock.txt
	@if grep -nE '://|^-' .venv/lock.txt; then \
	  echo '错误：结果里有地址或选项（见上），requirements.txt 没有改动' >&2; exit 1; fi
	@mv .venv/lock.txt requirements.txt

bench: setup  ## 量一量快慢和内存
	$(RUN) tools/bench.py

fuzz: setup  ## 用随机改坏的文件试：make fuzz N=100000
	$(RUN) tests/fuzz.py -n $(N)

faults: setup  ## 向假的微信推送一千次，每次都出点事
	$(RUN) tools/wechat_faults.py

cost: setup  ## 公众号文章的字符数，与别的工具比较（要 npm）
	$(RUN) tools/wechat_cost.py $(ISSUE)

delivery-faults: setup  ## 发送时反复杀掉进程，数读者收到几封
	$(RUN) tools/delivery_faults.py

bench-subscribers: setup  ## 导入、清点、冻结一百万位订户，量快慢和内存
	$(RUN) tools/bench_subscribers.py

bench-workers: setup  ## 量一量 worker 发送的快慢（要 PostgreSQL 和 smtp-sink）
	$(RUN) tools/bench_workers.py

gather-faults: setup  ## 在任意时刻杀掉采集一百次，看有没有丢的、重的
	$(RUN) tools/fetch_faults.py

bench-gather: setup  ## 量一量采集：与裸的 HTTP 循环比，和内存
	$(RUN) tools/bench_gather.py

bench-delivery: setup  ## 与 Debian 的 smtp-source 比发送的快慢，量内存
	$(RUN) tools/bench_delivery.py

docs: setup  ## 由代码重写 docs/ 里的清单
	$(RUN) tools/write_docs.py
	$(RUN) tools/measure_desk.py

clean:  ## 删去运行环境和缓存（output/ 里生成的文件不动）
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf .coverage .coverage.* build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
