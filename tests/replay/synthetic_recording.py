"""Makes a small recording in the format of the released generative_agents code.

Nothing of it was recorded anywhere: three people of our own on a map of our own, who sleep, walk to
a bakery, talk there once, and remember. Both forms and the maze files can be written.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

PEOPLE: Final = ("Ada Lark", "Ben Okoye", "Cleo Ward")
TOWN: Final = "the Hamlet"
PLAN: Final = (
    "^^^^^^^^^^^^^^^^^^^^",
    "^#######..#########^",
    "^#rrrrr#..#ssssssS#^",
    "^#rrrrr#..#ssssssS#^",
    "^#rrrBr#..#sssssss#^",
    "^###r###..####s####^",
    "....................",
    "....................",
    "^gggggggg...gggggg.^",
    "^gggggggg...ggGggg.^",
    "^gggggggg...gggggg.^",
    "^^^^^^^^^^^^^^^^^^^^",
)
"""``r`` Rose House: main room, ``B`` its bed; ``s`` Corner Bakery: shop, ``S`` its counter;
``g`` Elm Park: park, ``G`` its garden chair; ``#`` and ``^`` block."""
START: Final = datetime(2023, 2, 13)  # noqa: DTZ001 - the format knows no time zones
STEPS: Final = 90
CHAT: Final = (40, 64)
"""From which step until which the conversation is on record."""
LINES: Final = (
    ("Ada Lark", "Good morning, Ben. Will you come to the reading at the bakery tonight?"),
    ("Ben Okoye", "A reading? I had not heard of it."),
    ("Ada Lark", "At seven. Cleo will read from her book."),
    ("Ben Okoye", "Then I will be there."),
)
_SPOTS: Final = {
    "bed": ("Rose House", "main room", "bed", (5, 4)),
    "counter": ("Corner Bakery", "shop", "counter", (16, 3)),
    "shop": ("Corner Bakery", "shop", "", (14, 3)),
    "chair": ("Elm Park", "park", "garden chair", (13, 9)),
}
_BLOCKS: Final = {
    "r": (("32101", "Rose House"), ("32201", "main room")),
    "s": (("32102", "Corner Bakery"), ("32202", "shop")),
    "g": (("32103", "Elm Park"), ("32203", "park")),
}
_IN: Final = {"B": ("r", "32301", "bed"), "S": ("s", "32302", "counter"),
              "G": ("g", "32303", "garden chair")}  # fmt: skip


def address(spot: str) -> str:
    """An address as the format has it."""
    sector, arena, thing, _ = _SPOTS[spot]
    return ":".join(part for part in (TOWN, sector, arena, thing) if part)


def frames(step: int) -> dict[str, dict[str, Any]]:
    """What everybody does at a step."""
    talking = CHAT[0] <= step < CHAT[1]
    chat = [list(line) for line in LINES] if talking else None
    ada, ben = _day(step, "counter", 10), _day(step, "shop", 16)
    if talking:
        ada |= _act("<persona> Ben Okoye", "conversing about the reading", "\U0001f4ac")
        ben |= _act("<persona> Ada Lark", "conversing about the reading", "\U0001f4ac")
    cleo = _day(step, "chair", 6)
    return {
        "Ada Lark": {**ada, "chat": chat},
        "Ben Okoye": {**ben, "chat": chat},
        "Cleo Ward": {**cleo, "chat": None},
    }


def _day(step: int, goal: str, wakes: int) -> dict[str, Any]:
    """Asleep until a step, then on the way, then at it."""
    if step < wakes:
        x, y = _SPOTS["bed"][3]
        return {"movement": [x, y], **_act(address("bed"), "sleeping", "\U0001f4a4")}
    path = _path(_SPOTS["bed"][3], _SPOTS[goal][3])
    x, y = path[min(step - wakes, len(path) - 1)]
    doing = {"counter": "opening the bakery (kneading dough)", "shop": "buying bread",
             "chair": "reading her book"}[goal]  # fmt: skip
    mark = {"counter": "\U0001f35e", "shop": "\U0001f956", "chair": "\U0001f4d6"}[goal]
    return {"movement": [x, y], **_act(address(goal), doing, mark)}


