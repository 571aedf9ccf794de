"""The sealed log in PostgreSQL, read for verification and proof over a psycopg2 cursor."""

import re
import struct
from collections import Counter
from pathlib import Path

from . import merkle
from .chain import LEAF, NO_RECORD, Broken, Chain, Finding
from .checkpoint import Checkpoint
from .sealing import BINARY, BINARY_END, LEVEL

WINDOW = 20_000

_ZERO = "decode(repeat('00', 32), 'hex')"
_LEAVES = f"""COPY (
    SELECT string_agg(int8send(seq) || int8send(coalesce(entry, -1)) || int8send(coalesce(xid, -1))
               || CASE WHEN octet_length(hash) = 32 THEN hash ELSE {_ZERO} END
               || CASE WHEN octet_length(link) = 32 THEN link ELSE {_ZERO} END, '' ORDER BY seq)
      FROM med_audit.leaf WHERE seq >= %s AND seq < %s) TO STDOUT (FORMAT binary)"""
_ENTRIES = f"""COPY (
    SELECT id, at, xid, coalesce(res_id, {NO_RECORD}), body, op, coalesce(uid, -1), model, tbl
      FROM med_audit.entry WHERE %s) TO STDOUT (FORMAT binary)"""
_ID = struct.Struct(">6xq")

_CHECKPOINTS = """
    SELECT id, size, root, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), note
      FROM med_audit.checkpoint WHERE id > %s ORDER BY id LIMIT 1000"""

_SQL = Path(__file__).resolve().parents[1] / "sql"
_FUNCTION = re.compile(
    r"CREATE OR REPLACE FUNCTION med_audit\.(\w+)\s*\(.*?\bAS \$\$(.*?)\$\$", re.DOTALL)
_GUARDED = ("log", "entry", "leaf", "subtree", "checkpoint")


class Rows(list):
    """A list to which COPY … TO STDOUT (FORMAT binary) writes; one item a row after `trim`."""

    def write(self, data):
        self.append(data)

    def trim(self):
        """Drop the frame of the binary format."""
        if self:
            self[0] = self[0].removeprefix(BINARY)
            self[:] = [row for row in self if row and row != BINARY_END]
        return self


