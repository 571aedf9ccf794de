"""What a processor chooses and writes on the page of a notice of a change."""

import pytest
from odoo.addons.med_outsourcing_change.tools import answer
from odoo.addons.med_outsourcing_portal.tools.form import LONG, FormError


@pytest.mark.parametrize(("form", "told"), [
    ({"answer": "agreed"}, ("agreed", "")),
    ({"answer": "agreed", "note": "  "}, ("agreed", "")),
    ({"answer": "condition", "note": " From June "}, ("agreed", "From June")),
    ({"answer": "refused", "note": "No"}, ("refused", "No")),
])
def test_what_is_said_is_read(form, told):
    assert answer.read(form) == told


@pytest.mark.parametrize(("form", "name", "code"), [
    ({}, "answer", "missing"), ({"answer": "withdrawn", "note": "x"}, "answer", "missing"),
    ({"answer": "condition"}, "note", "missing"), ({"answer": "refused"}, "note", "missing"),
    ({"answer": "agreed", "note": "But"}, "note", "words"),
])
def test_what_is_half_said_is_refused_at_its_field(form, name, code):
    with pytest.raises(FormError) as caught:
        answer.read(form)
    assert (caught.value.name, caught.value.code) == (name, code)


def test_a_note_is_never_longer_than_a_note_may_be():
    assert len(answer.read({"answer": "refused", "note": "x" * 9 * LONG})[1]) == LONG


@pytest.mark.parametrize("form", [
    {"answer": "agreed"}, {"answer": "condition", "note": "x"}, {"answer": "refused", "note": "x"}])
def test_the_choice_is_read_back_from_the_answer(form):
    assert answer.choice_of(*answer.read(form)) == form["answer"]
