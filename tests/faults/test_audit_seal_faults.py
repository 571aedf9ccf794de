"""Many writers, rollbacks, and kill -9 between an entry and its seal: nothing is lost or forked."""

import contextlib
import random
import subprocess
import threading
import time
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ
from tools import checkpoint, note, run, sealing
from tools.store import Store, against

from audit_log import Log, connect
from lib import odoo
from lib.cluster import Cluster
from lib.house import listening
from lib.rpc import RpcError

requirement = "P11-10a-2 P11-10e-1 LOG-3 LOG-4 LOG-5 LOG-6"

WRITERS, TRANSACTIONS = 6, 60


def write(connect_again, number, counts, stop):
    """One writer: transactions of one to three rows, of which some roll back, whole or in part."""
    dice = random.Random(number)
    with contextlib.suppress(psycopg2.Error):
        connection = connect_again()
        cr = connection.cursor()
        for _ in range(TRANSACTIONS):
            if stop.is_set():
                break
            rows = dice.randint(1, 3)
            cr.execute("INSERT INTO device (name, lot) SELECT 'w', %s FROM generate_series(1, %s)"
                       " RETURNING id", [str(number), rows])
            ids = [one for one, in cr.fetchall()]
            cr.execute("SAVEPOINT half")
            cr.execute("UPDATE device SET quantity = 1 WHERE id = %s", [ids[0]])
            changed = dice.random() < 0.5
            if not changed:
                cr.execute("ROLLBACK TO SAVEPOINT half")
            time.sleep(dice.random() / 200)
            if dice.random() < 0.3:
                connection.rollback()
            else:
                counts[number][1] += rows + changed  # may have been committed when it is cut off
                connection.commit()
                counts[number][0] += rows + changed
        connection.close()


def sequence(connect_again, signer, notes, stop):
    """A sequencer: passes until it is told to stop; keeps every checkpoint it gave out."""
    with contextlib.suppress(psycopg2.Error):
        connection = connect_again()
        cr = connection.cursor()
        while not stop.is_set():
            mine = sealing.try_lock(cr)
            connection.commit()
            if mine:
                done = sealing.seal(cr, [signer], notes[-1] if notes else None)
                connection.commit()
                if done.note:
                    notes.append(done.note)
                sealing.unlock(cr)
                connection.commit()
            time.sleep(0.02)
        connection.close()


def begin(connect_again, signer, notes, stop, sequencers=2):
    """Start writers and sequencers; return (writers, sequencers, counts)."""
    counts = [[0, 0] for _ in range(WRITERS)]
    writers = [threading.Thread(target=write, args=(connect_again, number, counts, stop))
               for number in range(WRITERS)]
    sealers = [threading.Thread(target=sequence, args=(connect_again, signer, notes, stop))
               for _ in range(sequencers)]
    for thread in (*writers, *sealers):
        thread.start()
    return writers, sealers, counts


def check(connection, signer, notes):
    """Seal the rest, verify all of it, and return the number of entries of devices."""
    connection.rollback()  # what it saw before is past
    cr = connection.cursor()
    assert sealing.seal(cr, [signer], notes[-1] if notes else None).more is False
    connection.commit()
    verification = run.Run(cr, [signer.key])
    verification.work()
    assert verification.intact, verification.state["findings"]
    for text in notes:
        against(Store(cr), "given out", checkpoint.verified(text, [signer.key]))
    cr.execute("SELECT (SELECT count(*) FROM med_audit.entry), (SELECT count(*) FROM"
               " med_audit.leaf), (SELECT count(*) FROM med_audit.entry WHERE tbl = 'device')")
    entries, leaves, found = cr.fetchone()
    assert entries == leaves
    return found


@pytest.fixture
def log():
    made = Log("audit_seal")
    yield made
    made.close()


def test_every_committed_change_has_its_entry_and_every_entry_its_place(log):
    stop, notes = threading.Event(), []
    writers, sealers, counts = begin(lambda: connect(log.name), log.signer, notes, stop)
    for thread in writers:
        thread.join(120)
    stop.set()
    for thread in sealers:
        thread.join(30)
    assert len(notes) > 3, "it was sealed while they wrote"
    assert check(log.connection, log.signer, notes) == sum(done for done, _most in counts)


def test_a_transaction_that_ends_late_is_sealed_late_and_not_lost(log):
    early, late = connect(log.name), connect(log.name)
    early.cursor().execute("INSERT INTO device (name) VALUES ('began first')")
    late.cursor().execute("INSERT INTO device (name) VALUES ('ended first')")
    late.commit()
    first = log.seal()
    early.commit()
    second = log.seal()
    assert check(log.connection, log.signer, [first, second]) == 2
    assert [number for number, in log.rows(
        "SELECT e.id - min(e.id) OVER () FROM med_audit.leaf l JOIN med_audit.entry e"
        " ON e.id = l.entry WHERE e.tbl = 'device' ORDER BY l.seq")] == [1, 0]
    early.close()
    late.close()


def test_a_backlog_is_sealed_in_parts_without_a_gap(log):
    log.run("INSERT INTO device (name) SELECT 'x' FROM generate_series(1, 50)",
            "INSERT INTO device (name) SELECT 'y' FROM generate_series(1, 50)")
    notes = []
    while True:
        done = sealing.seal(log.cr, [log.signer], limit=30)
        log.connection.commit()
        notes.append(done.note)
        if not done.more:
            break
    assert len(notes) > 3
    assert check(log.connection, log.signer, [text for text in notes if text]) == 100


