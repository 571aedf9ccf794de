from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import clean_context
from odoo.tools.translate import LazyTranslate

from .med_inspection import INSPECTOR, QUALITY

_lt = LazyTranslate(__name__)

TAKEN = ("name", "company_id", "lot_id", "quantity", "location_from_id", "location_id")


class MedRetentionSample(models.Model):
    """Units of a lot that are kept and looked at until their date (留样).

    They leave the stock that can be reserved when they are taken, and the books when they are
    destroyed.
    """

    _name = "med.retention.sample"
    _description = "Retention Sample"
    _inherit = ["med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _med_machine = Machine(
        initial="planned",
        content=(*TAKEN, "keep_until", "conclusion"),
        transitions=(
            Transition("take", ("planned",), "kept", _lt("Take"),
                       (Signer("performed", groups=(INSPECTOR, QUALITY)),),
                       required=("location_from_id", "location_id", "place", "keep_until"),
                       least=1, content=TAKEN),
            Transition("destroy", ("kept",), "destroyed", _lt("Destroy"),
                       (Signer("approved", groups=(QUALITY,)),), required=("conclusion",),
                       least=1),
            Transition("cancel", ("planned",), "cancelled", _lt("Not Taken"),
                       (Signer("approved", groups=(QUALITY,)),), required=("conclusion",),
                       least=1),
        ),
        locked=("destroyed", "cancelled"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    lot_id = fields.Many2one(
        "stock.lot", "Lot or Serial", required=True, index=True, ondelete="restrict",
        check_company=True, domain=[("product_id.med_controlled", "=", True)])
    product_id = fields.Many2one(related="lot_id.product_id", store=True, index=True)
    quantity = fields.Float(digits="Product Unit", required=True, default=1)
    product_uom_id = fields.Many2one(related="lot_id.product_uom_id")
    inspection_id = fields.Many2one(
        "med.inspection", "Asked For By", readonly=True, index="btree_not_null")
    location_from_id = fields.Many2one(
        "stock.location", "Taken From", check_company=True, domain=[("usage", "=", "internal")])
    location_id = fields.Many2one(
        "stock.location", "Kept In", check_company=True, domain=[("usage", "=", "internal")],
        help="A place that is not below the stock of a warehouse: nothing is reserved there.")
    place = fields.Char(help="Shelf, box, position.", tracking=True)
    keep_until = fields.Date(
        compute="_compute_keep_until", store=True, readonly=False, precompute=True, tracking=True,
        help="Proposed: the expiry of the lot.")
    interval_months = fields.Integer("Observed Every (Months)", default=6)
    observe_on = fields.Date(
        "Observe On", compute="_compute_observe_on", store=True, index=True)
    observation_ids = fields.One2many(
        "med.retention.observation", "sample_id", "Observations", readonly=True)
    owner_id = fields.Many2one(
        "res.users", "Seen To By", default=lambda self: self.env.user, tracking=True)
    taken_at = fields.Datetime("Taken", readonly=True, copy=False)
    conclusion = fields.Text(copy=False)
    state = fields.Selection(
        [("planned", "To Be Taken"), ("kept", "Kept"), ("destroyed", "Destroyed"),
         ("cancelled", "Not Taken")], required=True, default="planned", readonly=True, copy=False,
        tracking=True, index=True)

    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "A sample is above zero.")

    @api.depends("lot_id")
    def _compute_keep_until(self):
        for sample in self:
            sample.keep_until = sample.keep_until or (
                sample.lot_id.expiration_date and sample.lot_id.expiration_date.date())

    @api.depends("taken_at", "interval_months", "observation_ids.observed_at", "state")
    def _compute_observe_on(self):
        for sample in self:
            last = max((sample.taken_at, *sample.observation_ids.mapped("observed_at")),
                       default=None) if sample.taken_at else None
            sample.observe_on = fields.Date.add(
                last.date(), months=sample.interval_months) if (
                last and sample.state == "kept" and sample.interval_months > 0) else False

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.update(name=self.env["ir.sequence"].sudo().next_by_code(
                "med.retention.sample") or "/", taken_at=False)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and {"name", "taken_at", "inspection_id"} & vals.keys():
            raise UserError(self.env._("When a sample was taken follows from its signature."))
        if set(TAKEN) & vals.keys() and any(sample.taken_at for sample in self):
            raise UserError(self.env._("What was taken is not changed any more."))
        if "keep_until" in vals and not vals["keep_until"] and self.filtered(
                lambda sample: sample.state != "planned"):
            raise UserError(self.env._("Say until when the sample is kept."))
        if "keep_until" in vals and not self.env.su and not self.env.user.has_group(
                QUALITY) and self.filtered(lambda sample: sample.state != "planned"):
            raise AccessError(self.env._(
                "Until when a sample is kept is changed by quality assurance."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Retention samples are not deleted."))

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "take":
            self._check_take()
        if transition.name == "destroy" and not (
                self.keep_until and self.keep_until <= fields.Date.context_today(self)):
            raise UserError(self.env._(
                "%(name)s is kept until %(date)s.", name=self.name, date=self.keep_until or "—"))

    def _check_take(self):
        for place in self.location_from_id | self.location_id:
            if place.usage != "internal":
                raise UserError(self.env._(
                    "%(place)s is not a place of our own: samples are taken from and kept in "
                    "internal places.", place=place.display_name))
        if self.env["stock.warehouse"].sudo().search_count(
                Domain("lot_stock_id", "parent_of", self.location_id.id), limit=1):
            raise UserError(self.env._(
                "%(place)s is below the stock of a warehouse: orders would take the sample.",
                place=self.location_id.display_name))
        free = self.env["stock.quant"].sudo()._get_available_quantity(
            self.product_id, self.location_from_id, lot_id=self.lot_id)
        if self.product_uom_id.compare(free, self.quantity) < 0:
            raise UserError(self.env._(
                "%(place)s has only %(free)g of %(lot)s that is not reserved.",
                place=self.location_from_id.display_name, free=free, lot=self.lot_id.name))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "take":
            self._move(self.location_from_id, self.location_id)
            self.taken_at = fields.Datetime.now()
        elif transition.name == "destroy":
            self._clean("stock.scrap").create({
                "product_id": self.product_id.id, "lot_id": self.lot_id.id,
                "scrap_qty": self.quantity, "product_uom_id": self.product_uom_id.id,
                "location_id": self.location_id.id, "company_id": self.company_id.id,
                "origin": self.name}).do_scrap()
            self.activity_ids.unlink()

    def _clean(self, model):
        """Return a model that writes stock for the signer, without defaults of his context."""
        return self.env[model].sudo().with_context(clean_context(self.env.context))

    def _move(self, source, target):
        """Move the sample's stock, as one done move."""
        move = self._clean("stock.move").create({
            "product_id": self.product_id.id, "product_uom_qty": self.quantity,
            "product_uom": self.product_uom_id.id, "company_id": self.company_id.id,
            "location_id": source.id, "location_dest_id": target.id, "origin": self.name,
            "move_line_ids": [fields.Command.create({
                "product_id": self.product_id.id, "lot_id": self.lot_id.id,
                "quantity": self.quantity, "location_id": source.id,
                "location_dest_id": target.id, "company_id": self.company_id.id})]})
        move._action_confirm()
        move.picked = True
        move._action_done()

    # ------------------------------------------------------------------ observing

    def observe(self, result: str, reason: str = ""):
        """Record what was seen of kept samples.

        :param result: ``unchanged`` or ``changed``
        :param reason: what was seen; required where something has changed
        :return: ``{"version", "observations" (ids)}``
        """
        self.check_access("write")
        if wrong := self.filtered(lambda sample: sample.state != "kept"):
            raise UserError(self.env._("%(name)s is not kept now.", name=wrong[0].name))
        if result not in ("unchanged", "changed"):
            raise UserError(self.env._("“result” must be unchanged or changed."))
        if not isinstance(reason, str) or result == "changed" and not reason.strip():
            raise UserError(self.env._("“reason” must say what has changed."))
        rows = self.env["med.retention.observation"]._record(self, result, reason.strip())
        if result == "changed":
            for sample in self:
                sample.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=(sample.owner_id or self.env.user).id,
                    summary=self.env._("A retention sample has changed: decide about its lot"))
        return {"version": 1, "observations": rows.ids}

    def action_unchanged(self):
        """Record that nothing has changed, of one or many."""
        self.observe("unchanged")

    def action_changed(self):
        """Ask what has changed, and record it."""
        title = self.env._("What has changed?")
        return {"type": "ir.actions.client", "tag": "med_signature.ask", "name": title,
                "params": {"model": self._name, "records": self.ids, "title": title,
                           "method": "observe", "arguments": {"result": "changed"}}}

    def action_hold(self):
        """Open a new hold of the lots of these samples."""
        return self.lot_id.action_med_hold()

    @api.model
    def _cron_observe(self):
        """Ask for what is due: observations, and samples that need not be kept longer."""
        today = fields.Date.today()
        due = self.search([("state", "=", "kept"), "|", ("observe_on", "<=", today),
                           ("keep_until", "<", today), ("activity_ids", "=", False)])
        for sample in due:
            ended = sample.keep_until and sample.keep_until < today
            sample.activity_schedule(
                "mail.mail_activity_data_todo", user_id=sample.owner_id.id,
                summary=self.env._("Retention sample: kept long enough") if ended
                else self.env._("Retention sample: observe"))
