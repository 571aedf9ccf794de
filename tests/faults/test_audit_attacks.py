"""Attacks LOG-1 to LOG-12 on a sealed log by the database's superuser, and random damage."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from tools import merkle, note, run, sealing
from tools.chain import Broken
from tools.checkpoint import Checkpoint
from tools.store import Store, completed, verify

from audit_log import Forger, Log, connect
from lib import postgres

ROOT = Path(__file__).resolve().parents[2]
requirement = ("P11-10a-2 P11-10e-1 LOG-1 LOG-2 LOG-3 LOG-4 LOG-5 LOG-6 LOG-7 LOG-8 LOG-9 LOG-10"
               " LOG-11 LOG-12")

EDIT = "replace(body, '\"Pump 1\"', '\"Pump 9\"')"
SHA = "sha256('\\x00' || convert_to(body, 'UTF8'))"


@pytest.fixture(scope="module")
def original():
    sealed = Log("audit_attacks").fill()
    sealed.connection.close()
    yield sealed
    sealed.connection = connect(sealed.name)
    sealed.close()


@pytest.fixture(scope="module")
def other():
    sealed = Log("audit_other").fill()
    yield sealed
    sealed.close()


@pytest.fixture
def log(original):
    """The sealed log in a transaction that is taken back."""
    original.connection = connect(original.name)
    original.cr = original.connection.cursor()
    yield original
    original.connection.rollback()
    original.connection.close()


@pytest.fixture
def copy(original):
    """A copy of the sealed log, for what takes several transactions."""
    made = Log("audit_attacked", original, original.signer)
    yield made
    made.close()


def verdict(log, *kept, quick=False):
    """What the verifier says of the log as this transaction sees it."""
    verification = run.Run(log.cr, [log.signer.key], [("kept", one) for one in kept])
    while not verification.done and not (
            quick and verification.state["phase"] in ("guards", "rows")):
        verification.work(0.001)
    return {**verification.state, "intact": not verification.state["findings"]}


@pytest.fixture
def program(tmp_path):
    """What setup/verify_audit says of a log."""
    def ask(log, *against, key=None):
        log.connection.commit()
        path = tmp_path / "key.pub"
        path.write_text(f"{key or log.signer.key}\n")
        arguments = []
        for number, text in enumerate(against):
            kept = tmp_path / f"{number}.checkpoint"
            kept.write_text(text)
            arguments += ["--against", kept]
        done = subprocess.run(
            [sys.executable, ROOT / "setup" / "verify_audit", "--database", log.name, "--key", path,
             "--json", *arguments], capture_output=True, text=True, check=False,
            env={**os.environ, **postgres.environment()})
        assert done.returncode in (0, 1), done.stderr
        answer = json.loads(done.stdout)
        assert answer["intact"] == (done.returncode == 0)
        return answer
    return ask


def first(answer):
    assert not answer["intact"]
    return answer["findings"][0]


def some_entry(log, nth=5):
    """Id and place of an entry that made a device."""
    return log.rows("SELECT e.id, l.seq FROM med_audit.entry e JOIN med_audit.leaf l"
                    " ON l.entry = e.id WHERE e.op = 'I' AND e.tbl = 'device'"
                    " AND e.body LIKE '%%Pump 1%%' ORDER BY l.seq LIMIT 1 OFFSET %s", nth - 1)[0]


def rewrite(log, signer):
    """Recompute leaves, links and checkpoints, as forged entries ask."""
    rows = log.rows(f"SELECT seq, {SHA} FROM med_audit.leaf l JOIN med_audit.entry e"
                    " ON e.id = l.entry ORDER BY seq")
    points = log.rows("SELECT id, size, note FROM med_audit.checkpoint ORDER BY size")
    link, tree, work, done = bytes(32), merkle.Frontier(), [], 0
    for seq, digest in rows:
        link = sha256(link + bytes(digest)).digest()
        work.append(("UPDATE med_audit.leaf SET hash = %s, link = %s WHERE seq = %s",
                     [bytes(digest), link, seq]))
    for number, size, text in points:
        tree.extend([bytes(digest) for _seq, digest in rows[done:size]])
        done = size
        forged = replace(Checkpoint.parse(text), root=tree.root(), size=tree.size)
        work.append(("UPDATE med_audit.checkpoint SET root = %s, size = %s, note = %s"
                     " WHERE id = %s", [forged.root, forged.size, forged.signed([signer]), number]))
    work.append(("UPDATE med_audit.seal_state SET frontier = %s::bytea[], link = %s",
                 [tree.hashes, link]))
    Forger(log.cr).do(*work)


def test_untouched_log_is_intact(copy, program):
    newest = copy.value("SELECT note FROM med_audit.checkpoint ORDER BY size DESC LIMIT 1")
    answer = program(copy, newest)
    assert answer["intact"] and answer["findings"] == []
    assert answer["verified"] == copy.value("SELECT count(*) FROM med_audit.entry") > 70
    assert answer["checkpoint"] == newest


def test_log_1_an_edited_entry_is_named(copy, program):
    entry, seq = some_entry(copy)
    Forger(copy.cr).do(f"UPDATE med_audit.entry SET body = {EDIT} WHERE id = {entry}")
    assert (found := first(program(copy)))["kind"] == "LOG-1", found
    assert (found["entry"], found["seq"]) == (str(entry), str(seq))


@pytest.mark.parametrize("change", ["uid = 9", "at = at - interval '1 s'", "res_id = 1, xid = xid",
                                    "op = 'U'", "model = 'x'", "tbl = 'y'", "xid = xid - 1"])
def test_log_1_an_edited_column_of_an_entry_is_named(log, change):
    entry, _seq = some_entry(log, 3)
    Forger(log.cr).do(f"UPDATE med_audit.entry SET {change} WHERE id = {entry}")
    found = first(verdict(log))
    assert (found["kind"], found["entry"]) == ("LOG-1", str(entry))


def test_log_2_an_edit_with_its_hash_recomputed_is_named(log):
    entry, seq = some_entry(log)
    Forger(log.cr).do(
        f"UPDATE med_audit.entry SET body = {EDIT} WHERE id = {entry}",
        f"UPDATE med_audit.leaf SET hash = (SELECT {SHA} FROM med_audit.entry WHERE id = {entry})"
        f" WHERE entry = {entry}")
    found = first(verdict(log))
    assert (found["kind"], found["entry"], found["seq"]) == ("LOG-2", str(entry), str(seq))


def test_log_3_a_recomputed_chain_is_found_without_the_key(log):
    entry, _seq = some_entry(log)
    Forger(log.cr).do(f"UPDATE med_audit.entry SET body = {EDIT} WHERE id = {entry}")
    rewrite(log, note.Signer(log.signer.key.name, bytes(32)))
    assert first(verdict(log))["kind"] == "LOG-3"


def test_log_3_a_chain_recomputed_with_the_stolen_key_is_found_by_a_kept_checkpoint(log):
    kept = log.value("SELECT note FROM med_audit.checkpoint WHERE id = 4")
    entry, _seq = some_entry(log, 2)
    Forger(log.cr).do(f"UPDATE med_audit.entry SET body = {EDIT} WHERE id = {entry}",
                      f"UPDATE device SET name = 'Pump 9' WHERE id ="
                      f" (SELECT res_id FROM med_audit.entry WHERE id = {entry})")
    rewrite(log, log.signer)
    assert first(verdict(log, kept))["kind"] == "LOG-3"


def test_log_3_leaves_recomputed_under_the_true_checkpoints_are_found(log):
    entry, _seq = some_entry(log)
    before = log.rows("SELECT id, root, note, size FROM med_audit.checkpoint")
    Forger(log.cr).do(f"UPDATE med_audit.entry SET body = {EDIT} WHERE id = {entry}")
    rewrite(log, log.signer)
    Forger(log.cr).do(*(
        ("UPDATE med_audit.checkpoint SET root = %s, note = %s WHERE id = %s", [root, text, number])
        for number, root, text, _size in before))
    assert first(verdict(log))["kind"] == "LOG-3"


def test_log_4_a_deleted_entry_is_named(log):
    entry, seq = some_entry(log)
    Forger(log.cr).do(f"DELETE FROM med_audit.entry WHERE id = {entry}")
    found = first(verdict(log))
    assert (found["kind"], found["entry"], found["seq"]) == ("LOG-4", str(entry), str(seq))


def test_log_4_an_entry_deleted_with_its_leaf_is_named_by_its_place(log):
    entry, seq = some_entry(log)
    Forger(log.cr).do(f"DELETE FROM med_audit.entry WHERE id = {entry}",
                      f"DELETE FROM med_audit.leaf WHERE entry = {entry}")
    found = first(verdict(log))
    assert (found["kind"], found["seq"]) == ("LOG-4", str(seq))


@pytest.mark.parametrize("also", [(), ("leaf",), ("leaf", "checkpoint")])
def test_log_5_deleted_newest_entries_are_found(log, also):
    size = log.value("SELECT size FROM med_audit.checkpoint WHERE id = 4")
    work = [f"DELETE FROM med_audit.entry WHERE id IN (SELECT entry FROM med_audit.leaf"
            f" WHERE seq >= {size})"]
    if "leaf" in also:
        work += [f"DELETE FROM med_audit.leaf WHERE seq >= {size}"]
    if "checkpoint" in also:
        work += [f"DELETE FROM med_audit.checkpoint WHERE size > {size}"]
    Forger(log.cr).do(*work)
    assert first(verdict(log))["kind"] == "LOG-5"


def test_log_5_a_tail_cut_off_without_a_trace_is_found_by_a_checkpoint_kept_outside(log):
    kept = log.value("SELECT note FROM med_audit.checkpoint WHERE id = 6")
    size = log.value("SELECT size FROM med_audit.checkpoint WHERE id = 4")
    tree = merkle.Frontier()
    tree.extend([bytes(one) for one, in log.rows(
        "SELECT hash FROM med_audit.leaf WHERE seq < %s ORDER BY seq", size)])
    Forger(log.cr).do(
        f"DELETE FROM med_audit.entry WHERE id IN (SELECT entry FROM med_audit.leaf"
        f" WHERE seq >= {size})", f"DELETE FROM med_audit.leaf WHERE seq >= {size}",
        f"DELETE FROM med_audit.checkpoint WHERE size > {size}",
        ("UPDATE med_audit.seal_state SET frontier = %s::bytea[], link ="
         " (SELECT link FROM med_audit.leaf ORDER BY seq DESC LIMIT 1)", [tree.hashes]))
    assert verdict(log, quick=True)["intact"], "nothing inside tells"
    assert first(verdict(log, kept, quick=True))["kind"] == "LOG-5"
    with pytest.raises(sealing.SealError, match="not in the database"):
        sealing.seal(log.cr, [log.signer], kept)


def test_log_6_a_back_dated_entry_outside_the_tree_is_named(log):
    entry, _seq = some_entry(log, 1)
    Forger(log.cr).do(
        "INSERT INTO med_audit.entry SELECT nextval('med_audit.entry_id'), at, xid, op, model,"
        " res_id, tbl, uid, replace(body, ',' || id || ',', ',' || currval('med_audit.entry_id')"
        f" || ',') FROM med_audit.entry WHERE id = {entry}")
    found = first(verdict(log))
    assert (found["kind"], found["entry"]) == (
        "LOG-6", str(log.value("SELECT max(id) FROM med_audit.entry")))


def test_log_6_an_entry_given_an_earlier_time_and_then_sealed_is_named(copy, program):
    copy.run("SELECT med_audit.event('before', '', NULL, '{}')")
    copy.seal()
    copy.run("""INSERT INTO med_audit.entry
        SELECT n, t, x, 'E', '', NULL, '', NULL, concat('["med-audit/1","', med_audit.log_id(),
               '",', n, ',"', to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '",',
               x, ',"E","",null,"",null,null,{},null,null,null,{"event":"late"}]')
          FROM (SELECT nextval('med_audit.entry_id') AS n, pg_current_xact_id()::text::bigint AS x,
                       clock_timestamp() - interval '1 day' AS t) made""")
    copy.seal()
    found = first(program(copy))
    assert (found["kind"], found["entry"]) == (
        "LOG-6", str(copy.value("SELECT max(id) FROM med_audit.entry")))


def test_log_6_a_second_row_with_the_id_of_an_entry_is_named(log):
    entry, _seq = some_entry(log)
    Forger(log.cr).do(f"INSERT INTO med_audit.entry SELECT * FROM med_audit.entry"
                      f" WHERE id = {entry}")
    found = first(verdict(log))
    assert (found["kind"], found["entry"]) == ("LOG-6", str(entry))


@pytest.mark.parametrize("table", ["entry", "leaf", "places"])
def test_log_7_swapped_entries_are_named(log, table):
    (one, here), (two, there) = some_entry(log, 2), some_entry(log, 4)
    Forger(log.cr).do({
        "entry": f"UPDATE med_audit.entry e SET body = o.body FROM med_audit.entry o WHERE"
                 f" (e.id, o.id) IN (({one}, {two}), ({two}, {one}))",
        "leaf": f"UPDATE med_audit.leaf SET entry = -entry WHERE seq IN ({here}, {there});"
                f"UPDATE med_audit.leaf SET entry = CASE seq WHEN {here} THEN {two} ELSE {one} END"
                f" WHERE seq IN ({here}, {there})",
        "places": f"UPDATE med_audit.leaf SET entry = -entry WHERE seq IN ({here}, {there});"
                  f"UPDATE med_audit.leaf l SET entry = -o.entry, hash = o.hash, xid = o.xid"
                  f" FROM med_audit.leaf o WHERE"
                  f" (l.seq, o.seq) IN (({here}, {there}), ({there}, {here}))",
    }[table])
    found = first(verdict(log))
    assert (found["kind"], found["seq"]) == ("LOG-7", str(here)), found


@pytest.mark.parametrize("change", [
    "UPDATE device SET lot = 'forged' WHERE id = 7",
    "DELETE FROM device WHERE id = 7", "INSERT INTO device (name) VALUES ('forged')",
    "UPDATE device SET secret = 'forged' WHERE id = 7",
    "UPDATE device SET image = '\\x02' WHERE id = 7", "DELETE FROM device_tag_rel",
    "INSERT INTO device_tag_rel VALUES (7, 99)"])
def test_log_8_a_record_changed_without_an_entry_is_named(log, change):
    log.cr.execute(f"""
        ALTER TABLE device DISABLE TRIGGER med_audit_capture;
        ALTER TABLE device_tag_rel DISABLE TRIGGER med_audit_capture; {change};
        ALTER TABLE device ENABLE ALWAYS TRIGGER med_audit_capture;
        ALTER TABLE device_tag_rel ENABLE ALWAYS TRIGGER med_audit_capture""")
    found = first(verdict(log))
    assert found["kind"] == "LOG-8" and "device" in found["text"]


def test_log_8_is_found_although_an_honest_change_followed(log):
    log.cr.execute("""
        ALTER TABLE device DISABLE TRIGGER med_audit_capture;
        UPDATE device SET lot = 'forged' WHERE id = 7;
        ALTER TABLE device ENABLE ALWAYS TRIGGER med_audit_capture;
        UPDATE device SET lot = 'honest' WHERE id = 7""")
    assert first(verdict(log))["kind"] == "LOG-8"


def test_log_9_the_entries_of_another_database_are_named(log, other):
    work = [f"DELETE FROM med_audit.{table}" for table in Forger.GUARDED]
    for table in Forger.GUARDED:
        for row in other.rows(f"SELECT * FROM med_audit.{table}"):
            marks = ", ".join(["%s"] * len(row))
            work.append((f"INSERT INTO med_audit.{table} VALUES ({marks})", row))
    Forger(log.cr).do(*work)
    assert first(verdict(log))["kind"] == "LOG-9"


def test_log_9_one_entry_of_another_database_is_named(log, other):
    entry, _seq = some_entry(log)
    text = other.value("SELECT body FROM med_audit.entry WHERE id = %s", entry)
    Forger(log.cr).do(("UPDATE med_audit.entry SET body = %s WHERE id = %s", [text, entry]))
    found = first(verdict(log))
    assert (found["kind"], found["entry"]) == ("LOG-9", str(entry))


@pytest.mark.parametrize("change", [
    "ALTER TABLE device DISABLE TRIGGER med_audit_capture",
    "ALTER TABLE device ENABLE TRIGGER med_audit_capture",
    "DROP TRIGGER med_audit_capture ON device",
    "DROP TRIGGER med_audit_truncate ON device_tag_rel",
    "ALTER TABLE med_audit.leaf DISABLE TRIGGER ALL",
    "DROP TRIGGER med_audit_refuse ON med_audit.checkpoint",
    "ALTER TABLE med_audit.entry_default ENABLE TRIGGER med_audit_refuse_truncate"])
def test_log_10_a_trigger_that_is_off_is_named(log, change):
    log.cr.execute(change)
    found = first(verdict(log))
    assert found["kind"] == "LOG-10" and change.split()[2 + ("ON" in change.split()) * 2] \
        .rpartition(".")[2] in found["text"]


@pytest.mark.parametrize("name", ["capture", "refuse", "expected"])
def test_log_10_a_function_that_was_replaced_is_named(log, name):
    returns, body = ("TABLE (tbl text, model text, problem text)", "SELECT '', '', '' WHERE false"
                     ) if name == "expected" else ("trigger", "BEGIN RETURN NULL; END")
    language = "sql" if name == "expected" else "plpgsql"
    log.cr.execute(f"CREATE OR REPLACE FUNCTION med_audit.{name}() RETURNS {returns}"
                   f" LANGUAGE {language} AS $$ {body} $$")
    found = first(verdict(log))
    assert found["kind"] == "LOG-10" and f"med_audit.{name} " in found["text"]


@pytest.mark.parametrize("change", [
    "replace(body, '\"Pump 1\"', '\"Pump\\u00201\"')", "replace(body, ',', ', ')",
    "replace(body, '\"quantity\":\"1.50\"', '\"quantity\":1.5')",
    "replace(body, '\"name\":', '\"name\":null,\"name\":')"])
def test_log_11_another_encoding_of_the_same_content_is_named(log, change):
    entry, _seq = some_entry(log)
    Forger(log.cr).do(f"UPDATE med_audit.entry SET body = {change} WHERE id = {entry}")
    found = first(verdict(log))
    assert (found["kind"], found["entry"]) == ("LOG-11", str(entry))


def test_log_11_an_entry_written_ambiguously_before_it_was_sealed_is_named(copy, program):
    copy.run("SELECT med_audit.event('x', '', NULL, '{}')")
    entry = copy.value("SELECT max(id) FROM med_audit.entry")
    Forger(copy.cr).do(f"UPDATE med_audit.entry SET body = replace(body, '\"event\":\"x\"',"
                      f" '\"event\":\"y\",\"event\":\"x\"') WHERE id = {entry}")
    copy.connection.commit()
    copy.seal()
    found = first(program(copy))
    assert (found["kind"], found["entry"]) == ("LOG-11", str(entry))


@pytest.mark.parametrize("sealed", [True, False])
def test_log_12_an_entry_of_an_unknown_version_is_named(copy, program, sealed):
    copy.run("SELECT med_audit.event('x', '', NULL, '{}')")
    if sealed:
        copy.seal()
    entry = copy.value("SELECT max(id) FROM med_audit.entry")
    Forger(copy.cr).do(f"UPDATE med_audit.entry SET body = replace(body, 'med-audit/1',"
                      f" 'med-audit/0') WHERE id = {entry}")
    copy.connection.commit()
    if not sealed:
        copy.seal()
    found = first(program(copy))
    assert (found["kind"], found["entry"]) == ("LOG-12", str(entry))


def test_sequencer_does_not_sign_a_tree_it_did_not_make(log):
    entry, _seq = some_entry(log)
    Forger(log.cr).do(f"UPDATE med_audit.entry SET body = {EDIT} WHERE id = {entry}")
    rewrite(log, note.Signer(log.signer.key.name, bytes(32)))
    with pytest.raises(sealing.SealError, match="not among the public keys"):
        sealing.seal(log.cr, [log.signer])
    log.connection.rollback()
    log.cr.execute("UPDATE med_audit.seal_state SET frontier[1] = sha256('x')")
    with pytest.raises(sealing.SealError, match="not that of the last checkpoint"):
        sealing.seal(log.cr, [log.signer])


def test_a_new_log_and_a_rotated_key_go_on_with_the_tree(copy, program):
    copy.run("SELECT med_audit.event('pending', '', NULL, '{}')")
    fresh = note.Signer(copy.signer.key.name, bytes(range(9, 41)))
    copy.seal(fresh, copy.signer)
    copy.run("SELECT med_audit.event('pending', '', NULL, '{}')",
            "SELECT med_audit.new_log('copy')", "SELECT med_audit.event('later', '', NULL, '{}')")
    later = note.Signer(f"med-audit/{copy.value('SELECT med_audit.log_id()')}", bytes(range(5, 37)))
    copy.seal(later)
    copy.run("SELECT med_audit.event('later', '', NULL, '{}')")
    copy.seal(later)
    keys = "\n".join(str(one.key) for one in (copy.signer, fresh, later))
    assert program(copy, key=keys)["intact"]
    assert first(program(copy, key=f"{fresh.key}\n{later.key}"))["kind"] == "LOG-3"
    assert first(program(copy, key=f"{copy.signer.key}\n{fresh.key}"))["kind"] == "LOG-9"


def test_a_log_moved_to_another_cluster_goes_on_with_the_tree(copy, program):
    """Its transactions are numbered anew: what the last checkpoint says of them holds no more."""
    copy.run("SELECT med_audit.event('pending', '', NULL, '{}')")
    Forger(copy.cr).do("UPDATE med_audit.seal_state SET cluster = 1, watermark = 1 << 40")
    copy.connection.commit()
    copy.seal()
    assert copy.value("SELECT count(*) FROM med_audit.entry") == copy.value(
        "SELECT size FROM med_audit.checkpoint ORDER BY size DESC LIMIT 1")
    copy.run("SELECT med_audit.event('later', '', NULL, '{}')")
    copy.seal()
    assert program(copy)["intact"]


# ---------------------------------------------------------------------------- random damage

COLUMNS = {
    "entry": ("id", "at", "xid", "op", "model", "res_id", "tbl", "uid", "body"),
    "leaf": ("seq", "entry", "xid", "hash", "link"),
    "checkpoint": ("id", "size", "root", "at", "note"),
}


def flipped(data, random):
    """One byte of `data` changed into another that a text of PostgreSQL may hold."""
    place = random.randrange(len(data))
    byte = random.choice([one for one in range(32, 127) if one != data[place]])
    return data[:place] + bytes([byte]) + data[place + 1:]


def damaged(value, random):
    """Another value of the same kind."""
    if value is None:
        return random.randrange(1, 99)
    if isinstance(value, (memoryview, bytes)):
        return flipped(bytes(value), random)
    if isinstance(value, int):
        return value ^ 1 << random.randrange(20)
    if isinstance(value, str):
        while True:
            try:
                return flipped(value.encode(), random).decode() if value else "x"
            except UnicodeDecodeError:
                continue
    return value.replace(microsecond=(value.microsecond + random.randrange(1, 999_999)) % 1_000_000)


def damage(cr, random, sizes):
    """A statement for one manipulation: a byte or value of a row, a row lost, a row twice."""
    table = random.choice(list(COLUMNS))
    names = ", ".join(COLUMNS[table])
    cr.execute(f"SELECT ctid::text, tableoid::regclass::text, {names} FROM med_audit.{table}"
               f" ORDER BY {COLUMNS[table][0]} LIMIT 1 OFFSET {random.randrange(sizes[table])}")
    ctid, place, *values = cr.fetchone()
    where = f"WHERE ctid = '{ctid}'"
    kind = random.choices(("value", "delete", "copy"), (8, 1, 1))[0]
    if kind == "delete":
        return f"{table} lost", [f"DELETE FROM {place} {where}"]
    if kind == "copy" and table == "entry":
        return "entry twice", [f"INSERT INTO {place} SELECT * FROM {place} {where}"]
    column = random.randrange(len(values))
    name, value = COLUMNS[table][column], damaged(values[column], random)
    return f"{table}.{name}", [f"UPDATE {place} SET {name} = %s {where}", [value]]


def test_a_thousand_random_manipulations_are_all_found_and_an_untouched_log_never_blamed(original):
    dice = random.Random(20261122)
    connection = connect(original.name)
    cr = connection.cursor()
    cr.execute("SELECT (SELECT count(*) FROM med_audit.entry), (SELECT count(*) FROM"
               " med_audit.leaf), (SELECT count(*) FROM med_audit.checkpoint)")
    sizes = dict(zip(COLUMNS, cr.fetchone(), strict=True))
    Forger(cr).guards_off()
    cr.execute("""
        ALTER TABLE med_audit.leaf DROP CONSTRAINT leaf_pkey, DROP CONSTRAINT leaf_entry_key;
        ALTER TABLE med_audit.checkpoint DROP CONSTRAINT checkpoint_pkey,
            DROP CONSTRAINT checkpoint_size_key""")

    def found():
        store = Store(cr)
        try:
            completed(store, verify(store, [original.signer.key]))
        except Broken as broken:
            return broken.finding
        return None
    missed, blamed = [], []
    for number in range(1000):
        what, statement = damage(cr, dice, sizes)
        cr.execute("SAVEPOINT before")
        cr.execute(*statement)
        if not found():
            missed.append((number, what, statement))
        cr.execute("ROLLBACK TO SAVEPOINT before")
        if number % 50 == 0 and (wrong := found()):
            blamed.append((number, wrong))
    connection.rollback()
    connection.close()
    assert missed == []
    assert blamed == []
