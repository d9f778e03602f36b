"""What the owner of a source said of its deliveries before: the next one is read as the last one was."""

from hotspot.errors import N_, Told
from hotspot.schema.readings import Word, codes_in
from hotspot.store.changes import counting
from hotspot.store.folder import Store

_OF_ONE_FILE = "join-by-name"  # says what that file is, not how the next is read


def remembered(store: Store, kind: str, source: str) -> Word:
    """Return what was accepted and declined in the delivery that counts now.

    Parameters
    ----------
    store
        The study.
    kind, source
        Which delivery.

    Returns
    -------
    Word
        Nothing, if none counts.
    """
    now = counting(store, kind, source)
    if now is None:
        return Word()
    accepted, waiting, declined = (
        codes_in(now.details["provenance"], name) for name in ("accepted", "waiting", "declined")
    )
    return Word(tuple(sorted({*accepted, *waiting} - {_OF_ONE_FILE})), declined)


def word_for(store: Store, kind: str, source: str, given: Word) -> Word:
    """Return what holds for a new delivery: what is said now goes before what was said of the one before.

    Parameters
    ----------
    store
        The study.
    kind, source
        Which delivery.
    given
        What is said now.

    Returns
    -------
    Word
        To read the file with.
    """
    before = remembered(store, kind, source)
    return Word(
        (*given.accept, *(code for code in before.accept if code not in (*given.accept, *given.decline))),
        (*given.decline, *(code for code in before.decline if code not in (*given.accept, *given.decline))),
    )


def told_remembered(word: Word, given: Word) -> list[Told]:
    """Say what holds only because it was said of an earlier delivery.

    Parameters
    ----------
    word
        What holds.
    given
        What was said now.

    Returns
    -------
    list of Told
        At most one sentence on what is accepted and one on what is declined.
    """
    accept = [code for code in word.accept if code not in given.accept and "all" not in given.accept]
    decline = [code for code in word.decline if code not in given.decline]
    accepted = Told(
        N_("Accepted as in the delivery before: {codes}; --decline takes {codes:it|them} back."), {"codes": accept}
    )
    declined = Told(
        N_("Declined as in the delivery before: {codes}; --accept takes {codes:it|them} back."), {"codes": decline}
    )
    return [*([accepted] if accept else []), *([declined] if decline else [])]


def declined_by_source(store: Store) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what is declined for each delivery that counts.

    Parameters
    ----------
    store
        The study.

    Returns
    -------
    dict
        Kind and source to codes.
    """
    return {(each.kind, each.source): remembered(store, each.kind, each.source).decline for each in store.imports()}
