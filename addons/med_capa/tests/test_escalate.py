from odoo.tests import tagged

from .common import CapaCase


@tagged("post_install", "-at_install")
class TestEscalate(CapaCase):
    """What is overdue goes to its owner, then up; each level once."""

    requirement = "ISO-8.5.2 ISO-8.5.3"

    def late(self, day):
        self.clock.move_to(f"{day} 08:00:00")
        self.env["med.capa"]._escalate()

    def test_the_owner_is_told_then_the_person_above_each_once(self):
        self.env.ref("med_capa.med_capa_clock_open").escalate_to_id = self.bert
        record = self.case()
        record.activity_ids.unlink()
        self.late(record.date_due)
        self.assertEqual((record.escalation_level, len(record.activity_ids)), (0, 0))
        for _again in range(2):
            self.late("2026-04-02")
            self.assertEqual((record.escalation_level, record.activity_ids.user_id), (1, self.ines))
        self.assertEqual(len(record.activity_ids), 1)
        for _again in range(2):
            self.late("2026-04-09")
            self.assertEqual((record.escalation_level, record.activity_ids.user_id),
                             (2, self.ines | self.bert))
        told = record.message_ids.filtered(lambda one: self.bert.partner_id in one.partner_ids)
        self.assertEqual(len(told), 1)
        self.assertIn("is overdue since", told.body)

    def test_the_next_step_begins_anew(self):
        record = self.case()
        self.late("2026-04-09")
        self.assertEqual(record.escalation_level, 2)
        self.sign(record, self.anna, "reviewed", transition="analyse")
        self.assertEqual(record.escalation_level, 0)

    def test_the_judge_is_told_when_the_effect_is_overdue(self):
        record = self.implemented()
        record.activity_ids.unlink()
        self.clock.move_to(f"{record.date_due} 08:00:00")
        self.clock.tick(86400)
        self.env["med.capa"]._escalate()
        self.assertEqual(record.activity_ids.user_id, self.bert)

    def test_what_has_ended_is_not_overdue(self):
        record = self.judge(self.implemented())
        self.late("2027-01-01")
        self.assertEqual((record.date_due, record.escalation_level), (False, 0))
