"""Which body an official website belongs to, where no registry says it.

Only what does not change from year to year: the ministries' own hosts, and the labels
that local departments take in names such as gxt.hebei.gov.cn. A registry goes before it.
"""

from __future__ import annotations

#: Hosts of national bodies, without www, and the names that each goes by; the first is printed.
NATIONAL = {
    "cac.gov.cn": ("国家互联网信息办公室", "国家网信办", "中央网信办", "网信中国"),
    "miit.gov.cn": ("工业和信息化部", "工信部"),
    "moe.gov.cn": ("教育部",),
    "mof.gov.cn": ("财政部",),
    "mofcom.gov.cn": ("商务部",),
    "mohrss.gov.cn": ("人力资源和社会保障部", "人社部"),
    "mohurd.gov.cn": ("住房和城乡建设部", "住建部"),
    "most.gov.cn": ("科学技术部", "科技部"),
    "mot.gov.cn": ("交通运输部",),
    "nda.gov.cn": ("国家数据局",),
    "ndrc.gov.cn": ("国家发展和改革委员会", "国家发展改革委", "国家发改委"),
    "nea.gov.cn": ("国家能源局",),
    "nhc.gov.cn": ("国家卫生健康委员会", "国家卫健委"),
    "npc.gov.cn": ("全国人民代表大会", "全国人大", "中国人大"),
    "pbc.gov.cn": ("中国人民银行", "央行"),
    "samr.gov.cn": ("国家市场监督管理总局", "市场监管总局"),
    "stats.gov.cn": ("国家统计局",),
}

#: First labels of local departments' hosts (gxt: 工信厅, fgw: 发改委), and words of which the
#: department's name has one; data bureaus often share a house with 发改委. sjj is left out:
#: 数据局, 审计局 and 司法局 share it.
LOCAL = {
    "czj": ("财政",),
    "czt": ("财政",),
    "drc": ("发展和改革", "发展改革", "发改", "数据"),
    "dsj": ("数据", "政务", "行政审批"),
    "dsjj": ("数据", "政务", "行政审批"),
    "fgw": ("发展和改革", "发展改革", "发改", "数据"),
    "gxj": ("工业和信息化", "工信", "经济和信息化"),
    "gxt": ("工业和信息化", "工信", "经济和信息化"),
    "jxj": ("经济和信息化", "经信"),
    "jxt": ("经济和信息化", "经信"),
    "kjj": ("科学技术", "科技"),
    "kjt": ("科学技术", "科技"),
    "rst": ("人力资源", "人社"),
    "scjgj": ("市场监督", "市场监管"),
    "sthjt": ("生态环境",),
    "swt": ("商务",),
    "tjj": ("统计",),
}

#: Platforms whose host says nothing of who published.
SHARED = (
    "mp.weixin.qq.com",
    "weixin.qq.com",
    "weibo.com",
    "weibo.cn",
    "toutiao.com",
    "baijiahao.baidu.com",
    "zhihu.com",
    "bilibili.com",
    "sohu.com",
    "163.com",
    "thepaper.cn",
)

#: Sites that carry what others published first.
SECONDARY = (*SHARED, "secrss.com", "sina.com.cn", "qq.com", "ifeng.com", "36kr.com", "csdn.net")


def lies_below(host: str, domain: str) -> bool:
    """Whether ``host`` is ``domain`` or a name below it."""
    return host == domain or host.endswith(f".{domain}")


def is_shared(host: str) -> bool:
    """Whether everybody publishes on ``host``."""
    return any(lies_below(host, domain) for domain in SHARED)


def is_secondary(host: str) -> bool:
    """Whether ``host`` mostly reprints."""
    return any(lies_below(host, domain) for domain in SECONDARY)


def national_names(host: str) -> tuple[str, ...]:
    """Names of the national body that ``host`` belongs to."""
    return next((names for domain, names in NATIONAL.items() if lies_below(host, domain)), ())


def local_words(host: str) -> tuple[str, ...]:
    """Words of which the name of the local department has one that ``host`` belongs to."""
    label, _, place = host.partition(".")
    return LOCAL.get(label, ()) if place.endswith(".gov.cn") else ()


def same_body(one: str, other: str) -> bool:
    """Whether two names may be one body's: the short form has its letters in order.

    江苏人大 is 江苏省人民代表大会, 工信部 is 工业和信息化部.
    """
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    return all(letter in letters for letter in short)
