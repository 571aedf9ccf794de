import json
from pathlib import Path

from odoo.addons.med_base.tools.evidence import canonical_json
from odoo.addons.med_exchange.exceptions import Refused
from odoo.addons.med_exchange.models.med_exchange_handler import Item
from odoo.addons.med_exchange.tests.common import ExchangeFactory
from odoo.addons.med_exchange.tests.told import Watched
from odoo.addons.med_exchange.tools.validation import compiled, problems
from odoo.addons.med_inspection.tests.common import InspectCase

SCHEMAS = ("product", "bom", "order", "lot", "process_record", "inspection_result",
           "equipment_state", "shipment", "hold", "disposition", "stock_statement",
           "delivery_proof")
EVERY = [(schema, way) for schema in SCHEMAS for way in ("in", "out")]


class GoodsExchangeCase(ExchangeFactory, InspectCase):
    """A system of ours that hears everything, a consignee and a processor that hear theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stent.default_code, cls.tube.default_code = "ST-1", "TB-1"
        cls.mes = cls.partner_of("PLANT-MES", EVERY, goods_scope="all")
        cls.dealer = cls.partner_of("DEALER", EVERY, partner_id=cls.hospital.id)
        cls.processor = cls.partner_of("STERILE", EVERY, partner_id=cls.supplier.id)

    def handler(self, schema, partner=None):
        """Return a handler as the inbox has it: as the partner's user, superuser rights."""
        env = (partner or self.mes)._med_env()
        return env["med.exchange.handler"]._med_handler(schema)

    def export(self, schema, records):
        """Return the payloads of records; each is valid by its schema."""
        handler = self.handler(schema)
        found = handler._med_export(handler.env[records._name].browse(records.ids))
        [path] = Path(__file__).parents[2].glob(f"*/schemas/{schema}-1.0.json")
        validator = compiled(json.loads(path.read_text()))
        for payload in found.values():
            canonical_json(payload)
            self.assertFalse(problems(validator, payload), payload)
        return found

    def apply(self, schema, payload, partner=None, record=None, **kw):
        """Carry a payload out; return the record."""
        partner = partner or self.mes
        handler = self.handler(schema, partner)
        [found] = handler._med_apply(partner.with_env(handler.env), [Item(
            kw.pop("object_id", "X-1"), payload,
            handler.env[handler._model].browse(record.ids if record else ()), **kw)])
        return found.with_env(self.env)

    def read(self, schema, payload, partner=None, record=None, **kw):
        """Carry a payload out; return the record, and the payload that knows what was read."""
        watched = Watched(payload)
        return self.apply(schema, watched, partner, record, **kw), watched

    def assertRefused(self, pointer, text, schema, payload, partner=None, record=None, **kw):
        with self.assertRaises(Refused) as caught:
            self.apply(schema, payload, partner, record, **kw)
        self.assertEqual(caught.exception.problem.pointer, pointer, caught.exception)
        self.assertRegex(caught.exception.problem.message, text)

    def telling(self, partner, schema, payload, thing, version=1, by="1.0", **changes):
        """Submit one envelope by a version of the schema; return its answer."""
        # The first message to a partner of this test begins its stream.
        self.sequences = getattr(self, "sequences", {})
        number = self.sequences[partner] = self.sequences.get(partner, 0) + 1
        envelope = self.envelope(partner, payload, **{
            "schema": schema, "version": by, "stream": "main", "sequence": number,
            "id": f"{partner.code}-{number}", "time": "2026-03-02T08:00:00Z",
            "object": {"id": thing, "version": version, "base": version - 1}, **changes})
        [answer] = self.env["med.exchange"].with_user(partner.user_id).submit(
            envelopes=[envelope])["answers"]
        return answer

    def assertAnswer(self, answer, outcome, pointer=None):
        self.assertEqual(answer["outcome"], outcome, answer)
        if pointer is not None:
            self.assertEqual([one["pointer"] for one in answer["errors"]], [pointer])

    def fed(self, partner, schema):
        """Return ``{object id: last payload}`` of a stream, all of it, as the partner gets it."""
        self.env.cr.flush()  # writes what is to be told, as a commit does
        while self.env["med.exchange.event"].sudo()._med_deal():
            pass
        told = self.env["med.exchange"].with_user(partner.user_id).changes(
            stream=schema, limit=1000)
        return {one["object"]["id"]: one["payload"] for one in told["envelopes"]}

    def knows(self, partner, schema, records):
        """Return whether a partner may hear of all of the records; none and all only."""
        handler = self.handler(schema, partner)
        known = handler._med_may_know(
            partner.with_env(handler.env), handler.env[records._name].browse(records.ids))
        self.assertIn(len(known), (0, len(records)))
        return bool(known)

    def heard(self, schema):
        """Return a block that collects the records that are told in it."""
        return Heard(self, schema)


class Heard:
    def __init__(self, case, schema):
        self.case, self.schema = case, schema

    def __enter__(self):
        handler = self.case.env["med.exchange.handler"]._med_handler(self.schema)
        told = self.records = self.case.env[handler._model]
        schema, mine = self.schema, self

        def emit(one, records):
            if one._schema == schema:
                mine.records |= told.browse(records.ids)

        self.patch = self.case.patch(
            self.case.registry["med.exchange.handler"], "_med_emit", emit)
        return self

    def __exit__(self, *failure):
        return False
