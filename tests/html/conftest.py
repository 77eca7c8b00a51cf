"""A real browser, without a window, and pages made of real reports."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
TOP = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "formats"))

if os.environ.get("HESHU_HTML") != "1":
    collect_ignore = ["test_page.py"]

Page = Callable[..., str]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, with what its console says on record."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    driver.set_window_size(1200, 1000)
    yield driver
    driver.quit()


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """Write the page of a report; return its address."""
    from heshu import formats
    from heshu.messages import Lang

    def write(report: Any, lang: Lang = Lang.EN) -> str:
        target = tmp_path / f"report.{lang}.html"
        text = formats.get("html")(report, lang)
        assert isinstance(text, str)
        target.write_text(text, "utf-8")
        return target.as_uri()

    return write
