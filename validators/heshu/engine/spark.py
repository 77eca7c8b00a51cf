"""The engine for clusters, and for machines that have Spark already: Spark SQL, without a step of Python on a row.

Rows stay where Spark has them. What reaches this process is what it asks for: findings, counts, distinct forms and
subjects, and of the coverage one bit a row, in bitmaps that the executors make.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce
from operator import add
from types import MappingProxyType
from typing import IO, Any
from urllib.parse import unquote

import narwhals as nw
import numpy as np

from heshu.engine.by_hash import ByHash
from heshu.errors import InputError, InputErrors, Place
from heshu.kind import Frame
from heshu.small import Table, table

#: What says that a session is to be had elsewhere, or how it is set up.
ELSEWHERE = ("SPARK_REMOTE", "SPARK_HOME", "SPARK_CONF_DIR", "PYSPARK_SUBMIT_ARGS", "MASTER")

#: Bits of one bitmap of Spark's, as a power of 2, and of a whole number.
BUCKET, WORD = 15, 6
#: Columns whose NULLs are bits of one number.
BITS = 31

#: Settings of any session that is started here; the user's own go first.
QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    # Else each step of an expression looks up who wrote it, over the stack of Python and a call of Java.
    "spark.python.sql.dataFrameDebugging.enabled": "false",
}

#: Java on this machine: plans become code that mostly runs for a second or two. To compile well only what is called
#: 40 times as often as by default, and to look for garbage in no threads of its own, costs less.
JAVA = (
    "-XX:+IgnoreUnrecognizedVMOptions -XX:+UseParallelGC -XX:Tier4InvocationThreshold=200000 "
    "-XX:Tier4MinInvocationThreshold=24000 -XX:Tier4CompileThreshold=600000 -XX:Tier4BackEdgeThreshold=1600000"
)

#: What the reader of Spark takes for a pattern in the name of a file.
_PATTERN = re.compile(r"([\\*?\[\]{}^])")
_SCHEME = re.compile(r"^file:/+")


class Spark(ByHash):
    """Tables of one Spark session; what was computed for several readers is let go at the end."""

    name = "spark"
    rows_at_once = 0

    def __init__(self, session: Any) -> None:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        self.broken: tuple[type[Exception], ...] = (PySparkException, Py4JError)
        self.full: tuple[type[Exception], ...] = (MemoryError,)
        self._session = session
        self._kept: list[Any] = []

    def bring(self, table: Table) -> Frame:
        """Return a small table as one of the session."""
        return self._brought(table.to_arrow())

    def _brought(self, arrow: Any) -> Frame:
        with warnings.catch_warnings():
            # Of the release of pandas, which is installed but not used here.
            warnings.simplefilter("ignore")
            return _frame(self._session.createDataFrame(arrow))

    def scan(self, paths: Sequence[str], starts: Sequence[int]) -> Frame:
        """Return the rows of Parquet files with the number of their file and their own.

        :raises InputError: for a file whose name tells Spark to pass it over.
        """
        whole = [os.path.abspath(path) for path in paths]
        for path in whole:
            if os.path.basename(path).startswith(("_", ".")):
                raise InputError("engine.hidden", Place(path))
        reader = self._session.read.option("mergeSchema", "true") if len(paths) > 1 else self._session.read
        read = reader.parquet(*["file:" + _PATTERN.sub(r"\\\1", path) for path in whole])
        row = "_metadata.row_index"
        if len(paths) == 1:
            return _frame(read.selectExpr("*", "CAST(0 AS BIGINT) AS at", f"{row} + {starts[0]} AS fid"))
        # Names of files are compared as Spark writes them: which characters it escapes is its own affair.
        known = [_SCHEME.sub("/", name) for name in read.inputFiles()]
        at = [whole.index(unquote(name)) for name in known]
        files = self.bring(table({"filename": known, "at": at, "start": [starts[number] for number in at]}))
        name = "regexp_replace(_metadata.file_path, '^file:/+', '/') AS filename"
        rows = _frame(read.selectExpr("*", name, f"{row} AS fid")).join(files, on="filename", how="inner")
        return rows.with_columns((nw.col("fid") + nw.col("start")).alias("fid")).drop("start", "filename")

    def code(self, frame: Frame, columns: Sequence[str], name: str, salt: int) -> Frame:
        """Return ``frame`` with a number made of ``columns``."""
        from pyspark.sql import functions

        own = [functions.col("`" + column.replace("`", "``") + "`") for column in columns]
        # Spark's hash passes NULL over: where there is one is hashed too, as bits of one number.
        absent = [functions.when(column.isNull(), 2 ** (at % BITS)).otherwise(0) for at, column in enumerate(own)]
        nulls = [reduce(add, absent[at : at + BITS]) for at in range(0, len(absent), BITS)]
        number = functions.xxhash64(functions.lit(salt), *own, *nulls)
        return _frame(frame.to_native().withColumn(name, number))

    def materialise(self, frame: Frame, bounds: Mapping[str, int] = MappingProxyType({})) -> Frame:
        """Return ``frame`` computed once, by its first reader."""
        kept = frame.to_native().persist()
        self._kept.append(kept)
        return _frame(_rooted(kept))

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Let go at its end what was kept within it."""
        outer, self._kept = self._kept, []
        try:
            yield
        finally:
            self._free()
            self._kept = outer

    def repeated(self, frame: Frame, bound: int) -> Frame | None:
        """Return the numbers that are more than once in the one column of ``frame``."""
        from pyspark.sql.functions import expr

        native = frame.to_native()
        [name] = native.columns
        numbers = native.toDF("n").selectExpr("n", f"shiftright(n, {WORD}) AS word")
        bits = f"bit_or(shiftleft(1L, CAST(n & {2**WORD - 1} AS INT))) AS bits"
        # Neighbours that all differ are one group, and so few rows of a shuffle.
        words = numbers.groupBy("word").agg(expr("count(n) AS size"), expr(bits))
        full = words.where("size > bit_count(bits)").select("word")
        if not full.limit(1).collect():
            return None
        near = numbers.join(full, "word", "left_semi").groupBy("n").count().where("count > 1")
        return self.materialise(_frame(near.selectExpr(f"n AS `{name}`")))

    def fetch(self, frame: Frame) -> list[dict[str, Any]]:
        """Return the rows of ``frame``."""
        native = frame.to_native()
        names = native.columns
        return [dict(zip(names, row, strict=True)) for row in native.collect()]

    def put(self, frames: Sequence[Frame], there: bytearray) -> None:
        """Set ``there`` to 1 at every number in ``frames``, of one column each."""
        if not frames:
            return
        numbers = _union([frame.to_native() for frame in frames]).toDF("n")
        parts = numbers.where("n IS NOT NULL").selectExpr(f"shiftright(n, {BUCKET}) AS b", f"n & {2**BUCKET - 1} AS p")
        mask = np.frombuffer(there, np.uint8)
        for bucket, bits in parts.groupBy("b").agg({"p": "bitmap_construct_agg"}).collect():
            own = mask[bucket << BUCKET : (bucket + 1) << BUCKET]
            own |= np.unpackbits(np.frombuffer(bits, np.uint8), bitorder="little")[: len(own)]

    def close(self) -> None:
        """Let go what was kept; the session stays, for the next dataset."""
        self._free()

    def _free(self) -> None:
        for kept in self._kept:
            kept.unpersist()
        self._kept.clear()


