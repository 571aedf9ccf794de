from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.addons.med_traceability.tools.times import iso
from odoo.exceptions import AccessError, UserError


class StockLot(models.Model):
    """Every lot that was made here knows to which version."""

    _inherit = "stock.lot"

    med_version_id = fields.Many2one(
        "med.product.version", "Made to Version", readonly=True, copy=False,
        index="btree_not_null", ondelete="restrict")

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**vals, "med_version_id": False} for vals in vals_list])

    def write(self, vals):
        if "med_version_id" in vals and not take(self._name, self.ids, vals["med_version_id"]):
            raise AccessError(self.env._("The version of a lot follows from its order."))
        return super().write(vals)

    def _med_made_to(self, order):
        """Keep the version of the order that made these lots.

        What is reworked keeps the version it was made to; more of a lot is of the same version.
        """
        rework = order.product_id in order.move_raw_ids.product_id
        for lot in self.sudo():
            if not lot.med_version_id:
                lot._med_store_version(order.med_version_id)
            elif lot.med_version_id != order.med_version_id and not rework:
                raise UserError(self.env._(
                    "%(lot)s was made to version %(old)s; %(order)s makes version %(new)s. Give "
                    "it a lot of its own.", lot=lot.name, old=lot.med_version_id.number,
                    order=order.name, new=order.med_version_id.number))

    def _med_store_version(self, version):
        with permit(self._name, self.ids, version.id):
            self.sudo().write({"med_version_id": version.id})

    def _med_evidence_sections(self):
        return [*super()._med_evidence_sections(), self._med_versions_section()]

    def _med_versions_section(self):
        _ = self.env._
        words = dict(self.env["med.change.market"]._fields["state"]._description_selection(
            self.env))
        rows = []
        for lot in self.sudo().filtered("med_version_id"):
            version = lot.med_version_id
            change = version.change_id
            rows.append({
                "lot": lot.name, "version": str(version.number),
                "from": iso(version.effective_from), "change": change.display_name or "",
                "markets": ", ".join(
                    f"{row.jurisdiction_id.code}: {words[row.state]}"
                    for row in change.market_ids if row.needed == "yes"),
                "signed": ", ".join(dict.fromkeys(change._med_given().mapped("user_id.name")))
                if change else "", "digest": version.digest})
        columns = [("lot", _("Lot"), "text"), ("version", _("Version"), "text"),
                   ("from", _("In Force From (UTC)"), "date"), ("change", _("Change"), "text"),
                   ("markets", _("Markets"), "text"), ("signed", _("Signed By"), "text"),
                   ("digest", _("Digest"), "text")]
        return self._med_section("versions", _("Version and Changes"), columns, rows)
