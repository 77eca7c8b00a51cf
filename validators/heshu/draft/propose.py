"""A manifest for a file, proposed from the file itself."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heshu import periods, tables
from heshu.dataset import families
from heshu.dataset.layout import marks, stub
from heshu.dataset.layout.head import letters
from heshu.dataset.manifest import Manifest
from heshu.dataset.read import Dataset, load
from heshu.dataset.resolve import known_columns
from heshu.draft import hierarchy, vocabulary
from heshu.draft.survey import Survey, survey
from heshu.errors import InputError, Place
from heshu.figure import NAMES, Figure
from heshu.registry import Registry
from heshu.tables.sheet import Form, Sheet

#: The dimension of headings that nothing says the meaning of.
GROUPS = "分组"

_RATE = re.compile(r"(.{2,}?)(?:同比)?(?:增长速度|增长率|增速|增长)")
_FILE_PERIOD = re.compile(r"(?:19|20)\d\d(?:[-_.]?(?:0[1-9]|1[0-2]))?(?!\d)")


@dataclass(slots=True)
class Draft:
    """A proposed manifest, the figures that it reads, and what a person should look at."""

    manifest: dict[str, Any]
    survey: Survey | None
    figures: list[Figure] = field(default_factory=list)
    errors: list[InputError] = field(default_factory=list)
    doubts: list[tuple[str, dict[str, str]]] = field(default_factory=list)


def propose(path: Path, sheet_name: str | None = None) -> Draft:
    """Return a manifest for the table in ``path``, tried out on it.

    :param sheet_name: the worksheet, or number of the table, to take; default the one with the most numbers.
    :raises InputError: if the file cannot be read, or has no table of numbers.
    """
    chosen = int(sheet_name) if sheet_name and sheet_name.isdigit() else sheet_name
    sheets = tables.read(path, str(path), tables.Dialect(sheet=chosen))
    candidates = [(sheet, survey(sheet)) for sheet in sheets]
    surveyed = [(sheet, found) for sheet, found in candidates if found is not None]
    if long := next((sheet for sheet in sheets if _is_long(sheet)), None):
        return _tried(path, Draft(_package(path, {}, _resource(path, long, sheets)), None))
    if not surveyed:
        raise InputError("draft.no_table", Place(str(path)))
    sheet, found = max(surveyed, key=lambda pair: len(pair[1].body) * len(pair[1].columns))
    draft = Draft({}, found)
    if len(surveyed) > 1:
        draft.doubts.append(("draft.sheets", {"name": sheet.name, "count": str(len(surveyed))}))
    block, names = _block(path, found, draft)
    draft.manifest = _package(path, block, _resource(path, sheet, sheets, chosen), found.title)
    _tried(path, draft)
    if classes := hierarchy.classifications(found, names, draft.figures):
        block["classifications"] = classes
    return draft


def _is_long(sheet: Sheet) -> bool:
    """Whether a sheet is a figures table already."""
    first = next((cells for cells in sheet.rows if any(cell.strip() for cell in cells)), [])
    known = {known_columns(()).get(cell.strip()) for cell in first}
    return {"indicator", "period", "value"} <= known


def _package(path: Path, block: dict[str, Any], resource: dict[str, Any], title: str = "") -> dict[str, Any]:
    # Names in data packages are ASCII: what is left of 表2 is 2.
    name = re.sub(r"[^a-z0-9._-]+", "-", path.stem.lower()).strip("-.")
    name = name if re.search("[a-z]", name) else f"table-{name}".strip("-")
    return {"name": name, **({"title": title} if title else {}), "resources": [resource], "heshu": block}


def _resource(path: Path, sheet: Sheet, sheets: list[Sheet], chosen: str | int | None = None) -> dict[str, Any]:
    resource: dict[str, Any] = {"name": "figures", "path": path.name}
    if sheet.form == Form.RECORDS and sheet.name:
        resource["dialect"] = {"table": sheet.name}
    elif len(sheets) > 1 or chosen:
        number = chosen if isinstance(chosen, int) else sheets.index(sheet) + 1
        resource["dialect"] = {"sheetName": sheet.name} if sheet.form == Form.CELLS else {"sheetNumber": number}
    return resource


def _tried(path: Path, draft: Draft) -> Draft:
    """Read the file by the proposed manifest."""
    manifest = Manifest.model_validate(draft.manifest)
    block = manifest.heshu
    # The rest of a family may lie beside it; only this file was looked at.
    alone = manifest.model_copy(update={"heshu": block.model_copy(update={"files": ""})})
    said = families.given(block.files, path.name)
    dataset = Dataset(manifest.name, str(path), alone, path.parent, given=said)
    registry = Registry()
    registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)
    load(dataset, registry)
    draft.figures, draft.errors = dataset.figures, dataset.errors
    return draft


def _block(path: Path, found: Survey, draft: Draft) -> tuple[dict[str, Any], dict[int, str]]:
    """Return the ``heshu`` block and the indicators of the stub's rows."""
    roles, plain = _head(found, draft)
    layout: dict[str, Any] = {"head": roles, "stub": _stub(found)}
    names, row_headings = _row_headings(found)
    headings = _column_headings(found, plain, draft) | row_headings
    files: dict[str, str] = {}
    block: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    if found.missing:
        block["missing"] = list(found.missing)
    said = [*layout["head"].values(), *layout["stub"].values()]
    if dimensions := [role for role in dict.fromkeys(said) if role and role not in NAMES]:
        block["dimensions"] = dimensions
    heads = [found.texts[row][c] for row, role in found.roles.items() if role == "period" for c in found.columns]
    heads += [text for c, role in found.stub.items() if role == "period" for text in _column(found, c)]
    said = [text for text in heads if text.strip() and vocabulary.is_period(text)]
    period = vocabulary.period_in(found.title) or vocabulary.period_in(" ".join(found.sheet.rows[0]))
    file_period = _FILE_PERIOD.search(path.stem)
    if not any(vocabulary.is_period(text, None) for text in said):
        if file_period and _agrees(families.given("{period}", file_period[0])["period"], period):
            files["files"] = path.name.replace(file_period[0], "{period}", 1)
        elif period and not said:
            layout["period"] = period
        elif year := re.search(r"(19|20)\d\d", period or path.stem):
            defaults["year"] = int(year[0])
        else:
            draft.doubts.append(("draft.period", {}))
    if "indicator" not in (*layout["stub"].values(), *layout["head"].values()):
        defaults["indicator"] = _indicator_in(found.title) or path.stem
        if rate := _RATE.fullmatch(defaults["indicator"]):
            defaults |= {"indicator": rate[1], "measure": "growth", "comparison": "yoy"}
        draft.doubts.append(("draft.indicator", {"name": defaults["indicator"]}))
    if found.units:
        layout["unit"] = found.units[0]
    if headings:
        layout["headings"] = headings
    if ignored := _ignored(found):
        layout["ignore"] = ignored
    return {**({"defaults": defaults} if defaults else {}), **files, **block, "layout": layout}, names