def _act(where: str, doing: str, mark: str) -> dict[str, Any]:
    return {"pronunciatio": mark, "description": f"{doing} @ {where}"}


def _path(one: tuple[int, int], other: tuple[int, int]) -> list[tuple[int, int]]:
    """Out by the door, along the street, in by the other door or onto the green."""
    door = (14, 5) if other[1] < 6 else (other[0], 6)
    corners = [one, (4, 4), (4, 6), (door[0], 6), door, (door[0], other[1]), other]
    found = [one]
    for x, y in corners[1:]:
        while found[-1] != (x, y):
            here = found[-1]
            found.append((here[0] + _toward(here[0], x), here[1] + _toward(here[1], y)))
    return found


def _toward(here: int, there: int) -> int:
    return (there > here) - (there < here)


def node(number: int, kind: str, step: int, text: str, **more: Any) -> dict[str, Any]:
    """A node of a memory stream, with the fields of the format."""
    created = START + timedelta(seconds=10 * step)
    return {
        "node_count": number,
        "type_count": number,
        "type": kind,
        "depth": 0 if kind == "event" else 1,
        "created": created.strftime("%Y-%m-%d %H:%M:%S"),
        "expiration": None,
        "subject": "Ada Lark",
        "predicate": "is",
        "object": "idle",
        "description": text,
        "embedding_key": text,
        "poignancy": 1 + number % 9,
        "keywords": [],
        "filling": [],
    } | more


def stream(name: str) -> list[dict[str, Any]]:
    """The nodes of a person, oldest first."""
    other = "Ben Okoye" if name == "Ada Lark" else "Ada Lark"
    plan = f"This is {name}'s plan for Monday February 13: wake up at 6:00 am, go to the bakery"
    nodes = [
        node(1, "thought", 0, f"{name} lives in the Hamlet", filling=None),
        node(2, "thought", 0, plan, subject=name, predicate="plan", filling=None),
        node(3, "event", 6, "bed is being used", subject=address("bed")),
        node(4, "event", 20, f"{name} is awake", subject=name),
    ]
    if name != "Cleo Ward":
        nodes += [
            node(5, "chat", CHAT[0] + 1, "conversing about the reading", subject=name,
                 object=other, filling=[list(line) for line in LINES]),
            node(6, "thought", CHAT[1] + 5, f"{name} looks forward to the reading", subject=name,
                 depth=2, filling=["node_5", "node_4"]),
        ]  # fmt: skip
    return nodes


def vectors(nodes: list[dict[str, Any]], size: int = 24) -> dict[str, list[float]]:
    """A vector for each embedding key: different ones point elsewhere."""
    return {
        row["embedding_key"]: [
            ((number + 1) * (place + 2) * 7919 % 101 - 50) / 101 + 0.005 for place in range(size)
        ]
        for number, row in enumerate(nodes)
    }


def scratch(name: str) -> dict[str, Any]:
    """Who a person is."""
    first = name.split(maxsplit=1)[0]
    return {
        "vision_r": 8,
        "curr_time": "February 13, 2023, 00:15:00",
        "name": name,
        "first_name": first,
        "age": 30 + len(first),
        "innate": "curious, patient, early riser",
        "learned": f"{name} is a baker of the Corner Bakery who likes her oven hot. She is new.",
        "currently": f"{name} is getting a reading ready for tonight.",
        "lifestyle": f"{name} goes to bed around 9pm, awakes up around 5am.",
        "living_area": f"{TOWN}:Rose House:main room",
        "daily_plan_req": "",
        "daily_req": ["wake up at 6:00 am", "go to the bakery"],
        "f_daily_schedule_hourly_org": [
            ["sleeping", 360], ["opening the bakery", 60], ["opening the bakery", 240],
            ["resting", 780],
        ],
    }  # fmt: skip


def meta(steps: int = STEPS, seconds: int = 10) -> dict[str, Any]:
    """``meta.json``."""
    now = START + timedelta(seconds=steps * seconds)
    return {
        "fork_sim_code": "base_the_hamlet",
        "start_date": "February 13, 2023",
        "curr_time": now.strftime("%B %d, %Y, %H:%M:%S"),
        "sec_per_step": seconds,
        "maze_name": "the_hamlet",
        "persona_names": list(PEOPLE),
        "step": steps,
    }


