"""Bytes to text: the encoding declared, or found out with confidence; never mojibake.

UTF-8, UTF-16 with a byte order mark, and GB 18030 (with its subsets GB 2312 and GBK) are found out. Anything else,
and whatever could be read in two ways, must be declared.
"""

from __future__ import annotations

import codecs

from heshu.errors import InputError, Place

#: Characters of ordinary statistical writing: what is read as GB 18030 by our own guess must be made of such.
_COMMON = frozenset(
    "年月日季度上下半全期末初时间指标名称单位数值量额率比重占例增长速减少降升高低同环累计合总其中本去今前后较基第"
    "一二三四五六七八九十百千万亿兆元美人民币吨千克公里米平方立升桶度瓦小时个家户次辆台套件只条头位名亩顷斤分点倍"
    "国民生产总值经济社会发展统计报表主要数据情况项目地区省市县乡镇村城农林牧渔业工商企事建筑房地产住宅金融保险证券"
    "收入支出财政预算税费利润亏损成本资产负债权益投资消费品零售批发进口贸易外商直接利用实际固定规模以上下限大中小微型"
    "科技教育文化卫生体育医疗院校学教师从就业失就劳动力工资口出死自然性别男女老龄少儿常住户籍流动化能源煤炭油气电热水"
    "供应交通运输邮政通信客货周转铁路公航空港码头机船车汽火信息软件网络电话移互联宽带用快递旅游餐饮服务居可支配均价格指"
    "食粮油肉蛋奶菜果蔬烟酒糖衣着鞋帽纺织家具器设备材料金属矿钢铁有色铝铜水泥玻璃化学肥药塑橡胶制造加采选冶炼通专用"
    "环境保护污染排放气候森林土耕面积播种产新旧高术研究试验专利授权申请合同登记注册资控股份有限责任私营集体港澳台联"
    "北京天津河山西内蒙古辽宁吉黑龙江海苏浙安徽福建东南湖广重庆川贵云藏陕甘肃青夏疆沪粤鲁豫鄂湘桂琼渝蜀黔滇秦陇"
    "的和与及或等按为是在于对不含包括未已完成达到约近超过余多左右实现当年现不变价注来源说明备附表图续接序号代码类别编"
)

_GB_NAMES = frozenset({"gb2312", "gbk", "gb18030", "cp936", "ms936", "936", "euc-cn", "euccn", "hz-gb-2312"})

#: As WHATWG's Encoding Standard does: what says gb2312 is read by its superset.
_GB = "gb18030"


def decode(data: bytes, declared: str | None, shown: str) -> str:
    """Return the text of ``data``, without a byte order mark.

    :raises InputError: if it is not in the encoding declared, or, with none declared, in one that can be told.
    """
    # GB 18030 has the full-width space at A3 A0, where Python's codec has a private character.
    text = _decoded(data, declared, shown).replace("\ue5e5", "\u3000")
    for mark in ("\ufffd", "锟斤拷"):  # what a wrong conversion leaves behind, and what a second one makes of that
        if (found := text.find(mark)) >= 0:
            raise InputError("table.mojibake", Place(shown, text.count("\n", 0, found) + 1), mark=mark)
    return text


def _decoded(data: bytes, declared: str | None, shown: str) -> str:
    if declared:
        return _declared(data, declared, shown)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _declared(data, "utf-16", shown)
    if (nul := data.find(b"\0")) >= 0:
        raise InputError("table.nul", _at(data, nul, shown))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _guessed(data, error.start, shown)
    if text and not text.isascii() and _reads_better_as_gb(data, text):
        raise InputError("table.two_encodings", Place(shown), first="utf-8", second=_GB)
    return text


def _declared(data: bytes, declared: str, shown: str) -> str:
    name = declared.lower().replace("_", "-")
    codec = "utf-8-sig" if name in ("utf-8", "utf8") else _GB if name in _GB_NAMES else declared
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        fields = {"seems": seems} if (seems := _seems(data, codec)) else {"hint": "table.binary"}
        raise InputError("table.encoding", _at(data, error.start, shown), encoding=declared, **fields) from None
    except (LookupError, UnicodeError):
        raise InputError("table.codec", Place(shown), encoding=declared) from None
    if not isinstance(text, str):  # codecs such as rot13 and hex are no encodings of text
        raise InputError("table.codec", Place(shown), encoding=declared)
    if (nul := text.find("\0")) >= 0:
        raise InputError("table.nul", Place(shown, text.count("\n", 0, nul) + 1))
    return text


def _seems(data: bytes, declared: str) -> str:
    """Return an encoding that the text may be in, "" if none is known."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for name in ("utf-8", _GB):
        try:
            if name not in declared and "\0" not in data.decode(name):
                return name
        except UnicodeDecodeError:
            continue
    return ""


def _guessed(data: bytes, fault: int, shown: str) -> str:
    """Return text that is no UTF-8 as GB 18030, if it is one text and reads like Chinese."""
    first: dict[bool, int] = {}
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.isascii():
            first.setdefault(is_utf8_chinese(line), number)
    if len(first) == 2:
        place = Place(shown, max(first.values()))
        raise InputError("table.mixed_encodings", place, line=first[True], other=first[False])
    try:
        text = data.decode(_GB)
    except UnicodeDecodeError:
        text = ""
    if not text or _share_common(text) < 0.6:
        fields = {"seems": _GB} if text else {"hint": "table.binary"}
        raise InputError("table.encoding", _at(data, fault, shown), encoding="utf-8", **fields)
    return text


def is_utf8_chinese(line: bytes) -> bool:
    """Whether text is UTF-8 with characters of three bytes and more, which GB 18030 text hardly ever is."""
    try:
        return any(char > "\u0800" for char in line.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _reads_better_as_gb(data: bytes, text: str) -> bool:
    """Whether valid UTF-8 has letters beyond Latin-1 only as pairs of bytes that are common Chinese in GB 18030."""
    letters = {char for char in set(text) if not char.isascii()}
    if not all("\u0100" <= char < "\u0800" or "\u00c0" <= char <= "\u00ff" for char in letters):
        return False
    try:
        return _share_common(data.decode(_GB)) == 1
    except UnicodeDecodeError:
        return False


def _share_common(text: str) -> float:
    """Return which part of the characters that are not ASCII is ordinary in Chinese statistics."""
    sample = [char for char in text[:200_000] if not char.isascii()]
    ordinary = sum(char in _COMMON or char in "，。、；：（）％—…《》“”‘’·　①②③④⑤⑥⑦⑧⑨⑩－～＃＋" for char in sample)
    return ordinary / len(sample) if sample else 0


def _at(data: bytes, offset: int, shown: str) -> Place:
    return Place(shown, data[:offset].count(b"\n") + 1)
