"""A fake server that talks in a loop of its own, in a thread, while a test is in its block."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from typing import Self


class LoopThread(ABC):
    """Serves from ``with`` to its end."""

    _loop: asyncio.AbstractEventLoop
    _thread: threading.Thread

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        started.wait()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @abstractmethod
    def _serve(self, started: threading.Event) -> None:
        """Listen, set ``started``, run the loop until it is stopped, and hang up."""
