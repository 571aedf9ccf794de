import re

from odoo.addons.med_audit.exported import PDF, exported, named
from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError
from odoo.http import Controller, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json; charset=utf-8"


class RecallDownloads(Controller):
    """Reports and drills as files; the models decide who may see what."""

    @route("/med/recall_report.pdf", type="http", auth="user", methods=["GET"])
    def report_pdf(self, report_id="", **_unknown):
        """Return a report to an authority on paper."""
        return self._answer("med.recall.report", report_id, "pdf", PDF, lambda one: one._med_pdf())

    @route("/med/recall_report.xlsx", type="http", auth="user", methods=["GET"])
    def report_xlsx(self, report_id="", **_unknown):
        """Return a report to an authority as a workbook."""
        return self._answer("med.recall.report", report_id, "xlsx", XLSX,
                            lambda one: one._med_xlsx())

    @route("/med/recall_report.json", type="http", auth="user", methods=["GET"])
    def report_json(self, report_id="", **_unknown):
        """Return a report to an authority as data."""
        return self._answer("med.recall.report", report_id, "json", JSON,
                            lambda one: one._med_json())

    @route("/med/recall_drill.pdf", type="http", auth="user", methods=["GET"])
    def drill_pdf(self, recall_id="", **_unknown):
        """Return the report of a drill on paper."""
        return self._answer("med.recall", recall_id, "pdf", PDF, lambda one: one._med_drill_pdf())

    def _answer(self, model, number, extension, mimetype, make):
        def file():
            found = named(model, number)
            if not found:
                raise AccessError(request.env._("It does not exist, or you may not read it."))
            name = f"{re.sub(r'[^0-9A-Za-z.-]+', '_', found.name)}.{extension}"
            return exported(found, make(found), name, mimetype)
        return file_answer(file)
