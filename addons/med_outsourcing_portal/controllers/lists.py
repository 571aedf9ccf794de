from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.fields import Domain
from odoo.http import request, route

from ..tools.form import text
from .common import ROOT, processors
from .pages import ProcessorPages
from .signing import WAITING

LINES = 50


class ProcessorLists(ProcessorPages):
    """What a processor looks up: what it has of ours, and every statement it was sent."""

    def _home_extra(self, mine):
        Stock = request.env["med.outsourcing.stock"].sudo()
        return {**super()._home_extra(mine), "held_count": Stock.search_count(
            [("processor_id", "in", mine.ids), ("held", "=", True)])}

    @route([f"{ROOT}/stock", f"{ROOT}/stock/page/<int:page>"], type="http", auth="user",
           website=True, methods=["GET"], sitemap=False)
    def processor_stock(self, page=1, filterby="all", search="", **_unknown):
        """List what lies at the processor, lot by lot."""
        _, base = request.env._, Domain("processor_id", "in", processors().ids)
        filters = {
            "all": {"label": _("All"), "domain": base},
            "held": {"label": _("On hold"), "domain": base & Domain("held", "=", True)},
        }
        return self._listed(
            "stock", page, filterby, search, filters, ("lot_id.name", "product_id"),
            "product_id, lot_id, id")

    @route([f"{ROOT}/statements", f"{ROOT}/statements/page/<int:page>"], type="http", auth="user",
           website=True, methods=["GET"], sitemap=False)
    def processor_statements(self, page=1, filterby="all", search="", **_unknown):
        """List the statements of quantities, those that wait first."""
        _ = request.env._
        base = Domain("processor_id", "in", processors().ids) & Domain(
            "state", "in", (*WAITING, "agreed"))
        filters = {
            "all": {"label": _("All"), "domain": base},
            "open": {"label": _("To sign"), "domain": base & Domain("state", "in", WAITING)},
            "agreed": {"label": _("Signed"), "domain": base & Domain("state", "=", "agreed")},
        }
        # In the alphabet, “issued” and “disputed” come behind “agreed”.
        return self._listed(
            "statement", page, filterby, search, filters, ("name", "line_ids.lot_name"),
            "state desc, date_from desc, id desc")

    def _listed(self, name, page, filterby, search, filters, searched, order):
        """Return a page of a list.

        :param name: the end of the model's name
        :param searched: fields in which words are looked for
        """
        Model = request.env[f"med.outsourcing.{name}"].sudo()
        filterby = filterby if filterby in filters else "all"
        words = text({"search": search}, "search", 100)
        domain = filters[filterby]["domain"]
        if words:
            domain &= Domain.OR([Domain(one, "ilike", words) for one in searched])
        url = f"{ROOT}/{'stock' if name == 'stock' else 'statements'}"
        pager = portal_pager(url, Model.search_count(domain), page, LINES,
                             url_args={"filterby": filterby, "search": search})
        return request.render(f"med_outsourcing_portal.{name}_list", {
            **self._prepare_portal_layout_values(), **self._shared(), "default_url": url,
            "rows": Model.search(domain, order=order, limit=LINES, offset=pager["offset"]),
            "page_name": f"med_processor_{name}_list", "pager": pager, "search": search,
            "searchbar_filters": filters, "filterby": filterby})