def write_json(path: Path, value: Any) -> None:
    """Write a file of JSON with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def write_people(folder: Path) -> None:
    """``personas/NAME/bootstrap_memory``."""
    for name in PEOPLE:
        kept = folder / "personas" / name / "bootstrap_memory"
        write_json(kept / "scratch.json", scratch(name))
        write_json(kept / "spatial_memory.json", {TOWN: {"Rose House": {"main room": ["bed"]}}})
        nodes = stream(name)
        backwards = {f"node_{row['node_count']}": row for row in reversed(nodes)}
        write_json(kept / "associative_memory" / "nodes.json", backwards)
        write_json(kept / "associative_memory" / "embeddings.json", vectors(nodes))
        strength = {"kw_strength_event": {}, "kw_strength_thought": {}}
        write_json(kept / "associative_memory" / "kw_strength.json", strength)


def write_demo(folder: Path) -> Path:
    """The compressed form: only what changed."""
    master: dict[str, dict[str, Any]] = {}
    before: dict[str, Any] = {}
    for step in range(STEPS):
        now = frames(step)
        master[str(step)] = {name: row for name, row in now.items() if before.get(name) != row}
        before = now
    write_json(folder / "master_movement.json", master)
    write_json(folder / "meta.json", meta())
    write_people(folder)
    return folder


def write_simulation(folder: Path) -> Path:
    """The form in which it ran: a file for each step."""
    for step in range(STEPS):
        now = START + timedelta(seconds=10 * step)
        moved = {
            "persona": frames(step),
            "meta": {"curr_time": now.strftime("%B %d, %Y, %H:%M:%S")},
        }
        write_json(folder / "movement" / f"{step}.json", moved)
        stood = {
            name: {"maze": "the_hamlet", "x": row["movement"][0], "y": row["movement"][1]}
            for name, row in frames(max(step - 1, 0)).items()
        }
        write_json(folder / "environment" / f"{step}.json", stood)
    write_json(folder / "reverie" / "meta.json", meta())
    write_people(folder)
    return folder


def write_maze(folder: Path) -> Path:
    """``matrix``: the maze files."""
    write_json(
        folder / "maze_meta_info.json",
        {"world_name": TOWN, "maze_width": len(PLAN[0]), "maze_height": len(PLAN),
         "sq_tile_size": 32, "special_constraint": ""},
    )  # fmt: skip
    layers: dict[str, list[str]] = {
        name: [] for name in ("collision", "sector", "arena", "game_object", "spawning_location")
    }
    for glyph in "".join(PLAN):
        room = _IN[glyph][0] if glyph in _IN else glyph
        sector, arena = _BLOCKS.get(room, (("0", ""), ("0", "")))
        layers["collision"].append("32125" if glyph in "#^" else "0")
        layers["sector"].append(sector[0])
        layers["arena"].append(arena[0])
        layers["game_object"].append(_IN[glyph][1] if glyph in _IN else "0")
        layers["spawning_location"].append("0")
    (folder / "maze").mkdir(parents=True, exist_ok=True)
    for name, cells in layers.items():
        (folder / "maze" / f"{name}_maze.csv").write_text(", ".join(cells) + "\n")
    blocks = folder / "special_blocks"
    blocks.mkdir(exist_ok=True)
    (blocks / "world_blocks.csv").write_text(f"32000, {TOWN}\n")
    rows = list(_BLOCKS.values())
    sectors = [f"{sector[0]}, {TOWN}, {sector[1]}" for sector, _ in rows]
    arenas = [f"{arena[0]}, {TOWN}, {sector[1]}, {arena[1]}" for sector, arena in rows]
    things = [f"{number}, {TOWN}, <all>, {thing}" for _, number, thing in _IN.values()]
    for name, lines in (("sector", sectors), ("arena", arenas), ("game_object", things)):
        (blocks / f"{name}_blocks.csv").write_text("\n".join(lines) + "\n")
    return folder
