from odoo import models
from odoo.exceptions import UserError


class MedRelease(models.Model):
    """The certificate of conformity: what the customer gets with released goods."""

    _inherit = "med.release"

    def action_certificate(self):
        """Download the certificate of conformity of what was released."""
        self._med_check_certificate()
        ids = ",".join(map(str, self.ids))
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/certificate.pdf?release_ids={ids}"}

    def _med_check_certificate(self):
        self.check_access("read")
        if not self:
            raise UserError(self.env._("Choose what the certificate is about."))
        if unsigned := self.filtered(lambda one: not one.sudo()._med_is_released()):
            raise UserError(self.env._(
                "No certificate before the release: %(names)s.",
                names=", ".join(unsigned.mapped("name"))))
        if invalid := self.filtered(lambda one: one.med_signature_status != "valid"):
            raise UserError(self.env._(
                "A signature is invalid: %(names)s.", names=", ".join(invalid.mapped("name"))))

    def _med_certificate_pdf(self, picking=None):
        """Return the certificate as the bytes of a PDF.

        :param picking: the delivery whose consignee gets it: only its lots and quantities then
        """
        self._med_check_certificate()
        return self.env["med.document"]._render_pdf("med_release.certificate_document", {
            "title": self.env._("Certificate of conformity"),
            "company": self[:1].sudo().registrant_company_id.name or self[:1].company_id.name,
            "subject": ", ".join(self.mapped("name")),
            "consignee": picking.partner_id.display_name if picking else "",
            "delivery": picking.name if picking else "",
            "certificates": [one._med_clean()._med_certificate(picking) for one in self],
        })

    def _med_certificate(self, picking):
        """Return what a certificate says of one release, as plain data."""
        wanted = None
        if picking:
            wanted = {}
            for line in picking.move_line_ids:
                if line.lot_id:
                    wanted[line.lot_id] = wanted.get(line.lot_id, 0.0) + line.quantity_product_uom
        # Of a lot that two orders made, each says no more than it released.
        made = {lot: quantity if wanted is None else min(wanted[lot], quantity)
                for lot, quantity in self._med_made().items()
                if lot.med_status in ("released", "conditional")
                and not lot.med_hold_count and (wanted is None or lot in wanted)}
        lots = self.env["stock.lot"].union(*made)
        days = lots._med_made_on()
        return {
            "name": self.name, "order": self.production_id.name,
            "product": self.product_id.with_context(display_default_code=False).display_name,
            "code": self.product_id.default_code or "",
            "di": self._med_certificate_di(), "lots": [{
                "lot": lot.name, "udi": lot._med_udi_text(), "quantity": f"{quantity:g}",
                "uom": lot.product_id.uom_id.name, "made": str(days[lot] or ""),
                "expiry": str(lot._med_expiry() or "")} for lot, quantity in made.items()],
            "maker": self.company_id, "registrant": self.registrant_company_id,
            "registrations": self._med_certificate_registrations(set(days.values()) - {None}),
            "exceptions": [{"text": one["text"], "exception": one["exception"]}
                           for check in self._med_rows("market") or self._med_rows("production")
                           for one in check["items"]
                           if one["state"] == "excepted"],
            "signatures": self._med_given(),
        }

    def _med_certificate_di(self):
        return self.product_id.med_di_ids.filtered(
            lambda di: di.state == "active" and di.level == "unit")[:1].name or ""

    def _med_certificate_registrations(self, days):
        """Return the registrations that were in force on every day of manufacture."""
        return [{
            "market": one.jurisdiction_id.name, "number": one.number or one.listing_number or "",
            "holder": one.registrant_name or "", "until": str(one.date_to or "")}
            for one in self._med_registrations()
            if days and all(one._med_was_in_force(day) for day in days)]
