from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError

from ..tools import switching
from .med_defect_code import CLASSES
from .med_sampling import tables

SEVERITIES = [("normal", "Normal"), ("tightened", "Tightened"), ("reduced", "Reduced"),
              ("stopped", "Stopped")]


class MedSwitching(models.Model):
    """How severe the next lot of a series is inspected (ISO 2859-1:1999, 9.3 and 9.4).

    One series per supplier, product, plan and class. Moved by decided inspections, and by signed
    decisions.
    """

    _name = "med.switching"
    _description = "Severity of Sampling"
    _order = "partner_id, product_id, defect_class"
    _rec_name = "code"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Supplier", readonly=True, index="btree_not_null", ondelete="restrict",
        help="Empty: own production.")
    product_id = fields.Many2one(
        "product.product", readonly=True, index="btree_not_null", ondelete="restrict")
    defect_class = fields.Selection(CLASSES, string="Class", required=True, readonly=True)
    code = fields.Char("Plan", required=True, readonly=True)
    standard = fields.Char(required=True, readonly=True)
    aql = fields.Char("AQL", required=True, readonly=True)
    state = fields.Json("Counters", readonly=True)
    severity = fields.Selection(SEVERITIES, required=True, default="normal", readonly=True)
    may_reduce = fields.Boolean("Reduced Is Earned", readonly=True, help=(
        "Steady production and the signature of quality assurance are still needed."))
    step_ids = fields.One2many("med.switching.step", "switching_id", "History", readonly=True)
    change_ids = fields.One2many("med.switching.change", "switching_id", "Decisions")

    _series_uniq = models.UniqueIndex(
        "(company_id, code, COALESCE(partner_id, 0), COALESCE(product_id, 0), defect_class)",
        "There is this series already.")

    @api.depends("partner_id", "product_id", "defect_class", "code")
    def _compute_display_name(self):
        words = dict(self._fields["defect_class"]._description_selection(self.env))
        for one in self:
            one.display_name = " · ".join(filter(None, (
                one.partner_id.name, one.product_id.display_name, one.code,
                words.get(one.defect_class))))

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "series"):
            self._refuse()
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - {"change_ids"} and not take(self._name, self.ids, "step"):
            self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._refuse()

    def _refuse(self):
        raise AccessError(self.env._(
            "The severity follows from inspections and from signed decisions."))

    # ------------------------------------------------------------------ reading

    @api.model
    def _severities(self, wanted):
        """Return series → {class: severity} of inspections to be made, see ``_make``."""
        codes = {one.plan.code for one in wanted}
        found = {}
        for one in self.sudo().search([
                ("company_id", "in", list({want.plan.company_id.id for want in wanted})),
                ("code", "in", list(codes))]):
            key = (one.company_id.id, one.code, one.product_id.id or 0, one.partner_id.id or 0)
            found.setdefault(key, {})[one.defect_class] = one.severity
        return found

    @api.model
    def _series(self, inspection, defect_class, plan):
        """Return the series of an inspection's class, locked; a new one begins at normal.

        :param plan: the frozen sampling plan
        """
        domain = [
            ("company_id", "=", inspection.company_id.id),
            ("code", "=", inspection.frozen["plan"]["code"]),
            ("product_id", "=", inspection.product_id.id),
            ("partner_id", "=", inspection.partner_id.id), ("defect_class", "=", defect_class)]
        series = self.sudo().search(domain, limit=1)
        if not series:
            with permit(self._name, (), "series"):
                series = self.sudo().create({
                    **{name: value for name, _operator, value in domain},
                    "standard": plan.standard, "aql": plan.aql, "severity": "normal",
                    "state": switching.State().kept(), "may_reduce": False})
        self.env.flush_all()
        series.lock_for_update()
        series.invalidate_recordset()
        if (series.standard, series.aql) != (plan.standard, plan.aql):
            # Another standard or AQL is another series: counting begins anew, no laxer than it was.
            kept = "normal" if series.severity == "reduced" else series.severity
            state = switching.State(kept)
            with permit(self._name, series.ids, "step"):
                series.write({"standard": plan.standard, "aql": plan.aql, "severity": kept,
                              "state": state.kept(), "may_reduce": False})
        return series

    def _rules(self):
        return switching.rules(self.standard, tables().standards[self.standard])

    def _take(self, step, inspection=None, change=None):
        """Write what a step did, and its history."""
        self.ensure_one()
        before = self.severity
        with permit(self._name, self.ids, "step"):
            self.sudo().write({"state": step.state.kept(), "severity": step.state.severity,
                               "may_reduce": step.may_reduce})
        self.env["med.switching.step"]._record(self, before, step, inspection, change)
        return before

    @api.model
    def _stopped(self, inspection):
        """Return the series of an inspection whose acceptance is stopped now."""
        return self.sudo().search([
            ("company_id", "=", inspection.company_id.id), ("severity", "=", "stopped"),
            ("code", "=", inspection.frozen["plan"]["code"]),
            ("product_id", "=", inspection.product_id.id),
            ("partner_id", "=", inspection.partner_id.id),
            ("defect_class", "in", list(inspection.frozen["classes"]))])

    def _tell_stopped(self, inspection):
        """Say in the inspection that acceptance of the series is stopped."""
        inspection._message_log(body=self.env._(
            "Acceptance is stopped: %(series)s. It is taken up again on tightened inspection "
            "after the supplier's action.", series=self.display_name))
