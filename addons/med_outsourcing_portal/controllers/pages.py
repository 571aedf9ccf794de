from odoo import fields
from odoo.fields import Domain
from odoo.http import request, route

from .common import ROOT, granted, in_words, own_order, processors
from .layout import ProcessorLayout

STEP = 20
FEW = 10


class ProcessorPages(ProcessorLayout):
    """What a processor has of us: what is to do, all orders, and one order."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "med_processor_count" in counters:
            mine = request.env["med.processor"]._med_of_user(request.env.user)
            Orders = request.env["med.outsourcing.order"].sudo()
            values["med_processor_count"] = Orders.search_count(self._open(mine)) if mine else 0
        return values

    @route(ROOT, type="http", auth="user", website=True, methods=["GET"], sitemap=False)
    def processor_home(self, **_unknown):
        """Show what is to do."""
        mine = processors()
        Orders = request.env["med.outsourcing.order"].sudo()
        tasks = []
        for key, one in self._filters(mine).items():
            if one.get("task"):
                found = Orders.search(one["domain"], limit=FEW)
                tasks.append({**one, "key": key, "orders": found,
                              "count": Orders.search_count(one["domain"])})
        values = {
            **self._prepare_portal_layout_values(), **self._shared(), "mine": mine, "tasks": tasks,
            "page_name": "med_processor", "total": Orders.search_count(
                Orders._med_portal_domain(mine)), **self._home_extra(mine)}
        return request.render("med_outsourcing_portal.home", values)

    @route([f"{ROOT}/orders", f"{ROOT}/orders/page/<int:page>"], type="http", auth="user",
           website=True, methods=["GET"], sitemap=False)
    def processor_orders(self, page=1, sortby="newest", filterby="open", search="", **_unknown):
        """List the orders."""
        mine = processors()
        Orders = request.env["med.outsourcing.order"].sudo()
        filters, sortings = self._filters(mine), self._sortings()
        filterby = filterby if filterby in filters else "open"
        sortby = sortby if sortby in sortings else "newest"
        for one in filters.values():
            one["label"] = f"{one['label']} ({Orders.search_count(one['domain'])})"
        domain = filters[filterby]["domain"] & in_words(
            search, "name", "product_id", "line_ids.lot_id.name", "event_ids.lot_ids.lot_name",
            "revision")
        return self._list_page(
            "med_outsourcing_portal.orders", "orders", lambda limit, offset: {
                "orders": Orders.search(domain, order=sortings[sortby]["order"], limit=limit,
                                        offset=offset)},
            Orders.search_count(domain),
            {"sortby": sortby, "filterby": filterby, "search": search}, page, STEP,
            page_name="med_processor_orders", searchbar_sortings=sortings,
            searchbar_filters=filters)

    @route(f"{ROOT}/orders/<int:number>", type="http", auth="user", website=True,
           methods=["GET"], sitemap=False)
    def processor_order(self, number, done="", **_unknown):
        """Show an order: what to make, to which revision, and what was reported."""
        order = own_order(number)
        return request.render("med_outsourcing_portal.order", {
            **self._prepare_portal_layout_values(), **self._shared(), "med_order": order,
            "page_name": "med_processor_order", "sheet": order._med_portal_sheet(),
            "events": order._med_portal_events(), "nexts": order._med_next(),
            "kinds": dict(request.env["med.outsourcing.event"]._fields[
                "kind"]._description_selection(request.env)),
            "problems": order._med_portal_problems(), "deviations": granted(order)[1:],
            "done": done in ("1", "problem", "signed") and done, **self._order_extra(order)})

    # ------------------------------------------------------------------ for other addons

    def _home_extra(self, _mine):
        """Return what other addons show on the first page."""
        return {}

    def _order_extra(self, _order):
        """Return what other addons show on the page of an order."""
        return {}

    # ------------------------------------------------------------------

    def _open(self, mine):
        Orders = request.env["med.outsourcing.order"]
        return Orders._med_portal_domain(mine) & Domain(
            "state", "in", ("released", "acknowledged", "started", "finished"))

    def _filters(self, mine):
        _ = request.env._
        base = request.env["med.outsourcing.order"]._med_portal_domain(mine)
        working = self._open(mine)
        return {
            "open": {"label": _("Open"), "domain": working},
            "acknowledge": {
                "label": _("To confirm"), "task": True, "color": "warning", "icon": "fa-inbox",
                "domain": base & Domain("state", "=", "released")},
            "late": {
                "label": _("Late"), "task": True, "color": "danger", "icon": "fa-clock-o",
                "domain": working & self._late()},
            "working": {
                "label": _("At work"), "task": True, "color": "primary", "icon": "fa-cogs",
                "domain": base & Domain("state", "in", ("acknowledged", "started"))},
            "ship": {
                "label": _("Ready to ship"), "task": True, "color": "success",
                "icon": "fa-truck", "domain": base & Domain("state", "=", "finished")},
            "closed": {"label": _("Shipped and closed"), "domain": base & Domain(
                "state", "in", ("shipped", "received", "accepted", "declined", "cancelled"))},
            "all": {"label": _("All"), "domain": base},
        }

    def _late(self):
        """Return what `_med_portal_late` says, as a domain."""
        return Domain("late", "=", True) | Domain("date_due", "<", fields.Datetime.now())

    def _sortings(self):
        _ = request.env._
        return {"newest": {"label": _("Newest"), "order": "id desc"},
                "due": {"label": _("Due first"), "order": "date_due, id desc"},
                "name": {"label": _("Number"), "order": "name, id"}}
