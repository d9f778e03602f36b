"""Commands that ask: run, explain, evaluate, accuracy, changes."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from hotspot.cli.options import Audiences, Folder, Json, Owner, SpokenIn, one_of, spoken
from hotspot.cli.output import Progress, as_json, line, table
from hotspot.cli.scores import print_scores
from hotspot.errors import N_, StudyError
from hotspot.glossary import Language, amount, say, words
from hotspot.packaged import Tree, counted_categories
from hotspot.packaged import categories as product_categories
from hotspot.site import AUDIENCES
from hotspot.study import Study, parse_period, parse_weights

_ALL = "all"


def run(
    folder: Folder,
    *,
    period: Annotated[str | None, typer.Option(help="2023-01-01..2025-12-31, or all.")] = None,
    categories: Annotated[str | None, typer.Option(help="Categories, or groups of them, with commas; or all.")] = None,
    light: Annotated[str | None, typer.Option(help="Any of day,dusk,dark.")] = None,
    layers: Annotated[str | None, typer.Option(help="Layer keys with commas, or all.")] = None,
    budget: Annotated[float | None, typer.Option(help="What may be spent. [DKK]")] = None,
    weight: Annotated[list[str], typer.Option(help="LAYER=number; may be repeated.")] = [],  # noqa: B006
    cell: Annotated[float | None, typer.Option(help="Side of an analysis cell. [m]")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of every draw.")] = None,
    save: Annotated[bool, typer.Option("--save", help="Make these answers the study's own recipe.")] = False,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Also test how stable the answers are; takes minutes.")
    ] = False,
    scheduler: Annotated[
        str, typer.Option(help="For --thorough: address of a Dask scheduler, as tcp://host:port.")
    ] = "",
    json: Json = False,
) -> None:
    """Run the analysis and print the first priorities."""
    from hotspot.report.results import run_and_keep
    from hotspot.store import Store

    if scheduler and not thorough:
        raise StudyError(
            N_("A scheduler works on the variants of --thorough."),
            N_("--scheduler {address} without --thorough"),
            N_("add --thorough, or leave --scheduler out"),
            address=scheduler,
        )

    store = Store(folder)
    tree = store.categories().tree
    study = asked(store.study, period, categories, light, layers, budget, weight, cell, seed, tree=tree)
    language = study.language
    settled = run_and_keep(store, study, Progress(language, quiet=json), second=thorough, scheduler=scheduler)
    if study != store.study:
        store.audit("run", {"as": "admin", "recipe": study.key, "result": settled.result.record.key})
    if save:
        study.write(folder / "study.toml")
    if json:
        print_result(settled.result)
        return
    print_priorities(settled, language, 10)


def asked(
    study: Study,
    period: str | None = None,
    categories: str | None = None,
    light: str | None = None,
    layers: str | None = None,
    budget: float | None = None,
    weight: list[str] | None = None,
    cell: float | None = None,
    seed: int | None = None,
    tree: Tree | None = None,
) -> Study:
    """Return a recipe changed as the options say; options that are None change nothing.

    Parameters
    ----------
    study
        The recipe to start from.
    period, categories, light, layers, budget, weight, cell, seed
        As the options of ``hotspot run``.
    tree
        Code to category; None takes the product's.

    Returns
    -------
    Study
        The recipe asked for.
    """
    changes: dict[str, Any] = {}
    if period is not None:
        changes["period"] = parse_period(period)
    for name, text in (("categories", categories), ("light", light), ("layers", layers)):
        if text is not None:
            changes[name] = () if text == _ALL else tuple(part.strip() for part in text.split(",") if part.strip())
    known = product_categories() if tree is None else tree
    for each in changes.get("categories", ()):
        one_of(each, sorted(known), N_("Categories are codes of the category tree."))
    if changes.get("categories"):
        changes["categories"] = counted_categories(changes["categories"], known)
    numbers = {"budget_dkk": budget, "cell_m": cell, "seed": seed}
    changes |= {name: value for name, value in numbers.items() if value is not None}
    if weight:
        changes["weights"] = {**study.weights, **parse_weights(weight)}
    return study.but(**changes)


def print_result(result: Any) -> None:  # noqa: ANN401 - a result
    """Print a run's result as JSON.

    Parameters
    ----------
    result
        A run's result.
    """
    as_json(
        {
            "key": result.record.key,
            "priorities": result.priorities.drop(columns="why").sort_values("rank"),
            "hotspots": result.hotspots,
            "measures": result.choice.candidates,
            "spent_dkk": result.choice.spent_dkk,
            "seconds": result.record.seconds,
            "findings": result.findings,
        }
    )


def print_priorities(settled: Any, language: Language, most: int) -> None:  # noqa: ANN401 - a settled result
    """Print the first priorities, each with its rank interval and why.

    Parameters
    ----------
    settled
        From `hotspot.report.results.run_and_keep`.
    language
        Whose words.
    most
        How many.
    """
    from hotspot.release import release
    from hotspot.report import priority_table

    _ = words(language)
    shown = release(settled, "admin")
    for row in priority_table(shown, language)[:most]:
        line(f"{row['rank']}. {row['name']} ({row['kind']}; {row['sure']})")
        line(f"     {row['why']}")
    line()
    line(
        _(
            "{n} {n:hot spot|hot spots} · {chosen} {chosen:measure|measures} for {spent} kr. of {budget} kr.",
            n=len(shown.hotspots),
            chosen=len(shown.choice.chosen),
            spent=shown.choice.spent_dkk,
            budget=shown.choice.budget_dkk,
        )
    )


@contextmanager
def current_release(folder: Path, audience: str, owner: str = "") -> Iterator[Any]:
    """Open the study's own recipe as one audience may see it; handing it out is noted when all went well.

    Parameters
    ----------
    folder
        The study's folder.
    audience
        Whose eyes.
    owner
        For a partner: whose areas.

    Yields
    ------
    Release
        What the audience may see.
    """
    from hotspot.pipeline import run as answer
    from hotspot.release import before, note, release
    from hotspot.store import Store

    store = Store(folder)
    one_of(audience, AUDIENCES, N_("An audience is council, partner, planner, liaison or admin."))
    snapshot = store.snapshot()
    result = answer(store.study, snapshot, shelf=store.shelf)
    if audience == "partner":
        owners = sorted(set(result.places["owner"].dropna().astype(str)) - {""})
        one_of(owner, owners, N_("A partner is one of those who own areas, named with --owner."))
    earlier = before(store, snapshot, result)
    shown = release(result, audience, owner=owner, before=earlier)  # type: ignore[arg-type]  # checked above
    yield shown
    note(store, snapshot, result, audience, shown)  # type: ignore[arg-type]  # checked above
    details = {"as": audience, "recipe": store.study.key, "result": result.record.key}
    store.audit("release", details | {"incidents": audience in ("liaison", "admin")})


def explain(
    folder: Folder,
    place: Annotated[str, typer.Argument(help="An area's code or name, or a hot spot's code.")],
    *,
    audience: Audiences = "admin",
    owner: Owner = "",
    language: SpokenIn = None,
    json: Json = False,
) -> None:
    """Tell why a place stands where it stands."""
    from hotspot.report import hotspot_table, reason_texts, row_sentence

    spoken(language, "da")
    with current_release(folder, audience, owner) as shown:
        area_id = _found(shown, place)
    wanted = spoken(language, shown.study.language)
    row = shown.priorities.loc[area_id]
    sentences = {
        key: row_sentence(layer, area_id, wanted)
        for key, layer in shown.layers.items()
        if layer.spec.support == "areas" and layer.frame is not None and area_id in layer.frame.index
    }
    own = shown.hotspots.index[shown.hotspots["area_id"] == area_id]
    if json:
        as_json(
            {
                "area_id": area_id,
                "name": row["name"],
                "numbers": dict(row.drop("reasons")),
                "hotspots": shown.hotspots.loc[own].drop(columns="geometry"),
                "layers": {
                    key: dict(layer.frame.loc[area_id]) for key, layer in shown.layers.items() if key in sentences
                },
            }
        )
        return
    line(f"{row['name']} ({area_id})")
    for each in reason_texts(shown, row["reasons"], wanted):
        line(f"  {each}")
    for key, sentence in sentences.items():
        line(f"  {shown.layers[key].spec.title[wanted]}: {sentence}")
    _ = words(wanted)
    for spot in hotspot_table(shown, wanted):
        if spot["hotspot_id"] in own:
            line("  " + _("Hot spot {name}: {n} incidents, {ratio} times as many as expected; {stability}.", **spot))


def _found(shown: Any, place: str) -> str:  # noqa: ANN401 - a release
    import difflib

    names = shown.priorities["name"].astype(str)
    if place in shown.priorities.index:
        return place
    same = names.index[names.str.casefold() == place.casefold()]
    if len(same):
        return str(same[0])
    if place in shown.hotspots.index:
        return str(shown.hotspots.loc[place, "area_id"])
    close = difflib.get_close_matches(place, [*names, *map(str, names.index)], 3, 0.4)
    raise StudyError(
        N_("A place is an area's code or name, or a hot spot's code."),
        N_("{place}"),
        N_("one of {known}"),
        place=place,
        known=close or list(names),
    )


def evaluate(folder: Folder, *, audience: Audiences = "admin", json: Json = False) -> None:
    """Tell what earlier measures did, as far as incidents can show it."""
    with current_release(folder, audience) as shown:
        language = shown.study.language
    _ = words(language)
    if json:
        as_json(shown.evaluations)
        return
    if not len(shown.evaluations):
        line(_("No earlier measures are known: hotspot import {folder} interventions FILE", folder=str(folder)))
    for _id, row in shown.evaluations.iterrows():
        line(str(row["title"]))
        line("  " + (say(row["verdict"], language) if not row["hidden"] else _("Too few incidents to tell them here.")))
        for caveat in row["caveats"] or ():
            line("  " + say(caveat, language))


def accuracy(
    folder: Folder,
    *,
    train: Annotated[str, typer.Option(help="Days the maps are made from, as 2023-07-01..2024-12-31.")] = "",
    test: Annotated[str, typer.Option(help="Later days they are held against; by default the last third.")] = "",
    every: Annotated[
        int, typer.Option(min=0, help="Cut the test into windows of so many days, each foretold from all before it.")
    ] = 30,
    by_category: Annotated[bool, typer.Option("--by-category", help="A table for each category.")] = False,
    json: Json = False,
) -> None:
    """Tell how well maps of earlier days foretold later incidents, beside plain counts and fixed kernels."""
    from hotspot.experiments.accuracy import ALL, foretold, last_third
    from hotspot.store import Store

    store = Store(folder)
    study, snapshot = store.study, store.snapshot()
    if train or test:
        earlier, later = parse_period(train or _ALL), parse_period(test or _ALL)
    else:
        earlier, later = last_third(study, snapshot)
    if earlier is None or later is None:
        raise StudyError(N_("Accuracy compares two periods."), _ALL, N_("write --train and --test as days"))
    found = foretold(study, snapshot, earlier, later, every_days=every)
    if json:
        as_json(found)
        return
    for category, rows in found.groupby("category", sort=False):
        if category == ALL or by_category:
            print_scores(str(category), rows, study.language, snapshot.categories)


def changes(
    folder: Folder,
    *,
    since: Annotated[str, typer.Option(help="First day of what is new, as 2025-10-01.")],
    json: Json = False,
) -> None:
    """Tell what is new: where more or fewer incidents were recorded than just before."""
    from hotspot.experiments.changes import changed_since
    from hotspot.store import Store

    store = Store(folder)
    try:
        day = dt.date.fromisoformat(since)
    except ValueError as broken:
        raise StudyError(
            N_("A day is written as 2025-10-01."), N_("{since}"), N_("write --since 2025-10-01"), since=since
        ) from broken
    found = changed_since(store.study, store.snapshot(), day)
    language = store.study.language
    _ = words(language)
    if json:
        as_json(found)
        return
    rows = [
        {
            "name": str(row["name"]),
            "before": amount(row["before"], language),
            "after": amount(row["after"], language),
            "ratio": amount(row["ratio"], language, ".2f"),
            "interval": f"{amount(row['lower'], language, '.2f')} – {amount(row['upper'], language, '.2f')}",
            "q": amount(row["qvalue"], language, ".3f"),
            "klass": _(str(row["klass"])),
        }
        for _i, row in found.iterrows()
    ]
    heads = {
        "name": _("place"),
        "before": _("before"),
        "after": _("since"),
        "ratio": _("ratio"),
        "interval": _("95% interval"),
        "q": "q",
        "klass": _("reading"),
    }
    table(rows, heads, right=("before", "after", "ratio", "interval", "q"))


COMMANDS = (run, explain, evaluate, accuracy, changes)
