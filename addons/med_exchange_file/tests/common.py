import base64

from odoo.addons.med_exchange.tests.common import ExchangeFactory
from odoo.fields import Command

HEADING = "客户编码,公司名称,城市,国家,发生时间\n"
TWO = HEADING + "F-1,Alpha Ltd,Wuxi,中国,2026-11-20 08:00\nF-2,Beta Ltd,Suzhou,CN,\n"


class FileFactory(ExchangeFactory):
    """A partner with a mapping of organisations in force, and files as people upload them."""

    @classmethod
    def mapping_of(cls, partner, state="active", **values):
        mapping = cls.env["med.exchange.mapping"].create({
            "name": "Customers", "exchange_partner_id": partner.id,
            "schema_id": cls.schema().id, "key_column": "客户编码", "event_column": "发生时间",
            "zone": "Asia/Shanghai", "line_ids": [Command.create(line) for line in (
                {"pointer": "/name", "column": "公司名称", "required": True},
                {"pointer": "/city", "column": "城市"},
                {"pointer": "/country", "column": "国家", "words": "中国 = CN"},
                {"pointer": "/is_company", "kind": "constant", "argument": "yes"})], **values})
        if state == "active":
            mapping.activate()
        return mapping

    @classmethod
    def schema(cls):
        return cls.env["med.exchange.schema"].search([
            ("name", "=", "organisation"), ("state", "=", "active")], limit=1)

    @classmethod
    def file_of(cls, mapping, text, name="customers.csv", **values):
        data = text if isinstance(text, bytes) else text.encode()
        return mapping.env["med.exchange.file"].create({
            "name": name, "content": base64.b64encode(data), "mapping_id": mapping.id, **values})

    @classmethod
    def organisations(cls, *refs):
        return cls.env["res.partner"].search([("ref", "in", refs)], order="ref")

    @classmethod
    def outcomes(cls, file):
        return [(row.number, row.object_key, row.outcome) for row in file.row_ids]