def test_a_sequencer_that_dies_before_its_commit_leaves_nothing(log):
    log.run("INSERT INTO device (name) VALUES ('x')")
    assert sealing.seal(log.cr, [log.signer]).note
    log.connection.rollback()
    assert log.rows("SELECT 1 FROM med_audit.leaf UNION SELECT 1 FROM med_audit.checkpoint") == []
    assert check(log.connection, log.signer, []) == 1


# ---------------------------------------------------------------------------- PostgreSQL killed


@pytest.fixture
def cluster():
    with Cluster() as made:
        yield made


def connect_to(name):
    """Connect to a database of the server that the PG… variables name."""
    connection = psycopg2.connect(dbname=name)
    connection.set_isolation_level(ISOLATION_LEVEL_REPEATABLE_READ)
    return connection


def test_postgresql_killed_while_writing_and_sealing(cluster):
    def again():
        return connect_to("audit")
    maker = connect_to("postgres")
    maker.set_session(autocommit=True)
    maker.cursor().execute("CREATE DATABASE audit")
    maker.close()
    connection = again()
    log = Log.__new__(Log)
    log.connection, log.cr = connection, connection.cursor()
    log.make()
    connection.close()
    signer, notes, sure, most = log.signer, [], 0, 0
    for pause in (0.4, 0.9):
        stop = threading.Event()
        writers, sealers, counts = begin(again, signer, notes, stop)
        time.sleep(pause)
        cluster.kill()
        stop.set()
        for thread in (*writers, *sealers):
            thread.join(30)
        sure += sum(done for done, _most in counts)
        most += sum(begun for _done, begun in counts)
        cluster.start()
        connection = again()
        assert sure <= check(connection, signer, notes) <= most
        connection.close()
    assert sure and notes


# ---------------------------------------------------------------------------- Odoo killed


def test_odoo_killed_between_an_entry_and_its_seal(site, client):
    """What was confirmed is sealed after the restart, and proved by the program without Odoo."""
    written, stop = [], threading.Event()

    def work():
        admin = client("admin")
        with contextlib.suppress(OSError, RpcError):
            while not stop.is_set():
                written.append(admin.call("res.users", "create", vals_list=[
                    {"name": "x", "login": f"survivor{len(written)}"}])[0])
    for _ in range(2):
        count = len(written)
        writer = threading.Thread(target=work)
        writer.start()
        while len(written) < count + 5:
            writer.join(0.02)
            assert writer.is_alive()
        site.kill()
        writer.join(30)
        while listening(site.server.port):  # a dying process lets go of it last
            time.sleep(0.1)
        site.start()
    client("admin").call("res.users", "write", written[:1], vals={"name": "y"})
    unsealed = ("SELECT count(*) FROM med_audit.entry e WHERE NOT EXISTS"
                " (SELECT FROM med_audit.leaf l WHERE l.entry = e.id)")
    until = time.monotonic() + 30
    while site.sql(unsealed) != [["0"]] and time.monotonic() < until:
        time.sleep(0.3)
    assert site.sql(unsealed) == [["0"]]
    [[found]] = site.sql(
        "SELECT count(DISTINCT res_id) FROM med_audit.entry WHERE op = 'I' AND tbl = 'res_users'"
        f" AND res_id IN ({', '.join(map(str, written))})")
    assert int(found) == len(written)
    [[log]] = site.sql("SELECT med_audit.log_id()")
    done = subprocess.run(
        [Path(odoo.ROOT) / "setup" / "verify_audit", "--database", site.database, "--key",
         odoo.DATA / "med_audit" / f"{log}.pub"], capture_output=True, text=True, check=False,
        env=odoo.environment())
    assert done.returncode == 0, done.stdout + done.stderr
    assert note.read_keys((odoo.DATA / "med_audit" / f"{log}.pub").read_text())


def test_the_picture_waits_for_nobody_who_writes(site):
    """Else it and a writer of two of its rows may wait for each other, and one of them fails."""
    left = site.told("""
def left():
    env.cr.execute("SELECT count(*) FROM med_audit.target"
                   " WHERE tbl = 'res_partner' AND pictured IS NOT NULL")
    return env.cr.fetchone()[0]

env.cr.execute("UPDATE med_audit.target SET pictured = '{}' WHERE tbl = 'res_partner'")
env.cr.execute("SET lock_timeout = '20s'")
env.cr.commit()
with env.registry.cursor() as writer:
    writer.execute("UPDATE res_partner SET ref = 'busy'"
                   " WHERE id = (SELECT min(id) FROM res_partner)")
    env["med.audit.policy"]._picture()
    found = [left()]
    writer.rollback()
env["med.audit.policy"]._picture()
tell([*found, left()])
""")
    assert left == [1, 0]


def test_the_picture_is_taken_while_the_scheduler_holds_the_row_of_the_job(site, beside):
    """The job that takes the picture runs while the scheduler has its row locked until it ends."""
    told = beside("""
env.cr.execute("SELECT id FROM ir_cron ORDER BY id LIMIT 1 FOR NO KEY UPDATE")
""", lambda: site.sql("""
        SET lock_timeout = '1ms';
        UPDATE med_audit.target SET pictured = '{}' WHERE tbl = 'ir_cron';
        SELECT med_audit.picture('ir_cron', 100000)"""))
    assert int(told[-1][0]) > 10
