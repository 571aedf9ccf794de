from hashlib import sha256

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, content_disposition, request, route


class ControlChart(Controller):
    """A control chart on paper; the chart's own rights decide who gets it."""

    @route("/med/control_chart.pdf", type="http", auth="user", methods=["GET"])
    def chart_pdf(self, chart="", points="", **_unknown):
        """Return the chart as PDF.

        :param chart: id of the chart
        :param points: how many of the last points; "": as on the screen
        """
        try:
            record = request.env["med.control.chart"].browse(
                int(chart) if chart.isdecimal() else 0).exists()
            data = record._med_pdf(int(points) if points.isdecimal() else 0) if record else b""
        except (AccessError, UserError) as error:
            return request.make_response(
                str(error.args[0]), headers=[("Content-Type", "text/plain; charset=utf-8")],
                status=403 if isinstance(error, AccessError) else 400)
        if not data:
            raise request.not_found()
        name = f"control_chart_{record.id}.pdf"
        request.env["med.audit.entry"]._record_event("export", record, {
            "file": name, "sha256": sha256(data).hexdigest()})
        return request.make_response(data, headers=[
            ("Content-Type", "application/pdf"), ("Content-Length", len(data)),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")])
