from odoo import api, models


class MedUdiStorage(models.Model):
    """A product is told again when the temperatures on its labels change."""

    _inherit = "med.udi.storage"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._med_tell_products(rows.di_id)
        return rows

    def write(self, vals):
        dis = self.di_id
        done = super().write(vals)
        self._med_tell_products(dis | self.di_id)
        return done

    def unlink(self):
        dis = self.di_id
        done = super().unlink()
        self._med_tell_products(dis)
        return done

    def _med_tell_products(self, dis):
        self.env["med.exchange.product"]._med_tell(lambda: dis.exists().product_id)
