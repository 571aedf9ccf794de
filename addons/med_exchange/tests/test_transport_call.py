import socket
import threading
import time

from ..tools import http
from .outbox import OutboxCase


class TestCall(OutboxCase):
    """One request: cut off in time, its answer limited (X4)."""

    requirement = "X4 outbox"

    def serve(self, answer):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def run():
            connection, _address = listener.accept()
            with connection:
                connection.recv(65536)
                answer(connection)
        threading.Thread(target=run, daemon=True).start()
        return http.check_address(f"http://127.0.0.1:{listener.getsockname()[1]}/")

    def test_a_server_that_drips_is_cut_off(self):
        def drip(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            for _byte in range(50):
                time.sleep(0.1)
                try:
                    connection.sendall(b"x")
                except OSError:
                    return
        begin = time.monotonic()
        reply = http.Call(self.serve(drip), b"{}", {}, whole=0.5).send()
        self.assertLess(time.monotonic() - begin, 2)
        self.assertTrue(reply.error)

    def test_an_answer_that_is_too_large_is_not_read(self):
        def flood(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n")
            try:
                connection.sendall(b"x" * 9_000_000)
            except OSError:
                return
        reply = http.Call(self.serve(flood), b"{}", {}, largest=1000).send()
        self.assertIn("larger", reply.error)

    def test_what_is_no_http_is_a_sentence(self):
        reply = http.Call(self.serve(lambda one: one.sendall(b"SSH-2.0-x\r\n")), b"{}", {}).send()
        self.assertIn("BadStatusLine", reply.error)
