"""How much of what a processor made is good, by its own reports."""

from odoo.addons.med_outsourcing.tools import good

requirement = "R4 V5"


def test_what_was_sent_back_as_rejected_is_not_good():
    finished, rejected = {"A": 10.0, "B": 7.0}, {"B": 3.0}
    assert good.good(finished, rejected, {}) == {"A": 10.0, "B": 7.0}
    assert good.good(finished, rejected, {"A": 2.0, "B": 3.0}) == {"A": 8.0, "B": 7.0}
    assert good.good(finished, rejected, {"B": 20.0}) == {"A": 10.0, "B": 0.0}
    assert good.good({}, {"A": 1.0}, {}) == {}


def test_the_greatest_of_several_sums():
    assert good.most({"A": 1.0, "B": 4.0}, {"A": 2.0}) == {"A": 2.0, "B": 4.0}
    assert good.most() == {}


def test_steps_that_nobody_reported_of_a_lot():
    told = {"weld": None, "leak test": {"A"}}
    assert good.missing(["Weld", "Leak test", "Pack"], told, "A") == ["Pack"]
    assert good.missing(["Weld", "Leak test"], told, "B") == ["Leak test"]
    assert good.missing([], told, "A") == []
