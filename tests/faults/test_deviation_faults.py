"""Two documents that use the same deviation at the same moment."""

from pathlib import Path

import pytest

from lib.rpc import RpcError

requirement = "ISO-8.3.2 CN-GMP-QA"

WORLD = (Path(__file__).resolve().parents[1] / "trace_flow.py").read_text() + (
    Path(__file__).resolve().parents[1] / "deviation_flow.py").read_text() + """
flow = Deviations(Flow(env))
bad = flow.bad(*(f"BOX-{n}" for n in range(6)))
tell({"bad": bad.ids, "tight": flow.permit(1).id, "wide": flow.permit(2).id,
      "gone": flow.permit(2).id})
"""


def consume(deviation, inspection):
    return f"""
one = env["med.inspection"].browse({inspection})
env["med.deviation"].browse({deviation})._med_consume(one, [(one.product_id, one.lot_id, 1)])
"""


@pytest.fixture
def concede(client, world):
    """Accept an inspection by concession under a deviation; return what the server says."""
    def accept(inspection, deviation):
        qa = client("qa")
        qa.call("med.inspection", "write", [inspection], vals={"deviation_id": deviation})

        def sign():
            try:
                return qa.call("med.inspection", "med_sign", [inspection], meaning="approved",
                               login="dev_anna", secret="dev_anna")["signatures"][0]["state"]
            except RpcError as error:
                return error.message
        return sign
    return accept


def booked(site, deviation):
    return site.sql(
        f"SELECT d.use_count, count(u), coalesce(sum(u.counted), 0)::int FROM med_deviation d "
        f"LEFT JOIN med_deviation_use u ON u.deviation_id = d.id WHERE d.id = {deviation} "
        "GROUP BY d.id")[0]


def test_of_two_that_take_the_last_allowance_one_is_refused(site, world, beside, concede):
    deviation, [one, other] = world["tight"], world["bad"][:2]
    told = beside(consume(deviation, one), concede(other, deviation))
    assert "0 Units are left" in told
    assert booked(site, deviation) == ["1", "1", "1"]
    assert site.sql(f"SELECT state FROM med_inspection WHERE id = {other}") == [["submitted"]]


def test_two_for_which_there_is_room_are_both_counted(site, world, beside, concede):
    deviation, [one, other] = world["wide"], world["bad"][2:4]
    assert beside(consume(deviation, one), concede(other, deviation)) == "concession"
    assert booked(site, deviation) == ["2", "2", "2"]


def test_what_is_withdrawn_at_that_moment_is_not_used(site, world, beside, concede):
    deviation, inspection = world["gone"], world["bad"][4]
    told = beside(f"""
env["med.deviation"].browse({deviation}).with_user(
    env["res.users"].search([("login", "=", "dev_anna")])).med_transition("withdraw", "Over")
""", concede(inspection, deviation))
    assert "not approved" in told
    assert booked(site, deviation) == ["0", "0", "0"]
