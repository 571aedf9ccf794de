from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestProfile(ExchangeCase):
    """A new partner begins with the rights of its kind of system."""

    requirement = "X1 X8 V8 G4 the same contract for every kind of system"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crm = cls.env.ref("med_exchange.med_exchange_profile_crm")
        cls.partner = cls.partner_of("KIND", rights=())

    def rights(self, partner):
        return {(one.schema, one.direction) for one in partner.right_ids}

    def test_rights_of_the_kind(self):
        self.partner.profile_id = self.crm
        done = self.partner.add_rights()
        self.assertIn([self.partner.id, "organisation", "in"], done["added"])
        self.assertLessEqual({("organisation", "in"), ("organisation", "out")},
                             self.rights(self.partner))

    def test_what_is_there_stays(self):
        """No right is changed, none that was taken away comes back."""
        self.partner.profile_id = self.crm
        mine = self.right(self.partner, conflict_policy="ours")
        gone = self.right(self.partner, direction="out", domain="[('id', '=', 0)]", active=False)
        done = self.partner.add_rights()
        self.assertNotIn("organisation", [schema for _id, schema, _way in done["added"]])
        self.assertEqual((mine.conflict_policy, gone.active), ("ours", False))
        self.assertEqual(self.partner.add_rights()["added"], [])

    def test_not_handled_here(self):
        """A schema that no installed addon handles is named, not given."""
        self.crm.line_ids = [(0, 0, {"schema": "moon_phase", "direction": "in"})]
        self.partner.profile_id = self.crm
        self.assertIn("moon_phase", self.partner.add_rights()["passed_over"])
        self.assertNotIn(("moon_phase", "in"), self.rights(self.partner))

    def test_no_kind(self):
        with self.assertRaisesRegex(UserError, "Say first what kind of system it is"):
            self.partner.add_rights()

    def test_by_role(self):
        """Rights are given by the system's administrator alone."""
        self.partner.profile_id = self.crm
        for role in ("viewer", "qa", "auditor"):
            with self.assertRaises(AccessError, msg=role):
                self.partner.with_user(self.user(role)).add_rights()
        self.assertFalse(self.partner.right_ids)
        self.partner.with_user(self.user("system_admin")).add_rights()
        self.assertTrue(self.partner.right_ids)

    def test_what_kinds_send_can_be_taken(self):
        """What a kind is said to send is read here by the addon that handles it."""
        base = type(self.env["med.exchange.handler"])
        handlers = self.env["med.exchange.handler"]._med_handlers()
        lines = self.env["med.exchange.profile.line"].search([("schema", "in", list(handlers))])
        self.assertTrue(lines)
        for line in lines:
            taken = type(self.env[handlers[line.schema]])
            if line.direction == "in":
                self.assertIsNot(taken._med_apply, base._med_apply, line.schema)

    def test_results_and_confirmations_wait_for_nobody(self):
        """What answers or confirms a record that is here counts as its sender says it."""
        lines = self.env["med.exchange.profile.line"].search(
            [("direction", "=", "in"), ("schema", "in", ("inspection_result", "shipment"))])
        self.assertTrue(lines)
        self.assertEqual(set(lines.mapped("conflict_policy")), {"theirs"})
        others = self.env["med.exchange.profile.line"].search([("direction", "=", "in")]) - lines
        self.assertEqual(set(others.mapped("conflict_policy")), {"ask"})
