from odoo import api, fields, models
from odoo.exceptions import AccessError


class MedDisposition(models.Model):
    """A release of an order gives its lots their status by a decision of its own."""

    _inherit = "med.disposition"

    kind = fields.Selection(
        selection_add=[("release", "Release of an Order")],
        ondelete={"release": lambda self: self.write({"kind": "decision"})})
    release_id = fields.Many2one(
        "med.release", "By Release", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict", help="The release whose signature this decision carries out.")

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        if any(vals.get("release_id") for vals in vals_list):
            self._med_refuse_release()
        # Written out, so that no default of the caller's context or of a user gets in.
        decisions = super().create([{**vals, "release_id": False} for vals in vals_list])
        if any(one.kind == "release" for one in decisions):
            self._med_refuse_release()
        return decisions

    def write(self, vals):
        if not self.env.su and (
                "release_id" in vals or vals.get("kind") == "release"
                or "kind" in vals and any(one.kind == "release" for one in self)):
            self._med_refuse_release()
        return super().write(vals)

    def _med_refuse_release(self):
        raise AccessError(self.env._("A release of an order is signed there."))
