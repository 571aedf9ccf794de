from odoo import models


class MedRelease(models.Model):
    """The batch record has the production releases of the processors (R4, CN-GMP-OUT)."""

    _inherit = "med.release"

    def _med_record_sections(self):
        section = self._med_output_lots()._med_processor_releases_section()
        sections = super()._med_record_sections()
        return [*sections, section] if section["rows"] or self.production_id.subcontractor_id \
            else sections
