"""A QR code as one outline.

qrcode finds the matrix; its own SVG writers draw a rectangle a module, which
WeasyPrint takes ten times as long to paint, and rows drawn apart leave hairlines.
"""

from __future__ import annotations

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from jianbao.qr_measures import QUIET_ZONE

_Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class QRCodeDrawing:
    """``modules`` a side; the dark areas as ``loops`` of corners, to be filled even-odd.

    Corners are in units of a module, the quiet zone included.
    """

    modules: int
    loops: tuple[tuple[_Point, ...], ...]

    @property
    def side(self) -> int:
        """Modules a side with the quiet zone."""
        return self.modules + 2 * QUIET_ZONE

    @property
    def path(self) -> str:
        """The loops as the ``d`` of one SVG path."""
        return "".join(_commands(loop) for loop in self.loops)

    def operators(self) -> bytes:
        """The loops as PDF operators, filled black, y downwards."""
        drawn = "".join(
            f"{loop[0][0]} {loop[0][1]} m " + "".join(f"{x} {y} l " for x, y in loop[1:]) + "h "
            for loop in self.loops
        )
        return f"0 g {drawn}f*".encode()

    def svg(self) -> str:
        """The drawing as an image of its own."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.side} {self.side}">'
            f'<path fill="#000" fill-rule="evenodd" d="{self.path}"/></svg>'
        )


def draw_qr(payload: str) -> QRCodeDrawing:
    """The code of ``payload`` as UTF-8, error correction M.

    Trying the eight masks is what takes the time: ten milliseconds a code.
    """
    matrix = qr_matrix(payload)
    return QRCodeDrawing(modules=len(matrix), loops=outline(matrix))


def qr_matrix(payload: str) -> list[list[bool]]:
    """The modules of the code of ``payload``, row by row, without a quiet zone."""
    code = _code(payload)
    code.make(fit=True)
    return list(code.get_matrix())


def qr_modules(payload: str) -> int:
    """Modules a side of the code of ``payload``, without drawing it."""
    version = _code(payload).best_fit(start=1)
    return 17 + 4 * int(version)  # ISO/IEC 18004: 21 for version 1, four more for each


def _code(payload: str) -> QRCode:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(payload.encode(), optimize=0)
    return code


def outline(matrix: list[list[bool]]) -> tuple[tuple[_Point, ...], ...]:
    """The edges between dark and light as closed loops, moved by the quiet zone."""
    edges = _edges(matrix)
    loops = []
    while edges:
        start = next(iter(edges))
        loops.append(_loop(start, edges))
    return tuple(tuple((x + QUIET_ZONE, y + QUIET_ZONE) for x, y in loop) for loop in loops)


def _edges(matrix: list[list[bool]]) -> dict[_Point, list[_Point]]:
    """From each corner, the corners its edges lead to, with the dark side on the right."""
    size = len(matrix)

    def dark(x: int, y: int) -> bool:
        return 0 <= x < size and 0 <= y < size and matrix[y][x]

    edges: dict[_Point, list[_Point]] = {}
    for y in range(size):
        for x in range(size):
            if not matrix[y][x]:
                continue
            if not dark(x, y - 1):
                edges.setdefault((x, y), []).append((x + 1, y))
            if not dark(x + 1, y):
                edges.setdefault((x + 1, y), []).append((x + 1, y + 1))
            if not dark(x, y + 1):
                edges.setdefault((x + 1, y + 1), []).append((x, y + 1))
            if not dark(x - 1, y):
                edges.setdefault((x, y + 1), []).append((x, y))
    return edges


def _loop(start: _Point, edges: dict[_Point, list[_Point]]) -> list[_Point]:
    """Follow edges from ``start`` back to it, taking them out; corners only."""
    loop = [start]
    here = start
    while True:
        choices = edges[here]
        there = choices.pop()
        if not choices:
            del edges[here]
        if there == start:
            return loop
        if len(loop) > 1 and _straight(loop[-2], loop[-1], there):
            loop[-1] = there
        else:
            loop.append(there)
        here = there


def _straight(a: _Point, b: _Point, c: _Point) -> bool:
    return a[0] == b[0] == c[0] or a[1] == b[1] == c[1]


def _commands(loop: tuple[_Point, ...]) -> str:
    (x, y), *rest = loop
    out = [f"M{x} {y}"]
    for next_x, next_y in rest:
        out.append(f"h{next_x - x}" if next_y == y else f"v{next_y - y}")
        x, y = next_x, next_y
    return "".join(out) + "z"
