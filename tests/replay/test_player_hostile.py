"""What an episode holds is never run and breaks no page: as a file, as a widget, live."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from browser import PHONE, WIDE
from hostile import PAYLOADS, hostile_episode
from live_client import watched

from simulation.replay.bundle import script, style
from simulation.replay.view import packed_reel

if TYPE_CHECKING:
    from browser import Watched
    from conftest import Watch

    from simulation import Episode

PANELS = ("Why", "Person", "Talk", "Network", "News", "Behaviours", "Cost")


@pytest.fixture(scope="module")
def episode(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    return hostile_episode(tmp_path_factory.mktemp("hostile") / "e")


@pytest.fixture(scope="module")
def url(episode: Episode, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "hostile.html"
    return episode.replay().save(path).as_uri()


def look_through(shown: Watched, name: str, moments: tuple[str, ...] = ("Home", "End")) -> None:
    """Open every panel at some moments, somebody being selected, and play a little."""
    people = shown.page.get_by_label("Resident").first
    people.select_option(index=2)
    for moment in moments:
        shown.page.locator("body").press(moment)
        for panel in PANELS:
            shown.panel(panel).wait_for()
            shown.page.wait_for_timeout(120)
    shown.panel("Why")
    for number in range(8):
        shown.page.locator("body").press("Shift+ArrowLeft")
        shown.page.wait_for_timeout(60)
        if number == 4:
            shown.picture(f"hostile-{name}")


def harmless(shown: Watched) -> None:
    """Nothing was run, nothing asked for, nothing broken, and nothing stands out of the page."""
    assert not shown.pwned
    assert shown.troubles == []
    assert shown.requests == []
    assert shown.overflow == 0


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 60


def test_no_text_of_an_episode_stands_in_the_page_as_it_is(url: str) -> None:
    page = Path(url2pathname(urlsplit(url).path)).read_text(encoding="utf-8")
    head, _, _ = page.partition("<style>")
    assert "pwned" not in page.replace(head, "")
    assert "<script>window.pwned=1" not in head
    assert page.lower().count("</script>") == page.lower().count("<script ")


@pytest.mark.browser
@pytest.mark.parametrize("screen", ["wide", "phone"])
def test_a_hostile_episode_does_no_harm_as_a_file(watch: Watch, url: str, screen: str) -> None:
    shown = watch(url, viewport=WIDE if screen == "wide" else PHONE)
    look_through(shown, screen)
    harmless(shown)


@pytest.mark.browser
def test_hostile_utterances_are_found_as_the_text_that_they_are(watch: Watch, url: str) -> None:
    shown = watch(url)
    status = shown.panel("Talk").get_by_role("status").first
    shown.page.get_by_label("Search what was said").fill("<script>window.pwned=1</script>")
    shown.until(lambda: " found" in status.inner_text() or " of " in status.inner_text())
    harmless(shown)


@pytest.mark.browser
def test_a_hostile_episode_does_no_harm_as_a_widget(
    watch: Watch, episode: Episode, tmp_path: Path
) -> None:
    path = tmp_path / "widget.html"
    path.write_text(notebook_page(episode), encoding="utf-8")
    shown = watch(path.as_uri())
    look_through(shown, "widget", ("End",))
    harmless(shown)


@pytest.mark.browser
def test_hostile_whispers_do_no_harm_live(watch: Watch, tmp_path: Path) -> None:
    told = [text for text in PAYLOADS if text.isprintable() and 0 < len(text.strip()) < 400]
    assert len(told) > 40
    with watched(tmp_path / "e", ticks=6, page=None, agents=3) as run:
        for text in told:
            words = text.replace("'", "")
            run.client.command("intervene", f"whisper ada '{words}'")
            run.client.command("intervene", f"announce '{words}'")
        shown = watch(run.server.url)
        run.client.command("step")
        run.lived(1)
        shown.page.wait_for_timeout(500)
        look_through(shown, "live", ("End",))
        own = f"http://127.0.0.1:{run.server.port}/"
        shown.requests = [one for one in shown.requests if not one.startswith(own)]
        harmless(shown)
        shown.page.goto("about:blank")


def notebook_page(episode: Episode) -> str:
    """A page that shows the widget as a notebook does: its own styles, no policy, no shadow."""
    reel = base64.b64encode(packed_reel(episode.replay().reels[0])).decode()
    code = json.dumps(script("widget.js")).replace("</", "<\\/")
    return f"""<!doctype html><meta charset="utf-8"><style>{style()}</style>
<h1>A notebook</h1><div id="cell"></div>
<script type="module">
const code = {code};
const bytes = Uint8Array.from(atob("{reel}"), (letter) => letter.charCodeAt(0));
const traits = {{reels: [new DataView(bytes.buffer)], height: 640, tick: 0, agent: "", goal: {{}}}};
const model = {{get: (name) => traits[name], set: (name, value) => {{ traits[name] = value; }},
  save_changes() {{}}, on() {{}}}};
const widget = await import(URL.createObjectURL(new Blob([code], {{type: "text/javascript"}})));
window.traits = traits;
widget.default.render({{model, el: document.getElementById("cell")}});
</script>"""
