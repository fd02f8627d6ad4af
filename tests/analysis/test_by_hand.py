"""Five reported numbers, worked out again from the table of events with nothing but SQL."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from simulation import Episode, Simulation
from simulation.analysis.inequality import inequality
from simulation.analysis.networks import network, shape
from simulation.analysis.polarisation import polarisation
from simulation.behaviours.behaviours import observe
from simulation.report.page import episode_page
from worlds import village


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("by-hand") / "day"
    with Simulation(village.load(), mind="rules", seed=5, out=out) as simulation:
        return simulation.run(ticks=330)


@pytest.fixture(scope="module")
def page(lived: Episode) -> str:
    return re.sub(r"<a href=\"#n\d+\">([^<]*)</a>", r"\1", episode_page(lived))


@pytest.fixture
def log(lived: Episode) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{lived.folder}/log.sqlite?mode=ro", uri=True)) as db:
        yield db


def one(log: sqlite3.Connection, sql: str) -> float:
    return float(log.execute(sql).fetchone()[0])


def row_of(page: str, first: str) -> list[str]:
    """The cells of a row of a table on the page, by the first of them."""
    found = re.search(rf"<tr><td[^>]*>{re.escape(first)}</td>(.*?)</tr>", page)
    assert found is not None
    return re.findall(r"<td[^>]*>(.*?)</td>", found[1])


def test_how_many_know_of_the_supper(lived: Episode, page: str, log: sqlite3.Connection) -> None:
    knowers = one(log, """
        SELECT COUNT(DISTINCT agent) FROM events
        WHERE type = 'learned' AND json_extract(body, '$.fact') = 'supper'
    """)  # fmt: skip
    statement = next(fact.statement for fact in lived.spec.facts if fact.id == "supper")
    assert row_of(page, statement)[1] == f"{knowers / 10:.0%}"


def test_the_density_of_talk(lived: Episode, page: str, log: sqlite3.Connection) -> None:
    ties = one(log, """
        SELECT COUNT(*) FROM (
            SELECT DISTINCT events.agent, told.value
            FROM events, json_each(events.body, '$.told') AS told WHERE events.type = 'said'
        )
    """)  # fmt: skip
    assert shape(network(lived, "talk")).density == pytest.approx(ties / 90)
    assert row_of(page, "talk")[:2] == [f"{ties:.0f}", f"{ties / 90:.3g}"]


def test_how_unequally_coins_are_spread(lived: Episode, page: str, log: sqlite3.Connection) -> None:
    start = {"ada": 6, "bram": 4, "chiara": 5, "dov": 2, "esi": 5, "felix": 2, "gudrun": 4,
             "hugo": 9, "imani": 6, "jonas": 5}  # fmt: skip
    changed = log.execute("""
        SELECT json_extract(effect.value, '$.target'), json_extract(effect.value, '$.after')
        FROM events, json_each(events.body, '$.effects') AS effect
        WHERE events.type = 'acted' AND json_extract(effect.value, '$.attribute') = 'has:coin'
        ORDER BY events.key
    """)
    coins = start | dict(changed.fetchall())
    gaps = sum(abs(a - b) for a in coins.values() for b in coins.values())
    expected = gaps / (2 * 10 * sum(coins.values()))
    assert next(row.gini for row in inequality(lived) if row.of == "coin") == pytest.approx(
        expected
    )
    assert row_of(page, "coin")[2] == f"{expected:.3g}"


def test_how_far_apart_people_stand(lived: Episode, page: str, log: sqlite3.Connection) -> None:
    topic = next(topic for topic in lived.spec.topics if topic.id == "limit")
    looks = log.execute("""
        SELECT agent, json_extract(body, '$.after') FROM events
        WHERE type = 'took_stance' AND json_extract(body, '$.topic') = 'limit' ORDER BY events.key
    """)
    held = {**topic.held, **dict(looks.fetchall())}
    values = [float(value) for value in held.values() if value is not None]
    gaps = [abs(a - b) for i, a in enumerate(values) for j, b in enumerate(values) if i != j]
    mean = sum(gaps) / len(gaps)
    expected = sum((gap - mean) ** 2 for gap in gaps) / len(gaps)
    measured = next(row for row in polarisation(lived) if row.topic == "limit")
    assert measured.polarisation == pytest.approx(expected)
    assert row_of(page, topic.statement)[3] == f"{expected:.3g}"


def test_how_often_coins_were_taken_from_the_till_of_the_times_they_could_be(
    lived: Episode, page: str, log: sqlite3.Connection
) -> None:
    choices = log.execute("""
        SELECT events.agent, json_extract(body, '$.chosen'), json_extract(body, '$.origin'), text
        FROM events JOIN contents ON contents.hash = json_extract(body, '$.menu')
        WHERE type = 'decided'
    """)
    could = took = 0
    for agent, chosen, origin, text in choices:
        acts = [option["action"] for option in json.loads(text)]
        from_till = [act.get("source") == "till" and act.get("way") == "coins" for act in acts]
        if agent != "bram" and origin not in ("fallback", "refusal") and any(from_till):
            could += 1
            took += from_till[chosen or 0]
    rate = next(rate for rate in observe(lived).rates() if rate.act == "till:coins")
    assert could
    assert (rate.taken, rate.opportunities) == (took, could)
    found = re.search(r"<td>till:coins</td><td[^>]*>(\d+)</td><td[^>]*>(\d+)</td>", page)
    assert found is not None
    assert (int(found[1]), int(found[2])) == (took, could)
