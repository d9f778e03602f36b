"""What a new file is held against: areas by name, a list of lamps against the roads, incidents of other sources."""

from hotspot.store.folder import Store
from hotspot.tables import Table

_HELD_AGAINST = {"incidents": ("areas", "incidents"), "responses": ("areas",), "lamps": ("roads",)}


def known_tables(store: Store, kind: str) -> dict[str, Table]:
    """Return the tables of the study that a file of a kind is held against.

    Parameters
    ----------
    store
        The study.
    kind
        The kind of table.

    Returns
    -------
    dict
        Kind to table, as far as the study has them.
    """
    found = {each: store.table(each) for each in _HELD_AGAINST.get(kind, ())}
    return {each: table for each, table in found.items() if table is not None}