class Store:
    """What the verifier asks the database."""

    def __init__(self, cr):
        self.cr = cr

    def value(self, statement, *arguments):
        """Return the first value of the first row, None without one."""
        self.cr.execute(statement, arguments)  # pylint: disable=sql-injection
        return (self.cr.fetchone() or [None])[0]

    def copy(self, statement, *arguments):
        """Return the :class:`Rows` of a COPY."""
        rows = Rows()
        self.cr.copy_expert(self.cr.mogrify(statement, arguments).decode(), rows)
        return rows.trim()

    def rows(self, begin, end):
        """Return the leaves [begin, end) and their entries, as :meth:`.chain.Chain.take` does."""
        [row] = self.copy(_LEAVES, begin, end)
        leaves = list(LEAF.iter_unpack(row[6:]))  # behind the number and length of columns
        ids = [leaf[1] for leaf in leaves]
        low, high = min(ids, default=0), max(ids, default=0)
        if high - low < 4 * len(ids):
            found = self.copy(_ENTRIES % "id BETWEEN %s AND %s", low, high)
        else:
            found = self.copy(_ENTRIES % "id = ANY(%s)", ids)
        entries = {_ID.unpack_from(row)[0]: row for row in found}
        if len(entries) < len(found):
            count = Counter(_ID.unpack_from(row)[0] for row in found)
            entries.update((one, b"") for one, many in count.items() if many > 1)
        return leaves, entries

    def checkpoints(self, number):
        """Yield the checkpoints after the one of this number: number, size, root, time, note."""
        while True:
            self.cr.execute(_CHECKPOINTS, [number])
            found = self.cr.fetchall()
            for number, size, root, time, note in found:
                yield number, size, bytes(root), time, note
            if not found:
                return

    def hashes(self, begin, end):
        """Return the hashes of leaves [begin, end)."""
        self.cr.execute("SELECT hash FROM med_audit.leaf WHERE seq >= %s AND seq < %s"
                        " ORDER BY seq", [begin, end])
        return [bytes(one) for one, in self.cr.fetchall()]

    # ------------------------------------------------------------- naming what is wrong

    def entries_after(self, seq):
        """Return whether any leaf after this one has its entry."""
        return self.value("SELECT EXISTS (SELECT FROM med_audit.leaf l JOIN med_audit.entry e"
                          " ON e.id = l.entry WHERE l.seq > %s)", seq)

    def place_of(self, digest):
        """Return the place of the leaf with this hash, or None."""
        return self.value("SELECT seq FROM med_audit.leaf WHERE hash = %s LIMIT 1", digest)

    def changed(self, seq):
        """Return whether the entry of a leaf is not what its hash says."""
        return self.value("""
            SELECT coalesce(sha256('\\x00' || convert_to(e.body, 'UTF8')) <> l.hash, true)
              FROM med_audit.leaf l LEFT JOIN med_audit.entry e ON e.id = l.entry
             WHERE l.seq = %s""", seq)

    def place_fitting(self, before, link):
        """Return the place of the leaf whose hash belongs between two links, or None."""
        return self.value("SELECT seq FROM med_audit.leaf WHERE sha256(%s::bytea || hash) = %s"
                          " LIMIT 1", before, link)

    # ------------------------------------------------------------- the whole of it

    def strays(self, checkpoint):
        """Return ids of up to 10 entries that lie outside the tree but should be in it."""
        self.cr.execute("""
            SELECT e.id FROM med_audit.entry e
             WHERE (SELECT l.seq FROM med_audit.leaf l WHERE l.entry = e.id LIMIT 1) IS NULL
               AND pg_visible_in_snapshot(e.xid::text::xid8, %s::pg_snapshot)
               AND %s = (SELECT system_identifier FROM pg_control_system())
          ORDER BY e.id LIMIT 10""", [checkpoint.snapshot, checkpoint.cluster])
        return [one for one, in self.cr.fetchall()]

    def guards(self):
        """Yield what is wrong with the triggers and functions of capture and store: LOG-10."""
        self.cr.execute("SELECT proname, prosrc FROM pg_proc"
                        " WHERE pronamespace = to_regnamespace('med_audit')")
        found = dict(self.cr.fetchall())
        for path in sorted(_SQL.glob("*.sql")):
            for name, source in _FUNCTION.findall(path.read_text()):
                if found.get(name) != source:
                    yield Finding("LOG-10", f"function med_audit.{name} is not that of {path.name}")
        self.cr.execute("SELECT tbl, problem FROM med_audit.expected() WHERE problem IS NOT NULL"
                        " ORDER BY tbl")
        for table, problem in self.cr.fetchall():
            yield Finding("LOG-10", f"capture of table {table} is {problem}")
        self.cr.execute("""
            SELECT t.relname, coalesce(bool_and(g.tgenabled = 'A'), false)
              FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
         LEFT JOIN pg_trigger g ON g.tgrelid = t.oid AND g.tgfoid = to_regproc('med_audit.refuse')
             WHERE n.nspname = 'med_audit' AND t.relkind IN ('r', 'p')
               AND (t.relname = ANY(%s) OR t.relispartition)
          GROUP BY t.oid, t.relname
            HAVING count(g.*) < 2 OR NOT bool_and(g.tgenabled = 'A') ORDER BY 1""",
                        [list(_GUARDED)])
        for table, _on in self.cr.fetchall():
            yield Finding("LOG-10", f"table med_audit.{table} is not guarded against change")


def verify(store, keys, state=None, thorough=False, until=None, progress=None):
    """Verify leaves and checkpoints from `state` on; return the :class:`.chain.Chain` at its end.

    :param thorough: see :class:`.chain.Chain`
    :param until: called after each checkpoint; a true answer ends the run there
    :param progress: called with the number of entries verified
    :raise Broken: the first bad place
    """
    chain = Chain(keys, store, state, thorough)
    leaves, entries, at = [], {}, 0
    for number, size, root, time, note in store.checkpoints(chain.number):
        chain.begin(number, size, root, time, note)
        while chain.tree.size < size:
            if at == len(leaves):
                begin = chain.tree.size
                (leaves, entries), at = store.rows(begin, begin + WINDOW), 0
                if not leaves:
                    _empty(store, begin, chain)
            part = leaves[at:at + size - chain.tree.size]
            chain.take(part, entries)
            at += len(part)
        chain.end()
        if progress:
            progress(chain.tree.size)
        if until and until():
            chain.more = True
            break
    return chain


