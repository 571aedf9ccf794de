from odoo import api, fields, models
from odoo.addons.med_base.models.med_kept_file_mixin import SPOKEN
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .med_trigger_evidence import opened
from .med_trigger_rule import OPENS, QUALITY

_lt = LazyTranslate(__name__)

VERSION = 1


class MedTriggerHit(models.Model):
    """A signal: what a rule found, on what evidence, and what was done about it.

    It is proposed, and then taken (a nonconformity or a CAPA is opened for it) or dismissed with
    a reason. While it waits, or while what it opened is not closed, further evidence joins it.
    """

    _name = "med.trigger.hit"
    _description = "Signal"
    _inherit = ["med.kept.row.mixin", "med.stepped.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "label"
    _med_refusals = {"create": _lt("Signals and their evidence are found by rules.")}
    _med_follows = SPOKEN

    rule_id = fields.Many2one(
        "med.trigger.rule", required=True, readonly=True, index=True, ondelete="restrict")
    rule_version = fields.Integer("Version", readonly=True, aggregator=False)
    run_id = fields.Many2one(
        "med.trigger.run", "Found In", required=True, readonly=True, index=True,
        ondelete="restrict", help="The run keeps the rule as it was.")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    kind = fields.Selection(related="rule_id.kind", store=True)
    key = fields.Char(required=True, readonly=True, help="What was the same.")
    label = fields.Char("What", readonly=True)
    defect_code_id = fields.Many2one(
        "med.defect.code", "Defect", readonly=True, ondelete="restrict")
    product_ids = fields.Many2many("product.product", string="Products", readonly=True)
    partner_id = fields.Many2one("res.partner", "Supplier", readonly=True)
    workcenter_id = fields.Many2one("mrp.workcenter", "Work Center", readonly=True)
    count = fields.Integer("Times", readonly=True)
    first = fields.Datetime(readonly=True)
    last = fields.Datetime(readonly=True)
    responsible_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    opens = fields.Selection(OPENS, "Proposes", required=True, readonly=True)
    evidence_ids = fields.One2many("med.trigger.evidence", "hit_id", "Evidence", readonly=True)
    state = fields.Selection(
        [("proposed", "Proposed"), ("taken", "Taken"), ("dismissed", "Dismissed")],
        required=True, readonly=True, default="proposed", copy=False, index=True, tracking=True,
        group_expand=True)
    nonconformity_id = fields.Many2one(
        "med.nonconformity", readonly=True, index="btree_not_null", ondelete="restrict")
    capa_id = fields.Many2one(
        "med.capa", "CAPA", readonly=True, index="btree_not_null", ondelete="restrict")
    settled_by_id = fields.Many2one("res.users", "Settled By", readonly=True)
    settled_at = fields.Datetime("Settled", readonly=True)
    reason = fields.Char("Why Dismissed", readonly=True)

    # ------------------------------------------------------------------ found

    @api.model
    def _med_born(self, run, found):
        """Return new signals with their evidence."""
        rule, person = run.rule_id, run.rule_id._med_responsible()
        with permit(self._name, (), "born"):
            hits = self.with_context(tracking_disable=True).create([{
                "rule_id": rule.id, "rule_version": rule.version, "run_id": run.id,
                "company_id": rule.company_id.id, "key": one.key, "label": one.label or rule.name,
                "defect_code_id": one.defect, "product_ids": [Command.set(one.products)],
                "partner_id": one.partner, "workcenter_id": one.place, "count": one.count,
                "first": one.first, "last": one.last, "responsible_id": person.id,
                "opens": rule.opens, "state": "proposed"} for one in found])
        hits = hits.with_env(self.env)
        self.env["med.trigger.evidence"]._med_add(run, hits, found)
        return hits

    def _med_join(self, run, found):
        """Add further evidence to this open signal, and tell it there and in its case."""
        self.env["med.trigger.evidence"]._med_add(run, self, [found])
        moments = [moment for _model, _number, moment in found.evidence]
        self._med_store({
            "count": self.count + len(moments), "first": min(self.first, *moments),
            "last": max(self.last, *moments),
            "product_ids": [Command.link(product) for product in found.products]})
        text = self.env._("%(count)s further, the last on %(date)s: %(what)s",
                          count=len(moments), date=max(moments).date(), what=self._med_says())
        for record in filter(None, (self, self.nonconformity_id, self.capa_id)):
            record.sudo()._message_log(body=text)

    def _med_says(self):
        """Return in one line what was found."""
        place = self.partner_id.name or self.workcenter_id.name or ", ".join(
            self.product_ids[:3].mapped("display_name"))
        return f"{self.label} × {self.count}" + (f" ({place})" if place else "")

    @api.model
    def _med_open(self, rule):
        """Return the signals of a rule that wait, or whose case is not closed.

        A CAPA that was not effective goes on in its next cycle, and so does its signal.
        """
        rows = self.env.execute_query(SQL("""
            WITH RECURSIVE cycles(hit, capa, state) AS (
                SELECT h.id, c.id, c.state
                  FROM med_trigger_hit h JOIN med_capa c ON c.id = h.capa_id
                 WHERE h.rule_id = %(rule)s
                 UNION SELECT y.hit, c.id, c.state FROM cycles y
                  JOIN med_capa c ON c.previous_id = y.capa)
            SELECT h.id FROM med_trigger_hit h
              LEFT JOIN med_nonconformity n ON n.id = h.nonconformity_id
             WHERE h.rule_id = %(rule)s AND (
                       h.state = 'proposed'
                    OR n.state NOT IN ('closed', 'cancelled')
                    OR EXISTS (SELECT FROM cycles y WHERE y.hit = h.id AND y.state NOT IN (
                                   'effective', 'ineffective', 'cancelled')))""", rule=rule.id))
        return self.browse([row for [row] in rows])

    def _med_ask(self):
        """Ask the responsible of each to look at it; all at once, without a mail for each."""
        kind = self.env.ref("mail.mail_activity_data_todo").id
        model, today = self.env["ir.model"]._get_id(self._name), fields.Date.context_today(self)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create([{
            "res_model_id": model, "res_id": hit.id, "activity_type_id": kind, "automated": True,
            "summary": self.env._("Look at the signal: %s", hit._med_says()), "note": False,
            "date_deadline": today, "user_id": hit.responsible_id.id,
        } for hit in self.filtered("responsible_id")])

    # ------------------------------------------------------------------ settled

    def take(self, opens: str = ""):
        """Open what these signals propose, for each a case of its own.

        :param opens: ``nonconformity`` or ``capa``; empty: what the rule proposes
        :return: ``{"version", "cases": [{"hit", "model", "id", "name"}]}``
        :raise UserError: one is settled already; nothing is opened then
        """
        if opens not in ("", *dict(OPENS)):
            raise UserError(self.env._(
                "“%(field)s” must be one of: %(names)s.", field="opens",
                names=", ".join(dict(OPENS))))
        mine = self._med_waiting()
        for hit in mine:
            hit._med_take(opens or hit.opens)
        return {"version": VERSION, "cases": [{
            "hit": hit.id, "model": case._name, "id": case.id, "name": case.name}
            for hit in mine for case in [hit._med_case()]]}

    def dismiss(self, reason: str):
        """Say that these signals need no case, and why. Their evidence does not count again.

        :param reason: one sentence
        :return: ``{"version", "dismissed": number of signals}``
        """
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("“%(field)s” must say so in one sentence.", field="reason"))
        self._med_waiting()._med_settle({"state": "dismissed", "reason": reason.strip()})
        return {"version": VERSION, "dismissed": len(self)}

    def _med_waiting(self):
        """Return these as superuser, locked, when the user may settle them and none is settled."""
        self.check_access("read")
        if not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._("This is for quality assurance."))
        self.env.flush_all()
        mine = self.sudo()
        mine.lock_for_update()
        mine.invalidate_recordset()
        if late := mine.filtered(lambda one: one.state != "proposed"):
            raise UserError(self.env._("%s is settled already.", late[0]._med_says()))
        return mine

    def _med_settle(self, vals):
        self._med_store({
            **vals, "settled_by_id": self.env.uid, "settled_at": fields.Datetime.now()})
        self.sudo().activity_ids.unlink()

    def _med_take(self, opens):
        """Open a case for each of these."""
        for hit in self:
            case = getattr(hit, f"_med_open_{opens}")()
            hit._med_settle({"state": "taken", f"{opens}_id": case.id})

    def _med_case(self):
        return self.capa_id or self.nonconformity_id

    def _med_open_nonconformity(self):
        product = self.product_ids if len(self.product_ids) == 1 else self.product_ids[:0]
        record, _held = self.env["med.nonconformity"]._med_report(
            self._med_says(), self.env["stock.lot"], "inspection" if self.kind in (
                "defect", "chart", "stopped") else "other", self.company_id, self,
            description=self._med_description(), hold=False, product_id=product.id,
            partner_id=self.partner_id.id, workcenter_id=self.workcenter_id.id,
            defect_code_id=self.defect_code_id.id,
            defect_class=self.defect_code_id.defect_class or False)
        return record

    def _med_open_capa(self):
        cases = self._med_nonconformities()
        return self.env["med.capa"]._med_begin(
            self._med_says(), cases, self.company_id, self, source="trend",
            owner_id=(self.responsible_id or self.env.user).id,
            problem=self._med_description(), partner_id=self.partner_id.id,
            workcenter_id=self.workcenter_id.id,
            product_ids=[Command.set((self.product_ids | cases.product_id).ids)])

    def _med_description(self):
        """Return what the case says of the rule and its evidence."""
        return self.env._(
            "Found by the rule “%(rule)s”, version %(version)s: %(count)s times, from %(first)s "
            "to %(last)s. The signal lists the evidence.", rule=self.rule_id.name,
            version=self.rule_version, count=self.count, first=self.first.date(),
            last=self.last.date())

    def _med_nonconformities(self):
        """Return the nonconformities among the evidence, and those its inspections began."""
        of = self.evidence_ids.grouped("model")
        none = self.env["med.trigger.evidence"]
        inspections = of.get("med.inspection", none).mapped("res_id")
        inspections += self.env["med.reading"].browse(
            of.get("med.reading", none).mapped("res_id")).inspection_id.ids
        return self.env["med.nonconformity"].search([
            ("company_id", "=", self.company_id.id), ("state", "!=", "cancelled"),
            "|", ("id", "in", of.get("med.nonconformity", none).mapped("res_id")),
            "&", ("source_model", "=", "med.inspection"), ("source_id", "in", inspections)])

    # ------------------------------------------------------------------ actions

    def action_take(self):
        """Open what these propose, and show it."""
        cases = self.take()["cases"]
        action = {"type": "ir.actions.act_window", "res_model": cases[0]["model"]}
        if len(cases) == 1:
            return {**action, "res_id": cases[0]["id"], "views": [(False, "form")]}
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_dismiss(self):
        """Ask why, and dismiss these."""
        title = self.env._("Why No Case Is Needed")
        return {"type": "ir.actions.client", "tag": "med_signature.ask", "name": title,
                "params": {"model": self._name, "records": self.ids, "title": title,
                           "method": "dismiss", "arguments": {}}}

    def action_case(self):
        """Open the case of this signal."""
        self.ensure_one()
        case = self._med_case()
        return {"type": "ir.actions.act_window", "res_model": case._name, "res_id": case.id,
                "views": [(False, "form")]}

    def action_evidence(self):
        """Open the records that are its evidence, those of the commonest kind."""
        self.ensure_one()
        self.check_access("read")
        return opened(self.env, {model: rows.mapped("res_id") for model, rows
                                 in self.sudo().evidence_ids.grouped("model").items()})
