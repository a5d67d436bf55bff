"""Long titles in lines broken by sense.

GB/T 9704-2012 7.3.1 asks for lines that keep words whole, say a complete sense and
are evenly long. Marks and function words tell where sense ends; a short list of the words of
such titles keeps most of the others whole. A dictionary (jieba) knows more of them, but
takes a second to read, half of what a build takes.
"""

from __future__ import annotations

import unicodedata

from jianbao.press.spacing import CLOSING, OPENING

#: A line may end after one of these, best first, or before one of those.
_AFTER = {" ": 0.0, "》": 0.4, "”": 0.4, "：": 0.0, "，": 0.0, "；": 0.0, "、": 0.6, "）": 0.5}
_WORDS_AFTER = ("发布", "印发", "出台", "公布", "提出", "部署", "关于", "加强", "推进", "赋能")
_WORDS_BEFORE = ("发布", "印发", "出台", "公布", "提出", "就《", "《", "“", "关于", "公开", "正式")
#: Words of titles that are not parted.
_WORDS = """
国家 国务院 办公厅 办公室 委员会 人民 政府 政务 部门 机构 单位 主管 中心
研究院 研究 行业 企业 中小学 关于 通知 公告 公开 征求意见 意见 办法 规定 条例
草案 方案 计划 行动 指引 指南 措施 规范 准则 清单 报告 试行 修订 解释 说明
批复 决定 政策 制度 机制 体系 框架 规划 纲要 标准化 标准 目录 数据 数字化
数字 信息化 信息 网络 安全 智能化 人工智能 智能 智慧 算力 算法 模型 平台 空间
区块链 资源 资产 要素 市场化 市场 产业化 产业 经济 金融 工业化 工业 新型 能源
交通 运输 卫生 健康 教育 农业 医疗 高质量 质量 发展 开发 利用 授权 运营 流通
交易 共享 开放 登记 管理 治理 监管 监督 服务 建设 改革 创新 推进 推动 促进
加快 加强 深化 完善 组织 开展 实施 落实 印发 发布 公布 出台 提出 部署 签署
支持 鼓励 进一步 若干 重点 项目 任务 试点 示范 应用 场景 技术 领域 基础设施
基础 能力 水平 专项 整治 名单 名词 全国 地方 城市 省级 市级 贸易 跨境 出境
一体化 统筹 配置 协同 融合 赋能 转型 升级 提升 培育 评估 机遇 未来 北京 上海
天津 重庆 江苏 浙江 广东 山东 河北 河南 湖北 湖南 四川 贵州 贵阳 福建 安徽
江西 云南 海南 深圳 广州 杭州 中国 美国 英国 欧盟 美联储 法律 法规 法案 权益
知识 产权 保护 案例 个人 相关 有关 公共
"""
_WHOLE = frozenset(_WORDS.split())
_LONGEST_WORD = max(map(len, _WHOLE))
_UNITS = set("年月日期届次项个条号家亿万元")
_NEVER_START = CLOSING | set("%的了")
_NEVER_END = OPENING | set("—·")

_INSIDE_NAME = 6.0
_INSIDE_QUOTES = 3.0
_PLAIN = 2.5
_INSIDE_WORD = 5.0
_FORBIDDEN = float("inf")
#: Weight of an uneven line against a bad break, per em squared and line length.
_UNEVEN = 14.0


def break_title(title: str, width: float) -> tuple[str, ...]:
    """``title`` in as few lines of at most ``width`` em as can hold it.

    A space at a break is dropped. A title that has no allowed break is one line.
    """
    title = title.strip()
    if length(title) <= width:
        return (title,)
    costs = [_cost(title, index) for index in range(len(title))]
    most = 1 + sum(cost < _FORBIDDEN for cost in costs)
    for count in range(2, most + 1):
        lines = _best(title, costs, count, width)
        if lines:
            return lines
    return (title,)


def ends_by_sense(title: str, lines: tuple[str, ...]) -> bool:
    """Whether marks or function words say that each of ``lines``, cut from ``title``, ends so."""
    end = 0
    for line in lines[:-1]:
        end = title.index(line, end) + len(line)
        if _cost(title, end) >= _PLAIN:
            return False
    return True


def length(text: str) -> float:
    """Width in em: a Han character one, a Latin letter or digit about a half."""
    return sum(
        1.0 if unicodedata.east_asian_width(c) in "WF" or c in "“”‘’—…" else 0.55 for c in text
    )


def _best(title: str, costs: list[float], count: int, width: float) -> tuple[str, ...]:
    """The cheapest division into ``count`` lines, empty where none fits."""
    ideal = length(title) / count
    best: dict[tuple[int, int], tuple[float, tuple[str, ...]]] = {(0, 0): (0.0, ())}
    for number in range(1, count + 1):
        ends = range(1, len(title) + 1) if number < count else (len(title),)
        for end in ends:
            cost_here = 0.0 if end == len(title) else costs[end]
            if cost_here == _FORBIDDEN:
                continue
            for start in range(end):
                before = best.get((number - 1, start))
                if before is None:
                    continue
                line = title[start:end].strip()
                wide = length(line)
                if not line or wide > width:
                    continue
                uneven = _UNEVEN * ((wide - ideal) / width) ** 2
                total = before[0] + cost_here + uneven
                if total < best.get((number, end), (_FORBIDDEN, ()))[0]:
                    best[number, end] = (total, (*before[1], line))
    return best.get((count, len(title)), (0.0, ()))[1]


def _in_word(char: str) -> bool:
    """Whether ``char`` can be inside a Western word or a number."""
    narrow = unicodedata.east_asian_width(char) not in "WF"
    return char in "’'" or (narrow and not char.isspace() and char not in "“”‘—…·")


def _cost(title: str, index: int) -> float:
    """What it costs to end a line before ``title[index]``."""
    if index == 0:
        return _FORBIDDEN
    before, after = title[:index], title[index:]
    # A space at the break is dropped: the marks behind it are the ends of the lines.
    if after.lstrip()[0] in _NEVER_START or before.rstrip()[-1] in _NEVER_END:
        return _FORBIDDEN
    if _in_word(before[-1]) and _in_word(after[0]):
        return _FORBIDDEN
    inside = _INSIDE_NAME if before.count("《") > before.count("》") else 0.0
    inside += _INSIDE_QUOTES if before.count("“") > before.count("”") else 0.0
    if before[-1] in _AFTER:
        return inside + _AFTER[before[-1]]
    if after[0] == " " or before.endswith(_WORDS_AFTER) or after.startswith(_WORDS_BEFORE):
        return inside + 0.5
    return inside + (_INSIDE_WORD if _parts_word(title, index) else _PLAIN)


def _parts_word(title: str, index: int) -> bool:
    """Whether a break before ``title[index]`` is inside a known word, or behind its number."""
    if title[index - 1].isdigit() and title[index] in _UNITS:
        return True
    starts = range(max(0, index - _LONGEST_WORD + 1), index)
    return any(
        title[start:end] in _WHOLE
        for start in starts
        for end in range(index + 1, min(len(title), start + _LONGEST_WORD) + 1)
    )