def _empty(store, begin, chain):
    later = store.value("SELECT min(seq) FROM med_audit.leaf WHERE seq >= %s", begin)
    if later is not None:
        raise Broken("LOG-4", f"places {begin} to {later - 1} of the log are empty", seq=begin)
    raise Broken("LOG-5", f"the log ends after {begin} entries, the checkpoint of "
                 f"{chain.checkpoint.time} has {chain.checkpoint.size}", seq=begin)


def completed(store, chain):
    """Check what can only be checked at the end of the log.

    :raise Broken:
    """
    size = chain.tree.size
    beyond = store.value("SELECT min(seq) FROM med_audit.leaf WHERE seq >= %s OR seq < 0", size)
    if beyond is not None:
        raise Broken("LOG-6", f"the leaf at place {beyond} is under no checkpoint", seq=beyond)
    frontier = store.value("SELECT frontier FROM med_audit.seal_state")
    if frontier is None or [bytes(one) for one in frontier] != chain.tree.hashes:
        raise Broken("LOG-5", f"sealing had gone on when the log was cut off after {size} entries")
    if chain.checkpoint or size:
        last = chain.checkpoint or Checkpoint.parse(store.value(
            "SELECT note FROM med_audit.checkpoint WHERE id = %s", chain.number))
        if strays := store.strays(last):
            raise Broken("LOG-6", f"entry {strays[0]} should have been sealed at {last.time} if it "
                         "had been there", strays[0])


def against(store, source, kept):
    """Check the log in the database against a checkpoint that was kept outside.

    :param source: where it was kept, for the sentence
    :raise Broken:
    """
    count = store.value("SELECT coalesce(max(seq) + 1, 0) FROM med_audit.leaf")
    if kept.size > count:
        raise Broken("LOG-5", f"{source}: the checkpoint of {kept.time} has {kept.size} entries, "
                     f"the log has {count}", seq=count)
    if leaves_root(store, 0, kept.size) != kept.root:
        raise Broken("LOG-3", f"{source}: the first {kept.size} entries are not those of the "
                     f"checkpoint of {kept.time}")


def leaves_root(store, begin, end):
    """Return the root of leaves [begin, end)."""
    tree = merkle.Frontier()
    for low in range(begin, end, WINDOW):
        tree.extend(store.hashes(low, min(end, low + WINDOW)))
    return tree.root()


def prove(store, seq, size):
    """Return the inclusion proof of a leaf in the tree of `size` leaves: list of hashes."""
    return [_range_root(store, begin, end) for begin, end in merkle.inclusion_ranges(seq, size)]


def proofs(store, seqs, size):
    """Return the inclusion proofs of many leaves: seq → list of hashes.

    Roots that several proofs share, and the leaves of one run, are read once.
    """
    known, runs, result = {}, {}, {}

    def root_of(begin, end):
        if (begin, end) not in known:
            run = begin >> LEVEL
            if end - begin < 1 << LEVEL:
                if run not in runs:
                    runs.clear()
                    runs[run] = store.hashes(run << LEVEL, run + 1 << LEVEL)
                offset = run << LEVEL
                return merkle.root(runs[run][begin - offset:end - offset])
            known[begin, end] = _range_root(store, begin, end)
        return known[begin, end]
    for seq in sorted(seqs):
        result[seq] = [root_of(begin, end) for begin, end in merkle.inclusion_ranges(seq, size)]
    return result


def prove_growth(store, first, size):
    """Return the consistency proof between the trees of `first` and `size` leaves."""
    return [_range_root(store, begin, end)
            for begin, end in merkle.consistency_ranges(first, size)]


def _range_root(store, begin, end):
    """Return the root of leaves [begin, end), from the kept roots of complete runs."""
    step = 1 << LEVEL
    if begin % step or end - begin < step:
        return merkle.root(store.hashes(begin, end))
    store.cr.execute("SELECT hash FROM med_audit.subtree WHERE place >= %s AND place < %s"
                     " ORDER BY place", [begin >> LEVEL, end >> LEVEL])
    tree = merkle.Frontier()
    tree.extend([bytes(one) for one, in store.cr.fetchall()])
    rest = store.hashes(end >> LEVEL << LEVEL, end)
    if not rest:
        return tree.root()
    top = merkle.root(rest)
    for one in reversed(tree.hashes):
        top = merkle.node_hash(one, top)
    return top