def _agrees(of_file: str, of_title: str) -> bool:
    """Whether a file's name and its title speak of the same period, or the title of none."""
    return not of_title or periods.parse(of_title).code.startswith(of_file)


def _number(sheet: Sheet, row: int) -> str:
    return str(sheet.lines[row] if sheet.form == Form.CELLS else row + 1)


def _head(found: Survey, draft: Draft) -> tuple[dict[str, str], list[str]]:
    """Return the rows of the head with their roles, and the headings that say nothing more.

    Headings that nothing is known of are indicators if the rows are but groups (行业); else a dimension, unless it is
    the one heading over the numbers of the rows' indicators (产量 beside 比上年增长).
    """
    roles, plain = dict(found.roles), []
    unknown = {row: names for row in found.head if not roles[row] and (names := _unknown(found, row))}
    rows = list(unknown)
    if rows and len(unknown[rows[-1]]) > 1 and (columns := _groups(found)):
        for column in columns:
            found.stub[column] = marks.fold(found.heading(column)) or GROUPS
        roles[rows.pop()] = "indicator"
    for i, row in enumerate(rows):
        if len(unknown[row]) == 1 and "indicator" in found.stub.values() and _is_the_level(found, row, unknown[row][0]):
            draft.doubts.append(("draft.plain", {"name": unknown[row][0]}))
            plain += unknown[row]
        else:
            draft.doubts.append(("draft.headings", {"names": "、".join(unknown[row][:5])}))
            roles[row] = f"{GROUPS}{i + 1 if i else ''}"
    return {_number(found.sheet, row): role for row, role in roles.items()}, plain


