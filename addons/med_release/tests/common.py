from odoo.addons.med_quality.tests.common import QualityCase
from odoo.addons.med_traceability.tests.udi_common import gtin
from odoo.fields import Command


class ReleaseCase(QualityCase):
    """A device with a bill of materials and an identifier, its maker's and registrant's people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maker, cls.registrant = cls.release, cls.person("qa_release", "mara")
        cls.grant(cls.registrant, "released", "market_released", "rejected")
        cls.grant(cls.maker, "market_released")
        cls.cn = cls.env.ref("med_base.med_jurisdiction_cn")
        cls.germany = cls.env.ref("base.de")
        cls.pump = cls.device("Pump")
        cls.case_part = cls.product("Case", med_controlled=True)
        cls.part = cls.in_stock(cls.case_part, "PART-1", quantity=5000)

    @classmethod
    def draft_grant(cls, user, meaning):
        """As the factory's, for the meanings of every addon."""
        return cls.env["med.signature.grant"].with_user(cls.keeper).create({
            "user_id": user.id, "identity_method": "document",
            "identity_reference": "passport 4711",
            "meaning_id": cls.env["med.signature.meaning"].search([("code", "=", meaning)]).id})

    @classmethod
    def device(cls, name, tracking="lot", markets=None, **values):
        """Return a controlled product that is made here and bears a device identifier."""
        product = cls.product(name, tracking, med_controlled=True, **values)
        cls.env["mrp.bom"].create({
            "product_tmpl_id": product.product_tmpl_id.id, "product_qty": 1,
            "bom_line_ids": [Command.create({"product_id": cls.tube.id, "product_qty": 1})]})
        cls.identified(product, markets)
        return product

    @classmethod
    def identified(cls, product, markets=None):
        """Give a product a device identifier in use."""
        number = gtin(700000 + next(cls.numbers))
        di = cls.env["med.udi.di"].create({
            "issuer": "gs1", "name": number, "product_id": product.id,
            "trade_name": product.name,
            "market_ids": [Command.set((markets or cls.cn.browse()).ids)], "pi_lot": True})
        di.state = "active"
        return di

    @classmethod
    def registered(cls, product, market, date_from="2025-01-01", date_to=False, **values):
        return cls.env["med.udi.registration"].create({
            "di_id": product.med_di_ids[:1].id, "jurisdiction_id": market.id,
            "number": "R-1", "date_from": date_from, "date_to": date_to, **values})

    @classmethod
    def made(cls, name="PUMP-1", quantity=10, product=None, part=None, **values):
        """Return the release of an order that made a lot, or serials of these names."""
        product = product or cls.pump
        names = [name] if isinstance(name, str) else name
        lots = cls.env["stock.lot"].search(
            [("product_id", "=", product.id), ("name", "in", names)])
        lots |= cls.lots_of(product, *(set(names) - set(lots.mapped("name")))) if (
            set(names) - set(lots.mapped("name"))) else lots
        order = cls.make(product, quantity, [(cls.case_part, part or cls.part, quantity)],
                         lots=lots.sorted("id"), **values)
        return order.med_release_ids

    @classmethod
    def produce(cls, release, user=None):
        return cls.sign(release, user or cls.maker, "released")

    @classmethod
    def market(cls, release, user=None):
        return cls.sign(release, user or cls.registrant, "market_released")

    @classmethod
    def released(cls, *args, **kw):
        release = cls.made(*args, **kw)
        cls.produce(release)
        cls.market(release)
        return release

    def check(self, release, key, stage="production"):
        """Return one row of what a release rests on, as of now."""
        return next(row for row in release._med_checks(stage) if row["key"] == key)

    def texts(self, row, state="missing"):
        return [one["text"] for one in row["items"] if one["state"] == state]
