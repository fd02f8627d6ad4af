"""What is remembered, as one would say it."""

from __future__ import annotations

from typing import Any

import pytest

from simulation.interview.wording import first_person, memory_clause, own
from simulation.memory import Memory
from tests.kernel.toy import person

ANN = person("ann", pronouns="she")
NAMES = {"ann": "Ann", "ben": "Ben"}


def clause(text: str, **fields: Any) -> str:
    defaults: dict[str, Any] = {"kind": "observation", "source": "saw"}
    return memory_clause(Memory(id="1", agent="ann", text=text, **(defaults | fields)), ANN, NAMES)


@pytest.mark.parametrize(
    ("text", "fields", "said"),
    [
        ("Ann ate her loaf.", {"spoken": "I ate her loaf"}, "I ate my loaf"),
        ("Ben is walking to the inn.", {}, "I saw Ben walking to the inn"),
        ("Eight logs are lying there.", {}, "I saw eight logs lying there"),
        ("The gate stands open.", {}, "I saw that the gate stands open"),
        ("Ben's wrist is in a bandage.", {}, "I saw that Ben's wrist is in a bandage"),
        ("Ann could not go on: it is shut.", {}, "I could not go on: it is shut"),
        ("Ann has kept to herself, mostly in Ann's cottage.", {"kind": "reflection"},
         "I have kept to myself, mostly in my cottage"),
        ("Ben likes company.", {"kind": "reflection", "source": "inferred"},
         "I think that Ben likes company"),
        ("The mill is shut.", {"kind": "fact", "source": "told:ben", "spoken": "the mill is shut"},
         "Ben told me that the mill is shut"),
        ("Ben gives a supper.", {"kind": "fact", "source": "told:ben",
         "spoken": "Ben gives a supper"}, "I have it from Ben: Ben gives a supper"),
        ("The mill is shut.", {"kind": "fact", "source": "overheard:ben",
         "spoken": "the mill is shut"}, "I overheard Ben: the mill is shut"),
        ("The mill is shut.", {"kind": "fact", "source": "read", "spoken": "the mill is shut"},
         "I read that the mill is shut"),
        ("The mill is shut.", {"kind": "fact", "source": "seeded", "spoken": "the mill is shut"},
         "the mill is shut"),
        ("Ben told Ann: I ate.", {"kind": "dialogue", "source": "told:ben", "spoken": "Ben ate"},
         "Ben ate"),
    ],
)  # fmt: skip
def test_a_memory_is_said_with_where_it_is_from(
    text: str, fields: dict[str, Any], said: str
) -> None:
    assert clause(text, **fields) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ann is tired", "I am tired"),
        ("Ann has a boat", "I have a boat"),
        ("Ann swam to Ann's boat", "I swam to my boat"),
        ("Ann likes boats and swims", "one could say that Ann likes boats and swims"),
        ("Anna is tired", "Anna is tired"),
    ],
)
def test_a_sentence_about_oneself_turns_into_the_first_person(text: str, said: str) -> None:
    assert first_person(text, ANN) == said


def test_only_ones_own_things_become_mine() -> None:
    assert own("Ann's bag, Anna's bag, herself", ANN) == "my bag, Anna's bag, myself"
