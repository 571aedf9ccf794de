"""A server that dies at once loses nothing that it had confirmed, and comes back."""

import contextlib
import threading

from lib.rpc import RpcError


def test_what_was_confirmed_before_a_kill_is_there_after_it(site, client):
    written = []

    def write():
        admin = client("admin")
        try:
            for number in range(10_000):
                written.append(admin.call(
                    "res.partner", "create", vals_list=[{"name": f"survivor {number}"}])[0])
        except (OSError, RpcError):
            return  # the server is gone

    writer = threading.Thread(target=write)
    writer.start()
    while len(written) < 20:
        writer.join(0.05)
        assert writer.is_alive()
    site.kill()
    writer.join(30)
    site.start()
    names = client("admin").call("res.partner", "read", written, fields=["name"])
    assert [row["name"] for row in names] == [f"survivor {n}" for n in range(len(written))]


def test_the_server_goes_on_after_the_database_cut_its_sessions(site, client):
    site.cut_sessions()
    user = site.users["viewer"]
    answers = []
    for _ in range(3):  # a call may still meet a session that was cut
        with contextlib.suppress(RpcError):
            answers += client("viewer").call("res.users", "read", [user["id"]], fields=["login"])
    assert answers[-1] == {"id": user["id"], "login": user["login"]}
