from odoo import fields, models

from .med_archived_mixin import READERS


class StockLot(models.Model):
    _name = "stock.lot"
    _inherit = ["stock.lot", "med.archived.mixin"]

    _med_archive_link = "lot_id"

    med_archive_ids = fields.One2many("med.archive.package", "lot_id", "Archive Packages",
                                      readonly=True, groups=READERS)
