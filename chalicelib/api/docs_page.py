"""
The OpenAPI document as one readable page: no script, nothing fetched from elsewhere.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

from chalicelib.api.examples import example_of
from chalicelib.api.languages import Language
from chalicelib.domain.decisions import Code
from chalicelib.jurisdictions import jurisdiction

Json = Mapping[str, Any]
METHODS: Final = ("get", "post", "put", "patch", "delete")
PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head>
<body><div class="frame"><nav aria-label="Operations"><a href="#top"><strong>{title}</strong></a> {menu}
<h2>Refusals</h2><ul><li><a href="#problems">All codes</a></li></ul></nav>
<main id="top"><h1>{title}</h1><p class="lead">{summary}</p><p class="lead">{description}</p>
<p><a href="/openapi.json">openapi.json</a> · version {version}</p>{sections}{problems}</main></div></body></html>
"""


@cache
def _style() -> str:
    return Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def render(document: Json) -> str:
    """
    Write the page of a document.
    """
    info = document["info"]
    return PAGE.format(
        title=escape(info["title"]),
        style=_style(),
        summary=escape(info["summary"]),
        description=_worded(info["description"]),
        version=escape(info["version"]),
        menu="".join(_menu(document, tag["name"]) for tag in document["tags"]),
        sections="".join(_section(document, tag["name"]) for tag in document["tags"]),
        problems=_problems(),
    )


def _operations(document: Json, tag: str) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if tag in methods.get(method, {}).get("tags", ()):
                yield method, path, methods[method]


def _menu(document: Json, tag: str) -> str:
    rows = (f'<li><a href="#{item["operationId"]}">{escape(item["summary"])}</a></li>' for _, _, item in _operations(document, tag))
    return f"<h2>{escape(tag)}</h2><ul>{''.join(rows)}</ul>"


def _section(document: Json, tag: str) -> str:
    articles = (_article(document, method, path, item) for method, path, item in _operations(document, tag))
    return f"<section><h2>{escape(tag)}</h2>{''.join(articles)}</section>"


def _article(document: Json, method: str, path: str, item: Json) -> str:
    who = ", ".join(item.get("x-roles", ())) if len(item.get("x-roles", ())) < len(_roles(document)) else "signed in"
    chips = [who or "public", *([f"rule {item['x-rule']}"] if "x-rule" in item else []), f"rate: {item['x-rate-class']}"]
    return (
        f'<article id="{item["operationId"]}"><header><span class="method {method}">{method.upper()}</span>'
        f'<span class="path">{escape(path)}</span><h3>{escape(item["summary"])}</h3>'
        f'<span class="chips">{"".join(f"<span class=chip>{escape(chip)}</span>" for chip in chips)}</span></header>'
        f"<div>{_prose(item.get('description', ''))}{_parameters(item)}{_request(document, item)}{_responses(document, item)}</div></article>"
    )


def _roles(document: Json) -> set[str]:
    return {
        role
        for methods in document["paths"].values()
        for method, item in methods.items()
        if method in METHODS
        for role in item.get("x-roles", ())
    }


def _worded(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _prose(text: str) -> str:
    return "".join(f"<p>{_worded(part)}</p>" for part in text.split("\n\n") if part)


def _parameters(item: Json) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(row['name'])}</code>{' <span class=need title=required>*</span>' if row['required'] else ''}</td>"
        f"<td>{row['in']}</td><td>{_worded(row.get('description', ''))} {_shape(row['schema'])}</td></tr>"
        for row in item["parameters"]
        if row["name"] != "Accept-Language"
    )
    return f"<h4>Parameters</h4><table><tr><th>Name</th><th>In</th><th>What</th></tr>{rows}</table>" if rows else ""


def _shape(schema: Json) -> str:
    if "enum" in schema:
        return "<code>" + escape(" | ".join(str(value) for value in schema["enum"])) + "</code>"
    for key in ("anyOf", "allOf"):
        if key in schema:
            return " ".join(filter(None, (_shape(part) for part in schema[key] if part.get("type") != "null")))
    if "$ref" in schema:
        return f"<code>{escape(schema['$ref'].rpartition('/')[2])}</code>"
    limits = [f"{name} {schema[key]}" for key, name in (("minimum", "from"), ("maximum", "to"), ("maxLength", "at most")) if key in schema]
    default = [f"default {schema['default']}"] if schema.get("default") is not None else []
    return "<code>" + escape(", ".join([str(schema.get("format", schema.get("type", ""))), *limits, *default])) + "</code>"


def _request(document: Json, item: Json) -> str:
    content = item.get("requestBody", {}).get("content", {})
    shown = "".join(_body(document, media, body) for media, body in content.items())
    return f"<h4>Request</h4>{shown}" if shown else ""


def _body(document: Json, media: str, body: Json) -> str:
    schema = body["schema"]
    if media != "application/json":
        return f"<p><code>{escape(media)}</code></p>"
    example = json.dumps(example_of(schema, document["components"]["schemas"]), ensure_ascii=False, indent=2)
    return f"<pre>{escape(example)}</pre>"


def _responses(document: Json, item: Json) -> str:
    good, bad = [], []
    for status, response in item["responses"].items():
        content = response.get("content", {})
        if "application/problem+json" in content:
            codes = content["application/problem+json"]["schema"]["properties"]["code"]["enum"]
            links = " ".join(f'<a href="#problem-{code}"><code>{code}</code></a>' for code in codes)
            bad.append(f"<tr><td>{status}</td><td>{links}</td></tr>")
        else:
            shown = "".join(_body(document, media, body) for media, body in content.items())
            good.append(f"<details><summary>{status} {_worded(response['description'])}</summary>{shown}</details>")
    return f"<h4>Answers</h4>{''.join(good)}<details><summary>Refusals</summary><table>{''.join(bad)}</table></details>"


def _problems() -> str:
    rows = []
    for code in Code:
        texts = [jurisdiction().problem(code, language.value) for language in Language]
        titles = "<br>".join(escape(text.title) for text in texts)
        rows.append(f'<tr id="problem-{code}"><td><code>{code}</code></td><td>{texts[0].status}</td><td>{titles}</td></tr>')
    head = "<tr><th>Code</th><th>Status</th><th>Қазақша · по-русски · in English</th></tr>"
    return f'<section id="problems"><h2>Refusals</h2><table>{head}{"".join(rows)}</table></section>'
