from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.memory.vectors import (
    SCALE,
    Float64s,
    VectorError,
    checked,
    from_int16,
    similarity,
    to_int16,
)

components = st.floats(-1e6, 1e6, allow_nan=False, width=32)
vectors = arrays(np.float64, 256, elements=components).filter(lambda v: bool(np.abs(v).max() > 0))


def test_a_vector_is_scaled_to_2048_and_rounded() -> None:
    assert to_int16([3.0, 4.0]).tolist() == [1229, 1638]
    assert to_int16([3.0, 4.0]).dtype == np.int16
    assert from_int16(to_int16([3.0, 4.0])).dtype == np.float32


@given(vectors, vectors)
def test_a_stored_cosine_is_near_the_true_one(one: Float64s, other: Float64s) -> None:
    unit = [v / np.abs(v).max() for v in (one, other)]
    true = float(unit[0] @ unit[1] / np.linalg.norm(unit[0]) / np.linalg.norm(unit[1]))
    # Worst case: every component is off by half a unit, sqrt(256) / 2 / 2048 for each vector.
    assert abs(similarity(to_int16(one), to_int16(other)) - true) <= 2 * 8 / SCALE + 1e-4


@given(vectors, vectors, st.integers(0, 2**32 - 1))
def test_a_dot_product_is_exact_in_any_order(one: Float64s, other: Float64s, seed: int) -> None:
    a, b = to_int16(one), to_int16(other)
    exact = sum(int(x) * int(y) for x, y in zip(a, b, strict=True))
    order = np.random.default_rng(seed).permutation(256)
    assert float(from_int16(a) @ from_int16(b)) == exact
    assert float(from_int16(a[order]) @ from_int16(b[order])) == exact
    in_turn = np.float32(0)
    for x, y in zip(from_int16(a), from_int16(b), strict=True):
        in_turn += x * y
    assert float(in_turn) == exact


@given(vectors, st.floats(1e-3, 1e3))
def test_length_makes_no_difference(vector: Float64s, factor: float) -> None:
    assert np.abs(to_int16(vector) - to_int16(vector * factor)).max() <= 1


def test_the_smallest_and_the_largest_numbers_keep_their_direction() -> None:
    assert to_int16([3e-300, 4e-300]).tolist() == [1229, 1638]
    assert to_int16([3e300, 4e300]).tolist() == [1229, 1638]


@pytest.mark.parametrize(
    ("vector", "problem"),
    [
        ([0.0, 0.0], "zero"),
        ([1.0, float("nan")], "NaN"),
        ([1.0, float("inf")], "NaN or infinite"),
        ([1.0, 2.0, 3.0], "expected vectors of 2 components, got 3"),
        ([[1.0, 2.0], [0.0, 0.0]], "vector 1 is zero"),
        ([[1.0, 2.0], [float("nan"), 0.0]], "vector 1 has a component"),
        ([[1.0], [1.0, 2.0]], "not a rectangle"),
        ([[[1.0, 2.0]]], "3 axes"),
        (["a", "b"], "not a rectangle of numbers"),
    ],
)
def test_what_cannot_be_a_vector_is_refused(vector: list[float], problem: str) -> None:
    with pytest.raises(VectorError, match=problem):
        to_int16(vector, 2)


def test_a_vector_without_components_is_refused() -> None:
    with pytest.raises(VectorError, match="one or more"):
        to_int16([])


def test_only_stored_vectors_pass_as_such() -> None:
    good = to_int16([3.0, 4.0])
    assert checked(good, 2) is good
    with pytest.raises(VectorError, match="use to_int16"):
        checked(np.array([0.6, 0.8]), 2)  # pyright: ignore[reportArgumentType]
    with pytest.raises(VectorError, match="2048 long, this one 5"):
        checked(np.array([3, 4], np.int16), 2)
    with pytest.raises(VectorError, match="2048 long, this one 0"):
        checked(good * 0, 2)
    with pytest.raises(VectorError, match="expected vectors of 3"):
        checked(good, 3)
    with pytest.raises(VectorError, match="2 axes"):
        checked(np.stack([good, good]), 2)
