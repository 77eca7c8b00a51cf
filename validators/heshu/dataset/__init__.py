"""Datasets: a folder with a manifest, a bare file, or a frame; read into resolved figures."""

from __future__ import annotations

from heshu.dataset.manifest import Manifest
from heshu.dataset.read import Dataset, load
from heshu.dataset.search import find

__all__ = ["Dataset", "Manifest", "find", "load"]
