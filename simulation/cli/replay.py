"""``sociarium replay``: watch an episode, in a browser or as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from simulation.cli.console import say, say_json
from simulation.cli.options import Debug, Episode, Json, examples
from simulation.errors import ConfigError

if TYPE_CHECKING:
    from simulation.episode.episode import Episode as Recorded

Other = Annotated[
    Path | None,
    typer.Option(
        "--compare", metavar="EPISODE", help="Show another one in step: a branch beside its trunk."
    ),
]
Html = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Write one file that plays it, without a network."),
]
Gif = Annotated[Path | None, typer.Option("--gif", metavar="FILE", help="Write a moving picture.")]
Mp4 = Annotated[
    Path | None, typer.Option("--mp4", metavar="FILE", help="Write a film; needs `[video]`.")
]
Png = Annotated[
    str | None, typer.Option("--png", metavar="WHEN", help="Draw one moment: a tick, or 14:05.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where --png goes; EPISODE-TICK.png if not given."),
]
At = Annotated[
    str | None, typer.Option("--at", metavar="WHEN", help="Open at this tick or hour (14:05).")
]
Who = Annotated[str | None, typer.Option("--agent", metavar="NAME", help="Look at this person.")]
Since = Annotated[
    str | None, typer.Option("--from", metavar="WHEN", help="A film begins at this tick or hour.")
]
Until = Annotated[
    str | None, typer.Option("--to", metavar="WHEN", help="A film ends before this tick or hour.")
]
Seconds = Annotated[
    float | None,
    typer.Option("--seconds", min=1, help="How long a film lasts; 25 at most if not given."),
]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Write the page and open no browser.")]

_FILMS: Final = ("--gif", "--mp4")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "replay",
        epilog=examples(
            "sociarium replay episodes/village-7-1",
            "sociarium replay episodes/village-7-1 --at 19:00 --agent chiara",
            "sociarium replay episodes/village-7-1-b --compare episodes/village-7-1",
            "sociarium replay episodes/village-7-1 --html day.html",
            "sociarium replay episodes/village-7-1 --gif supper.gif --from 18:30 --to 20:00",
        ),
    )(replay)


def replay(
    episode: Episode,
    *,
    other: Other = None,
    at: At = None,
    agent: Who = None,
    html: Html = None,
    gif: Gif = None,
    mp4: Mp4 = None,
    png: Png = None,
    out: Out = None,
    since: Since = None,
    until: Until = None,
    seconds: Seconds = None,
    no_open: NoOpen = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Watch an episode: the map, the hours, what was said, and why they did it.

    Without a file to write it opens in the browser, from a page in the cache.
    """
    from simulation.cli.live import hush
    from simulation.episode.episode import Episode as Recorded

    hush()
    shown = [Recorded.open(folder) for folder in (episode, other) if folder is not None]
    written = _pictures(shown[0], gif, mp4, png, out, (since, until), seconds)
    if html is not None or not written:
        written.append(
            _page(shown, html, at, agent, opens=html is None and not no_open and not as_json)
        )
    if as_json:
        say_json([{"file": row["file"], "bytes": row["bytes"]} for row in written])
        return
    for row in written:
        say(row["told"])


def _page(
    shown: list[Recorded], path: Path | None, at: str | None, agent: str | None, *, opens: bool
) -> dict[str, Any]:
    """Write the page, and open it where that is wanted."""
    from simulation.episode.timeline import tick_at
    from simulation.replay.view import Replay

    first = shown[0]
    tick = tick_at(first, at) if at is not None else None
    view = Replay(*shown, tick=tick, agent=agent or "")
    file = view.save(path or _cached(first))
    size = file.stat().st_size
    link = file.absolute().as_uri()
    moment = [f"t={view.tick}"] if view.tick else []
    moment += [f"a={view.agent}"] if view.agent else []
    if moment:
        link += "#" + "&".join(moment)
    if opens:
        typer.launch(link)
    where = str(path) if path is not None else link
    return {"file": str(file), "bytes": size, "told": f"{where} ({_size(size)})"}


def _cached(episode: Recorded) -> Path:
    """A page in the cache: the folder of an episode stays as it is."""
    from platformdirs import user_cache_path

    folder = user_cache_path("sociarium", ensure_exists=False) / "replays"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"cannot be made ({error.strerror})"
        raise ConfigError(reason, where=folder, hint="Say where with --html FILE.") from error
    return folder / f"{episode.folder.name}.html"


def _pictures(
    episode: Recorded,
    gif: Path | None,
    mp4: Path | None,
    png: str | None,
    out: Path | None,
    span: tuple[str | None, str | None],
    seconds: float | None,
) -> list[dict[str, Any]]:
    """Stills and films, where they are asked for."""
    from simulation.episode.timeline import tick_at

    written: list[dict[str, Any]] = []
    since, until = (None if when is None else tick_at(episode, when) for when in span)
    for option, path in zip(_FILMS, (gif, mp4), strict=True):
        if path is not None:
            if path.suffix.lower() != option.removeprefix("-").replace("-", "."):
                allowed = [option.replace("--", ".")]
                raise ConfigError(
                    "another kind of file", where=option, value=str(path), allowed=allowed
                )
            written.append(_film(episode, path, since, until, seconds))
    if png is not None:
        from simulation.replay.animation import save_still

        tick = episode.moment(tick_at(episode, png))
        path = save_still(episode, tick, out or Path(f"{episode.folder.name}-{tick}.png"))
        size = path.stat().st_size
        written.append({"file": str(path), "bytes": size, "told": f"{path} ({_size(size)})"})
    return written


def _film(
    episode: Recorded, path: Path, since: int | None, until: int | None, seconds: float | None
) -> dict[str, Any]:
    from rich.progress import Progress

    from simulation.cli.console import err
    from simulation.replay.animation import animate

    with Progress(console=err(), transient=True) as bar:
        task = bar.add_task(f"Drawing {path.name}", total=None)
        film = animate(
            episode,
            path,
            since=since,
            until=until,
            seconds=seconds,
            progress=lambda done, frames: bar.update(task, completed=done, total=frames),
        )
    size = path.stat().st_size
    told = f"{path} ({_size(size)}){f'. {film.note}' if film.note else ''}"
    return {"file": str(path), "bytes": size, "told": told}


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{count / 1e3:.0f} kB"
