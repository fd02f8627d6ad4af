from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from simulation.analysis.acquaintance import BEFORE, Knows, acquaintances, relations_at
from simulation.episode.events import Remembered, Said
from tests.kernel.toy import person

if TYPE_CHECKING:
    from personas import Persona

PEOPLE = ("ann", "ben", "cat", "dan")


def cast(**ties: str) -> list[Persona]:
    """The four, each with a tie to the person given."""
    rows = {
        who: [{"person": whom, "tie": "friend", "feeling": "likes them", "closeness": 1}]
        for who, whom in ties.items()
    }
    return [person(who, relationships=rows.get(who, [])) for who in PEOPLE]


def memory(tick: int, agent: str, text: str = "x", *people: str, **fields: Any) -> Remembered:
    return Remembered(
        id=f"{tick:05d}.1.001.000", tick=tick, agent=agent, kind="observation", text=text,
        importance=2.0, people=people, **fields,
    )  # fmt: skip


def said(tick: int, agent: str, *told: str, overheard: tuple[str, ...] = ()) -> Said:
    identity = f"{tick:05d}.2.001.000"
    return Said(id=identity, tick=tick, agent=agent, text="x", told=told, overheard=overheard)


def test_a_tie_is_brought_along_and_names_the_persona() -> None:
    assert acquaintances(cast(ann="ben"), []) == [
        Knows("ann", "ben", BEFORE, "tie", "persona:ann.relationships.ben")
    ]


def test_a_memory_of_somebody_counts_from_when_it_was_formed() -> None:
    events = [memory(3, "ann", "x", "ben"), memory(9, "ann", "x", "ben")]
    assert acquaintances(cast(), events) == [Knows("ann", "ben", 3, "memory", events[0].id)]


def test_to_be_named_in_a_memory_is_enough_and_half_a_name_is_not() -> None:
    events = [memory(3, "ann", "Ben told Ann: the bench is wet; cats stood by.")]
    assert [knows.whom for knows in acquaintances(cast(), events)] == ["ben"]


def test_what_was_known_from_the_start_is_brought_along() -> None:
    [knows] = acquaintances(cast(), [memory(0, "ann", "Ben is the warden.", source="seeded")])
    assert (knows.tick, knows.how) == (BEFORE, "memory")


def test_words_count_for_those_who_keep_no_memories() -> None:
    events = [said(2, "ann", "ben", overheard=("cat",)), memory(5, "cat", "x")]
    assert acquaintances(cast(), events) == [Knows("ben", "ann", 2, "words", events[0].id)]


def test_a_stranger_to_the_cast_is_nobody() -> None:
    assert acquaintances(cast(ann="zoe"), [said(1, "zoe", "ann")]) == []


def test_a_relation_needs_both_and_begins_with_the_later() -> None:
    events = [memory(3, "ann", "x", "ben"), memory(7, "ben", "x", "ann"), memory(8, "cat", "Dan.")]
    known = acquaintances(cast(), events)
    assert relations_at(known, PEOPLE, 6).relations == ()
    [edge] = relations_at(known, PEOPLE, 7).relations
    assert (edge.one.evidence, edge.other.evidence) == (events[0].id, events[1].id)
    assert edge.tick == 7


def test_the_density_grows_from_what_was_brought_along() -> None:
    # Four people have six pairs: one tie both ways is 1/6, two more relations make it 3/6.
    events = [memory(tick, who, "x", *PEOPLE) for tick, who in ((1, "ann"), (2, "cat"), (3, "dan"))]
    known = acquaintances(cast(ann="ben", ben="ann"), events)
    start, later, end = (relations_at(known, PEOPLE, tick) for tick in (BEFORE, 2, 3))
    assert isclose(start.density, 1 / 6)
    assert isclose(later.density, 2 / 6)
    assert isclose(end.density, 4 / 6)
    assert len(end.relations) == 4


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=30
    )
)
def test_density_lies_between_0_and_1_and_never_falls(
    rows: list[tuple[int, str, str]],
) -> None:
    events = [memory(tick, who, "x", whom) for tick, who, whom in sorted(rows)]
    known = acquaintances(cast(), events)
    shares = [relations_at(known, PEOPLE, tick).density for tick in range(BEFORE, 10)]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
