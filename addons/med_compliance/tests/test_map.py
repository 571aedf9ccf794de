from odoo.tests import tagged

from .common import ComplianceCase


@tagged("post_install", "-at_install")
class TestMap(ComplianceCase):
    """Policy → process → record, and what is missing in it."""

    requirement = "ISO-4.2.4 CN-GMP-44 Q11"

    def gaps(self, kind):
        told = self.env["med.quality.policy"].with_user(self.ivan).map_data()
        return {one["name"] for one in told["gaps"] if one["kind"] == kind}

    def test_the_map_tells_policies_processes_records_and_gaps(self):
        told = self.env["med.quality.policy"].with_user(self.ivan).map_data()
        [capa] = [process for policy in told["policies"] for process in policy["processes"]
                  if process["code"] == "PRO-11"]
        self.assertEqual(capa["clauses"], ["ISO 13485 8.5.2", "ISO 13485 8.5.3"])
        self.assertEqual([(one["model"], one["opens"]) for one in capa["records"]],
                         [("med.capa", True)])
        self.assertEqual([one["code"] for one in told["loose"]], ["T-1"])
        self.assertEqual(self.gaps("policy_less"), {"T-1 Sealing"})
        self.assertEqual(self.gaps("record"), {"T-1 Sealing"})
        self.assertIn("PRO-11 Corrective and preventive action", self.gaps("owner"))
        self.assertIn("ISO 13485 7.6 Control of monitoring and measuring equipment",
                      self.gaps("clause"))

    def test_a_gap_ends_when_it_is_filled(self):
        policy = self.env["med.quality.policy"].create({"code": "T-0", "name": "Seals hold"})
        self.assertEqual(self.gaps("policy"), {"T-0 Seals hold"})
        self.process.write({"policy_id": policy.id, "record_ids": [
            (0, 0, {"name": "Log", "place": "Shelf 3"}), (0, 0, {"name": "x", "model": "no.such"})],
            "clause_ids": self.env.ref("med_compliance.med_external_clause_iso_13485_7_6").ids})
        for kind in ("policy", "policy_less", "record"):
            self.assertFalse(self.gaps(kind))
        self.assertNotIn("ISO 13485 7.6 Control of monitoring and measuring equipment",
                         self.gaps("clause"))
        self.assertFalse(self.process.record_ids[1].action_open())
        self.process.active = False
        self.assertEqual(self.gaps("policy"), {"T-0 Seals hold"})
