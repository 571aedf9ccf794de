"""Declared steps: who may sign what, what configuration may loosen, and the diagram."""

from dataclasses import replace

import pytest
from odoo.addons.med_signature.tools import machine as m

requirement = "P11-10f P11-10g S1 S2 P1"

AUTHOR = m.Signer("authored")
REVIEW = m.Signer("reviewed", differs=("authored",))
APPROVE = m.Signer("approved", differs=("authored", "reviewed", "@create_uid"),
                   fixed=("authored",))
SUBMIT = m.Transition("submit", ("draft",), "review", "Submit", (AUTHOR,))
RELEASE = m.Transition("release", ("review",), "released", "Release", (REVIEW, APPROVE), least=1)
REJECT = m.Transition("reject", ("review",), "draft", "Reject", reason=True, restart=True)
DOCUMENT = m.Machine("draft", (SUBMIT, RELEASE, REJECT), ("name",))
STATES = {"draft": "Draft", "review": "In review", "released": "Released"}


def given(*rows):
    return [m.Given(*row) for row in rows]


def test_a_sound_declaration_passes():
    m.check(DOCUMENT, STATES)


@pytest.mark.parametrize("broken", [
    replace(DOCUMENT, transitions=(SUBMIT, SUBMIT, RELEASE)),
    replace(DOCUMENT, transitions=(SUBMIT,)),
    replace(DOCUMENT, initial="begin"),
    replace(DOCUMENT, locked=("closed",)),
    replace(DOCUMENT, content=()),
    replace(DOCUMENT, transitions=(SUBMIT, replace(RELEASE, least=3))),
    replace(DOCUMENT, transitions=(
        SUBMIT, replace(RELEASE, signers=(replace(REVIEW, fixed=("approved",)),)))),
])
def test_a_declaration_that_contradicts_itself_is_refused(broken):
    with pytest.raises(m.MachineError):
        m.check(broken, STATES)


def test_signers_follow_the_declared_order():
    assert m.open_slots(RELEASE, []) == [0]
    assert m.open_slots(RELEASE, given(("release", 0, "reviewed", 7))) == [1]
    assert m.open_slots(replace(RELEASE, ordered=False), []) == [0, 1]
    assert m.open_slots(RELEASE, given(
        ("release", 0, "reviewed", 7), ("release", 1, "approved", 8))) == []


def test_one_person_does_not_sign_twice_where_two_are_needed():
    loose = replace(RELEASE, signers=(m.Signer("checked"), m.Signer("checked")))
    assert m.clash(loose, 1, given(("release", 0, "checked", 7)), 7, {}) == "same"
    assert m.clash(loose, 1, given(("release", 0, "checked", 7)), 8, {}) is None


def test_author_reviewer_and_approver_differ():
    signed = given(("submit", 0, "authored", 5), ("release", 0, "reviewed", 7))
    assert m.clash(RELEASE, 0, signed[:1], 5, {}) == "authored"
    assert m.clash(RELEASE, 1, signed, 5, {}) == "authored"
    assert m.clash(RELEASE, 1, signed, 9, {"create_uid": {9}}) == "@create_uid"
    assert m.clash(RELEASE, 1, signed, 8, {"create_uid": {9}}) is None


def test_a_small_firm_may_loosen_what_the_law_leaves_free():
    loose = m.configured(RELEASE, (m.Signer("approved"),))
    assert len(loose.signers) == 1
    assert loose.signers[0].differs == ("authored",)
    assert m.clash(loose, 0, given(("submit", 0, "authored", 5)), 5, {}) == "authored"


@pytest.mark.parametrize("signers", [(), (m.Signer("reviewed"),)])
def test_what_the_law_fixes_stays(signers):
    with pytest.raises(m.MachineError):
        m.configured(RELEASE, signers)


def test_configuration_may_ask_for_more():
    strict = m.configured(RELEASE, (*RELEASE.signers, m.Signer("witnessed")), reason=True)
    assert [one.meaning for one in strict.signers] == ["reviewed", "approved", "witnessed"]
    assert strict.reason


def test_the_diagram_shows_every_step_and_who_signs():
    drawn = m.mermaid(DOCUMENT, STATES, {"reviewed": "Reviewed"})
    assert drawn.startswith("stateDiagram-v2\n")
    assert '    state "In review" as review\n' in drawn
    assert "    review --> released: Release (Reviewed + approved)\n" in drawn
    assert "    review --> draft: Reject\n" in drawn
    assert "    released --> [*]\n" in drawn
    assert "    [*] --> draft\n" in drawn
