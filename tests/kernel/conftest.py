from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.kernel.toy import Play

MakePlay = Callable[..., "Play"]


@pytest.fixture
def play() -> Iterator[MakePlay]:
    """Makes a play of the two rooms, and closes its world afterwards."""
    from tests.kernel.toy import Play

    made: list[Play] = []

    def make(*args: Any, **kwargs: Any) -> Play:
        made.append(Play(*args, **kwargs))
        return made[-1]

    yield make
    for one in made:
        one.world.close()
