"""A headless Chromium, to see pages as a browser does."""

import html
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
PHONE, DESK = 375, 1280
_HEIGHT = 1600
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def find_chromium():
    """The path of a Chromium, None where none is installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)


_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


@dataclass(frozen=True)
class Chromium:
    """Opens pages, each in a new profile."""

    path: str
    scratch: Path

    def dom(self, page, *, then=""):
        """The page as HTML after its script has run, and after `then`, JavaScript of the test."""
        if then:
            # The page's policy would refuse it.
            source = _POLICY.sub("", page.read_text(encoding="utf-8"))
            page = self.scratch / "page.html"
            page.write_text(f"{source}<script>{then}</script>", encoding="utf-8")
        return self._run(page, "--dump-dom")

    def overflow(self, page, *, width):
        """By how many pixels the page is wider than a screen of `width`, 0 where it fits."""
        # In a frame, since Chromium makes no window narrower than 500 pixels.
        measure = f"this.dataset.over = this.contentDocument.documentElement.scrollWidth - {width}"
        source = html.escape(page.read_text(encoding="utf-8"))
        frame = f'<iframe width="{width}" frameborder="0" onload="{measure}" srcdoc="{source}">'
        probe = self.scratch / "probe.html"
        probe.write_text(frame, encoding="utf-8")
        return int(re.search(r'data-over="(-?\d+)"', self.dom(probe))[1])

    def screenshot(self, page, png, *, width=DESK, height=_HEIGHT, dark=False):
        """Write a picture of the top of the page and return its path."""
        scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
        self._run(page, f"--screenshot={png}", f"--window-size={width},{height}", *scheme)
        return png

    def _run(self, page, *arguments):
        profile = self.scratch / "profile"
        command = [self.path, *_FLAGS, f"--user-data-dir={profile}", *arguments, page.as_uri()]
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
        shutil.rmtree(profile, ignore_errors=True)
        return done.stdout.decode()
