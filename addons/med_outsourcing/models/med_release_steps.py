from odoo import models


class MedRelease(models.Model):
    """The batch record has what was done at processors (ISO 13485, 7.5.1)."""

    _inherit = "med.release"

    def _med_record_sections(self):
        lots = self.production_id.lot_producing_ids
        sections = [lot._med_steps_section() for lot in lots[:50]]
        rows = [{"lot": lot.name, **row} for lot, section in zip(lots, sections, strict=False)
                for row in section["rows"]]
        if not rows:
            return super()._med_record_sections()
        columns = [("lot", self.env._("Lot"), "text"), *(
            (one["key"], one["label"], one["kind"]) for one in sections[0]["columns"])]
        return [*super()._med_record_sections(), self._med_table(
            "steps", sections[0]["title"], columns, rows)]
