from odoo.tests import tagged

from .common import PAYLOAD
from .test_submit import InboxCase


@tagged("post_install", "-at_install")
class TestClaim(InboxCase):
    """Two messages of the same new thing, at once or one after the other (X3 X4 G1)."""

    requirement = "X3 X4 G1"

    def turns(self, code):
        return self.env["med.turn"].search([
            ("scope", "=", f"exchange/{self.lims.company_id.id}/organisation"),
            ("thing", "=", code)]).turn

    def test_what_a_message_makes_is_claimed(self):
        self.submit(self.said(1, thing="CL-1"))
        self.assertEqual(self.turns("CL-1"), 1)
        self.submit(self.said(2, "Renamed", thing="CL-1"))
        self.assertEqual(self.turns("CL-1"), 1, "nothing is made")

    def test_the_code_of_another_organisation_is_not_taken(self):
        self.submit(self.said(1, thing="CL-1"))
        other = self.envelope(self.lims, {**PAYLOAD, "code": "CL-1"}, id="id-2", sequence=2,
                              object={"id": "other", "version": 1})
        twins = [self.envelope(self.lims, {**PAYLOAD, "code": "CL-2"}, id=f"id-{number}",
                               sequence=number, object={"id": f"T-{number}", "version": 1})
                 for number in (3, 4)]
        answers = self.submit(other, *twins)
        self.assertEqual([(one["outcome"], [error["pointer"] for error in one["errors"]])
                          for one in answers], [("rejected", ["/payload/code"]), ("accepted", []),
                                                ("rejected", ["/payload/code"])])
        self.assertEqual((len(self.hospital("CL-1")), len(self.hospital("CL-2"))), (1, 1))
        moved = self.envelope(self.lims, {**PAYLOAD, "code": "CL-1"}, id="id-5", sequence=5,
                              object={"id": "T-3", "version": 2, "base": 1})
        self.assertEqual(self.outcomes(moved), ["rejected"])
        self.assertEqual(len(self.hospital("CL-1")), 1)
