from odoo.addons.med_audit.exported import exported
from odoo.addons.med_base.file_answer import file_answer
from odoo.http import Controller, request, route


class ControlChart(Controller):
    """A control chart on paper; the chart's own rights decide who gets it."""

    @route("/med/control_chart.pdf", type="http", auth="user", methods=["GET"])
    def chart_pdf(self, chart="", points="", **_unknown):
        """Return the chart as PDF.

        :param chart: id of the chart
        :param points: how many of the last points; "": as on the screen
        """
        record = request.env["med.control.chart"].browse(
            int(chart) if chart.isdecimal() else 0).exists()
        if not record:
            raise request.not_found()

        def make():
            data = record._med_pdf(int(points) if points.isdecimal() else 0)
            return exported(record, data, f"control_chart_{record.id}.pdf")
        return file_answer(make)
