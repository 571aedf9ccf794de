from odoo.http import Controller, route

from .common import ROOT, own_order, saved_file


class ProcessorFiles(Controller):
    """The files of a processor's own reports, back to himself and to nobody else."""

    @route(f"{ROOT}/orders/<int:number>/files/<int:file>", type="http", auth="user",
           methods=["GET"], sitemap=False, readonly=True)
    def processor_file(self, number, file, **_unknown):
        """Send a file; always to be saved, never to be shown inside our own pages."""
        order = own_order(number)
        return saved_file(
            order.event_ids._med_files().filtered(lambda one: one.id == file))
