import hashlib

from odoo import models


class MedOutsourcingEvent(models.Model):
    _inherit = "med.outsourcing.event"

    def _med_portal_files(self):
        """Return the files that came with these events, as superuser."""
        return self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids),
             ("res_field", "=", False)], order="id")

    def _med_portal_keep(self, files):
        """Keep the files of a report, each once, however often the report is sent.

        :param files: ``(name, content, media type)``; their SHA-256 stands in the event's note
        """
        self.ensure_one()
        there = {hashlib.sha256(one.raw).hexdigest() for one in self._med_portal_files()}
        fresh = [(name, content, media) for name, content, media in files
                 if hashlib.sha256(content).hexdigest() not in there]
        return self.env["ir.attachment"].sudo().create([{
            "name": name, "raw": content, "mimetype": media, "res_model": self._name,
            "res_id": self.id, "company_id": self.company_id.id, "public": False, "type": "binary",
            "description": False, "access_token": False, "res_field": False, "url": False,
        } for name, content, media in fresh])
