"""The report as one HTML page, for an audit: nothing is loaded from elsewhere, and no text of the data is markup.

A strict content security policy names the page's own style and script by their digests, so that nothing else runs. What
is judged and how it went is written into the page; findings and figures without a check are data of the page, which its
script shows some at a time: ten thousand of them stay quick. Without a script the first ones are listed.
"""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from importlib.resources import files
from string import Template

from heshu.formats.html import page
from heshu.formats.html.data import as_data
from heshu.messages import Lang, say
from heshu.report import Report


def render(report: Report, lang: Lang) -> str:
    """Return the page."""
    own = files(__name__)
    style, script = ((own / name).read_text("utf-8") for name in ("style.css", "script.js"))
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    data = json.dumps(as_data(report, lang), ensure_ascii=False, separators=(",", ":"))
    fields = {
        "lang": "zh-CN" if lang is Lang.ZH else "en",
        "policy": escape(policy),
        "title": escape(f"heshu 核数 · {page.verdict(report, lang)}"),
        "style": style,
        "script": script,
        # "</script" and "<!--" would end the data.
        "data": data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"),
        "body": page.body(report, lang),
        "skip": escape(say("html.skip", lang)),
    }
    return Template((own / "page.html").read_text("utf-8")).substitute(fields)


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
