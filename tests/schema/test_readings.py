"""Readings carry their codes: told as made, told as declined, kept for the register."""

from hotspot.errors import Told
from hotspot.schema.readings import (
    READINGS,
    Word,
    codes_in,
    is_declined,
    only_declined,
    otherwise,
    reading,
    reading_of,
    said,
)

SENTENCE = "{n} times"


def test_a_reading_says_what_was_done_or_what_is_done_instead():
    made, declined = (reading("24-00", SENTENCE, {"n": 2}, no) for no in ((), ("24-00",)))
    assert str(made) == "2 times"
    assert str(declined) == "Declined: “2 times” Instead: these rows are set aside."
    assert [reading_of(each) for each in (made, declined, Told("x"))] == ["24-00", "24-00", ""]
    assert [is_declined(each) for each in (made, declined)] == [False, True]


def test_a_sentence_from_the_register_still_carries_its_code():
    for declined in ((), ("midnight",)):
        told = reading("midnight", SENTENCE, {"n": 2}, declined)
        again = Told.from_plain(told.plain())
        assert (str(again), reading_of(again), is_declined(again)) == (str(told), "midnight", bool(declined))


def test_every_reading_says_what_is_done_instead():
    assert all(str(otherwise(code)) and code in str(only_declined(code)) for code in READINGS)


def test_the_register_keeps_what_was_read_what_was_declined_and_what_waits():
    told = [reading(code, SENTENCE, {"n": 1}, ("24-00",)) for code in ("24-00", "midnight", "midnight")]
    kept = said([*told, Told("x")], ["parts"], Word(("all", "parts", "scale"), ("24-00", "repeats")))
    assert kept == {"readings": "midnight", "declined": "24-00,repeats", "waiting": "scale"}
    assert codes_in(kept, "declined") == ("24-00", "repeats")
    assert codes_in({"accepted": ""}, "accepted") == codes_in({}, "waiting") == ()
