from odoo import models
from odoo.exceptions import UserError


class MrpUnbuild(models.Model):
    _inherit = 'mrp.unbuild'

    def action_unbuild(self):
        self.ensure_one()
        if self.product_id.med_controlled and self.mo_id and self.lot_id:
            self._med_check_parts_known()
        return super().action_unbuild()

    def _med_check_parts_known(self):
        """Refuse to take a controlled unit apart while nobody knows what is in it.

        Core puts back parts of other units of the same order then (`consume_line_ids`, all to
        all), and stock and genealogy part ways.
        """
        units = self.mo_id._med_units()
        if len(units) > 1 and any(
                need['recorded'] < need['quantity'] for need in self.mo_id._med_needs(self.lot_id)):
            raise UserError(self.env._(
                "Nobody recorded which parts are in %(unit)s, and order %(order)s made several "
                "units. Record the parts of this unit on the order first, then unbuild it.",
                unit=self.lot_id.name, order=self.mo_id.name))
