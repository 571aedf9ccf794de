from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import NonconformityCase


@tagged("post_install", "-at_install")
class TestEnding(NonconformityCase):
    """When a record was closed is written down once, by the step that closed it."""

    requirement = "ISO-8.4 Q8"

    def test_it_is_closed_when_its_last_step_is_taken(self):
        record = self.evaluated()
        self.decide_all(record)
        self.assertFalse(record.closed_at)
        moment = fields.Datetime.now()
        self.close_it(record)
        self.clock.tick(10 * 86400)
        record.sudo().message_post(body="Seen again")
        record.invalidate_recordset(["age_days"])
        self.assertEqual((record.closed_at, record.age_days), (moment, 0))

    def test_no_other_way_writes_it(self):
        record = self.reported()
        for who in (record.with_user(self.anna), record.sudo()):
            with self.assertRaisesRegex(AccessError, "follows from its steps"):
                who.write({"closed_at": fields.Datetime.now()})
        deviation = self.env["med.deviation"].with_context(
            default_closed_at="2026-01-01 00:00:00").create({"closed_at": "2026-01-01 00:00:00"})
        self.assertFalse(deviation.closed_at)

    def test_what_ended_before_has_the_time_of_its_last_signature(self):
        record, still = self.close_it(self.decide_all(self.evaluated())), self.reported()
        self.env.flush_all()
        self.env.execute_query(SQL(
            "UPDATE med_nonconformity SET closed_at = NULL WHERE id = %s RETURNING id", record.id))
        self.clock.tick(86400)
        self.env["med.nonconformity"].init()
        self.env.invalidate_all()
        self.assertEqual(record.closed_at, max(record.med_signature_ids.mapped("signed_at")))
        self.assertFalse(still.closed_at)
