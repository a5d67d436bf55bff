"""Chromium without a window, spoken to over a pipe: no driver, no network."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOADED = """new Promise(resolve => {
  if (document.readyState === 'complete') resolve(); else addEventListener('load', resolve);
})"""
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


class Browser:
    """One page; `ask` sends a command of the DevTools protocol and gives its answer."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = to, back
        self._rest = b""
        self._number = 0
        self._session: str | None = None

    def open(self, page: Path, width: int, scale: float) -> None:
        """Show ``page`` as a window of ``width`` pixels does, and wait until it is there."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        metrics = {"width": width, "height": 800, "deviceScaleFactor": scale, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **metrics)
        self.ask("Page.enable")
        self.ask("Page.navigate", url=page.as_uri())
        self.run(_LOADED)

    def run(self, script: str) -> Any:  # noqa: ANN401  (JavaScript's value)
        """What ``script`` comes to, promises awaited, as if a person had asked for it."""
        wishes = {"awaitPromise": True, "returnByValue": True, "userGesture": True}
        answer = self.ask("Runtime.evaluate", expression=script, **wishes)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def picture(self) -> bytes:
        """PNG of the whole page."""
        wishes = {"format": "png", "captureBeyondViewport": True}
        return base64.b64decode(self.ask("Page.captureScreenshot", **wishes)["data"])

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """The answer to one command."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._back, 1 << 20)
            assert more, "Chromium has gone"
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium of its own, gone afterwards."""
    assert CHROMIUM is not None
    theirs, to = os.pipe()
    back, answers = os.pipe()
    # The protocol speaks on descriptors 3 and 4, which only a shell sets by number.
    script = f'exec 3<&{theirs} 4>&{answers}; exec "$@"'
    with tempfile.TemporaryDirectory() as profile:
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
        command = (
            "bash",
            "-c",
            script,
            "bash",
            CHROMIUM,
            *options,
            "--remote-debugging-pipe",
            f"--user-data-dir={profile}",
        )
        process = subprocess.Popen(command, pass_fds=(theirs, answers), stderr=subprocess.DEVNULL)
        os.close(theirs)
        os.close(answers)
        try:
            yield Browser(to, back)
        finally:
            os.close(to)
            process.kill()
            process.wait()
            os.close(back)
