"""AMQP 0-9-1 with pika: what is published is confirmed, what is taken is acknowledged after.

No database and no Odoo: sending runs in a thread while the other lines are served.
"""

import json
import logging
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field

import pika
from odoo.addons.med_exchange.tools.envelope import BYTES
from odoo.addons.med_exchange.tools.reply import NO_QUEUE, NOT_REACHED, NOT_TAKEN, Reply
from odoo.addons.med_exchange.tools.words import plain
from pika.exceptions import AMQPError, NackError, UnroutableError

logging.getLogger("pika").setLevel(logging.CRITICAL)  # what fails is told by who called

WAIT = 10  # seconds for a connection; for a broker that has no room
FAILURES = (AMQPError, OSError)


@dataclass(frozen=True)
class Address:
    """Where a broker is, and as whom we sign in."""

    host: str
    port: int
    virtual_host: str
    user: str
    password: str = field(repr=False)
    tls: bool = True

    @contextmanager
    def channel(self):
        """Yield an open channel; the connection ends with the block.

        :raise AMQPError, OSError: the broker is not there, or does not let us in
        """
        context = ssl.create_default_context() if self.tls else None
        connection = pika.BlockingConnection(pika.ConnectionParameters(
            host=self.host, port=self.port, virtual_host=self.virtual_host,
            credentials=pika.PlainCredentials(self.user, self.password),
            ssl_options=context and pika.SSLOptions(context, self.host),
            socket_timeout=WAIT, stack_timeout=WAIT, blocked_connection_timeout=WAIT,
            connection_attempts=1))
        try:
            yield connection.channel()
        finally:
            if connection.is_open:
                connection.close()


@dataclass(frozen=True)
class Publication:
    """Messages to be published in their order; each is confirmed before the next leaves.

    :ivar texts: envelopes as JSON text
    """

    address: Address
    exchange: str
    routing_key: str
    texts: tuple = field(repr=False)

    def send(self):
        """Publish; return a Reply whose body says which the broker keeps for the partner."""
        taken, problem = [], ""
        try:
            with self.address.channel() as channel:
                channel.confirm_delivery()
                for text in self.texts:
                    number = json.loads(text)["id"]
                    publish(channel, self.exchange, self.routing_key, text, number)
                    taken.append(number)
        except UnroutableError:
            problem = plain(NO_QUEUE, self.routing_key)
        except NackError:
            problem = plain(NOT_TAKEN)
        except FAILURES as error:
            problem = plain(
                NOT_REACHED, f"{type(error).__name__} {error}".strip().replace("\0", "")[:400])
        if not taken:
            return Reply(error=problem)
        return Reply(status=200, body=json.dumps({"answers": [
            {"id": number, "outcome": "queued"} for number in taken]}).encode())


def publish(channel, exchange, routing_key, text, number):
    """Publish one message for good: it outlives the broker, and needs a queue."""
    channel.basic_publish(
        exchange, routing_key, text.encode(), mandatory=True,
        properties=pika.BasicProperties(
            content_type="application/json", delivery_mode=2, message_id=number,
            app_id="odoo-med-exchange"))


def take(channel, queue, most):
    """Return up to so many messages that wait in a queue, as ``[(delivery tag, data)]``.

    What is no JSON, or too long, comes as ``None``: the inbox keeps that too, and says so.

    :raise AMQPError: there is no such queue
    """
    found = []
    while len(found) < most:
        method, _properties, body = channel.basic_get(queue)
        if method is None:
            break
        found.append((method.delivery_tag, _read(body)))
    return found


def _read(body):
    if len(body) > BYTES:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
