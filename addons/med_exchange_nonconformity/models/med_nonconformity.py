from odoo import api, fields, models
from odoo.exceptions import AccessError

THEIRS = ("exchange_partner_id", "partner_number", "withdrawn_at")
TOLD = {"summary", "description", "source", "event_time", "defect_code_id", "defect_class",
        "product_id", "partner_id", "production_id", "picking_id"}


class MedNonconformity(models.Model):
    """Nonconformities are told to partners; some are reported by them."""

    _inherit = "med.nonconformity"

    exchange_partner_id = fields.Many2one(
        "med.exchange.partner", "Reported by Partner", readonly=True, copy=False,
        index="btree_not_null", ondelete="restrict", help="Whose message reported it.")
    partner_number = fields.Char("Number There", readonly=True, copy=False,
                                 help="By which number the partner knows it.")
    withdrawn_at = fields.Datetime(
        "Taken Back", readonly=True, copy=False,
        help="When the partner took its report back. Quality assurance says by signature whether "
             "it is none.")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.keys() & {*THEIRS} for vals in vals_list):
            raise AccessError(self.env._("What a partner reported comes by a message of its own."))
        # Written out, so that no default of the caller's context or of a user gets in.
        records = super().create([{**dict.fromkeys(THEIRS, False), **vals} for vals in vals_list])
        self.env["med.exchange.nonconformity"]._med_tell(records)
        return records

    def write(self, vals):
        if not self.env.su and vals.keys() & {*THEIRS}:
            raise AccessError(self.env._("What a partner reported comes by a message of its own."))
        done = super().write(vals)
        if TOLD & vals.keys():
            self.env["med.exchange.nonconformity"]._med_tell(self)
        return done

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.env["med.exchange.nonconformity"]._med_tell(self)
