import hashlib

from odoo import api, fields, models


class MedOutsourcingEvent(models.Model):
    """The papers, photos and results that came with a report."""

    _inherit = "med.outsourcing.event"

    file_ids = fields.Many2many("ir.attachment", string="Files", compute="_compute_file_ids")
    file_count = fields.Integer("Number of Files", compute="_compute_file_ids")

    @api.depends("note")
    def _compute_file_ids(self):
        by_event = self._med_files().grouped("res_id")
        for event in self:
            found = by_event.get(event._origin.id, self.env["ir.attachment"])
            event.file_ids, event.file_count = found.sudo(False), len(found)

    def _med_files(self):
        """Return the files that came with these events, as superuser."""
        return self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids),
             ("res_field", "=", False)], order="id")

    def _med_keep(self, files):
        """Keep the files of a report, each once, however often the report is sent.

        :param files: ``(name, content, media type)``; their SHA-256 stands in the event's note
        """
        self.ensure_one()
        there = {hashlib.sha256(one.raw).hexdigest() for one in self._med_files()}
        fresh = [(name, content, media) for name, content, media in files
                 if hashlib.sha256(content).hexdigest() not in there]
        return self.env["ir.attachment"].sudo().create([{
            "name": name, "raw": content, "mimetype": media, "res_model": self._name,
            "res_id": self.id, "company_id": self.company_id.id, "public": False, "type": "binary",
            "description": False, "access_token": False, "res_field": False, "url": False,
        } for name, content, media in fresh])
