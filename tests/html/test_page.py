"""The page in a real browser: by keyboard, without a script; nothing of the data runs, nothing is fetched."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait
from specimen import EVIL, finding, report

import heshu
from heshu.finding import Severity, State
from heshu.messages import Lang
from heshu.report import DatasetReport, Report

TOP = Path(__file__).parents[2]
AXE = os.environ.get("HESHU_AXE", "")


def cards(browser: Any) -> list[Any]:
    found: list[Any] = browser.find_elements(By.CSS_SELECTOR, "#findings article")
    return found


def count(browser: Any) -> str:
    return str(browser.find_element(By.CSS_SELECTOR, "#findings .count").text)


def codes(browser: Any) -> list[str]:
    """Return the codes of all cards at one moment: the page may be drawing them anew."""
    script = "return [...document.querySelectorAll('#findings article')].map(e => e.querySelector('.code').textContent)"
    found: list[str] = browser.execute_script(script)
    return found


def waits_for(browser: Any, text: str) -> None:
    WebDriverWait(browser, 10).until(lambda _: count(browser) == text)


def is_quiet(browser: Any) -> None:
    """Nothing was said on the console, and nothing but the page itself was asked for."""
    assert browser.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.fixture
def gdp(monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.chdir(TOP)
    return heshu.check("datasets/national-gdp", engine="polars")


@pytest.mark.parametrize("lang", list(Lang))
def test_a_real_report(browser: Any, page: Any, gdp: Report, lang: Lang) -> None:
    browser.get(page(gdp, lang))
    assert len(cards(browser)) == len(gdp.findings) == 2
    text = browser.find_element(By.TAG_NAME, "body").text
    assert "datasets/national-gdp/figures.csv:11" in text
    assert "1349083.5亿元" in text
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[lang]
    strips = browser.find_elements(By.CSS_SELECTOR, "svg.strip title")
    assert "1348066.2" in strips[0].get_attribute("textContent")
    is_quiet(browser)


def test_one_of_everything(browser: Any, page: Any) -> None:
    browser.get(page(report()))
    assert count(browser) == "8 of 8"
    text = browser.find_element(By.TAG_NAME, "main").text
    for part in ("main (12345678)", "420.0亿元", "发布方已答复", "20x4", "ValueError: <&>", "1400万人", "fixed 1"):
        assert part in text
    is_quiet(browser)


def test_nothing_of_the_data_runs(browser: Any, page: Any) -> None:
    """Names with markup, ends of scripts, handlers and odd lines are shown as they are."""
    names = [EVIL, "</script><script>document.title='ran'</script>", "<img src=x onerror=document.title='ran'>",
             "'\"><svg onload=document.title='ran'>", "a\u2028b</style>", "javascript:alert(1)",
             "{{7*7}} ${7*7} $body"]  # fmt: skip
    wrong = [finding(State.NEW, Severity.ERROR, name=name, line=n + 3) for n, name in enumerate(names)]
    browser.get(page(Report([DatasetReport("</title><script>document.title='ran'</script>", "x", findings=wrong)])))
    assert len(cards(browser)) == len(names)
    assert "ran" not in browser.title.split()
    assert browser.find_elements(By.CSS_SELECTOR, "main script, main img, main style, main a[href^=javascript]") == []
    assert "<img src=x onerror=" in browser.find_element(By.TAG_NAME, "main").text
    is_quiet(browser)


def test_the_policy_stops_what_might_get_in(browser: Any, page: Any, gdp: Report) -> None:
    browser.get(page(gdp))
    browser.execute_script(
        "const s = document.createElement('script'); s.textContent = \"document.title='ran'\"; document.body.append(s);"
        "const i = document.createElement('img'); i.src = 'https://example.org/x.png'; document.body.append(i);"
    )
    assert browser.title != "ran"
    said = [entry["message"] for entry in browser.get_log("browser")]
    assert len([message for message in said if "Content Security Policy" in message]) == 2
    browser.get_log("performance")


def test_search_filters_and_sorting(browser: Any, page: Any) -> None:
    browser.get(page(report()))
    search = browser.find_element(By.NAME, "search")
    search.send_keys("投资 120")
    waits_for(browser, "0 of 8")
    search.clear()
    search.send_keys("投资")
    waits_for(browser, "1 of 8")
    assert "投资" in cards(browser)[0].text
    browser.find_element(By.CSS_SELECTOR, "button[type=reset]").send_keys(Keys.ENTER)
    waits_for(browser, "8 of 8")
    Select(browser.find_element(By.NAME, "state")).select_by_value("waived")
    waits_for(browser, "1 of 8")
    Select(browser.find_element(By.NAME, "state")).select_by_value("")
    Select(browser.find_element(By.NAME, "rule")).select_by_value("COV001")
    waits_for(browser, "1 of 8")
    Select(browser.find_element(By.NAME, "rule")).select_by_value("")
    waits_for(browser, "8 of 8")
    assert codes(browser) != sorted(codes(browser))
    Select(browser.find_element(By.NAME, "sort")).select_by_value("rule")
    WebDriverWait(browser, 10).until(lambda _: codes(browser) == sorted(codes(browser)))
    assert len(codes(browser)) == 8


def test_by_keyboard_alone(browser: Any, page: Any, gdp: Report) -> None:
    browser.get(page(gdp))
    body = browser.find_element(By.TAG_NAME, "body")
    body.send_keys(Keys.TAB)
    assert browser.switch_to.active_element.get_attribute("class") == "skip"
    seen = []
    for _ in range(60):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        active = browser.switch_to.active_element
        seen.append(active.get_attribute("name") or active.get_attribute("id") or active.text)
        outline = active.value_of_css_property("outline-style")
        assert outline != "none" or active.tag_name == "body", f"{seen[-1]} shows no focus"
    assert {"theme", "search", "severity", "state", "rule", "dataset", "sort", "reset", "copy"} <= set(seen)


def test_ten_thousand_findings(browser: Any, page: Any) -> None:
    many = [finding(State.NEW, Severity.ERROR, name=f"指标{n}", line=n + 3) for n in range(10_000)]
    browser.get(page(Report([DatasetReport("a", "a", findings=many)])))
    assert count(browser) == "10000 of 10000"
    assert len(cards(browser)) == 50
    assert len(browser.find_elements(By.CSS_SELECTOR, "*")) < 4000
    browser.find_element(By.CSS_SELECTOR, "#findings .more-row button").send_keys(Keys.ENTER)
    assert len(cards(browser)) == 100
    # Who pressed the key goes on at the first of those that came.
    assert browser.switch_to.active_element.text == cards(browser)[50].text
    browser.find_element(By.NAME, "search").send_keys("指标9998")
    waits_for(browser, "1 of 10000")
    is_quiet(browser)


def test_printed_in_full(browser: Any, page: Any) -> None:
    many = [finding(State.NEW, Severity.ERROR, name=f"指标{n}", line=n + 3) for n in range(120)]
    browser.get(page(Report([DatasetReport("a", "a", findings=many)])))
    printed = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
    assert printed.startswith(b"%PDF")
    assert len(cards(browser)) == 120


def test_without_a_script(browser: Any, page: Any) -> None:
    address = page(report())
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(address)
        text = browser.find_element(By.TAG_NAME, "main").text
        assert "a rule broke" in text
        assert "GRW001 cannot hold together (new)" in text
        assert not browser.find_element(By.CLASS_NAME, "filters").is_displayed()
        assert not browser.find_element(By.ID, "theme").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("width", [360, 768, 1600])
def test_nothing_is_cut_off_at_the_side(browser: Any, page: Any, width: int) -> None:
    long = finding(State.NEW, Severity.ERROR, name="很长的名称" * 40 + "w" * 300)
    found = report()
    found.datasets[0].findings.append(long)
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.get(page(found))
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_light_and_dark(browser: Any, page: Any, gdp: Report) -> None:
    paper = "return getComputedStyle(document.body).backgroundColor"
    seen = {}
    for scheme in ("light", "dark"):
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        browser.get(page(gdp))
        seen[scheme] = browser.execute_script(paper)
        browser.find_element(By.ID, "theme").click()
        seen[f"{scheme} toggled"] = browser.execute_script(paper)
    assert seen["light"] == seen["dark toggled"] != seen["dark"] == seen["light toggled"]


@pytest.mark.skipif(not AXE, reason="needs axe-core, which ci/axe.sh fetches by npm; HESHU_AXE names it")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", list(Lang))
def test_axe_finds_nothing_serious(browser: Any, page: Any, scheme: str, lang: Lang) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    browser.get(page(report(), lang))
    browser.execute_script(Path(AXE).read_text("utf-8"))
    result = browser.execute_async_script("const done = arguments[0]; axe.run().then(done)")
    serious = [
        (rule["id"], node["html"][:120])
        for rule in result["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
    assert serious == []
    assert len(result["passes"]) > 20
