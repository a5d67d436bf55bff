"""The engine in a process of its own, started before it is needed.

Importing WeasyPrint takes as long as checking an issue and filling its templates; on
two processors both are done at once. Its memory is given back with the process, and
should a native library fail, the command line is there to say so.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from jianbao.errors import MachineProblem
from jianbao.press.engine import Printed, import_weasyprint, print_pdf

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from jianbao.press.engine import Draw, Pages, Progress
    from jianbao.press.fonts import WorkingSet


def can_fork() -> bool:
    """Whether this system copies a process safely; macOS' libraries do not survive it."""
    return sys.platform.startswith("linux")


class EngineProcess:
    """Call it as `print_pdf`, once for each edition. Leaving its context ends the process."""

    def __enter__(self) -> Self:
        context = multiprocessing.get_context("fork")
        self._pipe, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there,), daemon=True)
        self._process.start()
        there.close()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join()

    def __call__(self, pages: Pages, draw: Draw, fonts: WorkingSet, progress: Progress) -> Printed:
        """See `print_pdf`; drawings are made here while the pages are laid out there.

        Raises:
            MachineProblem: The process ended without an answer.
        """
        try:
            self._pipe.send((pages, fonts))
            with suppress(BrokenPipeError, ConnectionResetError):
                self._pipe.send(dict(draw()))  # in vain where it failed, as it says itself
            return self._answer(progress)
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            message = "排版进程意外结束"
            raise MachineProblem(message, "再试一次；仍然如此的，查看内存是否足够") from error

    def _answer(self, progress: Progress) -> Printed:
        while True:
            kind, content = self._pipe.recv()
            if kind == "progress":
                progress(content)
            elif kind == "printed":
                return content  # type: ignore[no-any-return]  # what _serve sends under this name
            else:
                _raise(kind, content)


def _raise(kind: str, content: str) -> None:
    if kind == "OSError":  # a library that cannot be opened
        raise OSError(content)
    raise RuntimeError(content)


def _serve(pipe: Connection) -> None:
    """The child: import while waiting, then print and answer until nobody asks."""
    gc.disable()  # an import leaves nothing to collect, a layout keeps all that it makes
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    try:
        import_weasyprint()
        while True:
            pages, fonts = pipe.recv()
            printed = print_pdf(pages, pipe.recv, fonts, lambda step: pipe.send(("progress", step)))
            pipe.send(("printed", printed))
    except EOFError:
        return  # all editions are printed, or the issue had errors
    except OSError as error:
        pipe.send(("OSError", str(error)))
    except Exception:  # noqa: BLE001  (whatever it is, the parent raises it)
        pipe.send(("error", traceback.format_exc()))
