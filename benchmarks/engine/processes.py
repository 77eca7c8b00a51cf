"""What a process and all that it starts cost: CPU seconds, wall-clock seconds, peak memory. Linux only."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
#: Seconds between two looks at the memory.
EVERY = 0.02


@dataclass(frozen=True)
class Cost:
    """One run: ``cpu`` is user and system time of the tree, ``peak`` its resident memory in MiB at the worst moment."""

    code: int
    cpu: float
    wall: float
    peak: float
    out: str
    err: str


def _tree(root: int) -> dict[int, tuple[float, int]]:
    """Return process → (CPU seconds with those of children waited for, resident bytes) of a process and below it."""
    children: dict[int, list[int]] = {}
    found: dict[int, tuple[float, int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(words[1]), []).append(int(entry.name))
        # user, system, and both of the children that were waited for
        found[int(entry.name)] = sum(map(int, words[11:15])) / TICK, int(words[21]) * PAGE
    below, waiting = {}, [root]
    while waiting:
        pid = waiting.pop()
        if pid in found:
            below[pid] = found[pid]
        waiting += children.get(pid, [])
    return below


def cpu() -> float:
    """Return the CPU seconds so far of this process and of those it has started."""
    own, others = time.process_time(), _tree(os.getpid())
    others.pop(os.getpid(), None)
    return own + sum(seconds for seconds, _ in others.values())


def measure(command: list[str], *, limit: float, environment: dict[str, str] | None = None) -> Cost:
    """Run a command to its end, or to ``limit`` seconds, and return what it cost.

    The kernel's account of the whole tree is used, as far as each process was waited for; a process that outlives
    its parent counts with what was last seen of it.
    """
    start, peak, seen, done = time.perf_counter(), 0, {}, threading.Event()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )

    def watch() -> None:
        nonlocal peak
        while not done.wait(EVERY):
            tree = _tree(process.pid)
            peak = max(peak, sum(size for _, size in tree.values()))
            seen.update({pid: seconds for pid, (seconds, _) in tree.items()})

    before = os.times()
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        out, err = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        out, err = process.communicate()
    done.set()
    watcher.join()
    after = os.times()
    waited = after.children_user + after.children_system - before.children_user - before.children_system
    orphans = sum(seconds for pid, seconds in seen.items() if pid != process.pid and Path(f"/proc/{pid}").exists())
    return Cost(process.returncode, waited + orphans, time.perf_counter() - start, peak / 2**20, out, err)
