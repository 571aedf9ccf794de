from odoo import fields, models
from odoo.exceptions import UserError

from .med_change_notice import ENDED

# What a partner agrees to: an answer to other words than these does not count.
WORDS = {"title", "description", "product_tmpl_ids", "component_ids", "effective_kind",
         "effective_date", "effective_lot"}
TOLD = WORDS | {"class_raised", "change_class"}


class MedChange(models.Model):
    """Partners are told of changes that concern them; a change waits for those it asks."""

    _inherit = "med.change"

    notice_ids = fields.One2many("med.change.notice", "change_id", "Partners")
    answer_ids = fields.One2many("med.change.answer", "change_id", "Answers", readonly=True)

    def write(self, vals):
        # An answer is to what stood there before.
        before = {one.id: [one[name] for name in WORDS] for one in self} if (
            WORDS & vals.keys()) else {}
        done = super().write(vals)
        changed = self.filtered(
            lambda one: one.id in before and before[one.id] != [one[name] for name in WORDS])
        changed.sudo().notice_ids._med_ask_again(self.env._(
            "What changes is not what the partners answered to: they are asked again."))
        if TOLD & vals.keys():
            self._med_tell_notices()
        return done

    def _med_tell_notices(self):
        self.env["med.exchange.change_notice"]._med_tell(lambda: self.sudo().notice_ids)

    def _med_told_products(self):
        """Return the products that a notice of this change may name."""
        return self.product_tmpl_ids.with_context(
            active_test=False).product_variant_ids | self.component_ids

    def _med_answerable(self):
        """Return who looks at an answer: the owner if he works here, else of quality assurance
        the one with the least to do."""
        owner = self.owner_id
        return owner if owner and not owner.share else self.env[
            "med.nonconformity"]._med_responsible(self.company_id)

    # ------------------------------------------------------------------ who is told

    def action_find_partners(self):
        """Put into the list the partners that have to do with what changes and hear of changes.

        :return: True
        """
        self.ensure_one()
        self.check_access("write")
        self._med_check_mine(later=True)
        if self.state in ENDED:
            raise UserError(self.env._("%s is in effect or ended.", self.name))
        known = self.notice_ids.partner_id.commercial_partner_id
        rows = []
        for partner in self.env["med.exchange.right"].sudo().search([
                ("schema", "=", "change_notice"), ("direction", "=", "out"),
                ("company_id", "=", self.company_id.id)]).exchange_partner_id:
            organisation = partner.partner_id.commercial_partner_id
            products = self._med_products_of(partner)
            if products and organisation not in known:
                known |= organisation
                rows.append({"change_id": self.id, "partner_id": organisation.id,
                             "product_ids": [fields.Command.set(products.ids)],
                             "description": self.description})
        self.env["med.change.notice"].create(rows)
        return True

    def _med_products_of(self, partner):
        """Return those of what changes that an exchange partner has to do with: by trade, or as
        the processor of an order's bill of materials."""
        env = partner._med_env()
        products = env["product.product"].browse(self.sudo()._med_told_products().ids)
        partner = partner.with_env(env)
        mine = env["med.exchange.product"]._med_reachable(partner, products)
        boms = env["mrp.bom"].search([
            ("product_tmpl_id", "in", products.product_tmpl_id.ids)])
        made = env["med.exchange.bom"]._med_reachable(partner, boms)
        mine |= products.filtered(lambda one: one.product_tmpl_id in made.product_tmpl_id)
        return mine.with_env(self.env)

    def action_announce(self):
        """Tell all partners in the list that are not told yet."""
        self.ensure_one()
        if not self.notice_ids.filtered(lambda one: one.state == "planned"):
            raise UserError(self.env._("Nobody is left to be told: name the partners first."))
        return self.notice_ids.action_announce()

    def _med_answer(self, partner, agreement, note, origin=None, message=0, event_time=None):
        """Keep a partner's answer to the notice that it has of this change; see the notice's."""
        self.ensure_one()
        notice = self.sudo().notice_ids.filtered(
            lambda one: one.direction == "out" and partner
            and one.partner_id.commercial_partner_id == partner.commercial_partner_id
            and one.state != "planned")[:1]
        if not notice:
            raise UserError(self.env._("You were not asked about this change."))
        return notice._med_answer(partner, agreement, note, origin, message, event_time)

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "effect":
            self._check_agreed()

    def _check_agreed(self):
        """Refuse to put into effect what a partner that has to agree did not agree to."""
        if waiting := self.sudo().notice_ids.filtered(
                lambda one: one.agreement_needed and one.direction == "out"
                and one.state != "agreed"):
            raise UserError(self.env._(
                "%(name)s waits for the agreement of: %(partners)s.", name=self.name,
                partners=", ".join(waiting.partner_id.mapped("display_name"))))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name in ("revise", "reassess"):
            self.sudo().notice_ids._med_ask_again(self.env._(
                "The change is assessed anew: the partners are asked again."))
        self._med_tell_notices()
