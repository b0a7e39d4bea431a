"""What a person waits for: `python -m bench.browser` asks a real web server, in a real browser on a slow line and a slow machine.

Runs on the database that the environment names, as the member of staff `--email` (who must exist). Prints, a page a line: bytes
over the line (compressed; of them script), Largest Contentful Paint at Fast 4G with the processor slowed down 4 times, median
of the rounds; and of the files the time to the first byte. Exit status 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.database import BASE
from bench.pages import EMAIL
from config.programs import web
from tests.browser.chromium import ARGUMENTS, found

PAGES = (
    "/",
    "/?by=sku",
    "/customers/",
    "/next-steps/",
    "/imports/",
    "/terms/",
    "/find/?q=a",
    "/analysis/deployment/",
    "/analysis/usage/",
    "/analysis/idle/",
)
FILES = ("/portfolio.csv", "/portfolio.csv?by=sku", "/portfolio.xlsx?by=sku", "/customers.csv", "/subscriptions.csv")
# The browser's own preset: 9 Mbit/s down and 1.5 up, of which 9 tenths arrive; 60 ms to the server, times 2.75 for what a
# request is held up besides.
FAST_4G = {"offline": False, "downloadThroughput": 1_012_500, "uploadThroughput": 168_750, "latency": 165}
SLOWER = 4
PATIENCE = 60_000
"""Milliseconds."""
PAGE_BYTES, SCRIPT_BYTES, PAINT_MS, FIRST_BYTE_MS = 250_000, 60_000, 1_200, 300
OBSERVED = """
    window.painted = 0;
    new PerformanceObserver((list) => { for (const each of list.getEntries()) window.painted = each.startTime; })
        .observe({ type: "largest-contentful-paint", buffered: true });
"""
VARIABLES = {"ALLOWED_HOSTS": "localhost,127.0.0.1", "DEBUG": "false"}


@dataclass(frozen=True)
class Weight:
    """Bytes over the line, headers included."""

    whole: int
    script: int


@dataclass(frozen=True)
class Download:
    """A file: milliseconds to the first byte of its content, seconds to the last, and its bytes."""

    first: float
    seconds: float
    size: int


def main(words: Sequence[str]) -> int:
    """Measure, print, judge."""
    options = parse(words)
    os.environ.update({name: os.environ.get(name, value) for name, value in VARIABLES.items()})
    cookie = session_of(options.email)
    missed: list[str] = []
    with served(options.port) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found(), args=list(ARGUMENTS))
        for path in options.pages or PAGES:
            missed += told_page(browser, address, cookie, path, rounds=options.rounds)
        browser.close()
        for path in FILES if options.pages is None else ():
            missed += told_file(address, cookie, path, rounds=options.rounds)
    for line in missed:
        print(line, file=sys.stderr)
    return 1 if missed else 0


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The arguments."""
    parser = argparse.ArgumentParser(prog="python -m bench.browser", description=__doc__)
    parser.add_argument("--email", default=EMAIL, help=f"who asks, default {EMAIL}")
    parser.add_argument("--rounds", type=int, default=5, help="how often each page is opened, default 5")
    parser.add_argument("--port", type=int, default=0, help="of the web server that is started, default any")
    parser.add_argument("pages", nargs="*", default=None, help="addresses; default all, and files")
    options = parser.parse_args(words)
    options.pages = options.pages or None
    return options


