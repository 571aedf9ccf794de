"""Checkpoints of the audit log (C2SP tlog-checkpoint) as signed notes.

::

    med-audit/<log id>
    <number of leaves>
    <root in base64>
    time <UTC, microseconds>
    snapshot <cluster> <xmin>:<xmax>:<running>,…
    database <name>

    — med-audit/<log id> <signature>

`snapshot` names the PostgreSQL cluster and its transactions when the entries were taken: none from
xmax on had begun, and of those before it none was running but these. It is what proves an entry
inserted or back-dated later.
"""

import re
from dataclasses import dataclass

from .note import Note, NoteError, decode, encode, sign

ORIGIN = "med-audit/"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
_BODY = re.compile(
    rf"(?P<origin>[^\n]+)\n(?P<size>0|[1-9]\d*)\n(?P<root>[^\n]+)\n"
    rf"time (?P<time>{_TIME})\n"
    r"snapshot (?P<cluster>\d+) (?P<snapshot>(?P<xmin>\d+):(?P<xmax>\d+):[\d,]*)\n"
    r"database (?P<database>[^\n]+)\n")


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint says.

    :ivar log: id of the log, a UUID as text
    :ivar size: number of leaves
    :ivar root: 32 bytes
    :ivar time: UTC, ``2026-11-22T03:57:17.123456Z``, by the database's clock
    :ivar cluster: PostgreSQL's system identifier
    :ivar snapshot: as PostgreSQL writes a pg_snapshot, ``xmin:xmax:running,running``
    :ivar database: its name
    """

    log: str
    size: int
    root: bytes
    time: str
    cluster: int
    snapshot: str
    database: str

    @property
    def xmin(self):
        """The oldest transaction that was running."""
        return int(self.snapshot.split(":")[0])

    @property
    def xmax(self):
        """The first transaction that had not begun."""
        return int(self.snapshot.split(":")[1])

    def text(self):
        """Return what is signed."""
        return (f"{ORIGIN}{self.log}\n{self.size}\n{encode(self.root)}\ntime {self.time}\n"
                f"snapshot {self.cluster} {self.snapshot}\ndatabase {self.database}\n")

    def signed(self, signers):
        """Return the signed note."""
        return sign(self.text(), signers)

    @classmethod
    def parse(cls, note):
        """Read a signed note; its signatures are not looked at.

        :raise NoteError: when it is no checkpoint of ours
        """
        text = Note.parse(note).text
        match = _BODY.fullmatch(text)
        if not match or not match["origin"].startswith(ORIGIN):
            raise NoteError("no checkpoint of an audit log")
        root = decode(match["root"])
        if len(root) != 32:
            raise NoteError("the root of a checkpoint has 32 bytes")
        checkpoint = cls(
            match["origin"][len(ORIGIN):], int(match["size"]), root, match["time"],
            int(match["cluster"]), match["snapshot"], match["database"])
        if checkpoint.text() != text:
            raise NoteError("a checkpoint that is not in canonical form")
        return checkpoint


def verified(note, keys, strict=False):
    """Return the checkpoint of a note that one of the keys signed.

    :param strict: every signature must be of one of the keys (checkpoints of the database, where
        nobody else signs)
    :raise NoteError: otherwise, in one sentence
    """
    checkpoint, parsed = Checkpoint.parse(note), Note.parse(note)
    signed = [key for key in parsed.signers(keys) if key.name == ORIGIN + checkpoint.log]
    if not signed or strict and len(signed) != len(parsed.signatures):
        names = ", ".join(f"{name} ({number.hex()})" for name, number, _ in parsed.signatures)
        raise NoteError(f"signed by {names}, which is not among the public keys given")
    return checkpoint
