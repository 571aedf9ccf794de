from odoo import fields, models

from .med_archived_mixin import READERS


class MedRelease(models.Model):
    _name = "med.release"
    _inherit = ["med.release", "med.archived.mixin"]

    _med_archive_link = "release_id"

    med_archive_ids = fields.One2many("med.archive.package", "release_id", "Archive Packages",
                                      readonly=True, groups=READERS)
