from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError

# Whether a revision is being copied right now: it holds lines and operations from the beginning,
# whichever of them the change names. Not a context key: a caller over RPC chooses those.
_copying = ContextVar("med_change_copying", default=False)


@contextmanager
def _copy_whole():
    token = _copying.set(True)
    try:
        yield
    finally:
        _copying.reset(token)


class MrpBom(models.Model):
    """In force it stays as it is; a change edits a revision, which then takes its place."""

    _name = "mrp.bom"
    _inherit = ["mrp.bom", "med.change.guard.mixin"]

    med_change_id = fields.Many2one(
        "med.change", "Change", copy=False, index="btree_not_null", ondelete="restrict",
        help="The change by which it comes into force.")
    med_previous_id = fields.Many2one(
        "mrp.bom", "Revision Of", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict", help="What it takes the place of.")
    med_change_control = fields.Boolean(related="product_tmpl_id.med_change_control")

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        rows = [{**vals, "med_change_id": vals.get("med_change_id", False),
                 "med_previous_id": vals.get("med_previous_id", False)} for vals in vals_list]
        for row in rows:
            if (row["med_change_id"] or row["med_previous_id"]) and not take(
                    self._name, (), (row["med_change_id"], row["med_previous_id"])):
                raise AccessError(self.env._(
                    "A revision is made by “New Revision” of the bill of materials, or of the "
                    "change."))
        return super().create(rows)

    def write(self, vals):
        if {"med_change_id", "med_previous_id"} & vals.keys():
            raise AccessError(self.env._("A revision stays with its change."))
        return super().write(vals)

    def _med_guard_bound(self, changes, vals):
        """A revision of an open change is edited; it comes into force by the change alone."""
        if take(self._name, self.ids, ("swap", self.active)) or (
                _copying.get() and self.med_change_id and not self.active):
            return True
        return self.med_change_id in changes and not self.active and not (
            (vals or {}).keys() & {"active", "product_tmpl_id"})

    def _med_guard_refuse(self, product, subject, changes=None):
        if changes:
            raise UserError(self.env._(
                "%(product)s is under change control. What is in force is not edited: choose “New "
                "Revision” under %(change)s, and edit that.", product=product.display_name,
                change=", ".join(changes.mapped("name"))))
        super()._med_guard_refuse(product, subject, changes)

    def action_med_revision(self):
        """Copy this bill of materials under the open change, and open the copy."""
        self.ensure_one()
        self.check_access("write")
        open_ones = self.env["med.change"]._med_implementing(self.product_tmpl_id, "bom")[
            self.product_tmpl_id.id] | self.env["med.change"]._med_implementing(
            self.product_tmpl_id, "operation")[self.product_tmpl_id.id]
        if len(open_ones) != 1:
            raise UserError(self.env._(
                "%(product)s: a revision is made under one approved change of its bill of "
                "materials or operations. There are %(count)s.",
                product=self.product_tmpl_id.display_name, count=len(open_ones)))
        return self._med_revise(open_ones)._med_form()

    def _med_revise(self, change):
        """Return the revision of this bill of materials under a change; made where it lacks."""
        if not self.active:
            raise UserError(self.env._("Only what is in force is revised."))
        known = self.with_context(active_test=False).sudo().search([
            ("med_change_id", "=", change.id), ("med_previous_id", "=", self.id)], limit=1)
        if known:
            return known.with_env(self.env)
        with permit(self._name, (), (change.id, self.id)), _copy_whole():
            return self.copy({"active": False, "med_change_id": change.id,
                              "med_previous_id": self.id, "code": self.code})

    def _med_form(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id,
                "views": [(False, "form")]}

    def _med_swap(self):
        """Put these revisions into force in place of what they revise."""
        for bom in self.sudo():
            old = bom.med_previous_id
            for one, active in ((old, False), (bom, True)):
                if one and one.active != active:
                    with permit(self._name, one.ids, ("swap", not active)), permit(
                            self._name, one.ids, ("swap", active)):
                        one.write({"active": active})
