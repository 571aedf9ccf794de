from odoo.exceptions import AccessError
from odoo.tests.common import tagged

from .processor_common import ProcessorCase


@tagged("post_install", "-at_install")
class TestKeptPapers(ProcessorCase):
    """What a processor sent, and the pictures of what it found wrong, stay as they came."""

    requirement = "CN-GMP-63 ISO-4.2.5 A2 V7"

    def kept(self, record, **values):
        return self.env["ir.attachment"].sudo().create({
            "name": "photo.jpg", "raw": b"\xff\xd8\xff photo", "res_model": record._name,
            "res_id": record.id, **values})

    def assert_kept(self, file):
        for user in (self.anna, self.carl, self.pia, self.env.user):
            for one in (file.with_user(user), file.with_user(user).sudo()):
                own = one.with_context(_force_unlink=True, med_permit=True)
                for vals in ({"raw": b"other"}, {"datas": b"b3RoZXI="}, {"name": "x"},
                             {"res_id": 0}, {"res_model": "res.partner"}, {"public": True},
                             {"mimetype": "text/html"}, {"url": "/x", "type": "url"}):
                    with self.subTest(user=user.login, vals=vals), self.assertRaises(AccessError):
                        own.write(vals)
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    own.unlink()
        self.env.invalidate_all()
        self.assertTrue(file.exists())

    def test_what_came_with_reports_releases_and_papers_stays(self):
        lot = self.in_stock(self.stent, "KP-1")
        order = self.processing((lot, 10))
        release = self.theirs(order, {"KP-1": 10})
        for record in (order.event_ids[:1], release, self.paper(release)):
            with self.subTest(record._name):
                self.assert_kept(self.kept(record))

    def test_the_picture_of_a_processor_s_nonconformity_stays_and_one_of_ours_does_not(self):
        lot = self.in_stock(self.stent, "KP-2")
        Problem = self.env["med.nonconformity"].sudo()
        theirs, _held = Problem._med_report("Scratched", lot, "processor", self.company)
        self.assert_kept(self.kept(theirs))
        ours, _held = Problem._med_report("Scratched", lot, "other", self.company)
        note = self.kept(ours)
        note.write({"raw": b"other"})
        note.unlink()
