from odoo import api, fields, models
from odoo.exceptions import AccessError

THEIRS = ("told", "reported_quantity", "reported_note")
TOLD = {"decision", "note", "quantity", *THEIRS}


class MedNonconformityLine(models.Model):
    """A lot is told with its nonconformity; what a partner said of it stands beside ours."""

    _inherit = "med.nonconformity.line"

    told = fields.Boolean("Named by the Partner", readonly=True)
    reported_quantity = fields.Float(
        "Reported Quantity", digits="Product Unit", readonly=True,
        help="How much of it does not conform by what the partner said.")
    reported_note = fields.Char("Remark of the Partner", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.keys() & {*THEIRS} for vals in vals_list):
            raise AccessError(self.env._("What a partner reported comes by a message of its own."))
        # Written out, so that no default of the caller's context or of a user gets in.
        lines = super().create([{**dict.fromkeys(THEIRS, False), **vals} for vals in vals_list])
        self.env["med.exchange.nonconformity"]._med_tell(lambda: lines.nonconformity_id)
        return lines

    def write(self, vals):
        if not self.env.su and vals.keys() & {*THEIRS}:
            raise AccessError(self.env._("What a partner reported comes by a message of its own."))
        done = super().write(vals)
        if TOLD & vals.keys():
            self.env["med.exchange.nonconformity"]._med_tell(lambda: self.nonconformity_id)
        return done

    def unlink(self):
        tell = self.env["med.exchange.nonconformity"]
        records = self.nonconformity_id if tell._med_heard() else self.env["med.nonconformity"]
        done = super().unlink()
        tell._med_tell(records)
        return done
