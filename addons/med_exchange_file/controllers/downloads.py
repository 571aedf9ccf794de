import base64

from odoo.addons.med_audit.exported import number_of
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import Controller, content_disposition, request, route
from odoo.tools.pdf import merge_pdf

from ..models.med_exchange_form import MOST_FORMS

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExchangeDownloads(Controller):
    """What is printed or sent back, as files."""

    @route("/med/exchange/file/<int:number>/result.xlsx", type="http", auth="user",
           methods=["GET"], readonly=True)
    def result(self, number):
        """Return the result of a file."""
        try:
            file = request.env["med.exchange.file"].browse(number).exists()
            told = file.result() if file else None
        except (AccessError, MissingError, UserError):
            told = None
        if not told:
            raise request.not_found()
        return self._download(base64.b64decode(told["content"]), SHEET, told["name"])

    @route("/med/exchange/form/<int:number>.pdf", type="http", auth="user", methods=["GET"],
           readonly=True)
    def form(self, number):
        """Return a downtime form as it was printed."""
        form = request.env["med.exchange.form"].browse(number).exists()
        if not form or not form.has_access("read") or not form.paper:
            raise request.not_found()
        return self._download(base64.b64decode(form.with_context(bin_size=False).paper),
                              "application/pdf", f"{form.name}.pdf")

    @route("/med/exchange/forms.pdf", type="http", auth="user", methods=["GET"], readonly=True)
    def forms(self, forms="", **_unknown):
        """Return downtime forms as they were printed, by their ids with commas, as one file."""
        numbers = [number_of(one) for one in forms.split(",")]
        found = request.env["med.exchange.form"].browse(numbers[:MOST_FORMS]).exists()
        # A part of what was asked for is no answer: nobody would miss the rest.
        if len(numbers) > MOST_FORMS or not found or not found.has_access("read") or not all(
                one.paper for one in found):
            raise request.not_found()
        data = merge_pdf([base64.b64decode(one.with_context(bin_size=False).paper)
                          for one in found])
        return self._download(data, "application/pdf", f"{found[0].name}_{len(found)}.pdf")

    def _download(self, data, kind, name):
        return request.make_response(data, [
            ("Content-Type", kind), ("Content-Length", str(len(data))),
            ("Content-Disposition", content_disposition(name)), ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff")])
