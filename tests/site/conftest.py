"""Tests of the built site; `make site` builds it and runs them."""

from __future__ import annotations

import os

if os.environ.get("HESHU_SITE") != "1":
    collect_ignore = ["test_site.py"]
