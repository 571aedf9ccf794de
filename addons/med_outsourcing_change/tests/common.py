from odoo.addons.med_outsourcing_portal.tests.common import PortalCase
from odoo.fields import Command


class ChangePortalCase(PortalCase):
    """A change of the stent that both processors of the portal may be told of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger.email = "stranger@example.com"
        cls.change = cls.wanted()

    @classmethod
    def wanted(cls, title="Other tube", **values):
        """Return a change of the stent that was requested."""
        return cls.env["med.change"].with_user(cls.anna).create({
            "title": title, "description": "Ours: supplier A is too dear",
            "reason": "Secret margin", "product_tmpl_ids": [Command.set(
                cls.stent.product_tmpl_id.ids)], "owner_id": cls.anna.id,
            **values}).with_env(cls.env)

    @classmethod
    def notice(cls, partner=None, change=None, needed=True, told=True, **values):
        """Return a notice of a change, told unless said otherwise."""
        notice = cls.env["med.change.notice"].with_user(cls.anna).create({
            "change_id": (change or cls.change).id, "partner_id": (partner or cls.maker).id,
            "product_ids": [Command.set(cls.stent.ids)], "description": "Tube B for tube A",
            "agreement_needed": needed, **values})
        if told:
            notice.announce()
        return notice.with_env(cls.env)

    def page(self, notice, query=""):
        """Return the address of the page of a notice."""
        return f"/my/processor/changes/{notice.id}{query}"

    def say(self, notice, form=None, **fields):
        """Answer as the page does; return the response, redirections not followed."""
        form = form or self.fields_of(self.url_open(self.page(notice, "?again=1")).text)
        return self.url_open(
            self.page(notice), data={**form, "secret": "porter-secret", **fields},
            allow_redirects=False)

    def answers(self, notice):
        """Return the answers to a notice, the oldest first."""
        self.env.invalidate_all()
        return notice.answer_ids.sorted("id")

    def signatures(self, notice):
        """Return what was signed under a notice."""
        return self.env["med.processor.signature"].search([
            ("res_model", "=", notice._name), ("res_id", "=", notice.id)])
