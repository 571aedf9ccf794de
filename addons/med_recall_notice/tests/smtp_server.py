"""A small mail server for tests: as much of RFC 5321 as a client needs, on asyncio alone.

Written here so that mails are really sent over a socket without a further package. It listens on
127.0.0.1, keeps what it takes, refuses the addresses it is told to, and can be down and up again
on the same port.
"""

import asyncio
import contextlib
import threading
from email import message_from_bytes, policy


class SmtpServer:
    """
    :ivar received: (recipient, message) of each mail that was taken, in order
    :ivar taken: called with their number when a mail was taken, before its sender is told so
    """

    def __init__(self):
        self.received, self.refused, self.port = [], set(), 0
        self.taken = lambda count: None
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = None

    def _run(self, task):
        return asyncio.run_coroutine_threadsafe(task, self.loop).result(10)

    def up(self):
        self.server = self._run(asyncio.start_server(self._talk, "127.0.0.1", self.port))
        self.port = self.server.sockets[0].getsockname()[1]

    def down(self):
        async def stop():
            self.server.close()
        if self.server:
            self._run(stop())
            self.server = None

    def end(self):
        self.down()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def _talk(self, reader, writer):
        with contextlib.suppress(ConnectionError):  # the sender may be killed
            await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader, writer):
        def say(line):
            writer.write(f"{line}\r\n".encode())
        say("220 test")
        to = []
        while line := await reader.readline():
            verb = line.decode("ascii", "replace").strip().upper()
            if verb.startswith(("EHLO", "HELO", "MAIL", "RSET")):
                to = []
                say("250 ok")
            elif verb.startswith("RCPT"):
                address = line.decode().partition("<")[2].partition(">")[0].lower()
                if address in self.refused:
                    say("550 5.1.1 no such user")
                else:
                    to.append(address)
                    say("250 ok")
            elif verb == "DATA":
                say("354 go on")
                await writer.drain()
                data = await reader.readuntil(b"\r\n.\r\n")
                message = message_from_bytes(data[:-5], policy=policy.default)
                self.received += [(address, message) for address in to]
                await asyncio.to_thread(self.taken, len(self.received))
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                break
            else:
                say("250 ok")
            await writer.drain()
