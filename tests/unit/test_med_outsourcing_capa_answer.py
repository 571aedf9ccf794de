"""What a processor writes of corrective action on its page."""

import pytest
from odoo.addons.med_outsourcing_capa.tools import answer
from odoo.addons.med_outsourcing_portal.tools.form import LONG, FormError

EMPTY = dict.fromkeys(answer.TEXTS, "")


def test_what_is_said_is_read():
    told = answer.read({
        "containment": " Stopped ", "action_kind_0": "preventive", "action_what_0": "Interval",
        "action_who_0": "Qian", "action_due_0": "2026-12-10", "action_done_0": "",
        "action_kind_1": "corrective", "action_what_1": " "})
    assert told == {**EMPTY, "containment": "Stopped", "actions": [
        {"kind": "preventive", "what": "Interval", "who": "Qian", "due": "2026-12-10",
         "done": ""}]}


@pytest.mark.parametrize(("form", "name", "code"), [
    ({}, "containment", "missing"),
    ({"action_kind_0": "corrective"}, "containment", "missing"),
    ({"action_who_3": "Qian"}, "action_what_3", "missing"),
    ({"action_what_0": "x", "action_due_0": "soon"}, "action_due_0", "day"),
    ({"action_what_0": "x", "action_done_0": "2026-02-30"}, "action_done_0", "day"),
    ({"action_what_0": "x", "action_kind_0": "money"}, "action_kind_0", "missing"),
])
def test_what_is_half_said_is_refused_at_its_field(form, name, code):
    with pytest.raises(FormError) as caught:
        answer.read(form)
    assert (caught.value.name, caught.value.code) == (name, code)


def test_a_text_is_never_longer_than_it_may_be():
    assert len(answer.read({"cause": "x" * 9 * LONG})["cause"]) == LONG


def test_an_own_action_has_number_title_and_state():
    form = {"number": " C-3 ", "title": "Worn jaws", "state": "open", "problem": "Open seals"}
    assert answer.own(form) == {"number": "C-3", "title": "Worn jaws", "state": "open",
                                "problem": "Open seals"}
    for name, value in (("number", " "), ("title", ""), ("state", "accepted")):
        with pytest.raises(FormError) as caught:
            answer.own({**form, name: value})
        assert caught.value.name == name