def _unknown(found: Survey, row: int) -> list[str]:
    return [text for text in _headings(found, row) if not vocabulary.attributes(text) and _name(text)]


def _is_the_level(found: Survey, row: int, text: str) -> bool:
    """Whether the one heading that nothing is known of stands over levels: all others are rates or ranks."""
    others = [known for other in _headings(found, row) if (known := vocabulary.attributes(other))]
    return marks.take_apart(text).unit != "%" and all(known.get("measure", "level") != "level" for known in others)


def _groups(found: Survey) -> list[int]:
    """Return the columns of row headings if they are groups of something and no indicators."""
    columns = [column for column, role in found.stub.items() if role == "indicator"]
    return columns if all(vocabulary.role(found.heading(column)) == "group" for column in columns) else []


def _name(text: str) -> str:
    return marks.take_apart(text).text


def _headings(found: Survey, row: int) -> list[str]:
    return list(dict.fromkeys(t for c in found.columns if (t := found.texts[row][c].strip())))


def _stub(found: Survey) -> dict[str, str]:
    """Return the columns of the stub by heading, by letter where they have none or share it."""
    named = {}
    texts = {column: found.heading(column) for column in found.stub}
    for column, role in found.stub.items():
        text = texts[column].strip()
        is_own = text and sum(marks.fold(text) == marks.fold(other) for other in texts.values()) == 1
        named[text if is_own else letters(column)] = role
    return named


def _column(found: Survey, column: int) -> list[str]:
    return [found.sheet.text(row, column) for row in found.body if found.sheet.text(row, column).strip()]


def _column_headings(found: Survey, plain: list[str], draft: Draft) -> dict[str, dict[str, Any]]:
    """Return what the vocabulary knows of the headings that have no role of their own."""
    said: dict[str, dict[str, Any]] = {" ".join(text.split()): {} for text in plain}
    for row in found.head:
        for text in _headings(found, row):
            known = vocabulary.attributes(text)
            is_plain_period = found.roles[row] == "period" and vocabulary.is_period(text) and "measure" not in known
            if not known or is_plain_period or vocabulary.is_area(text):
                continue
            said[" ".join(text.split())] = dict(known)
            if found.roles[row] == "period" and "period" not in known and (latest := _latest(found, row, text)):
                said[" ".join(text.split())]["period"] = latest
                draft.doubts.append(("draft.rate", {"name": " ".join(text.split()), "period": latest}))
    return said | _same_below(found)


def _same_below(found: Survey) -> dict[str, dict[str, Any]]:
    """Return the indicators of headings that say little without the one above.

    These are 人数 below 男 and below 女, 合计 and what stands beside it, 占全省比重.
    """
    if len(found.head) < 2 or any(found.roles[row] != "indicator" for row in found.head[-2:]):
        return {}
    outer, inner = (found.texts[row] for row in found.head[-2:])
    pairs = {(outer[c].strip(), inner[c].strip()) for c in found.columns if outer[c].strip() and inner[c].strip()}
    counts = Counter(text for _, text in pairs)
    divided = {above for above, text in pairs if _name(text) in vocabulary.TOTALS}
    said: dict[str, dict[str, Any]] = {}
    for above, text in sorted(pairs):
        is_part = counts[text] > 1 or above in divided or _name(text).startswith("占")
        if is_part and not vocabulary.attributes(text):
            name = _name(above) if _name(text) in vocabulary.TOTALS else f"{_name(above)}：{_name(text)}"
            said[" ".join(f"{above}/{text}".split())] = {"indicator": name}
    return said


