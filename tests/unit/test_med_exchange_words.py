"""What people search a message by (X9)."""

import copy
import json

from odoo.addons.med_exchange.tools.words import LONGEST, MOST_CHARACTERS, plain, searched


def test_codes_are_found_at_any_depth_once_each_and_texts_are_not():
    assert searched({
        "number": "MO/7", "note": "LOT-9 is fine", "lots": [
            {"product": "ST-1", "lot": "L-1", "quantity": {"value": "5", "unit": "{piece}"}},
            {"product": "ST-1", "lot": "L-2"}]}).split() == ["MO/7", "L-2", "ST-1", "L-1"]


def test_what_is_no_payload_has_no_words():
    for strange in (None, 3, "lot", [], {"lot": True}, {"lot": {"lot": ["x"]}}):
        assert searched(strange) == ""


def test_every_lot_of_a_large_message_is_found():
    lots = [f"LOT-{number:05d}-ABCDEFGHIJKLMNOP" for number in range(20_000)]
    assert set(searched({"lots": [{"lot": lot} for lot in lots]}).split()) == set(lots)


def test_lots_batches_and_serials_of_any_name_are_found():
    assert set(searched({"supplier_lot": "SUP-77", "batch": "B-88", "indicator_lot": "IND-9",
                         "load_serial": "S-1", "Lot": "L-1", "plot_of": "no"}).split()) == {
        "SUP-77", "B-88", "IND-9", "S-1", "L-1"}


def test_words_of_what_is_refused_can_be_kept():
    assert searched({"lot": "A\0B\ud800C", "order": 10 ** 5000, "number": 7, 3: "x"}) == "ABC 7"
    assert len(searched({"lot": "x" * 5_000})) == LONGEST
    assert len(searched({"lots": [{"lot": f"{number:0128d}"} for number in range(9_000)]})) == (
        MOST_CHARACTERS)


def test_a_sentence_without_values_may_hold_a_percent_sign():
    assert plain("50 % of it") == "50 % of it"
    assert plain("%(part)s of it", part="50 %") == "50 % of it"


def test_a_sentence_keeps_what_it_can_be_said_anew_from():
    said = plain("%s of %s", "Two", "ten")
    assert (said, said.template, said.values) == ("Two of ten", "%s of %s", ("Two", "ten"))
    said = plain("%(part)s of it", part=plain("half"))
    assert (said, said.values["part"].template) == ("half of it", "half")
    again = copy.deepcopy(said)
    assert (again, again.template, json.dumps(again)) == (said, said.template, '"half of it"')
