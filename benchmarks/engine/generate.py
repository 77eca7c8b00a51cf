"""Figures as an office would print them, in long form, with a known number of errors: a dataset folder for heshu.

``generate.py --rows 1000000 --data FOLDER/figures.parquet`` writes the figures, what was done to them
(``figures.truth.parquet``: row, err), the manifest and the rulebooks. The truth is drawn first and each figure is
rounded from it, so that without errors every relation holds. The same seed and rows give the same figures.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folder
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import vocabulary as v

ROW_GROUP = 122_880
#: Areas that are drawn at once: memory does not grow with the rows.
AREAS = 250
COUNT = v.GROUPS * v.SIZE
LEVEL, GROWTH, POINTS, SHARE = range(4)
UNITS = [*v.UNITS, v.UNKNOWN_UNIT]
CODE = {unit: code for code, unit in enumerate(UNITS)}

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("area", "indicator", "period", "measure", "comparison", "of")]
    + [("value", pa.float64()), ("unit", pa.string()), ("decimals", pa.int8())]
)
TRUTH = pa.schema([("row", pa.int64()), ("err", pa.int8())])


@dataclass(frozen=True)
class Pattern:
    """What the rows of every area have in common; ``keep`` picks them from indicators x years x measures."""

    keep: Any
    texts: dict[str, pa.Array]
    measure: Any
    base: Any
    rate_unit: Any


def pattern() -> Pattern:
    """Return the rows of one area."""
    number, year, measure = (a.ravel() for a in np.indices((COUNT, v.YEARS, len(v.MEASURES))))
    keep = (measure == LEVEL) | ((measure == GROWTH) & (year >= 1)) | ((measure == POINTS) & (year >= 2))
    keep |= (measure == SHARE) & (number % v.SIZE > 0)
    number, year, measure = number[keep], year[keep], measure[keep]
    texts = {
        "indicator": [v.name(n) for n in number],
        "period": [v.period(n, v.FIRST_YEAR + y) for n, y in zip(number, year, strict=True)],
        "measure": [v.MEASURES[m] for m in measure],
        "comparison": ["yoy" if m in (GROWTH, POINTS) else "" for m in measure],
        "of": [v.total(n) if m == SHARE else "" for n, m in zip(number, measure, strict=True)],
    }
    arrays = {name: pa.array(values).dictionary_encode() for name, values in texts.items()}
    base = number // v.SIZE % len(v.BASES)
    rate_unit = np.where(measure == POINTS, CODE[v.POINTS], CODE[v.PERCENT]).astype(np.int8)
    return Pattern(keep, arrays, measure, base, rate_unit)


def rounded(values: Any, decimals: Any) -> Any:
    """Return the doubles nearest to the values as printed; no -0.0."""
    scale = 10.0**decimals
    return np.round(values * scale) / scale + 0.0


def truth(rng: np.random.Generator, areas: int) -> Any:
    """Return true levels: areas x indicators x years; a total is the sum of its parts."""
    shape = (areas, v.GROUPS, v.SIZE - 1)
    usual = np.array([v.SIZES[v.base(g * v.SIZE)] for g in range(v.GROUPS)])[None, :, None]
    growth = rng.normal(0.06, 0.08, (*shape, v.YEARS))
    growth[..., 0] = 0
    parts = (usual * np.exp(rng.normal(0, 1.2, shape)))[..., None] * np.cumprod(1 + growth, axis=-1)
    whole = [v.base(g * v.SIZE) in v.WHOLE_NUMBERS for g in range(v.GROUPS)]
    parts[:, whole] = np.maximum(1, np.round(parts[:, whole]))
    levels = np.concatenate([parts.sum(axis=2, keepdims=True), parts], axis=2)
    return levels.reshape(areas, COUNT, v.YEARS)


def printed(rng: np.random.Generator, areas: int, rows: Pattern) -> tuple[Any, Any, Any]:
    """Return value, code of the unit and decimals of each row."""
    level = truth(rng, areas)
    other = (rng.random(level.shape) < 0.03).astype(np.int8)
    scales = [[v.SCALES[v.base(n)][i] for i in (0, 1)] for n in range(COUNT)]
    number = np.arange(COUNT)[None, :, None]
    factor = np.array([[s[1] for s in pair] for pair in scales])[number, other]
    decimals = np.array([[s[2] for s in pair] for pair in scales], np.int8)[number, other]
    unit = np.array([[CODE[s[0]] for s in pair] for pair in scales], np.int8)[number, other]
    value = np.full((*level.shape, len(v.MEASURES)), np.nan)
    value[..., LEVEL] = rounded(level / factor, decimals)
    growth = level[..., 1:] / level[..., :-1] * 100 - 100
    value[..., 1:, GROWTH] = rounded(growth, 1)
    value[..., 2:, POINTS] = rounded(growth[..., 1:] - growth[..., :-1], 1)
    value[..., SHARE] = rounded(level / np.repeat(level[:, :: v.SIZE], v.SIZE, axis=1) * 100, 1)
    flat = value.reshape(areas, -1)[:, rows.keep].ravel()
    units, places = np.tile(rows.rate_unit, areas), np.ones(len(flat), np.int8)
    is_level = np.tile(rows.measure == LEVEL, areas)
    units[is_level], places[is_level] = unit.ravel(), decimals.ravel()
    return flat, units, places


def inject(
    rng: np.random.Generator, columns: tuple[Any, Any, Any], measure: Any, base: Any, share: float
) -> tuple[Any, Any]:
    """Spoil a share of the rows in place; return which, and the code of each error."""
    value, unit, decimals = columns
    rows = np.sort(rng.choice(len(value), round(len(value) * share), replace=False))
    err = np.zeros(len(rows), np.int8)
    which, size, sign = rng.random(len(rows)), rng.random(len(rows)), rng.choice([-1.0, 1.0], len(rows))
    kind, old = measure[rows], value[rows]
    new = old.copy()
    is_level = kind == LEVEL
    err[is_level] = np.select([which < 0.35, which < 0.6, which < 0.7], [1, 2, 3], 4)[is_level]
    err[kind == GROWTH] = np.where(which < 0.3, 5, 6)[kind == GROWTH]
    err[kind == SHARE], err[kind == POINTS] = 7, 8
    unit[rows[err == 1]] = CODE[v.UNKNOWN_UNIT]
    strange = np.where(base[rows] == v.BASES.index("吨"), CODE["亿元"], CODE["万吨"])
    unit[rows[err == 2]] = strange[err == 2]
    swap = np.arange(len(UNITS), dtype=np.int8)
    for usual, rare in v.SCALES.values():
        swap[CODE[usual[0]]], swap[CODE[rare[0]]] = CODE[rare[0]], CODE[usual[0]]
    unit[rows[err == 3]] = swap[unit[rows[err == 3]]]
    slips = np.array([10, 0.1, 1.1, 0.9])[(size * 4).astype(int)]
    new = np.select(
        [err == 4, err == 5, (err == 7) & (which < 0.5), err == 7, (err == 6) | (err == 8)],
        [old * slips, -100.1 - 50 * size, 100.1 + 900 * size, -0.1 - 20 * size, old + sign * (0.3 + 5 * size)],
        new,
    )
    value[rows] = rounded(new, decimals[rows])
    return rows, err


def tables(count: int, seed: int, errors: float) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield figures and the errors in them, some areas at a time, ``count`` rows in all."""
    rows, first, done = pattern(), 0, 0
    per_area = len(rows.measure)
    while done < count:
        areas = min(AREAS, -(-(count - done) // per_area))
        rng = np.random.default_rng([seed, first])
        n = min(areas * per_area, count - done)
        value, unit, decimals = (column[:n] for column in printed(rng, areas, rows))
        measure, base = np.tile(rows.measure, areas)[:n], np.tile(rows.base, areas)[:n]
        where, err = inject(rng, (value, unit, decimals), measure, base, errors)
        names = pa.array([f"地区{first + i:05d}" for i in range(areas)])
        area = pa.DictionaryArray.from_arrays(np.repeat(np.arange(areas, dtype=np.int32), per_area)[:n], names)
        columns = {"area": area.cast(pa.string()), "value": value, "decimals": decimals}
        for name, array in rows.texts.items():
            codes = np.tile(array.indices.to_numpy(), areas)[:n]
            columns[name] = pa.DictionaryArray.from_arrays(codes, array.dictionary).cast(pa.string())
        columns["unit"] = pa.DictionaryArray.from_arrays(unit.astype(np.int32), pa.array(UNITS)).cast(pa.string())
        figures = pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)
        yield figures, pa.table([where + done, err], schema=TRUTH)
        first, done = first + areas, done + n


def texts(table: pa.Table) -> pa.Table:
    """Return the table with its values as printed."""
    value, decimals = table["value"].to_numpy(), table["decimals"].to_numpy()
    shown = np.empty(len(value), object)
    for places in np.unique(decimals):
        of = decimals == places
        shown[of] = [f"{x:.{places}f}" for x in value[of].tolist()]
    at = table.schema.get_field_index("value")
    return table.set_column(at, "value", pa.array(shown, pa.string()))


def write(path: Path, rows: int, *, seed: int = 7, errors: float = 0.001, form: str = "parquet") -> int:
    """Write figures, truth, manifest and rulebooks; return how many errors there are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = []
    if form == "csv":
        schema = SCHEMA.set(SCHEMA.get_field_index("value"), pa.field("value", pa.string()))
        options = pyarrow.csv.WriteOptions(quoting_style="needed")
        with pyarrow.csv.CSVWriter(path, schema, write_options=options) as writer:
            for figures, spoilt in tables(rows, seed, errors):
                writer.write_table(texts(figures))
                found.append(spoilt)
    else:
        with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
            waiting = SCHEMA.empty_table()
            for figures, spoilt in tables(rows, seed, errors):
                waiting = pa.concat_tables([waiting, figures])
                whole = len(waiting) // ROW_GROUP * ROW_GROUP
                if whole:
                    writer.write_table(waiting.slice(0, whole), row_group_size=ROW_GROUP)
                waiting = waiting.slice(whole)
                found.append(spoilt)
            if len(waiting):
                writer.write_table(waiting, row_group_size=ROW_GROUP)
    injected = pa.concat_tables(found) if found else TRUTH.empty_table()
    pq.write_table(injected, path.with_suffix(".truth.parquet"), compression="zstd")
    folder.write(path, form=form)
    return len(injected)


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, required=True, help="file to write; its folder becomes the dataset")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--errors", type=float, default=0.001, help="share of the rows that get an error")
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet")
    options = parser.parse_args()
    injected = write(options.data, options.rows, seed=options.seed, errors=options.errors, form=options.format)
    print(f"{options.rows} rows, {options.data.stat().st_size / 1e6:.1f} MB, {injected} errors")


if __name__ == "__main__":
    main()
