from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.addons.med_traceability.tools.times import iso
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, clean_context, float_repr, format_datetime

from ..tools.box import Box, fits, left, obstacle, runs_low

VERSION = 1
QUIET = {"tracking_disable": True, "mail_create_nolog": True}
CONDITIONS = [
    ("draft", "Draft"), ("submitted", "Submitted"), ("waiting", "Not Begun"),
    ("in_force", "In Force"), ("used_up", "Used Up"), ("ended", "Ended"), ("closed", "Closed"),
    ("refused", "Refused"), ("withdrawn", "Withdrawn"),
]


class MedDeviation(models.Model):
    """The box: what a deviation covers now, and what documents use of it.

    Other models ask :meth:`_med_covers` and book by :meth:`_med_consume`.
    """

    _inherit = "med.deviation"

    use_ids = fields.One2many("med.deviation.use", "deviation_id", "Uses", readonly=True)
    use_count = fields.Integer("Number of Uses", readonly=True, copy=False)
    used = fields.Float(digits="Product Unit", compute="_compute_used")
    left = fields.Float(digits="Product Unit", compute="_compute_used")
    used_share = fields.Float("Used (%)", digits=(5, 1), compute="_compute_used")
    in_force = fields.Boolean(
        compute="_compute_condition", search="_search_in_force",
        help="Approved, begun and not ended, as of now.")
    condition = fields.Selection(CONDITIONS, compute="_compute_condition", help="As of now.")

    # ------------------------------------------------------------------ what is shown

    @api.depends("use_ids", "quantity")
    def _compute_used(self):
        used = self._get_used()
        for deviation in self:
            box = deviation._get_box(used.get(deviation._origin.id, 0.0))
            deviation.used, deviation.left = box.used, left(box)
            deviation.used_share = 100 * box.used / box.quantity if box.quantity else 0.0

    @api.depends("state", "date_from", "date_to", "approved_at", "use_ids", "quantity")
    def _compute_condition(self):
        now, used = fields.Datetime.now(), self._get_used()
        for deviation in self:
            condition = deviation.state
            if condition == "approved":
                box = deviation._get_box(used.get(deviation._origin.id, 0.0))
                condition = "waiting" if box.start and now < box.start else (
                    "ended" if box.end and now > box.end else
                    "used_up" if box.quantity and not left(box) else "in_force")
            deviation.condition = condition
            deviation.in_force = condition in ("in_force", "used_up")

    @api.model
    def _search_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        return Domain("state", "=", "approved") & (
            Domain("date_from", "=", False) | Domain("date_from", "<=", now)) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", now))

    def _get_used(self):
        """Return id → quantity used in the unit of its box."""
        self.env["med.deviation.use"].flush_model()
        return {found: float(counted) for found, counted in self.env.execute_query(SQL(
            "SELECT deviation_id, sum(counted) FROM med_deviation_use WHERE deviation_id IN %s "
            "GROUP BY deviation_id", tuple(self._origin.ids) or (0,)))}

    def _get_box(self, used):
        """Return the box as data, see :class:`..tools.box.Box`."""
        return Box(
            self.state == "approved" and self.approved_at or None, self.date_from or None,
            self.date_to or None, frozenset(self.product_ids.ids), frozenset(self.lot_ids.ids),
            self.quantity, used)

    # ------------------------------------------------------------------ asking

    def _med_covers(self, product, lot, quantity=0, conceding=False):
        """Return why a product and lot may not be used under this now, or an empty text.

        Nothing is locked: for a check that :meth:`_med_consume` makes again.

        :param lot: `stock.lot` or an empty one
        :param quantity: in the product's unit
        :param conceding: what does not conform is used: the legal requirements must be met too
            (ISO 13485, 8.3.2)
        """
        return self.sudo()._why_not(
            [(product, lot, quantity)], fields.Datetime.now(), conceding)

    def _why_not(self, rows, at, conceding=False):
        """Return the sentence that says why rows are not covered, or an empty text."""
        self.ensure_one()
        if conceding and not self.legal_ok:
            return self.env._("%(name)s does not say that the legal requirements are met.",
                              name=self.name)
        box = self._get_box(self._get_used().get(self.id, 0.0))
        for product, lot, _quantity in rows:
            code = obstacle(box, at, product.id, lot.id or 0) or (
                "lot" if lot and lot.product_id != product else "")
            if code:
                return self._get_words(code, product, lot)
        wanted = sum(self._to_box(product, quantity) for product, _lot, quantity in rows)
        if not fits(box, wanted):
            return self.env._(
                "%(name)s: %(left)s %(unit)s are left, and %(wanted)s are asked for.",
                name=self.name, left=_plain(left(box)), unit=self.uom_id.name,
                wanted=_plain(wanted))
        return ""

    def _get_words(self, code, product, lot):
        _ = self.env._
        def told(time):
            return format_datetime(self.env, time) if time else ""
        return {
            "unapproved": _("%(name)s is not approved: it is “%(state)s”.", name=self.name,
                            state=self._med_states()[self.state]),
            "unapproved_then": _("%(name)s was approved only on %(time)s.", name=self.name,
                                 time=told(self.approved_at)),
            "early": _("%(name)s begins only on %(time)s.", name=self.name,
                       time=told(self.date_from)),
            "ended": _("%(name)s ended on %(time)s.", name=self.name, time=told(self.date_to)),
            "product": _("%(name)s is not for %(product)s.", name=self.name,
                         product=product.display_name),
            "open": _("%(name)s limits neither lots nor quantity: nothing is used under it.",
                      name=self.name),
            "which_lot": _("%(name)s is for lots that it names: say which one.", name=self.name),
            "lot": _("%(name)s is not for lot %(lot)s.", name=self.name, lot=lot.name),
        }[code]

    def _to_box(self, product, quantity):
        """Return a quantity of a product in the unit of the box."""
        return product.uom_id._compute_quantity(
            quantity, self.uom_id, round=False) if self.uom_id else quantity

    # ------------------------------------------------------------------ using

    def _med_consume(self, document, lots_quantities, at=None):
        """Book what a document uses under this deviation.

        :param document: one record; of the deviation's company
        :param lots_quantities: list of (product, lot or an empty one, quantity in the product's
            unit, above zero)
        :param at: naive UTC datetime for which it counts; None: now
        :raise UserError: not approved, not in force then, of another product or lot, or more than
            what is left; nothing is booked
        """
        self.ensure_one()
        deviation = self.sudo()._lock_box()
        if not lots_quantities or any(not quantity > 0 for *_what, quantity in lots_quantities):
            raise UserError(self.env._("What is used under a deviation is above zero."))
        company = "company_id" in document._fields and document.sudo().company_id
        if company and company != deviation.company_id:
            raise UserError(self.env._(
                "%(name)s is of another company.", name=deviation.name))
        at = at or fields.Datetime.now()
        if why := deviation._why_not(lots_quantities, at):
            raise UserError(why)
        wanted = sum(deviation._to_box(product, quantity)
                     for product, _lot, quantity in lots_quantities)
        low = runs_low(deviation._get_box(deviation._get_used().get(deviation.id, 0.0)), wanted)
        deviation._book(document, lots_quantities, at)
        if low:
            deviation._tell_low()

    def _med_give_back(self, document):
        """Book that a document does not use what it had booked: when it is opened again.

        The uses stay; as much is booked with a negative quantity.
        """
        self.ensure_one()
        deviation = self.sudo()._lock_box()
        rows = self.env["med.deviation.use"].sudo()._read_group(
            [("deviation_id", "=", self.id), ("res_model", "=", document._name),
             ("res_id", "=", document.id)], ["product_id", "lot_id"], ["quantity:sum"])
        deviation._book(document, [
            (product, lot, -quantity) for product, lot, quantity in rows if quantity > 0],
            fields.Datetime.now())

    def _lock_box(self):
        """Lock the deviation until the end of the transaction, and read it anew."""
        self.env.flush_all()
        self.env.execute_query(SQL(
            "SELECT id FROM med_deviation WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset(flush=False)
        return self

    def _book(self, document, rows, at):
        if not rows:
            return
        clean = self.env["med.deviation.use"].sudo().with_context(
            clean_context(self.env.context), **QUIET)
        with permit("med.deviation.use", (), "born"):
            clean.create([{
                "deviation_id": self.id, "company_id": self.company_id.id,
                "product_id": product.id, "lot_id": lot.id, "quantity": quantity,
                "uom_id": product.uom_id.id, "counted": self._to_box(product, quantity),
                "document": document.display_name, "res_model": document._name,
                "res_id": document.id, "user_id": self.env.uid, "date": at,
            } for product, lot, quantity in rows])
        # The update is what another transaction collides with that has looked at the uses before:
        # it begins again, and sees these.
        self._med_store({"use_count": self.use_count + len(rows)})
        self.env.flush_all()

    # ------------------------------------------------------------------ for programs

    def med_box(self):
        """Return what these deviations still allow.

        :return: ``{"version", "rows": [{"deviation" (id), "name", "kind", "state", "in_force",
            "limited" (whether a quantity limits it), "quantity", "used", "left", "unit", "from",
            "to"}]}``, times as ISO 8601 in UTC or empty
        """
        self.check_access("read")
        return {"version": VERSION, "rows": [{
            "deviation": one.id, "name": one.name, "kind": one.kind, "state": one.state,
            "in_force": one.in_force, "limited": one.quantity > 0, "quantity": one.quantity,
            "used": one.used, "left": one.left, "unit": one.uom_id.name or "",
            "from": iso(one.date_from) if one.date_from else "",
            "to": iso(one.date_to) if one.date_to else "",
        } for one in self]}

    def action_uses(self):
        """Open what was used under these deviations."""
        return {"type": "ir.actions.act_window", "res_model": "med.deviation.use",
                "view_mode": "list", "name": self.env._("Uses"),
                "domain": [("deviation_id", "in", self.ids)]}


def _plain(number):
    """Return a quantity without the zeros nobody needs."""
    return float_repr(number, 6).rstrip("0").rstrip(".")
