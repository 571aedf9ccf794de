import json
from unittest.mock import MagicMock, patch

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.med_exchange.tests.common import ExchangeCase
from odoo.addons.med_exchange.tests.outbox import OutboxCase
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import OperationalError

from ..models import med_exchange_partner as drained
from ..tools import amqp
from .rabbit import Rabbit


class BrokerCase(ExchangeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rabbit = Rabbit()
        cls.addClassCleanup(cls.rabbit.close)
        cls.rabbit.start()
        cls.broker = cls.env["med.exchange.broker"].create({
            "name": "Plant", "host": "127.0.0.1", "port": cls.rabbit.port, "user": "guest",
            "tls": False})
        cls.broker.set_password("guest")
        cls.partner = cls.partner_of("PLANT-MES", (("organisation", "in"), ("organisation", "out")))
        cls.partner.write({"broker_id": cls.broker.id, "amqp_routing_key": "to-mes",
                           "amqp_queue": "from-mes", "amqp_answers": "answers",
                           "transport": "amqp", "order_rule": "apply"})

    def setUp(self):
        super().setUp()
        with self.channel() as channel:
            for queue in ("to-mes", "from-mes", "answers"):
                channel.queue_declare(queue, durable=True)
                channel.queue_purge(queue)

    def channel(self):
        return self.broker._med_address().channel()

    def waiting(self, queue):
        with self.channel() as channel:
            found = []
            while (got := channel.basic_get(queue, auto_ack=True))[0]:
                found.append((got[1], json.loads(got[2])))
            return found

    def drain(self):
        """Let the scheduled action run, with the commits that it makes."""
        with self.enter_registry_test_mode():
            self.env.ref("med_exchange_broker.med_exchange_cron_queues").method_direct_trigger()

    def put(self, *datas):
        with self.channel() as channel:
            channel.confirm_delivery()
            for data in datas:
                body = data if isinstance(data, bytes) else json.dumps(data).encode()
                channel.basic_publish("", "from-mes", body)


@tagged("post_install", "-at_install")
class TestBroker(BrokerCase):
    """Messages over a real RabbitMQ (X1, X3, X8)."""

    def texts(self, count):
        return [json.dumps(self.envelope(self.partner)) for _number in range(count)]

    def send(self, texts):
        return self.env["med.exchange.transport"]._med_transport(self.partner)._med_send(
            self.partner, texts)

    def test_what_is_published_is_there_once_in_order_and_for_good(self):
        texts = self.texts(5)
        reply = self.send(texts)
        self.assertEqual(reply.status, 200, reply.error)
        taken = [one["id"] for one in json.loads(reply.body)["answers"]]
        found = self.waiting("to-mes")
        self.assertEqual([data for _properties, data in found], [json.loads(one) for one in texts])
        self.assertEqual([properties.message_id for properties, _data in found], taken)
        self.assertEqual({properties.delivery_mode for properties, _data in found}, {2})

    def test_a_message_without_a_queue_is_not_taken(self):
        self.partner.amqp_routing_key = "nowhere"
        reply = self.send(self.texts(1))
        self.assertFalse(reply.contact)
        self.assertIn("no queue", reply.error)

    def test_a_broker_that_is_not_there_or_lets_nobody_in_is_told(self):
        self.broker.set_password("wrong")
        self.assertIn("cannot be reached", self.send(self.texts(1)).error)
        with self.assertRaisesRegex(UserError, "cannot be reached"):
            self.broker.try_connection()
        self.broker.set_password("guest")
        self.assertEqual(self.broker.try_connection()["params"]["type"], "success")

    def test_what_waits_is_applied_once_and_answered(self):
        good = self.envelope(self.partner, object="H-77", payload={"name": "H 77", "code": "H-77"})
        bad = {**good, "payload": {"name": "Forged"}}
        self.put(good, good, bad, b"{", b"x" * 1_000_001)
        self.drain()
        self.assertEqual(self.waiting("from-mes"), [])
        found = self.env["res.partner"].search([("ref", "=", "H-77")])
        self.assertEqual(found.mapped("name"), ["H 77"])
        self.assertEqual([data["outcome"] for _properties, data in self.waiting("answers")],
                         ["accepted", "duplicate", "rejected", "rejected", "rejected"])
        self.assertFalse(self.partner.queue_problem)

    def test_what_was_not_acknowledged_comes_again_and_does_nothing_twice(self):
        self.put(self.envelope(self.partner, object="H-78", payload={"name": "H", "code": "H-78"}))
        with self.channel() as channel:
            [(_tag, data)] = amqp.take(channel, "from-mes", 10)
            self.env["med.exchange"]._med_submit(self.partner, [data], "broker")
        self.drain()
        self.assertEqual(self.env["res.partner"].search_count([("ref", "=", "H-78")]), 1)
        self.assertEqual(self.waiting("answers")[0][1]["outcome"], "duplicate")

    def test_a_queue_that_is_not_there_is_an_alarm_once(self):
        self.partner.amqp_queue = "nothing"
        self.drain()
        self.drain()
        self.assertIn("cannot be read", self.partner.queue_problem)
        self.assertEqual(len(self.partner.activity_ids), 1)
        self.partner.amqp_queue = "from-mes"
        self.put(self.envelope(self.partner))
        self.drain()
        self.assertFalse(self.partner.queue_problem)

    def test_a_suspended_partner_is_not_read(self):
        self.put(self.envelope(self.partner))
        self.partner.suspend()
        self.drain()
        self.assertEqual(len(self.waiting("from-mes")), 1)

    def test_what_was_confirmed_outlives_the_broker(self):
        texts = self.texts(3)
        self.assertEqual(self.send(texts).status, 200)
        self.rabbit.kill()
        self.assertFalse(self.send(self.texts(1)).contact)
        self.drain()
        self.assertTrue(self.partner.queue_problem)
        self.rabbit.start()
        self.assertEqual([data for _properties, data in self.waiting("to-mes")],
                         [json.loads(one) for one in texts])


class TestSetUp(ExchangeCase):
    """What may be set up (A5, P11-30)."""

    def test_another_machine_is_reached_encrypted_and_what_comes_is_signed(self):
        values = {"name": "Plant", "host": "rabbit.example.com", "user": "odoo"}
        broker = self.env["med.exchange.broker"].create(values)
        with self.assertRaisesRegex(ValidationError, "encrypted"):
            broker.tls = False
        partner = self.partner_of("PLANT-MES")
        with self.assertRaisesRegex(ValidationError, "routing key"):
            partner.transport = "amqp"
        partner.write({"transport": "amqp", "broker_id": broker.id, "amqp_routing_key": "x"})
        partner.amqp_queue = "from-mes"
        with self.assertRaisesRegex(ValidationError, "signed"):
            partner.signed = False

    def test_a_password_is_typed_and_never_read_and_a_broker_not_deleted(self):
        admin = self.user("system_admin")
        broker = self.env["med.exchange.broker"].with_user(admin).create({
            "name": "Plant", "host": "localhost", "user": "odoo", "new_password": "s3cret"})
        self.assertTrue(broker.has_password)
        self.assertFalse(broker.new_password)
        with self.assertRaises(AccessError):
            broker.read(["password"])
        with self.assertRaises(UserError):
            broker.sudo().unlink()
        for method, arguments in (("set_password", ["x"]), ("try_connection", [])):
            with self.assertRaises(AccessError):
                getattr(broker.with_user(self.user("qa", login=method)), method)(*arguments)
        self.assertNotIn("s3cret", repr(broker._med_address()))

    def test_a_password_goes_to_no_other_host(self):
        for change in ({"host": "localhost"}, {"port": 5673}, {"tls": False}, {"user": "other"}):
            broker = self.env["med.exchange.broker"].create({
                "name": "Plant", "host": "127.0.0.1", "user": "odoo", "new_password": "s3cret"})
            broker.write({"name": "Works", "host": "127.0.0.1"})
            self.assertTrue(broker.has_password)
            broker.write(change)
            self.assertFalse(broker.sudo().password, change)
            broker.write({"host": "::1", "new_password": "again"})
            self.assertEqual(broker.sudo().password, "again")


class TestDrain(OutboxCase):
    """One partner's queue stops no other, and takes no more than its turn (X4, X8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["med.exchange.partner"].search([]).amqp_queue = False
        broker = cls.env["med.exchange.broker"].create({
            "name": "Plant", "host": "127.0.0.1", "user": "guest", "tls": False})
        cls.one, cls.two = (cls.partner_of(code, (("organisation", "in"),), amqp_queue=code.lower(),
                                           broker_id=broker.id) for code in ("Q-1", "Q-2"))
        cls.queues = {"q-1": [], "q-2": []}

    def drain(self):
        """Run the scheduled action over queues that are lists here; return what was taken."""
        taken = []

        def take(_channel, queue, most):
            found = [self.queues[queue].pop(0) for _one in self.queues[queue][:most]]
            return list(enumerate(found, 1))

        def submit(_model, partner, datas, _origin):
            for data in datas:
                if isinstance(data, Exception):
                    raise data
                if callable(data):
                    data()
            taken.append((partner.code, len(datas)))
            return []

        self.env.flush_all()
        with patch.object(amqp.Address, "channel", lambda _address: MagicMock()), \
                patch.object(amqp, "take", take), \
                patch.object(type(self.env["med.exchange"]), "_med_submit", submit), \
                patch.object(self.env.cr, "rollback", lambda: None), \
                mute_logger("odoo.addons.med_exchange_broker.models.med_exchange_partner"):
            self.env["med.exchange.partner"]._cron_drain_queues()
        return taken

    def test_whatever_fails_with_one_partner_stops_no_other(self):
        self.queues.update({"q-1": [ValueError("NUL \0")], "q-2": [1]})
        self.assertEqual(self.drain(), [("Q-2", 1)])
        self.assertIn("cannot be read", self.one.queue_problem)
        self.assertTrue(self.one.activity_ids)
        self.queues["q-1"] = [OperationalError("gone")]
        with self.assertRaises(OperationalError):
            self.drain()

    def test_a_full_queue_leaves_the_others_their_turn(self):
        self.queues.update({"q-1": [1] * 5, "q-2": [1]})
        told = []
        self.patch(IrCron, "_commit_progress",
                   lambda model, processed=0, *, remaining=None: told.append(remaining))
        with patch.object(drained, "BATCHES", 2), patch.object(drained, "BATCH", 2):
            self.assertEqual(self.drain(), [("Q-1", 2), ("Q-1", 2), ("Q-2", 1)])
            self.assertEqual(told[-1], 1)
            self.assertEqual(self.drain(), [("Q-1", 1)])
            self.assertEqual(told[-1], 0)

    def test_a_partner_suspended_meanwhile_is_not_read_on(self):
        self.queues.update({"q-1": [self.one.suspend, 1], "q-2": []})
        with patch.object(drained, "BATCH", 1):
            self.assertEqual(self.drain(), [("Q-1", 1)])
        self.assertEqual(len(self.queues["q-1"]), 1)


class TestAnswers(OutboxCase):
    """What a broker keeps, the partner has not seen: only its own word counts (X3, X4, X6)."""

    requirement = "X4 delivery, X6 conflicts"

    def setUp(self):
        super().setUp()
        broker = self.env["med.exchange.broker"].create({
            "name": "Plant", "host": "127.0.0.1", "user": "guest", "tls": False})
        self.hears = self.hearer("HEARER", "amqp", broker_id=broker.id, amqp_routing_key="to-it",
                                 amqp_queue="from-it", order_rule="apply")
        self.right(self.hears)
        self.startPatcher(patch.object(amqp.Address, "channel", lambda _address: MagicMock()))
        self.startPatcher(patch.object(amqp, "publish", lambda *arguments: None))

    def submitted(self, version, time=None, seen=None, **payload):
        told = self.env["med.exchange"].with_user(self.hears.user_id).submit(self.envelope(
            self.hears, {"name": "Hospital", "code": "T-H", **payload},
            time=time or self.moment(seconds=1), object={
                "id": "T-H", "version": version, "base": version - 1,
                **({} if seen is None else {"seen": seen})}))
        return told["answers"][0]["outcome"]

    def queued(self):
        """Return our change of what the partner told, as the broker keeps it."""
        self.assertEqual(self.submitted(1), "accepted")
        self.env["res.partner"].search([("ref", "=", "T-H")]).phone = "ours"
        OutboxCase.drain(self)
        delivery = self.line(self.hears).delivery_ids
        self.assertEqual((delivery.state, delivery.outcome), ("sent", "queued"))
        return delivery

    def says(self, delivery, outcome, **more):
        at = more.pop("at", None)
        return self.hears._med_hear(self.sealed(self.hears, {"answers": [
            {"id": delivery.message_id, "outcome": outcome, **more}],
            **({"time": at} if at else {})}))

    def test_what_the_partner_built_without_our_change_is_a_conflict(self):
        self.queued()
        self.assertEqual(self.submitted(2, city="Suzhou"), "conflict")

    def test_what_it_says_it_took_is_agreed_upon(self):
        delivery = self.queued()
        self.assertTrue(self.says(delivery, "accepted"))
        self.assertEqual(delivery.outcome, "accepted")
        self.assertEqual(self.submitted(2, phone="ours", city="Suzhou"), "accepted")

    def test_what_crossed_with_our_change_on_its_way_is_a_conflict(self):
        delivery = self.queued()
        self.says(delivery, "accepted")
        before = self.moment(minutes=-1)
        self.assertEqual(self.submitted(2, before, city="Suzhou"), "conflict")
        self.assertEqual(self.submitted(3, before, seen=delivery.version - 1, city="Suzhou"),
                         "conflict")

    def test_what_it_built_before_its_answer_was_read_here_says_so(self):
        delivery = self.queued()
        self.says(delivery, "accepted", at=self.moment(minutes=-2))
        before = self.moment(minutes=-1)
        self.assertEqual(self.submitted(2, before, phone="ours", city="Suzhou"), "accepted")

    def test_a_time_that_has_not_come_is_none(self):
        delivery = self.queued()
        self.says(delivery, "accepted", at=self.moment(hours=1))
        self.assertEqual(self.submitted(2, phone="ours", city="Suzhou"), "accepted")

    def test_what_it_may_not_hear_any_more_is_not_put_into_its_queue(self):
        texts = []
        self.tell("SECRET", city="Beijing")
        self.events._med_deal()
        self.hears.right_ids.filtered(lambda one: one.direction == "out").domain = (
            "[('city', '=', 'Suzhou')]")
        with patch.object(amqp, "publish", lambda *arguments: texts.append(arguments[3])):
            OutboxCase.drain(self)
        [void] = [json.loads(one) for one in texts]
        self.assertEqual((void["action"], void["payload"], void["sequence"]), ("cancel", {}, 1))
        self.assertNotIn("SECRET", texts[0])
        delivery = self.line(self.hears).delivery_ids
        self.assertEqual((delivery.state, delivery.hollow), ("aside", False))

    def test_what_it_refuses_is_a_dead_letter(self):
        delivery = self.queued()
        self.says(delivery, "rejected", errors=[{"pointer": "/payload", "message": "no"}])
        self.assertEqual((delivery.state, delivery.line_id.state), ("refused", "stopped"))
        self.assertTrue(self.hears.activity_ids)

    def test_an_answer_that_the_partner_did_not_sign_is_none(self):
        delivery = self.queued()
        self.assertFalse(self.hears._med_hear({"answers": [
            {"id": delivery.message_id, "outcome": "accepted"}]}))
        self.assertEqual(delivery.outcome, "queued")
