from odoo import api, models


class MedExchangeBomPartMixin(models.AbstractModel):
    """A change of a part of a bill of materials is a change of the bill; of two, where it moves."""

    _name = "med.exchange.bom.part.mixin"
    _description = "Part of a Bill of Materials That Is Told"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        self.env["med.exchange.bom"]._med_tell(lambda: parts.bom_id)
        return parts

    def write(self, vals):
        tell = self.env["med.exchange.bom"]
        before = self.bom_id if "bom_id" in vals and tell._med_heard() else self.env["mrp.bom"]
        done = super().write(vals)
        tell._med_tell(lambda: before | self.bom_id)
        return done

    def unlink(self):
        tell = self.env["med.exchange.bom"]
        boms = self.bom_id if tell._med_heard() else self.env["mrp.bom"]
        done = super().unlink()
        tell._med_tell(lambda: boms.exists())
        return done
