import hashlib

from odoo import models


class MedOutsourcingOrder(models.Model):
    """A report and the files that came with it are one."""

    _inherit = "med.outsourcing.order"

    def _med_report_with(self, report, files, origin):
        """Take a report, and keep its files with the event.

        :param report: see ``_med_report``
        :param files: ``(name, content, media type)``; what they are is part of the report, so that
            the same number with another file is another report
        :return: the ``med.outsourcing.event``
        """
        self.ensure_one()
        if files:
            lines = [f"{name} (SHA-256 {hashlib.sha256(content).hexdigest()})"
                     for name, content, _media in files]
            report = {**report, "note": "\n".join(filter(None, [report.get("note"), *lines]))}
        event = self.sudo()._med_report(report, origin)
        event._med_keep(files)
        return event
