from odoo.fields import Domain
from odoo.http import request, route

from .common import ROOT, in_words, processors
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
        domain = filters[filterby]["domain"] & in_words(search, *searched)
        return self._list_page(
            f"med_outsourcing_portal.{name}_list", "stock" if name == "stock" else "statements",
            lambda limit, offset: {"rows": Model.search(domain, order=order, limit=limit,
                                                        offset=offset)},
            Model.search_count(domain), {"filterby": filterby, "search": search}, page, LINES,
            page_name=f"med_processor_{name}_list", searchbar_filters=filters)
