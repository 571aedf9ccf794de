import base64

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import Controller, content_disposition, request, route

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

    def _download(self, data, kind, name):
        return request.make_response(data, [
            ("Content-Type", kind), ("Content-Length", str(len(data))),
            ("Content-Disposition", content_disposition(name)), ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff")])
