import re

import pytest

from hotspot.glossary import term, terms
from hotspot.layers import read_layers
from hotspot.measures import MEASURES
from hotspot.packaged import packaged_folder


def test_every_column_of_every_measure_is_in_the_glossary():
    columns = {"value", "lower", "upper", *(name for each in MEASURES.values() for name in each.columns)}
    assert not columns - set(terms())


def test_every_column_that_a_layer_s_sentence_names_is_known():
    facts = {"bandwidth_m", "sigma_m"}
    for spec in read_layers([packaged_folder("layers")]).values():
        for text in spec.words["reads_as"].values():
            assert not set(re.findall(r"{(\w+)}", text)) - set(terms()) - facts, spec.key


@pytest.mark.parametrize("each", list(terms().values()), ids=lambda each: each.key)
def test_every_term_is_said_in_both_languages(each):
    for said in (each.name, each.meaning):
        assert set(said) == {"da", "en"}
        assert all(text.strip() for text in said.values())


def test_a_term_is_found_by_its_key():
    assert term("mean_lx").unit == "lx"
    with pytest.raises(KeyError):
        term("no such column")
