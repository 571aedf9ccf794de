from contextlib import contextmanager

from odoo.addons.med_release.tests.common import ReleaseCase
from odoo.exceptions import UserError


class ArchiveCase(ReleaseCase):
    """A released lot, and quality assurance who packs it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.qa = cls.person("qa", "quinn")
        cls.Package = cls.env["med.archive.package"].with_user(cls.qa)
        cls.env.company.write({"med_archive_fonds": "0042", "med_archive_retention": "永久"})
        cls.rel = cls.released(name="PUMP-7")
        cls.lot = cls.rel.line_ids.lot_id

    @contextmanager
    def refused(self, sentence="", error=UserError):
        """Assert that the code inside is refused, with words of this sentence."""
        with self.assertRaisesRegex(error, sentence), self.env.cr.savepoint():
            yield
