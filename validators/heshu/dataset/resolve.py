"""From table rows to figures: defaults, aliases, canonical periods, attributes from the registry."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath

from heshu import periods, units
from heshu.dataset.cells import Cells
from heshu.errors import InputError, Place, Unreadable
from heshu.figure import BY_NAME, UNKNOWN, Figure, Measure, Origin
from heshu.period import Period
from heshu.registry import PRICE, Registry
from heshu.rounding import Rounding, Style, Zeros

#: SDMX content-oriented guidelines, code list CL_OBS_STATUS: those that say what kind of statement it is.
_STATUS = {"A": "actual", "P": "provisional", "E": "estimate", "R": "revised", "D": "final", "F": "estimate"}

#: What a registry declares of a series for all of its figures.
ATTRIBUTES = ("price", "scope", "nature", "adjustment", "sign")

#: SDMX attribute beside ``UNIT_MEASURE``: the exponent of ten that values are in.
UNIT_MULT = "UNIT_MULT"


@dataclass(frozen=True, slots=True)
class Source:
    """What holds for all rows of one table."""

    registry: Registry
    defaults: Mapping[str, str | int]
    dimensions: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()
    publisher: str = ""
    folder: str = ""
    # What many rows share is looked up once.
    _texts: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)
    _attributes: dict[tuple[str, ...], tuple[str, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _styles: dict[str, Style] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._texts.update((name, str(text).strip()) for name, text in self.defaults.items())

    def default(self, name: str) -> str:
        """Return what a column holds where a row says nothing."""
        return self._texts.get(name, "")

    def attributes(self, indicator: str, measure: str, said: tuple[str, ...], place: Place) -> tuple[str, ...]:
        """Return the :data:`ATTRIBUTES` of a figure whose row says so much of them.

        :raises InputError: for what is not allowed in its column.
        """
        known = (indicator, measure, *said)
        if known not in self._attributes:
            entry = self.registry.entry(indicator)
            # The figure's own word goes before the registry's, the registry's before the manifest's default.
            self._attributes[known] = tuple(
                _one_of(name, own or (entry.of(name, measure) if entry else "") or self.default(name) or UNKNOWN, place)
                for name, own in zip(ATTRIBUTES, said, strict=True)
            )
        return self._attributes[known]

    def style(self, release: str) -> Style:
        """Return how the publisher of a release prints; else that of all of them."""
        if release not in self._styles:
            known = self.registry.releases.get(release)
            style = self.registry.style(known.publisher if known else "")
            self._styles[release] = style if style.declared else self.registry.style(self.publisher)
        return self._styles[release]


def resolve(rows: Iterable[Cells], source: Source) -> tuple[list[Figure], list[InputError]]:
    """Return the figures that can be read, and an error for each one that cannot.

    A unit that is not known is no error here but a finding of the ``unit`` kind.
    """
    figures: list[Figure] = []
    errors: list[InputError] = []
    said: set[tuple[str, ...]] = set()
    unread: dict[tuple[str, str], list[tuple[Cells, dict[str, object]]]] = {}
    for row in rows:
        try:
            figure = figure_of(row, source, len(figures))
            if figure.value:
                figure.measured()
        except Unreadable as error:
            if error.what != "unit":
                fields = {"what": error.what, "text": error.text, "hint": error.hint, **error.fields}
                if row.is_wide and error.what == "number":
                    unread.setdefault((row.place.path, error.text), []).append((row, fields))
                elif _is_new(row, error.what, error.text, said):
                    errors.append(InputError("figure.unreadable", row.place, column=row.cell, **fields))
                continue
        except InputError as error:
            if _is_new(row, error.key, str(error.fields), said):
                errors.append(error)
            continue
        figures.append(figure)
    # What stands for a missing number, undeclared, stands in many cells.
    for cells in unread.values():
        row, fields = cells[0]
        key = "figure.unreadable_cell" if len(cells) == 1 else "figure.unreadable_cells"
        errors.append(InputError(key, row.place, column=row.cell, count=len(cells), **fields))
    return figures, errors


def _is_new(row: Cells, what: str, text: str, said: set[tuple[str, ...]]) -> bool:
    """Whether an error has not been said of the row or column, as it is where a heading is the cause."""
    if not row.is_wide:
        return True
    keys = {(row.place.path, what, "row", str(row.place.line)), (row.place.path, what, text, "column", row.cell)}
    is_new = not keys & said
    said |= keys
    return is_new


def figure_of(row: Cells, source: Source, number: int) -> Figure:
    """Return the figure that a row states.

    :raises Unreadable: for a period or comparison that cannot be read.
    :raises InputError: for what is missing or not allowed in its column.
    """
    registry, cells, defaults, default = source.registry, row.cells, source.defaults, source.default

    def get(name: str) -> str:
        return cells.get(name, "") or default(name)

    value = cells.get("value", "")
    value = "" if value in source.missing else value
    if not cells.get("indicator", "") and not default("indicator"):
        raise InputError("figure.empty", row.place, column="indicator")
    indicator = registry.name(get("indicator"))
    measure = _one_of("measure", get("measure") or Measure.LEVEL.value, row.place)
    year = _year(cells) or _year(defaults)
    period = _period(get("period"), year, row)
    entry = registry.entry(indicator)

    release = get("release")
    unit = _scaled(get("unit"), cells.get(UNIT_MULT, ""), row.place)
    if not unit and entry and entry.unit and measure == Measure.LEVEL and value and not _has_unit(value):
        unit = entry.unit
    style = source.style(release)
    rounding = cells.get("rounding", "") or ("" if style.declared else default("rounding"))
    zeros = cells.get("zeros", "") or row.zeros or (default("zeros") if style.zeros == Zeros.UNKNOWN else "")
    if rounding or zeros:
        style = _styled(style, rounding, zeros, row.place)
    decimals = _decimals(get("decimals"), row.place)
    if decimals is None and entry and measure == Measure.LEVEL and unit == entry.unit and style.zeros != Zeros.KEPT:
        # A publisher that keeps its zeros has printed what it knows: 18087 among 18087.3 is an integer.
        decimals = entry.decimals
    status = get("status") or "actual"
    said = tuple([cells.get(name, "") for name in ATTRIBUTES])
    price, scope, nature, adjustment, sign = source.attributes(indicator, measure, said, row.place)
    return Figure(
        id=number,
        place=row.place,
        cell=row.cell,
        indicator=indicator,
        period=period.code,
        value=value,
        area=get("area"),
        measure=measure,
        comparison=_comparison(get("comparison"), period.year or year),
        of=registry.name(get("of")),
        among=get("among"),
        unit=unit,
        hedge=get("hedge"),
        decimals=decimals,
        price=price,
        scope=scope,
        nature=nature,
        adjustment=adjustment,
        sign=sign,
        status=_one_of("status", _STATUS.get(status, status), row.place),
        release=release,
        source=get("source"),
        quote=cells.get("quote", ""),
        span=cells.get("span", ""),
        occurrence=cells.get("occurrence", ""),
        note=cells.get("note", ""),
        dimensions=tuple(get(name) for name in source.dimensions),
        style=style,
        origin=_origin(row, source.folder),
    )


def _styled(style: Style, rounding: str, zeros: str, place: Place) -> Style:
    """Return a style with what a figure says itself."""
    if rounding:
        is_known = _one_of("rounding", rounding, place) != UNKNOWN
        style = Style(Rounding(rounding) if is_known else Rounding.NEAREST, style.zeros, is_known)
    if zeros:
        style = Style(style.rounding, Zeros(_one_of("zeros", zeros, place)), style.declared)
    return style


def _origin(row: Cells, folder: str) -> Origin:
    """Return where a figure stood first: what its table says of it, else where its row stands."""
    cells, place = row.cells, row.place
    said = Origin(cells.get("file", ""), cells.get("line", ""), cells.get("cell", ""))
    if any(said):
        return said if said.file else said._replace(file=_below(place.path, folder))
    line = "" if place.sheet or not place.line else str(place.line)
    return Origin(_below(place.path, folder), line, place.cell or (row.cell if row.is_wide else ""))


@lru_cache(maxsize=256)
def _below(path: str, folder: str) -> str:
    """Return a path from the folder of its dataset, so that it does not tell where that is."""
    below = PurePath(path)
    return (below.relative_to(folder) if below.is_relative_to(folder) else below).as_posix()


def _period(text: str, year: int | None, row: Cells) -> Period:
    if not text:
        raise InputError("figure.empty", row.place, column="period")
    period = periods.parse(text, year=year)
    if row.shift:
        shifted = period.shift(years=row.shift)
        if shifted is None:
            raise Unreadable("period", text, "period.shift")
        return shifted
    return period


@lru_cache(maxsize=4096)
def _comparison(text: str, year: int | None) -> str:
    return periods.parse_comparison(text, year=year) if text else ""


@lru_cache(maxsize=65536)
def _has_unit(value: str) -> bool:
    from heshu import literal

    return bool(literal.read(value).unit)


def _year(said: Mapping[str, str | int] | Mapping[str, str]) -> int | None:
    text = str(said.get("year", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def _scaled(unit: str, exponent: str, place: Place) -> str:
    """Return the unit with the power of ten of an SDMX ``UNIT_MULT`` column (CL_UNIT_MULT: 8 is 亿)."""
    if exponent in ("", "0"):
        return unit
    for name, factor in units.MULTIPLIERS.items():
        if exponent.isdigit() and len(exponent) < 3 and factor == 10 ** int(exponent):
            return f"{name}{unit}"
    raise InputError("figure.not_allowed", place, column=UNIT_MULT, text=exponent, near="", allowed="0 … 12")


def _decimals(text: str, place: Place) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= 12):
        raise InputError("figure.not_allowed", place, column="decimals", text=text, near="", allowed="0 … 12")
    return int(text)


def _one_of(name: str, text: str, place: Place) -> str:
    """Return ``text`` if the column may hold it.

    :raises InputError: with the nearest allowed value.
    """
    allowed = BY_NAME[name].values
    if name == "price" and PRICE.fullmatch(text):
        return text
    if (not allowed and name != "price") or text in allowed:
        return text
    near = difflib.get_close_matches(text, allowed or ("current", "constant"), n=1)
    raise InputError(
        "figure.not_allowed", place, column=name, text=text, near=near[0] if near else "",
        allowed=", ".join(allowed or ("current", "constant", "constant:2020", "comparable")),
    )  # fmt: skip


def known_columns(dimensions: tuple[str, ...]) -> dict[str, str]:
    """Return header → column of the figures table, SDMX names included."""
    names = {name: name for name in (*BY_NAME, *dimensions)}
    return names | {column.sdmx: name for name, column in BY_NAME.items() if column.sdmx} | {UNIT_MULT: UNIT_MULT}
