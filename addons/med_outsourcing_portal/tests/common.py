import re

from odoo.addons.med_base.tests.common import MedFactory
from odoo.addons.med_outsourcing.tests.common import OutsourcingCase, approved_deviation
from odoo.fields import Command

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


class PortalCase(OutsourcingCase):
    """Two processors with a portal user each, and an order to process lots at one of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.porter = cls.portal_user(cls.maker)
        cls.porter.write({"email": "porter@example.com", "tz": "Asia/Shanghai"})
        cls.file.user_ids = cls.porter
        cls.rival = cls.env["res.partner"].create({"name": "Rival works", "is_company": True})
        cls.rival_file = cls.processor(cls.rival, ["assembly"])
        cls.agree(cls.rival_file)
        cls.stranger = cls.portal_user(cls.rival, "stranger")
        cls.rival_file.user_ids = cls.stranger
        cls.lots = cls.in_stock(cls.stent, "S-1", "S-2")
        cls.order = cls.released(cls.file, cls.lots)

    @classmethod
    def released(cls, file, lots, **values):
        """Return a released order to process lots of ours, which are sent."""
        order = cls.drafted(file, lots, **values)
        order.action_release()
        order.send_picking_ids.move_ids.picked = True
        order.send_picking_ids.with_context(skip_expired=True).button_validate()
        return order

    @classmethod
    def drafted(cls, file, lots, **values):
        """Return an order to process lots of ours that nobody has released yet."""
        return cls.env["med.outsourcing.order"].create({
            "processor_id": file.id, "kind": "process", "process": "assembly",
            "line_ids": [Command.create({"lot_id": lot.id, "quantity": 5}) for lot in lots],
            **values})

    @classmethod
    def permit(cls, **values):
        """Return an approved deviation for ten stents, of the order unless told otherwise."""
        return approved_deviation(cls, **{
            "med_outsourcing_order_ids": [Command.set(cls.order.ids)], **values})

    def url(self, *rest, order=None):
        """Return the address of a page of an order."""
        return "/".join(("/my/processor/orders", str((order or self.order).id), *rest))

    def signed_in(self, user):
        """Sign a person in, in English."""
        self.authenticate(user.login, f"{user.login}-secret")

    def not_found(self, *urls):
        """Prove that these addresses are as if nothing was there."""
        for url in urls:
            with self.subTest(url=url):
                self.assertEqual(self.url_open(url).status_code, 404)

    def outsiders(self):
        """Return people who speak for no processor."""
        return [
            MedFactory.user.__func__(type(self), "portal_dealer", login="dealer",
                                     password="dealer-secret"),
            self.portal_user(self.maker, "unnamed"),  # of the firm, but not named in its file
            self.anna,
        ]

    def counted(self, user, counter):
        """Return what the page of a person's account says under one of its counters."""
        self.signed_in(user)
        return self.url_open("/my/counters", json={"jsonrpc": "2.0", "params": {
            "counters": [counter]}}).json()["result"]

    def fields_of(self, text):
        """Return the hidden fields of a page's form."""
        found = {}
        for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", text):
            name = re.search(r'name="([^"]*)"', tag)
            value = re.search(r'value="([^"]*)"', tag)
            if name:
                found[name[1]] = value[1] if value else ""
        return found

    def form(self, kind, order=None, query=""):
        """Open the page of a kind of report; return what it sends of itself."""
        answer = self.url_open(self.url(kind, order=order) + query)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        found = self.fields_of(answer.text)
        for name in ("time", "person"):
            tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', answer.text)
            found[name] = re.search(r'value="([^"]*)"', tag[0])[1]
        return found

    def send(self, kind, files=(), order=None, form=None, **fields):
        """Send a report as the page does; return the answer, redirections not followed."""
        form = form or self.form(kind, order)
        return self.url_open(
            self.url(kind, order=order), data={**form, **fields}, allow_redirects=False,
            files=[("files", one) for one in files] or None)

    def begin(self, order=None):
        """Bring an order to “started”."""
        for kind, fields in (("acknowledged", {"agreed": "1"}), ("started", {})):
            self.assertEqual(self.send(kind, order=order, **fields).status_code, 303)
        self.env.invalidate_all()

    def events(self, order=None, **wanted):
        """Return the events of an order, of these values."""
        self.env.invalidate_all()
        return (order or self.order).event_ids.filtered(
            lambda one: all(one[name] == value for name, value in wanted.items()))