def session_of(email: str) -> tuple[str, str]:
    """The name and value of the cookie with which this person has signed in; static files are collected thereby."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.conf import settings
    from django.test import Client

    django.setup()
    from config.static import collect
    from partners.models import Staff
    from partners.tenancy import operating

    collect()

    with operating():
        client = Client()
        client.force_login(Staff.objects.get(email=email))
    return settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def served(port: int) -> Iterator[str]:
    """The address of a web server of our own, as an installation runs it."""
    port = port or _free_port()
    with subprocess.Popen(web(host="127.0.0.1", port=port, mark="bench"), cwd=BASE) as process:
        try:
            _wait_for(port, process)
            yield f"http://localhost:{port}"
        finally:
            process.terminate()
            process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("the web server ended")
        try:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            asked.request("GET", "/healthz")
            if asked.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the web server didn't get ready")


def told_page(browser: Browser, address: str, cookie: tuple[str, str], path: str, *, rounds: int) -> list[str]:
    """Print a page's figures; which of its targets it misses."""
    weight = weighed(browser, address, cookie, path)
    paints = [painted(browser, address, cookie, path) for _ in range(rounds)]
    paint = statistics.median(paints)
    print(
        f"{path:32} {weight.whole / 1000:7.1f} kB, script {weight.script / 1000:5.1f} kB, "
        f"LCP {paint:6.0f} ms ({min(paints):.0f} to {max(paints):.0f}), {paint / PAINT_MS:.2f} of what is allowed",
        flush=True,
    )
    return _missed(
        path,
        ("bytes", weight.whole, PAGE_BYTES),
        ("bytes of script", weight.script, SCRIPT_BYTES),
        ("ms to the largest paint", paint, PAINT_MS),
    )


def told_file(address: str, cookie: tuple[str, str], path: str, *, rounds: int) -> list[str]:
    """Print a file's figures; which of its targets it misses."""
    found = [downloaded(address, cookie, path) for _ in range(rounds + 1)][1:]
    first = statistics.median(one.first for one in found)
    print(
        f"{path:32} first byte {first:6.0f} ms, whole {statistics.median(one.seconds for one in found):.2f} s, "
        f"{found[0].size / 1e6:.2f} MB, {first / FIRST_BYTE_MS:.2f} of what is allowed",
        flush=True,
    )
    return _missed(path, ("ms to the first byte", first, FIRST_BYTE_MS))


def _missed(path: str, *measured: tuple[str, float, float]) -> list[str]:
    return [f"{path}: {value:,.0f} {what}, at most {most:,.0f}" for what, value, most in measured if value > most]


def weighed(browser: Browser, address: str, cookie: tuple[str, str], path: str) -> Weight:
    """The bytes of a page and of all that it fetches, nothing of it known before."""

    def look(context: BrowserContext) -> Weight:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        kinds: dict[str, str] = {}
        sizes: dict[str, float] = {}
        wire.on("Network.responseReceived", lambda one: kinds.update({one["requestId"]: one["type"]}))
        wire.on("Network.loadingFinished", lambda one: sizes.update({one["requestId"]: one["encodedDataLength"]}))
        _opened(page, address, path)
        script = sum(size for request, size in sizes.items() if kinds.get(request) == "Script")
        return Weight(int(sum(sizes.values())), int(script))

    return _with_context(browser, address, cookie, look)


def painted(browser: Browser, address: str, cookie: tuple[str, str], path: str) -> float:
    """Milliseconds to the Largest Contentful Paint of a first visit, on a slow line and machine."""

    def look(context: BrowserContext) -> float:
        context.add_init_script(OBSERVED)
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", FAST_4G)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        _opened(page, address, path)
        page.wait_for_timeout(300)
        return page.evaluate("() => window.painted")

    return _with_context(browser, address, cookie, look)


def _opened(page: Any, address: str, path: str) -> None:
    response = page.goto(f"{address}{path}", wait_until="networkidle", timeout=PATIENCE)
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status}")


def _with_context(
    browser: Browser, address: str, cookie: tuple[str, str], look: Callable[[BrowserContext], Any]
) -> Any:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": address}])
    try:
        return look(context)
    finally:
        context.close()


def downloaded(address: str, cookie: tuple[str, str], path: str) -> Download:
    """How long a file takes."""
    host = address.removeprefix("http://").replace("localhost", "127.0.0.1")
    asked = http.client.HTTPConnection(host, timeout=120)
    headers = {"Cookie": f"{cookie[0]}={cookie[1]}", "Host": address.removeprefix("http://")}
    begun = time.perf_counter()
    asked.request("GET", path, headers=headers)
    response = asked.getresponse()
    size = len(response.read(1))
    first = time.perf_counter() - begun
    while piece := response.read(1 << 16):
        size += len(piece)
    seconds = time.perf_counter() - begun
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status} {json.dumps(dict(response.headers))}")
    return Download(first * 1000, seconds, size)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
