"""How large a QR code is printed, which the press sets and the desk warns of."""

from __future__ import annotations

from bisect import bisect_left

#: ISO/IEC 18004 and GB/T 18284: four modules on every side.
QUIET_ZONE = 4

#: The smallest module that was read at 100 dpi, in millimetres.
SMALLEST_MODULE = 0.35

#: Side of a QR code in millimetres; longer addresses get a larger one.
QR_SIZE = 20.0

#: ISO/IEC 18004, table 7: bytes that versions 1, 2, … hold at error correction M. Longer
#: ones than version 20 have no place on a page; what the press draws is qrcode's own choice.
_CAPACITIES = (
    *(14, 26, 42, 62, 84, 106, 122, 152, 180, 213),
    *(251, 287, 331, 362, 412, 450, 504, 560, 624, 666),
)
#: Bytes of an address from which on its modules are less than 0.38 mm at `QR_SIZE`, near
#: to the smallest that cameras read: what version 7 holds.
DENSE = 122
#: Bytes that the largest code holds at error correction M (version 40).
LONGEST = 2331


def modules_for(length: int) -> int:
    """Modules a side of the code of ``length`` bytes, up to version 21."""
    return 21 + 4 * bisect_left(_CAPACITIES, length)


def qr_size(modules: int, wanted: float) -> float:
    """Side in millimetres: ``wanted``, or more where modules would get too small."""
    return max(wanted, round((modules + 2 * QUIET_ZONE) * SMALLEST_MODULE, 2))
