"""The verifier's core: entries, leaves and checkpoints as a stream, in flat memory.

It is fed by :mod:`.store` from PostgreSQL and knows no database itself. What it finds it names by
the attacks of requirements LOG-1 to LOG-12.
"""

import bisect
import json
import struct
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha256

from . import body as bodies
from .checkpoint import ORIGIN, verified
from .merkle import Frontier
from .note import NoteError

KINDS = {
    "LOG-1": "an entry was edited",
    "LOG-2": "an entry was edited and its hash recomputed",
    "LOG-3": "history was rewritten, or a checkpoint is false",
    "LOG-4": "an entry was deleted",
    "LOG-5": "the newest entries were deleted",
    "LOG-6": "an entry was inserted or back-dated",
    "LOG-7": "entries were swapped",
    "LOG-8": "a record was changed without an entry",
    "LOG-9": "the entries are those of another log",
    "LOG-10": "capture or a guard of the store is switched off",
    "LOG-11": "an entry is not in the canonical encoding",
    "LOG-12": "an entry has a version that is not known",
}
TOLERANCE = 120_000_000  # microseconds by which the server's clock may be set

# Leaves, one after the other: seq, entry, xid, hash, link.
LEAF = struct.Struct(">qqq32s32s")
# An entry as COPY … (FORMAT binary) sends it: id, microseconds since 2000, xid, res_id (NO_RECORD:
# none), length of the body. The body follows, then op, uid (-1: none), model and table, each behind
# its length.
ENTRY = struct.Struct(">6xq4xq4xq4xqi")
NO_RECORD = -1 << 63
NOWHERE = 1 << 62


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    :ivar kind: LOG-1 … LOG-12
    :ivar text: one sentence
    :ivar entry: id of the entry, or None
    :ivar seq: its place in the tree, or None
    """

    kind: str
    text: str
    entry: int | None = None
    seq: int | None = None

    def __str__(self):
        return f"{self.kind} ({KINDS[self.kind]}): {self.text}"


class Broken(Exception):
    """The log is not what its checkpoints say.

    :ivar finding: the first bad place
    """

    def __init__(self, kind, text, entry=None, seq=None):
        super().__init__(text)
        self.finding = Finding(kind, text, entry, seq)


def microseconds(time):
    """Return ``2026-11-22T03:57:17.123456Z`` as microseconds since 2000, as PostgreSQL counts."""
    since = datetime.strptime(time, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc) \
        - datetime(2000, 1, 1, tzinfo=timezone.utc)
    return since // timedelta(microseconds=1)


class _Columns(dict):
    """The raw bytes of op, uid, model and table → their two places in the head of a body."""

    def __missing__(self, raw):
        op, place = raw[4:5].decode(errors="replace"), 5
        uid = int.from_bytes(raw[place + 4:place + 8], "big", signed=True)
        place += 8
        size = int.from_bytes(raw[place:place + 4], "big")
        model = raw[place + 4:place + 4 + size].decode()
        table = raw[place + 8 + size:].decode()
        self[raw] = result = (
            f'"{op}",{json.dumps(model, ensure_ascii=False)}'.encode(),
            f'{json.dumps(table, ensure_ascii=False)},{"null" if uid == -1 else uid}'.encode())
        return result


def _stamp(second):
    """Return seconds since 2000 as the body writes them; nothing for what no clock shows."""
    try:
        return (datetime(2000, 1, 1) + timedelta(seconds=second)).isoformat().encode()
    except OverflowError:
        return b""


class Chain:
    """Verifies from the first leaf on, checkpoint by checkpoint.

    For each: :meth:`begin`, :meth:`take` the rows up to its size, :meth:`end`.

    :ivar tree: what has been verified
    :ivar checkpoint: the last one begun, a :class:`.checkpoint.Checkpoint`
    :ivar more: whether the run ended before the last checkpoint
    """

    def __init__(self, keys, look, state=None, thorough=False):
        """Begin, or go on from the state of an earlier run.

        :param keys: public keys of the log; whoever holds them fixes what log it is
        :param look: finds things for naming an attack, see :class:`.store.Store`
        :param thorough: read every body, which takes three times as long, and find what was sealed
            in another than the canonical encoding
        """
        state = state or {}
        self.thorough, self.more = thorough, False
        self.keys, self.look, self.checkpoint = keys, look, None
        self.logs = {key.name.removeprefix(ORIGIN) for key in keys}
        self.tree = Frontier(state.get("size", 0),
                             [bytes.fromhex(one) for one in state.get("hashes", ())])
        self.link = bytes.fromhex(state.get("link", "00" * 32))
        self.number = state.get("number", 0)
        self.where = tuple(state.get("where", ()))
        self.seen = [tuple(one) for one in state.get("seen", ())]

    def state(self):
        """Return where verification stands as JSON values, to go on later."""
        return {"size": self.tree.size, "hashes": [one.hex() for one in self.tree.hashes],
                "link": self.link.hex(), "number": self.number, "where": list(self.where),
                "seen": [list(one) for one in self.seen]}

    def begin(self, number, size, root, time, note):
        """Take the next checkpoint as it stands in the database.

        :raise Broken:
        """
        place = f"checkpoint {number} of {size} entries"
        try:
            checkpoint = verified(note, self.keys, strict=True)
        except NoteError as error:
            other = note.partition("\n")[0].removeprefix(ORIGIN)
            if note.startswith(ORIGIN) and other not in self.logs:
                raise Broken("LOG-9", f"{place} is of log {other}", seq=self.tree.size) from None
            raise Broken("LOG-3", f"{place}: {error}", seq=self.tree.size) from None
        if (checkpoint.size, checkpoint.root, checkpoint.time) != (size, root, time):
            raise Broken("LOG-3", f"{place} does not say what was signed", seq=self.tree.size)
        if number != self.number + 1 or size <= self.tree.size:
            raise Broken("LOG-3", f"{place} follows number {self.number}: one is missing",
                         seq=self.tree.size)
        self.number, self.checkpoint = number, checkpoint
        where = (checkpoint.log, checkpoint.cluster)
        self.moved, self.where = where != self.where, where
        if self.moved:
            self.seen = []
        while len(self.seen) > 1 and self.seen[1][0] <= checkpoint.xmin:
            self.seen.pop(0)

    def take(self, leaves, entries):
        """Verify the next leaves.

        :param leaves: tuples, see :data:`LEAF`
        :param entries: id → row, see :data:`ENTRY`; an empty row stands for several of one id
        :raise Broken:
        """
        prefix = f'["{bodies.VERSION}","{self.checkpoint.log}",'.encode()
        skip, start = len(prefix), ENTRY.size
        latest = microseconds(self.checkpoint.time) + TOLERANCE
        ahead = NOWHERE if self.moved else self.checkpoint.xmax
        fresh, earliest = self.seen[-1] if self.seen else (NOWHERE, -NOWHERE)
        place, link, hashes = self.tree.size, self.link, []
        columns, second, stamp = _Columns(), 0, _stamp(0)
        unpack, find = ENTRY.unpack_from, entries.get
        for seq, entry, xid, digest, its_link in leaves:
            row, before = find(entry), link
            link = sha256(before + digest).digest()
            if not row or seq != place or link != its_link:
                self._name(place, before, seq, entry, xid, row, digest, its_link)
            _entry, at, its_xid, record, length = unpack(row)
            end = start + length
            text = row[start:end]
            if at // 1_000_000 != second:
                second = at // 1_000_000
                stamp = _stamp(second)
            what, tail = columns[row[end:]]
            if (sha256(b"\x00" + text).digest() != digest or xid != its_xid
                    or not text.startswith(prefix)
                    or not text.startswith(
                        b'%d,"%b.%06dZ",%d,%b,%b,%b,' % (
                            entry, stamp, at - second * 1_000_000, xid, what,
                            b"null" if record == NO_RECORD else b"%d" % record, tail), skip)
                    or at > latest or xid >= ahead
                    or at < earliest and (xid >= fresh or self._back_dated(xid, at))):
                self._name(place, before, seq, entry, xid, row, digest, its_link)
            if self.thorough:
                self._canonical(entry, place, text)
            hashes.append(digest)
            place += 1
        self.tree.extend(hashes)
        self.link = link

    def end(self):
        """All leaves of the checkpoint were taken: its root must be theirs.

        :raise Broken:
        """
        checkpoint = self.checkpoint
        if self.tree.root() != checkpoint.root:
            raise Broken("LOG-3", f"the entries up to {checkpoint.size} are not those of the "
                         f"checkpoint signed at {checkpoint.time}")
        self.seen.append((checkpoint.xmax, microseconds(checkpoint.time) - TOLERANCE))

    def _back_dated(self, xid, at):
        """Return whether a transaction wrote before a checkpoint at which it had not begun."""
        place = bisect.bisect_right(self.seen, (xid, NOWHERE))
        return place > 0 and at < self.seen[place - 1][1]

    def _name(self, place, before, seq, entry, xid, row, digest, link):
        """Name what is wrong with a leaf and its entry.

        Returns only for an entry of the log before this one that was sealed when it moved.

        :raise Broken:
        """
        def broken(kind, sentence):
            raise Broken(kind, f"entry {entry}: {sentence}", entry, place)

        look = self.look
        if seq < place:
            broken("LOG-6", f"sealed at place {seq} a second time")
        if seq > place:
            raise Broken("LOG-4", f"place {place} of the log is empty; entry {entry} is the next",
                         seq=place)
        if row is None:
            if look.entries_after(place):
                broken("LOG-4", "sealed, but not in the store")
            broken("LOG-5", "sealed, but neither it nor any later one is in the store")
        if not row:
            broken("LOG-6", "several rows have this id")
        _entry, at, its_xid, record, length = ENTRY.unpack_from(row)
        text = row[ENTRY.size:ENTRY.size + length]
        version, log, _number = bodies.identity(text.decode(errors="replace"))
        if version != bodies.VERSION:
            broken("LOG-12", f"version {version!r} is not known")
        if log not in self.logs:
            broken("LOG-9", f"it is of log {log}")
        if (own := sha256(b"\x00" + text).digest()) != digest:
            other = look.place_of(own)
            if other is not None and look.changed(other):
                broken("LOG-7", f"what stands here was sealed at place {other}")
            self._canonical(entry, place, text)
            broken("LOG-1", "its bytes are not those that were sealed")
        if sha256(before + digest).digest() != link:
            other = look.place_fitting(before, link)
            if other is not None and other != place:
                broken("LOG-7", f"what was sealed here stands at place {other}")
            broken("LOG-2", "it or the one before it was sealed with another hash")
        self._canonical(entry, place, text)
        what, tail = _Columns()[row[ENTRY.size + length:]]
        agree = xid == its_xid and text.startswith(
            b'["%b","%b",%d,"%b.%06dZ",%d,%b,%b,%b,' % (
                bodies.VERSION.encode(), log.encode(), entry, _stamp(at // 1_000_000),
                at % 1_000_000, xid, what,
                b"null" if record == NO_RECORD else b"%d" % record, tail))
        if not agree:
            broken("LOG-1", "its columns do not say what its body says")
        if log == self.checkpoint.log:
            broken("LOG-6", "its time and its transaction do not belong together")
        if not self.moved:
            broken("LOG-9", f"it is of log {log}, sealed as of {self.checkpoint.log}")

    @staticmethod
    def _canonical(entry, place, text):
        try:
            bodies.parse(text.decode())
        except (bodies.BodyError, UnicodeDecodeError) as error:
            raise Broken("LOG-11", f"entry {entry}: {error}", entry, place) from None


def as_dict(finding):
    """Return a finding as JSON values without None, ids as text."""
    return {key: str(value) if key in ("entry", "seq") else value
            for key, value in asdict(finding).items() if value is not None}
