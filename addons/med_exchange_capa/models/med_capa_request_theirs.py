from odoo import api, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError

# What a partner may say anew of his CAPA.
TOLD = ("title", "problem", "nonconformity_id", "lot_ids", "product_ids")


class MedCapaRequest(models.Model):
    """A CAPA of a partner's own about our goods; each time he tells of it is kept."""

    _inherit = "med.capa.request"

    @api.model
    def _med_receive(self, partner, values, told, way, record=None, files=(), **given):
        """Keep what a partner tells of a CAPA of its own. The caller has checked who it is, and
        that lots, products and nonconformity are this partner's to speak of.

        :param partner: ``res.partner`` that tells
        :param values: of the record: ``their_number``, ``their_state``, ``title``, ``problem``,
            ``nonconformity_id``, ``lot_ids``, ``product_ids``, ``company_id``
        :param told: as :meth:`_med_answer` has it
        :param record: what it told of before, or none
        :return: ``med.capa.request``
        """
        organisation = partner.sudo().commercial_partner_id
        Request = self.sudo()
        record = Request.browse(record.ids) if record else Request.search([
            ("direction", "=", "in"), ("state", "!=", "cancelled"),
            ("company_id", "=", values["company_id"]), ("partner_id", "=", organisation.id),
            ("their_number", "=", values["their_number"])])
        if record and record.partner_id != organisation:
            raise AccessError(self.env._("This CAPA is not yours to tell of."))
        if record and record.state == "cancelled":
            raise UserError(self.env._(
                "%s was taken back: tell of it by another number.", record.their_number))
        before = record.their_state
        if record:
            record._med_say(values)
        else:
            with permit(self._name, (), "told"):
                record = Request.create({**values, "direction": "in",
                                         "partner_id": organisation.id})
            record._med_follow("receive")
        if any(told.values()):
            record._med_answer(partner, told, way, files, **given)
        record._med_note_told(before)
        return record.with_env(self.env)

    def _med_say(self, values):
        """Let it say what the partner says now."""
        with permit(self._name, self.ids, "told anew"):
            self.write({name: values[name] for name in TOLD if name in values})
        self._med_store({"their_state": values["their_state"]})

    def _med_note_told(self, before):
        """Have somebody of quality assurance look at what is new."""
        words = dict(self._fields["their_state"]._description_selection(self.env))
        text = self.env._(
            "%(partner)s tells of its CAPA %(number)s: %(state)s",
            partner=self.partner_id.display_name, number=self.their_number,
            state=words[self.their_state])
        if before == self.their_state:
            text = self.env._("%(partner)s says more of its CAPA %(number)s",
                              partner=self.partner_id.display_name, number=self.their_number)
        self.activity_ids.unlink()
        self._med_remind(text)
        if self.nonconformity_id:
            self.nonconformity_id._message_log(body=text)
