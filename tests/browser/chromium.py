"""Finds the machine's Chromium, or installs one: `python -m tests.browser.chromium`, part of `make test`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Root has no sandbox to go into, and containers have little shared memory; only our own pages are opened. Fields for days are
# drawn in the language of the browser.
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--lang=en-GB")


def found() -> str | None:
    """The path of the machine's own browser, else of the one that Playwright has downloaded."""
    own = next(filter(None, map(shutil.which, NAMES)), None)
    return own or downloaded()


def downloaded() -> str | None:
    """The path of Playwright's browser if it is there."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Debian's package where that is possible, else Playwright's own download."""
    if os.geteuid() == 0 and shutil.which("apt-get") and _from_debian():
        return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def _from_debian() -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-qq", "--yes", "--no-install-recommends", "chromium"]):
        if subprocess.run(["apt-get", *arguments], env=environment, check=False).returncode:
            return False
    return True


def main() -> int:
    """Exit status 1 with one line where no browser can be had."""
    if found() is None:
        print("Installing Chromium for the browser tests ...", flush=True)
        install()
    if found() is None:
        print(
            "The browser tests need Chromium, and it could not be installed: install the package chromium of your "
            "system, or run .venv/bin/python -m playwright install --with-deps chromium.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
