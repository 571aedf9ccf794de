from odoo import models
from odoo.addons.med_traceability.tools.times import iso


class MedProcessorRelease(models.Model):
    """Its signatures as rows of evidence."""

    _inherit = "med.processor.release"

    def _med_signed_rows(self):
        """Return who has signed this release and how that is known, the earliest first."""
        words = {name: dict(self.env["med.processor.signature"]._fields[
            name]._description_selection(self.env)) for name in ("meaning", "method", "status")}
        rows = [{
            "meaning": words["meaning"][one.meaning], "person": one.person,
            "method": words["method"][one.method], "signed": iso(one.signed_at),
            "status": words["status"][one.status], "note": one.note or "", "digest": one.digest,
        } for one in self.sudo().signature_ids.sorted("id")]
        if self.state == "revoked":
            rows.append({
                "meaning": dict(self._fields["state"]._description_selection(
                    self.env))["revoked"], "person": self.revoked_by_id.sudo().name or "",
                "method": "", "signed": iso(self.revoked_at), "status": "",
                "note": self.revoke_reason or "", "digest": ""})
        return rows
