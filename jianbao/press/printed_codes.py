"""QR codes of a printed PDF, by the outlines that are filled on its pages.

Nothing is taken from the theme: a code is what lies on a grid of modules, wherever and
however large a template put it.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from jianbao.qr_measures import QUIET_ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MILLIMETRE = 72 / 25.4

#: ISO/IEC 18004: modules a side of the smallest and of the largest code, and the step.
_SMALLEST, _LARGEST, _STEP = 21, 177, 4

#: ISO/IEC 18004 6.3.3: all that turns in the seven modules of a finder pattern, from the
#: corner of the code where it stands; three corners have one.
_FINDER = frozenset(
    (x, y) for low, high in ((0, 7), (1, 6), (2, 5)) for x in (low, high) for y in (low, high)
)
_FINDER_SIDE = 7
_FINDERS = 3

#: In modules: how far a corner may lie from the grid.
_OFF_GRID = 0.1


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A QR code on a physical page (from 1): its modules a side, and sizes in millimetres.

    ``side`` is with the quiet zone.
    """

    page: int
    modules: int
    side: float
    module: float


def find_codes(pdf: Path) -> Iterator[PrintedCode]:
    """The codes of ``pdf``, page by page, in the order in which they are painted."""
    import pypdfium2  # noqa: PLC0415  (an extra)

    raw = pypdfium2.raw
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document)):
            for path in document[number].get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
                points = list(_points(raw, path))
                if modules := count_modules(points):
                    yield _code(number + 1, modules, points)


def _points(raw: Any, path: Any) -> Iterator[tuple[float, float]]:  # noqa: ANN401  (pdfium's objects)
    """Where the outline of ``path`` turns, in points of its page."""
    x, y = ctypes.c_float(), ctypes.c_float()
    matrices = []
    inside = path
    while inside is not None:
        matrices.append(inside.get_matrix())
        inside = inside.container
    for index in range(raw.FPDFPath_CountSegments(path)):
        raw.FPDFPathSegment_GetPoint(raw.FPDFPath_GetPathSegment(path, index), x, y)
        point = x.value, y.value
        for matrix in matrices:
            point = matrix.on_point(*point)
        yield point


def count_modules(points: list[tuple[float, float]]) -> int:
    """Modules a side of the code whose outline turns at ``points``; 0 where it is none.

    They lie on a grid that is as fine as the smallest step, and make the finder patterns.
    """
    axes = [_grid([point[axis] for point in points]) for axis in (0, 1)]
    size = max(axes[0], default=0)
    if (
        not _SMALLEST <= size <= _LARGEST
        or (size - _SMALLEST) % _STEP
        or size != max(axes[1], default=0)
    ):
        return 0
    corners = set(zip(*axes, strict=True))
    turned = (
        {(abs(x - dx), abs(y - dy)) for x, y in corners} for dx in (0, size) for dy in (0, size)
    )
    finders = sum(
        _is_finder({(x, y) for x, y in each if max(x, y) <= _FINDER_SIDE}) for each in turned
    )
    return size if finders == _FINDERS else 0


def _is_finder(points: set[tuple[int, int]]) -> bool:
    """Whether they make its three squares; outlines may start in the middle of an edge."""
    inside = {(x, y) for x in (3, 4) for y in (3, 4)}
    return points >= _FINDER and not points & inside


def _grid(values: list[float]) -> list[int]:
    """Steps of a regular grid from the least of ``values`` to each; none if there is no such."""
    low, span = min(values, default=0.0), max(values, default=0.0) - min(values, default=0.0)
    apart = [b - a for a, b in pairwise(sorted(values)) if b - a > span / (2 * _LARGEST)]
    if not apart:
        return []
    places = [(value - low) / span * round(span / min(apart)) for value in values]
    is_regular = all(abs(place - round(place)) < _OFF_GRID for place in places)
    return [round(place) for place in places] if is_regular else []


def _code(page: int, modules: int, points: list[tuple[float, float]]) -> PrintedCode:
    """Measured across, without its quiet zone, which is not painted."""
    across = [x for x, _ in points]
    module = (max(across) - min(across)) / modules / _MILLIMETRE
    side = module * (modules + 2 * QUIET_ZONE)
    return PrintedCode(page, modules, round(side, 2), round(module, 3))
