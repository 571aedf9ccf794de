from odoo.http import Controller, content_disposition, request, route
from werkzeug.exceptions import NotFound

from .common import ROOT, own_order


class ProcessorFiles(Controller):
    """The files of a processor's own reports, back to himself and to nobody else."""

    @route(f"{ROOT}/orders/<int:number>/files/<int:file>", type="http", auth="user",
           methods=["GET"], sitemap=False, readonly=True)
    def processor_file(self, number, file, **_unknown):
        """Send a file; always to be saved, never to be shown inside our own pages."""
        order = own_order(number)
        found = order.event_ids._med_portal_files().filtered(lambda one: one.id == file)
        if not found:
            raise NotFound()
        return request.make_response(found.raw, [
            ("Content-Type", found.mimetype or "application/octet-stream"),
            ("Content-Disposition", content_disposition(found.name)),
            ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "private, no-store"),
            ("Content-Security-Policy", "default-src 'none'; sandbox"),
        ])
