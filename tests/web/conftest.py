"""
The pages as built, a queue on paper behind them, and a real browser before them.
"""

import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.web.recorded_queue import RecordedQueue

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
BROWSER_VERSION = "147"


def _npm(*arguments: str, cwd: Path) -> str:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("the pages are built with npm, and there is none here")
    return subprocess.run([npm, *arguments], cwd=cwd, check=True, capture_output=True, text=True, timeout=240).stdout


def _installed(folder: Path) -> None:
    lock, mark = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        _npm("ci", cwd=folder)


@pytest.fixture(scope="session")
def dist(tmp_path_factory) -> Path:
    """
    The pages as they would be served, built anew.
    """
    out = tmp_path_factory.mktemp("pages")
    _installed(WEB)
    _npm("run", "build", "--", "--outDir", str(out), "--emptyOutDir", "--logLevel", "error", cwd=WEB)
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """
    Chromium from its npm package; the libraries that come with it only where the machine lacks its own.
    """
    _installed(WEB / "e2e")
    told = _npm("run", "--silent", "browser", "--", str(ROOT / ".cache" / f"chromium-{BROWSER_VERSION}"), cwd=WEB / "e2e")
    place = json.loads(told.splitlines()[-1])
    linked = subprocess.run(["ldd", place["executable"]], capture_output=True, text=True, check=False, timeout=30).stdout
    lacking = {"LD_LIBRARY_PATH": place["libraries"]} if "not found" in linked else {}
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=place["executable"],
            args=["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
            env={**os.environ, **lacking},
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def photo() -> bytes:
    """
    A small JPEG that stands for a photograph.
    """
    picture = Image.new("RGB", (640, 400), "#38474f")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((120, 60, 520, 300), fill="#7d8f98")
    draw.rectangle((220, 320, 420, 366), fill="white", outline="black", width=4)
    content = io.BytesIO()
    picture.save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
def queue(dist: Path, photo: bytes) -> Iterator[RecordedQueue]:
    """
    A fresh queue on paper for each test.
    """
    with RecordedQueue(dist=dist, photo=photo) as opened:
        yield opened


@pytest.fixture
def complaints() -> list[str]:
    """
    What browsers complained of during the test: console errors, policy violations, uncaught exceptions.
    """
    return []


@pytest.fixture
def visit(browser: Browser, queue: RecordedQueue, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """
    Open a page of the queue in a window of its own; size, colors and language as asked.
    """
    contexts: list[BrowserContext] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def open_page(path: str, *, width: int = 1920, height: int = 1080, **wishes: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **{"locale": "ru-RU", **wishes})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{queue.url}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
