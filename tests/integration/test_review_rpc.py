"""The figures of a period as another program reads them, and a review that nobody writes past."""

import pytest
from plain import assert_plain

from lib.rpc import RpcError

requirement = "ISO-5.6 ISO-8.4 Q8 SMP-2"


def test_a_program_reads_the_figures_of_a_period(rpc):
    told = rpc("viewer").call("med.management.review", "figures", date_from="2026-01-01",
                              date_to="2026-03-31")
    assert_plain(told)
    assert (told["version"], told["previous_from"], told["previous_to"]) == (
        1, "2025-10-01", "2025-12-31")
    figures = {row["code"]: row for row in told["figures"]}
    assert figures["first_pass"]["unit"] == "percent"
    assert {"nc_rate", "capa_open", "defects"} <= figures.keys()


def test_the_pages_are_plain(rpc):
    for method in ("pareto", "dashboard"):
        assert_plain(rpc("viewer").call("med.trend", method))


def test_a_wrong_day_is_named(rpc):
    with pytest.raises(RpcError, match="date_to"):
        rpc("viewer").call("med.management.review", "figures", date_from="2026-01-01",
                           date_to="soon")


@pytest.mark.parametrize("role", ["viewer", "inspector", "regulatory", "system_admin"])
def test_other_roles_write_no_review(rpc, role):
    with pytest.raises(RpcError):
        rpc(role).call("med.management.review", "action_compute", [1])
