from odoo import api, fields, models
from odoo.addons.med_signature.models.med_signable_state import ROUND
from odoo.addons.med_signature.models.med_signable_step import leave
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .med_recall import DECIDERS

_lt = LazyTranslate(__name__)

STEPPED = {"state", ROUND}


class MedRecallScope(models.Model):
    """One version of what a recall reaches. Version 1 is frozen by the decision, and stays.

    A later version is found in the same way, shows what is new, and is frozen by a signature of
    its own; one that was found and not frozen gives way to the next.
    """

    _name = "med.recall.scope"
    _description = "Scope of a Recall"
    _inherit = ["med.stepped.mixin", "med.signable.mixin"]
    _order = "recall_id desc, number desc"

    _med_machine = Machine(
        initial="drawn",
        content=("name", "recall_id", "number", "previous_id", "drawn_at", "query", "digest",
                 "lot_count", "exact_count", "consignee_count", "added_count", "removed_count",
                 "new_consignee_count"),
        transitions=(
            Transition("extend", ("drawn",), "frozen", _lt("Freeze This Version"),
                       (Signer("approved", groups=DECIDERS),), least=1),
            # Taken by the recall alone: with its decision, and when it finds the lots anew.
            Transition("found", ("drawn",), "frozen", _lt("Freeze With the Decision")),
            Transition("replace", ("drawn",), "replaced", _lt("Replace")),
        ),
        locked=("frozen", "replaced"),
    )

    name = fields.Char(required=True, help="Number of the recall and of the version.")
    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    number = fields.Integer("Version", required=True, aggregator=False)
    previous_id = fields.Many2one(
        "med.recall.scope", "Compared With", index="btree_not_null", ondelete="restrict",
        help="The version that was frozen before.")
    state = fields.Selection(
        [("drawn", "Found"), ("frozen", "Frozen"), ("replaced", "Replaced")], required=True,
        default="drawn", readonly=True, copy=False, index=True)
    drawn_at = fields.Datetime("Found On", required=True)
    frozen_at = fields.Datetime("Frozen On")
    query = fields.Json("Criteria", help="As they were when the lots were found.")
    digest = fields.Char("SHA-256", required=True, help=(
        "Of the canonical text of criteria, lots and what consignees received."))
    line_ids = fields.One2many("med.recall.scope.line", "scope_id", "Lots")
    delivery_ids = fields.One2many("med.recall.delivery", "scope_id", "With Consignees")
    lot_count = fields.Integer("Number of Lots", aggregator=False)
    exact_count = fields.Integer("Exact", aggregator=False)
    consignee_count = fields.Integer("Number of Consignees", aggregator=False)
    country_count = fields.Integer("Countries", aggregator=False)
    added_count = fields.Integer("Lots Added", aggregator=False)
    removed_count = fields.Integer("Lots Left Out", aggregator=False)
    new_consignee_count = fields.Integer("New Consignees", aggregator=False)

    _number_uniq = models.Constraint("UNIQUE (recall_id, number)", "There is such a version.")

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "born"):
            raise AccessError(self.env._("A scope is written by its recall alone."))
        return super().create(vals_list)

    def write(self, vals):
        # The state is guarded by its steps.
        if vals.keys() - STEPPED and not take(self._name, self.ids, tuple(sorted(vals))):
            raise AccessError(self.env._("A scope is not changed: find the lots again."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A scope is not deleted."))

    def copy(self, default=None):
        raise UserError(self.env._("A scope is not copied: find the lots again."))

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name != "extend":
            raise UserError(self.env._("%s: its recall does this by itself.", self.name))
        if self.recall_id.state != "decided":
            raise UserError(self.env._(
                "%s: the first version is frozen by the decision about the recall.", self.name))
        if self.recall_id._med_find().digest != self.digest:
            raise UserError(self.env._(
                "%s: lots or deliveries have come since the lots were found. Find and stop them "
                "again, and look at what is new.", self.name))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.target != "frozen":
            return
        self._med_store({"frozen_at": fields.Datetime.now()})
        self._med_write_consignees()
        self.recall_id._med_release_left(self)
        self.recall_id._med_on_frozen(self)

    def _med_freeze(self):
        """Freeze this version with its recall's decision."""
        leave(self.sudo(), "found", self.recall_id.name)

    def _med_replace(self):
        """Give way to a version that is found anew."""
        for scope in self.sudo():
            leave(scope, "replace", scope.recall_id.name)

    def _med_write_consignees(self):
        """Write down whom this version reaches that no version before did."""
        self.env.flush_all()
        self.env.cr.execute(SQL("""
            INSERT INTO med_recall_consignee (recall_id, company_id, partner_id, first_scope_id,
                   create_uid, create_date, write_uid, write_date)
            SELECT DISTINCT d.recall_id, %(company)s, d.partner_id, d.scope_id, %(uid)s, %(now)s,
                   %(uid)s, %(now)s
              FROM med_recall_delivery d
             WHERE d.scope_id = %(scope)s AND d.partner_id IS NOT NULL
          ORDER BY d.partner_id
                ON CONFLICT (recall_id, partner_id) DO NOTHING""",
            scope=self.id, company=self.company_id.id, uid=self.env.uid,
            now=fields.Datetime.now()))
        self.env["med.recall.consignee"].invalidate_model()
        self.recall_id.invalidate_recordset(["consignee_ids"])

    # ------------------------------------------------------------------ the difference

    def _med_difference(self):
        """Return ``{"added", "removed", "partners"}``: ids of lots that the version compared with
        lacks, of lots that this one lacks, and of consignees that no version before had."""
        self.ensure_one()
        old, new = (SQL("SELECT lot_id FROM med_recall_scope_line WHERE scope_id = %s", scope.id)
                    for scope in (self.previous_id, self))
        partners = SQL(
            "SELECT partner_id FROM med_recall_delivery WHERE partner_id IS NOT NULL"
            " AND scope_id = %s", self.id)
        told = SQL("SELECT partner_id FROM med_recall_consignee WHERE recall_id = %s",
                   self.recall_id.id)
        found = {
            name: sorted(row for (row,) in self.env.execute_query(SQL("%s EXCEPT %s", one, other)))
            for name, one, other in (("added", new, old), ("removed", old, new),
                                     ("partners", partners, told))}
        return found if self.previous_id else dict.fromkeys(found, [])

    def action_lots(self):
        return self._med_rows(self.env._("Lots in Scope"), "med.recall.scope.line",
                              [("scope_id", "=", self.id)])

    def action_deliveries(self):
        return self._med_rows(self.env._("With Consignees"), "med.recall.delivery",
                              [("scope_id", "=", self.id)])

    def action_added(self):
        return self._med_rows(self.env._("Lots Added"), "med.recall.scope.line", [
            ("scope_id", "=", self.id), ("added", "=", True)])

    def action_removed(self):
        return self._med_rows(self.env._("Lots Left Out"), "med.recall.scope.line", [
            ("scope_id", "=", self.previous_id.id),
            ("lot_id", "in", self._med_difference()["removed"])])

    def action_new_consignees(self):
        return self._med_rows(self.env._("New Consignees"), "med.recall.delivery", [
            ("scope_id", "=", self.id), ("new", "=", True)])

    def _med_rows(self, name, model, domain):
        return {"type": "ir.actions.act_window", "name": name, "res_model": model,
                "view_mode": "list", "domain": domain}
