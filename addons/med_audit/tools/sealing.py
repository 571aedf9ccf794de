"""The sequencer: takes entries that are committed, appends them to the tree, signs a checkpoint.

Works over a psycopg2 cursor in a REPEATABLE READ transaction that has taken no snapshot before the
sequencer's lock was held. The caller commits.
"""

import io
import struct
from dataclasses import dataclass
from hashlib import sha256

from .checkpoint import Checkpoint, verified
from .merkle import Frontier
from .note import NoteError

LEVEL = 8  # of the roots kept in med_audit.subtree

_STATE = """
    SELECT s.log, s.cluster, s.watermark, s.link, s.frontier, med_audit.log_id(),
           (SELECT system_identifier FROM pg_control_system()),
           pg_current_snapshot()::text, current_database(),
           to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           c.id, c.size, c.note
      FROM med_audit.seal_state s
 LEFT JOIN (SELECT * FROM med_audit.checkpoint ORDER BY size DESC LIMIT 1) c ON true"""

# One index probe an entry, whatever the planner knows: the leaves grow while it runs.
_PLAN = "SET LOCAL enable_seqscan = {0}; SET LOCAL enable_bitmapscan = {0}; SET LOCAL jit = {0}"
_ENTRIES = """
    DECLARE med_audit_unsealed NO SCROLL CURSOR FOR
    SELECT e.id, e.xid, e.body FROM med_audit.entry e
     WHERE e.xid >= %s AND (SELECT l.seq FROM med_audit.leaf l WHERE l.entry = e.id) IS NULL
  ORDER BY e.xid, e.id LIMIT %s"""
_BATCH = 10_000

_LEAF = struct.Struct(">hiqiqiqi32si32s")
BINARY = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
BINARY_END = b"\xff\xff"


def try_lock(cr):
    """Become the one sequencer of this database; return whether nobody else is."""
    cr.execute("SELECT pg_try_advisory_lock(hashtext('med_audit.seal'))")
    return cr.fetchone()[0]


def unlock(cr):
    """Let another be the sequencer."""
    cr.execute("SELECT pg_advisory_unlock(hashtext('med_audit.seal'))")


class SealError(Exception):
    """Sealing must not go on: the store is not as the last checkpoint says. One sentence."""


@dataclass(frozen=True)
class Pass:
    """What one pass did.

    :ivar sealed: number of entries
    :ivar size: of the tree now
    :ivar note: the signed checkpoint, None when there was nothing to seal
    :ivar more: whether entries were left over
    """

    sealed: int
    size: int
    note: str | None
    more: bool


def waiting(cr):
    """Return whether the store holds any entry that could be sealed."""
    cr.execute("SELECT EXISTS (SELECT FROM med_audit.entry)")
    return cr.fetchone()[0]


def seal(cr, signers, last=None, limit=1_000_000):
    """Seal what is committed, at most `limit` entries; return the :class:`Pass`.

    :param signers: private keys of this log, the current one first
    :param last: the last note signed before, kept outside the database, or None
    :raise SealError: the store does not continue the last checkpoint
    """
    cr.execute(_STATE)
    (before, cluster_before, watermark, link, frontier, log, cluster, snapshot, database, now,
     number, size, note) = cr.fetchone()
    log = str(log)
    tree = _take_up(frontier, size or 0, note, log, signers)
    _not_behind(tree, last, log, cr)
    continued = (str(before), cluster_before) == (log, cluster)
    cr.execute(_PLAN.format("off"))
    cr.execute(_ENTRIES, [watermark if continued else 0, limit])
    cr.execute(_PLAN.format("on"))
    link, xid, start = bytes(link), None, tree.size
    while True:
        cr.execute("FETCH %s FROM med_audit_unsealed", [_BATCH])
        rows = cr.fetchall()
        if not rows:
            break
        link = _append(cr, tree, link, rows)
        xid = rows[-1][1]
    cr.execute("CLOSE med_audit_unsealed")
    sealed = tree.size - start
    if not sealed:
        return Pass(0, tree.size, None, False)
    more = sealed == limit
    checkpoint = Checkpoint(log, tree.size, tree.root(), now, cluster, snapshot, database)
    note = checkpoint.signed(signers)
    cr.execute("INSERT INTO med_audit.checkpoint VALUES (%s, %s, %s, %s, %s)",
               [(number or 0) + 1, tree.size, checkpoint.root, now, note])
    # Where entries were left over, those of this transaction and later may still be open.
    cr.execute("UPDATE med_audit.seal_state SET log = %s, cluster = %s, watermark = %s, link = %s,"
               " frontier = %s::bytea[]",
               [log, cluster, min(checkpoint.xmin, xid) if more else checkpoint.xmin, link,
                tree.hashes])
    return Pass(sealed, tree.size, note, more)


def _append(cr, tree, link, rows):
    """Append entries (id, xid, body) to the tree and write their leaves; return the last link."""
    leaves, hashes, place = [], [], tree.size
    for entry, xid, body in rows:
        digest = sha256(b"\x00" + body.encode()).digest()
        link = sha256(link + digest).digest()
        leaves.append(_LEAF.pack(5, 8, place, 8, entry, 8, xid, 32, digest, 32, link))
        hashes.append(digest)
        place += 1
    first = tree.size >> LEVEL
    subtrees = tree.extend(hashes, level=LEVEL)
    cr.copy_expert("COPY med_audit.leaf FROM STDIN (FORMAT binary)",
                   io.BytesIO(BINARY + b"".join(leaves) + BINARY_END))
    if subtrees:
        cr.execute("INSERT INTO med_audit.subtree SELECT %s + n - 1, hash"
                   " FROM unnest(%s::bytea[]) WITH ORDINALITY AS t (hash, n)", [first, subtrees])
    return link


def _take_up(frontier, size, note, log, signers):
    """Return the tree to go on with; it must be the one whose checkpoint these keys signed."""
    try:
        tree = Frontier(size, frontier)
        if note:
            checkpoint = Checkpoint.parse(note)
            if checkpoint.log == log:
                checkpoint = verified(note, [signer.key for signer in signers])
            if (checkpoint.size, checkpoint.root) != (size, tree.root()):
                raise ValueError("the tree is not that of the last checkpoint")
    except (ValueError, NoteError) as error:
        raise SealError(f"Sealing stopped: {error}.") from None
    return tree


def _not_behind(tree, last, log, cr):
    """What was signed before must still be there, or a cut-off log would be signed anew."""
    if not last:
        return
    signed = Checkpoint.parse(last)
    if signed.log != log:
        return
    cr.execute("SELECT note FROM med_audit.checkpoint WHERE size = %s", [signed.size])
    found = cr.fetchone()
    if not found or Checkpoint.parse(found[0]).root != signed.root:
        raise SealError(
            f"Sealing stopped: the checkpoint of {signed.size} entries signed at {signed.time} is "
            f"not in the database, which ends at {tree.size}.")
