from odoo.addons.med_recall.tests.common import RecallCase
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged


@tagged("post_install", "-at_install")
class TestRecall(RecallCase):
    """A nonconformity becomes a recall; a recall begins a CAPA and a change."""

    alone = False

    requirement = "ISO-8.3.3 ISO-8.5.2 CN-RC-1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.shipped("R-1")
        told = cls.env["med.nonconformity"].with_user(cls.ines).report(
            summary="Seals open", lots=cls.lot.ids)
        cls.case = cls.env["med.nonconformity"].browse(told["nonconformity"])

    def dialog(self, user):
        form = Form(self.env["med.recall.wizard"].with_user(user).with_context(
            active_model="med.nonconformity", active_ids=self.case.ids))
        action = form.save().action_begin()
        return self.env["med.recall"].browse(action["res_id"]).with_user(user)

    def test_a_nonconformity_becomes_a_recall_of_its_lots(self):
        for user in (self.anna, self.ines):
            record = self.dialog(user)
            with self.subTest(user.login):
                self.assertRecordValues(record, [{
                    "summary": self.case.summary, "nonconformity_ids": self.case.ids}])
                self.assertEqual(record.criterion_ids.lot_ids, self.lot)
        self.assertEqual(self.case.recall_count, 2)
        with self.assertRaisesRegex(UserError, "are named there"):
            self.case.with_user(self.anna).recall_ids = [Command.clear()]

    def test_a_recall_begins_a_capa_and_a_change(self):
        record = self.dialog(self.anna)
        capa = self.env["med.capa"].browse(record.action_start_capa()["res_id"])
        self.assertRecordValues(capa, [{
            "nonconformity_ids": self.case.ids, "product_ids": self.stent.ids,
            "summary": record.summary}])
        change = self.env["med.change"].browse(record.action_start_change()["res_id"])
        self.assertRecordValues(change, [{
            "capa_ids": capa.ids, "product_tmpl_ids": self.stent.product_tmpl_id.ids}])
        self.assertEqual((record.capa_count, record.change_count), (1, 1))
        head = dict(record._med_document()["head"])
        self.assertEqual((head["CAPAs"], head["Changes"]), (capa.name, change.name))
        with self.assertRaises(AccessError):
            record.with_user(self.ines).action_start_capa()

    def test_what_has_ended_names_nothing_more(self):
        record = self.opened(self.lot, conclusion="Only scratched")
        self.sign(record, self.rana, "approved", transition="refuse")
        with self.assertRaisesRegex(UserError, "has ended"):
            record.nonconformity_ids = [Command.link(self.case.id)]
