"""What became of a delivery, for people and for programs."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hotspot.cli.origins import Origin
from hotspot.cli.output import line
from hotspot.cli.taking import Wanted
from hotspot.errors import Told
from hotspot.glossary import Language, say, words
from hotspot.schema.readings import codes_in
from hotspot.sources.findings import Finding, noticed
from hotspot.store import Store
from hotspot.store.against import known_tables
from hotspot.store.category_table import NAME
from hotspot.store.changes import Changes, changes, told_changes
from hotspot.store.corrections import is_about_corrections, keeping_corrections, lost_corrections
from hotspot.store.remembered import told_remembered, word_for
from hotspot.store.snapshot import without_category
from hotspot.tables import Delivery


def plain_delivery(delivery: Delivery, changed: Changes | None, codes: Mapping[str, int]) -> dict[str, Any]:
    """Return what became of a delivery as JSON holds it.

    Parameters
    ----------
    delivery
        As read.
    changed
        Against what counted before; None if it is the first.
    codes
        Codes that belong to no category, with their counts.

    Returns
    -------
    dict
        Counts, reasons, findings, accepted fixes, readings made without asking, and what was declined.
    """
    return {
        "kind": delivery.table.kind,
        "source": delivery.source,
        "read": delivery.read,
        "kept": len(delivery.table),
        "quarantined": len(delivery.quarantine),
        "reasons": dict(delivery.table.dropped),
        "changes": None if changed is None else changed._asdict(),
        "unmapped": dict(codes),
        "findings": delivery.findings,
        **{name: list(codes_in(delivery.provenance, name)) for name in ("accepted", "readings", "declined")},
    }


def print_delivery(name: str, delivery: Delivery, changed: Changes | None, language: Language, *, kept: bool) -> None:
    """Print what became of a delivery.

    Parameters
    ----------
    name
        Of the file.
    delivery
        As read.
    changed
        Against what counted before; None if it is the first.
    language
        Whose words.
    kept
        Whether it was kept.
    """
    _ = words(language)
    counts = {"read": delivery.read, "kept": len(delivery.table), "out": len(delivery.quarantine)}
    line(_("{file}: {read} {read:row|rows} read, {kept} kept, {out} set aside.", file=name, **counts))
    for told, n in _reasons(delivery.quarantine):
        line("  " + _("{n} {n:row|rows}: {why}", n=n, why=told))
    if changed is not None:
        line("  " + say(told_changes(changed), language))
    for finding in delivery.findings:
        line("  " + say(finding, language))
        _print_way_back(noticed(finding), language)
    if not kept:
        line(_("Nothing was kept (--dry-run)."))


def _print_way_back(finding: Finding, language: Language) -> None:
    """Print how a reading is declined, or made after all."""
    _ = words(language)
    if finding.otherwise is None:
        return
    told = _("otherwise: {otherwise} (--decline {code})", otherwise=finding.otherwise, code=finding.code)
    line("    " + (told if finding.accepted else _("read it after all: --accept {code}", code=finding.code)))


def print_unmapped(codes: Mapping[str, int], language: Language) -> None:
    """Print which codes of a delivery belong to no category, and where that is mended.

    Parameters
    ----------
    codes
        Code to how many rows have it.
    language
        Whose words.
    """
    _ = words(language)
    for code, n in codes.items():
        line("  " + _("{n} {n:row|rows}: “{code}” belongs to no category; add it to {file}", n=n, code=code, file=NAME))


def unmapped(store: Store, delivery: Delivery) -> dict[str, int]:
    """Return the codes of a delivery that belong to no category, with their counts.

    Parameters
    ----------
    store
        The study, whose own ``categories.csv`` counts.
    delivery
        As read.

    Returns
    -------
    dict
        Empty for anything but incidents.
    """
    if delivery.table.kind != "incidents":
        return {}
    return without_category(delivery.table.frame["code"], store.categories().codes)


def print_diagnosis(store: Store, kind: str, origin: Origin, wanted: Wanted) -> None:
    """Print what the file looks like and what would become of it; keep nothing.

    Parameters
    ----------
    store
        The study.
    kind
        The kind of table.
    origin
        The file.
    wanted
        How to read it.

    Raises
    ------
    HotspotError
        If the file cannot be taken as it is; after everything else was told.
    """
    from hotspot.sources import diagnose
    from hotspot.sources.reading import source_name

    language = store.study.language
    _ = words(language)
    word = word_for(store, kind, origin.source or source_name(origin.path, origin.layer), wanted.word)
    seen = diagnose(
        origin.path,
        kind,
        store.place,
        mapping=wanted.mapping,
        crs=wanted.crs,
        layer=origin.layer,
        drop=wanted.drop,
        accept=word.accept,
        decline=word.decline,
        coverage=wanted.coverage,
        known=known_tables(store, kind),
        source=origin.source,
        codes=store.categories().codes,
    )
    delivery = None if seen.delivery is None else keeping_corrections(store, seen.delivery)
    if delivery is not None:
        counts = {"read": seen.rows, "kept": len(delivery.table), "out": len(delivery.quarantine)}
        line(_("{file}: {read} {read:row|rows} read, {kept} kept, {out} set aside.", file=origin.path.name, **counts))
        _print_changes(store, delivery, language)
    line("  " + say(seen.written, language))
    for column in seen.columns:
        line("  " + say(column.reason, language))
    for finding in seen.findings:
        _print_finding(finding, language)
    if delivery is not None:
        print_unmapped(unmapped(store, delivery), language)
    for each in told_remembered(word, wanted.word):
        line("  " + say(each, language))
    line(_("Nothing was kept (--dry-run)."))
    if seen.refusal is not None:
        raise seen.refusal


def _print_finding(finding: Finding, language: Language) -> None:
    """Print what was noticed, some of it, and what can be said about it."""
    _ = words(language)
    line("- " + say(finding.sentence, language))
    for example in finding.examples:
        line("    " + _("row {example}", example=example))
    _print_way_back(finding, language)
    if finding.fix is not None and not finding.accepted:
        line("    " + _("proposed: {fix} (--accept {code})", fix=say(finding.fix, language), code=finding.code))


def _print_changes(store: Store, delivery: Delivery, language: Language) -> None:
    """Print what a delivery would change, and which corrected rows come along or are lost."""
    changed = changes(store, delivery)
    told = [] if changed is None else [told_changes(changed)]
    told += [each for each in delivery.findings if is_about_corrections(each)]
    lost = lost_corrections(store, delivery)
    for each in [*told, *([] if lost is None else [lost])]:
        line("  " + say(each, language))
        _print_way_back(noticed(each), language)


def _reasons(quarantine: pd.DataFrame) -> list[tuple[Told, int]]:
    counts: dict[str, tuple[Told, int]] = {}
    for told in quarantine["reason"]:
        known = counts.get(str(told), (told, 0))
        counts[str(told)] = (told, known[1] + 1)
    return sorted(counts.values(), key=lambda pair: -pair[1])
