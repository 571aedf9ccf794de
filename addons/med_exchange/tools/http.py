"""One request over HTTP: no redirect, no proxy, a limit on time and on size, no database.

Only the standard library: nothing of the environment (proxies, .netrc) changes where it goes.
"""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .reply import Reply
from .words import _lt, plain

CONNECT, WHOLE = 10, 30  # seconds
LARGEST = 8 << 20  # bytes of an answer
_HEADER = re.compile(r"[\x20-\x7e]*")


class BadAddress(ValueError):
    """An address that nothing is sent to; a sentence."""


def check_address(url, allow_http=False):
    """Return the parts of an address to which messages may be sent.

    :param allow_http: let http go to other machines too; the messages can be read on the way
    :raise BadAddress: it is none
    """
    try:
        parts = urlsplit(url or "")
        port = parts.port
    except ValueError as error:
        raise BadAddress(f"“{url}” is no address: {error}.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadAddress(f"“{url}” is no address: it begins with https:// and names a machine.")
    if parts.username is not None or parts.password is not None:
        raise BadAddress("An address holds no password: enter it as the token.")
    if not _HEADER.fullmatch(url) or " " in url or port == 0:
        raise BadAddress(f"“{url}” is no address: it holds what none may.")
    if parts.scheme == "http" and not allow_http and not is_loopback(parts.hostname):
        raise BadAddress(f"“{url}”: messages leave this machine over https only.")
    return parts


def is_loopback(host):
    """Return whether a host is this machine, by its name or number alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Call:
    """A request, ready to be sent.

    :ivar parts: of the address, by :func:`check_address`
    :ivar whole: seconds after which it is cut off, wherever it stands
    """

    parts: object
    body: bytes = field(repr=False)
    headers: dict = field(repr=False)
    connect: float = CONNECT
    whole: float = WHOLE
    largest: int = LARGEST

    def send(self):
        """Send it; return the :class:`Reply`, whatever happens."""
        connection = self._connection()
        over = threading.Event()
        watchdog = threading.Timer(self.whole, _cut, (connection, over))
        watchdog.daemon = True
        begin = time.monotonic()
        watchdog.start()
        try:
            return self._talk(connection)
        except Exception as error:  # each way to fail is one sentence on the line
            if over.is_set() or time.monotonic() - begin >= self.whole:
                return Reply(error=plain(
                    _lt("No whole answer after %(most)s seconds."), most=f"{self.whole:g}"))
            return Reply(error=f"{type(error).__name__}: {error}"[:300])
        finally:
            watchdog.cancel()
            connection.close()

    def _connection(self):
        if self.parts.scheme == "https":
            return http.client.HTTPSConnection(
                self.parts.hostname, self.parts.port, timeout=self.connect,
                context=ssl.create_default_context())
        return http.client.HTTPConnection(
            self.parts.hostname, self.parts.port, timeout=self.connect)

    def _talk(self, connection):
        connection.connect()
        connection.sock.settimeout(self.whole)
        path = self.parts.path or "/"
        if self.parts.query:
            path += f"?{self.parts.query}"
        connection.request("POST", path, self.body, self.headers)
        response = connection.getresponse()
        body = response.read(self.largest + 1)
        if len(body) > self.largest:
            # It was taken or not; which answers it holds cannot be told.
            return Reply(response.status, body[:1000],
                         plain(_lt("The answer is larger than %(most)s bytes."),
                               most=self.largest))
        if response.length:  # bytes that were announced and did not come
            return Reply(response.status, body, plain(_lt("The answer ends before its end.")))
        return Reply(response.status, body, retry_after=_seconds(response.headers),
                     at=time.time())


def _cut(connection, over):
    over.set()
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _seconds(headers):
    """Return Retry-After where it is a number of seconds, else 0."""
    text = (headers.get("Retry-After") or "").strip()
    return min(int(text), 86400) if text.isascii() and text.isdigit() and len(text) < 9 else 0
