"""Vectors of whole numbers, so that a similarity is the same on every machine.

A unit vector is scaled by 2048 and rounded to int16. A float32 holds every whole number up to
2^24 exactly, and by Cauchy-Schwarz no partial sum of a dot product of two such vectors passes
their norms' product, about 2^22. So the sum is exact in whatever order a processor adds it,
which a float dot product is not. The price is an error in the cosine below 0.001.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from simulation.errors import SimulationError

SCALE: Final = 2048
"""The length of a stored vector."""

_SHORTEST: Final = (0.9 * SCALE) ** 2
_LONGEST: Final = (1.1 * SCALE) ** 2
"""Bounds of a stored vector's squared length; rounding moves it by 2 % at 4,096 dimensions."""

_INT16: Final = np.dtype(np.int16)

Int16s = npt.NDArray[np.int16]
Float32s = npt.NDArray[np.float32]
Float64s = npt.NDArray[np.float64]


class VectorError(SimulationError, ValueError):
    """A vector cannot be stored or compared: wrong shape or type, not finite, or zero."""


def to_int16(vectors: npt.ArrayLike, dimension: int | None = None) -> Int16s:
    """Scale vectors to unit length and round them to whole numbers.

    Args:
        vectors: One vector, or one per row; any length but zero.
        dimension: How many components each must have.

    Raises:
        VectorError: Before anything is stored.

    Examples:
        >>> to_int16([3.0, 4.0])
        array([1229, 1638], dtype=int16)
    """
    try:
        raw = np.asarray(vectors, dtype=np.float64)
    except (TypeError, ValueError) as error:
        msg = f"not a rectangle of numbers: {error}"
        raise VectorError(msg) from error
    if raw.ndim not in (1, 2):
        msg = f"expected a vector or rows of vectors, got {raw.ndim} axes"
        raise VectorError(msg)
    _check_dimension(raw.shape[-1], dimension)
    if not np.isfinite(raw).all():
        msg = f"{_row(~np.isfinite(raw))}has a component that is NaN or infinite"
        raise VectorError(msg)
    # Dividing by the largest component first keeps the squares of tiny vectors from vanishing.
    peak = np.abs(raw).max(axis=-1, keepdims=True)
    if (peak == 0).any():
        msg = f"{_row(peak == 0)}is zero: it has no direction"
        raise VectorError(msg)
    raw = raw / peak
    unit = raw / np.sqrt((raw * raw).sum(axis=-1, keepdims=True))
    return np.rint(unit * SCALE).astype(np.int16)


def from_int16(vectors: Int16s) -> Float32s:
    """Widen stored vectors to float32, still holding whole numbers."""
    return vectors.astype(np.float32)


def checked(vector: Int16s, dimension: int | None = None) -> Int16s:
    """Return a stored vector unchanged, or say why it is none.

    Raises:
        VectorError: If it is not int16, not one row, of the wrong dimension or length.
    """
    check_shape(vector, dimension)
    check_length(from_int16(vector))
    return vector


def check_shape(vector: Int16s, dimension: int | None = None) -> None:
    """Say why a vector cannot be a stored one by its type, its axes or its dimension.

    Raises:
        VectorError: If it is not int16, not one row, or of the wrong dimension.
    """
    if vector.dtype != _INT16 or vector.ndim != 1:
        msg = f"expected one int16 vector, got {vector.dtype} with {vector.ndim} axes: use to_int16"
        raise VectorError(msg)
    _check_dimension(vector.shape[0], dimension)


def check_length(wide: Float32s) -> None:
    """Say why a stored vector, widened to float32, cannot be one by its length.

    Raises:
        VectorError: If it is not :data:`SCALE` long, as near as rounding leaves it.
    """
    squared = wide.dot(wide)
    if not _SHORTEST < squared < _LONGEST:
        msg = f"a stored vector is {SCALE} long, this one {squared**0.5:.0f}: use to_int16"
        raise VectorError(msg)


def similarity(one: Int16s, other: Int16s) -> float:
    """Return the cosine of two stored vectors.

    Examples:
        >>> similarity(to_int16([1.0, 0.0]), to_int16([1.0, 1.0]))
        0.70703125
    """
    return float(from_int16(one) @ from_int16(other)) / SCALE**2


def _check_dimension(got: int, wanted: int | None) -> None:
    if got == 0 or (wanted is not None and got != wanted):
        msg = f"expected vectors of {wanted or 'one or more'} components, got {got}"
        raise VectorError(msg)


def _row(bad: npt.NDArray[np.bool_]) -> str:
    if bad.ndim == 1:
        return "the vector "
    return f"vector {int(np.flatnonzero(bad.any(axis=1))[0])} "