def _latest(found: Survey, row: int, text: str) -> str:
    """Return the latest of several periods right before a heading that has none, "" if one stands there alone."""
    index = found.texts[row].index(next(cell for cell in found.texts[row] if cell.strip() == text))
    before: list[tuple[int, int, str]] = []
    for column in range(index - 1, -1, -1):
        period = found.texts[row][column]
        if column not in found.columns or not vocabulary.is_period(period) or vocabulary.attributes(period):
            break
        plain = marks.plain_period(period)
        before.append((periods.parse(plain, year=2000).last or 0, column, plain))
    return max(before)[2] if len({plain for *_, plain in before}) > 1 else ""


def _row_headings(found: Survey) -> tuple[dict[int, str], dict[str, dict[str, Any]]]:
    """Return the indicator of each row, and what must be said of rows that share a name."""
    indicators = [column for column, role in found.stub.items() if role == "indicator"]
    columns = indicators or [column for column, role in found.stub.items() if role not in ("", "unit")]
    entries = stub.entries(found.sheet, found.body, columns)
    # One name may stand once in each group: 总量, and again 同比增长.
    counts: Counter[tuple[int, str]] = Counter()
    groups: dict[int, int] = {}
    is_keyed = any(role in ("area", "period") for role in found.stub.values())
    group = -1
    for row, entry in entries.items():
        group = row if _group(found, row, entry.text) else group
        groups[row] = group
        if any(found.sheet.text(row, c).strip() for c in found.columns):
            counts[group, entry.name.text] += 1
    names: dict[int, str] = {}
    headings: dict[str, dict[str, Any]] = {}
    for row, entry in entries.items():
        name = entry.name.text
        if known := _group(found, row, entry.text):
            headings[" ".join(entry.text.split())] = known
        if not indicators:
            continue
        if "indicator" in (known := vocabulary.attributes(entry.text)):
            headings[" ".join(entry.text.split())] = known
            names[row] = known["indicator"]
            continue
        if counts[groups[row], name] > 1 and not is_keyed and len(entry.path) > 1:
            headings["/".join(entry.path[-2:])] = {"indicator": "：".join(entry.path[-2:])}
            name = "：".join(entry.path[-2:])
        names[row] = name
    return names, headings


def _group(found: Survey, row: int, name: str) -> dict[str, str]:
    """Return what a row without numbers says of the rows below it: 比上年增长（%）."""
    if any(found.sheet.text(row, c).strip() for c in found.columns):
        return {}
    return vocabulary.attributes(name)


def _ignored(found: Survey) -> list[str]:
    texts = [found.heading(column) for column in found.ignored_columns]
    texts += [next(cell for cell in found.sheet.rows[row] if cell.strip()) for row in found.ignored_rows]
    return [" ".join(text.split()) for text in dict.fromkeys(texts) if text.strip()]


def _indicator_in(title: str) -> str:
    """Return what a title is about: 2021年分地区居民消费价格指数（一） is 居民消费价格指数."""
    text, _ = marks.take_unit(marks.take_apart(re.sub(r"^表?\s*\d+[-－—.．]\d+\s*", "", title)).text)
    text = re.sub(r"(?:19|20)\d\d年?(?:\s*[-—–至]\s*(?:19|20)?\d\d年?)?(?:1[-—–]\d+月|\d+月份?|[上下]半年)?", "", text)
    text = re.sub(r"^(?:全国|各|分)?(?:省|市|地区|区|县|行业)*(?:分地区|分行业|分省|分市)?", "", text)
    text = re.sub(r"\s*[(（][^()（）]*[)）]\s*$", "", text)
    return re.sub(
        r"(?:主要|基本)?(?:数据|情况|指标|统计表|一览表|统计|表)?(?:[(（][一二三四五六七八九十续]+[)）])?$", "", text
    ).strip(" 　,，:：")
