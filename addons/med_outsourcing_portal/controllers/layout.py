from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.http import request

from .common import ROOT, amount, shown

COLORS = {"released": "warning", "acknowledged": "info", "started": "primary",
          "finished": "primary", "shipped": "success", "received": "success",
          "accepted": "success", "declined": "secondary", "cancelled": "secondary"}


class ProcessorLayout(CustomerPortal):
    """What lists and signed forms of processors have in common; other addons add pages by it."""

    def _shared(self):
        return {"amount": amount, "shown": shown, "root": ROOT, "state_color": COLORS}

    def _list_page(self, template, path, find, count, chosen, page, size, **values):
        """Return a page of a list.

        :param path: of the list, below the processor's first page
        :param find: given a limit and an offset, returns what stands on the page, as values
        :param count: how many there are in all
        :param chosen: what was searched, filtered and sorted by: kept from page to page
        """
        url = f"{ROOT}/{path}"
        pager = portal_pager(url, count, page, size, url_args=chosen)
        return request.render(template, {
            **self._prepare_portal_layout_values(), **self._shared(), **chosen, "pager": pager,
            "default_url": url, "count": count, **find(size, pager["offset"]), **values})

    def _signing_page(self, template, form, errors, values):
        """Return a form that is signed with the password, as it was typed; 422 where refused."""
        # A secret is never sent back.
        kept = {name: value for name, value in form.items()
                if isinstance(value, str) and name not in ("secret", "code")}
        user = request.env.user.sudo()
        response = request.render(template, {
            **self._prepare_portal_layout_values(), **self._shared(),
            "page_name": "med_processor_sign", "values": kept, "errors": errors or {},
            "asks_code": "totp_enabled" in user._fields and user.totp_enabled, **values})
        response.status_code = 422 if errors else 200
        response.headers["Cache-Control"] = "no-store"
        return response
