from odoo import fields
from odoo.addons.med_outsourcing_portal.tests.common import PortalCase
from odoo.fields import Command


class CapaPortalCase(PortalCase):
    """A CAPA of ours under which both processors of the portal may be asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grant(cls.anna, "reviewed")
        cls.stranger.email = "stranger@example.com"
        told = cls.env["med.capa"].with_user(cls.anna).open_case(
            summary="Seals open", problem="Secret margin")
        cls.capa = cls.env["med.capa"].browse(told["capa"])

    @classmethod
    def request(cls, partner=None, sent=True, **values):
        """Return a request, sent unless said otherwise."""
        request = cls.env["med.capa.request"].with_user(cls.anna).create({
            "capa_id": cls.capa.id, "partner_id": (partner or cls.maker).id,
            "title": "Open seals", "problem": "3 of 20 were open",
            "date_due": fields.Date.add(fields.Date.today(), days=30),
            **({} if partner else {"order_id": cls.order.id,
                                   "lot_ids": [Command.set(cls.lots[0].ids)]}), **values})
        if sent:
            request.med_transition("send")
        return request.with_env(cls.env)

    def page(self, request, query=""):
        """Return the address of the page of a request."""
        return f"/my/processor/capas/{request.id}{query}"

    def say(self, request, form=None, files=(), **fields):
        """Answer as the page does; return the response, redirections not followed."""
        form = form or self.fields_of(self.url_open(self.page(request, "?again=1")).text)
        return self.url_open(
            self.page(request), data={
                **form, "secret": "porter-secret", "containment": "Line 2 is stopped",
                "cause": "Worn jaw", "action_kind_0": "corrective",
                "action_what_0": "Change the jaw", "action_who_0": "Qian",
                "action_due_0": "2030-12-10", **fields},
            allow_redirects=False, files=[("files", one) for one in files] or None)

    def tell(self, files=(), **fields):
        """Tell of an own CAPA as the page does."""
        form = self.fields_of(self.url_open("/my/processor/capas/new").text)
        return self.url_open("/my/processor/capas/new", data={
            **form, "secret": "porter-secret", "number": "S-CAPA-3", "title": "Worn jaws",
            "state": "open", "cause": "No change interval", **fields}, allow_redirects=False,
            files=[("files", one) for one in files] or None)

    def answers(self, request):
        """Return the answers to a request, the oldest first."""
        self.env.invalidate_all()
        return request.answer_ids.sorted("id")

    def theirs(self):
        """Return what processors told of CAPAs of their own."""
        self.env.invalidate_all()
        return self.env["med.capa.request"].search([("direction", "=", "in")])
