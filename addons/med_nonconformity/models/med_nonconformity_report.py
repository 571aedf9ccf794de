import base64
import binascii

from odoo import api, fields, models
from odoo.addons.med_base.tools.arguments import are_ids, is_id
from odoo.addons.med_quality.models.med_hold import PLACERS
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError
from odoo.tools import clean_context

from .med_nonconformity import SOURCES

VERSION = 1
VIEWER = "med_base.med_base_group_viewer"
MOST_PICTURE = 20_000_000
PLACE = ("product_id", "partner_id", "picking_id", "production_id", "workorder_id",
         "workcenter_id", "location_id", "equipment", "defect_code_id", "defect_class")


class MedNonconformity(models.Model):
    """How a nonconformity begins: somebody sees something, or an inspection rejects a lot."""

    _inherit = "med.nonconformity"

    @api.model
    def report(self, summary: str, lots: list = (), product: int = 0, defect: str = "",
               description: str = "", source: str = "other", event_time: str = "",
               equipment: str = "", hold: bool = True, picture: str = "",
               picture_name: str = "picture.jpg"):
        """Report something that does not conform, and hold the lots at once.

        :param summary: what is wrong, in one sentence
        :param lots: ids of lots or serials of controlled products, of one company
        :param product: id, where no lot is known
        :param defect: code of a defect (``med.defect.code``)
        :param source: inspection, receipt, production, stock, return, hold, use, audit or other
        :param event_time: when it was seen, ISO, UTC; empty: now
        :param hold: hold the lots; who may not place holds reports without
        :param picture: base64; it is attached
        :return: ``{"version", "nonconformity" (id), "name", "held" (number of lots)}``
        :raise UserError: an argument is wrong; nothing is reported then
        """
        if not self.env.su and not self.env.user.has_group(VIEWER):
            raise AccessError(self.env._("Your role reports no nonconformities here."))
        text = {"summary": summary, "defect": defect, "description": description,
                "event_time": event_time, "equipment": equipment, "picture": picture,
                "picture_name": picture_name}
        if wrong := [name for name, value in text.items() if not isinstance(value, str)]:
            raise UserError(self.env._("“%(field)s” must be text.", field=wrong[0]))
        if not summary.strip():
            raise UserError(self.env._("“summary” must say what is wrong, in one sentence."))
        if source not in dict(SOURCES):
            raise UserError(self.env._(
                "“source” must be one of: %(names)s.", names=", ".join(dict(SOURCES))))
        found, article = self._med_named_lots(lots), self._med_named_product(product)
        place = {"product_id": (found.product_id[:1] or article).id, "equipment": equipment.strip(),
                 "location_id": found.quant_ids.filtered(
                     lambda quant: quant.location_id.usage == "internal").location_id[:1].id}
        company = found.company_id[:1] or self.env.company
        if defect:
            code = self.env["med.defect.code"].search([
                ("code", "=", defect), ("company_id", "in", [False, company.id])], limit=1)
            if not code:
                raise UserError(self.env._("There is no defect “%(code)s”.", code=defect))
            place.update(defect_code_id=code.id, defect_class=code.defect_class)
        record, held = self._med_report(
            summary.strip(), found, source, company, event_time=self._med_event(event_time),
            description=description.strip(), hold=bool(hold) and self._med_may_hold(), **place)
        if picture:
            record._med_attach(picture, picture_name)
        return {"version": VERSION, "nonconformity": record.id, "name": record.name, "held": held}

    def _med_named_lots(self, lots):
        if not are_ids(lots):
            raise UserError(self.env._("“lots” must be a list of ids."))
        found = self.env["stock.lot"].browse(lots).exists()
        if len(found) != len(set(lots)):
            raise UserError(self.env._("“lots” names a lot that there is not."))
        found.check_access("read")
        return found

    def _med_named_product(self, product):
        if not is_id(product):
            raise UserError(self.env._("“product” must be an id."))
        found = self.env["product.product"].browse(product or ()).exists()
        if product and not found:
            raise UserError(self.env._("“product” names a product that there is not."))
        found.check_access("read")
        return found

    def _med_event(self, text):
        if not text:
            return fields.Datetime.now()
        try:
            moment = fields.Datetime.to_datetime(text.replace("T", " ").removesuffix("Z"))
        except ValueError:
            raise UserError(self.env._(
                "“event_time” must be a time like 2026-03-31 14:05:00.")) from None
        if moment > fields.Datetime.now():
            raise UserError(self.env._("“event_time” lies in the future."))
        return moment

    def _med_may_hold(self):
        return self.env.su or any(
            self.env.user.has_group(f"med_base.med_base_group_{role}") for role in PLACERS)

    def _med_attach(self, picture, name):
        try:
            raw = base64.b64decode(picture, validate=True)
        except (binascii.Error, ValueError):
            raise UserError(self.env._("“picture” must be base64.")) from None
        if len(raw) > MOST_PICTURE:
            raise UserError(self.env._("The picture has more than 20 MB."))
        self.sudo().message_post(
            body=self.env._("Picture"), attachments=[(name.strip() or "picture.jpg", raw)],
            author_id=self.env.user.partner_id.id)

    @api.model
    def _med_report(self, summary, lots, source, company, document=None, event_time=None,
                    description="", hold=True, **place):
        """Return a new nonconformity with its lots, and how many of them it holds.

        :param place: values of `PLACE`
        """
        env = self.with_context(clean_context(self.env.context)).env
        owner = self._med_responsible(company)
        with permit(self._name, (), "report"):
            record = env[self._name].sudo().create({
                # Written out, so that no default of the caller's context or of a user gets in.
                **dict.fromkeys(PLACE, False), **place,
                "name": env["ir.sequence"].sudo().next_by_code(self._name) or "/",
                "summary": summary, "description": description, "source": source,
                "source_model": document._name if document else False,
                "source_id": document.id if document else False,
                "company_id": company.id, "event_time": event_time or fields.Datetime.now(),
                "reported_by_id": self.env.uid, "reported_at": fields.Datetime.now(),
                "owner_id": owner.id, "date_due": False, "line_ids": [], "candidate_ids": [],
                **dict.fromkeys(("evaluation", "investigation", "investigation_reason",
                                 "gone_action", "conclusion"), False)})
        held = record._med_add(lots, dict.fromkeys(lots, "reported"), hold)
        if owner:
            record.activity_schedule("mail.mail_activity_data_todo", user_id=owner.id,
                                     summary=self.env._("Evaluate the nonconformity"))
        return record.with_env(self.env), held

    @api.model
    def _med_responsible(self, company):
        """Return who sees to it: of quality assurance in the company, the one with the least."""
        return company._med_least_busy(
            self._name, "owner_id", [("state", "not in", ("closed", "cancelled"))])