def _rooted(kept: Any) -> Any:
    """Return a persisted frame as one that begins there: what it was made of is not planned again for each reader.

    Spark offers this to Scala only; over Spark Connect, where there is no Java here, the frame stays as it is.
    """
    from pyspark.sql.classic.dataframe import DataFrame

    if not isinstance(kept, DataFrame):
        return kept
    session = kept.sparkSession
    plan = kept._jdf.queryExecution().withCachedData()
    dataset = session._jvm.org.apache.spark.sql.classic.Dataset.ofRows(session._jsparkSession, plan)
    return DataFrame(dataset, session)


def _union(frames: Sequence[Any]) -> Any:
    """Return the rows of all frames; halves first, since each union looks at all that is below it."""
    if len(frames) == 1:
        return frames[0]
    half = len(frames) // 2
    return _union(frames[:half]).union(_union(frames[half:]))


def _frame(native: Any) -> Frame:
    frame: Frame = nw.from_native(native)
    return frame


def start(memory: str | None = None, settings: Mapping[str, str] | None = None) -> Spark:
    """Return an engine on the active session, else on one that ``settings`` and the environment describe.

    Of a session on this machine alone, ``memory`` is how much Java may use.

    :raises InputErrors: if there is no pyspark, or no session can be had.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputErrors([InputError("engine.no_pyspark", Place("spark"))]) from None
    session = SparkSession.getActiveSession()
    if session is None:
        try:
            session = _started(SparkSession.builder, memory, dict(settings or {}))
        except (PySparkException, ImportError, OSError) as error:
            raise _refused(error, settings or {}) from None
    return Spark(session)


def _started(builder: Any, memory: str | None, settings: dict[str, str]) -> Any:
    chosen = QUIET | settings
    if not {"spark.master", "spark.remote"} & set(settings) and not any(map(os.environ.get, ELSEWHERE)):
        chosen = _local(memory) | chosen
    if "spark.remote" in chosen or os.environ.get("SPARK_REMOTE"):
        chosen = {name: value for name, value in chosen.items() if name not in QUIET}
    for name, value in chosen.items():
        builder = builder.config(name, value)
    with _apart(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return builder.getOrCreate()


def _local(memory: str | None) -> dict[str, str]:
    """Return settings for this machine alone: all of its cores, so much memory or half of it, no network."""
    cores = os.cpu_count() or 1
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 21
    if memory is not None:
        size = int(float(memory.rstrip("KMGTiB ")) * 1024 ** ("KMGT".index(memory.rstrip("iB")[-1]) - 1))
    return {
        "spark.master": "local[*]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": f"{max(size, 512)}m",
        "spark.driver.extraJavaOptions": JAVA,
        "spark.sql.shuffle.partitions": str(cores),
        # What is kept is read a few times only: packing it costs more than it saves.
        "spark.sql.inMemoryColumnarStorage.compressed": "false",
    }


@contextmanager
def _apart() -> Iterator[None]:
    """Keep what Java writes to standard error, from its start to its end, away from ours."""
    with tempfile.TemporaryFile() as file:
        sys.stderr.flush()
        ours = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield
        except Exception as error:
            error.add_note(_tail(file))
            raise
        finally:
            sys.stderr.flush()
            os.dup2(ours, 2)
            os.close(ours)


def _tail(file: IO[bytes]) -> str:
    """Return the last line that Java wrote, but for where in its code it was."""
    file.seek(0)
    lines = [line.strip() for line in file.read().decode("utf-8", "replace").splitlines()]
    return next((line for line in reversed(lines) if line and not line.startswith(("at ", "... "))), "")


def _refused(error: Exception, settings: Mapping[str, str]) -> InputErrors:
    """Return why there is no session, and where one was looked for: Java does not always say so."""
    java = os.environ.get("JAVA_HOME") or shutil.which("java")
    if java is None:
        return InputErrors([InputError("engine.no_java", Place("spark"))])
    notes = [note for note in getattr(error, "__notes__", []) if note]
    reason = " ".join((notes or str(error).splitlines() or [type(error).__name__])[0].split())[:200]
    said = [f"{name} = {settings[name]}" for name in ("spark.master", "spark.remote") if name in settings]
    return InputErrors([InputError("engine.no_session", Place("spark"), reason=": ".join([*said, reason]))])
