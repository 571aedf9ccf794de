"""Export bundles: entries with proof, to be verified without the database.

A .zip (or a folder of the same files): ``entries.jsonl``, one ``{"seq": …, "body": "…"}`` a line;
``checkpoint``, the signed note; ``proof.json`` ``{"version": 1, "inclusion": {seq: [base64]},
"previous": note, "consistency": [base64]}``, the last two where there is an earlier checkpoint;
``key.pub``; ``README.md``.
"""

import json
import zipfile
from pathlib import Path

from . import body as bodies
from . import merkle
from .chain import Broken
from .checkpoint import verified
from .note import NoteError, decode, encode

README = """\
# Audit trail, exported with its proof / 审计追踪导出件及其证明

`entries.jsonl` holds entries of the audit trail of a medical-device record system, one a line:
`seq` is the entry's place in the sealed log, `body` its exact text. `checkpoint` is the signed
state of the log, `proof.json` shows that each entry stands in it, `key.pub` is the public key.
Compare `key.pub` with the one that was handed to you before: a proof is worth as much as its key.
Verify with `verify_audit --bundle <this> --key key.pub`, or by hand: the SHA-256 of a zero byte and
`body` is the leaf of an RFC 9162 tree, `proof.json` its path, `checkpoint` a C2SP signed note.
The log is tamper-evident: a change of what was sealed shows.

`entries.jsonl` 为医疗器械记录系统审计追踪的条目，每行一条：`seq` 为条目在封存日志中的位置，
`body` 为条目原文。`checkpoint` 为已签名的日志校验点，`proof.json` 证明各条目包含于其中，
`key.pub` 为公钥。请将 `key.pub` 与此前交给您的公钥核对：证明的效力取决于公钥。
核验：`verify_audit --bundle <本文件> --key key.pub`；或按 RFC 9162（叶节点为零字节加 `body`
的 SHA-256）与 C2SP 签名校验点格式自行核验。日志为篡改可察：已封存内容的任何改动都会显现。
"""


def files(entries, note, proofs, keys, growth=None):
    """Return the files of a bundle as ``{name: bytes}``.

    :param entries: ``[(seq, body)]``
    :param note: the signed checkpoint
    :param proofs: seq → inclusion proof (list of hashes) in that checkpoint
    :param keys: public keys
    :param growth: ``(previous note, consistency proof)`` where there is an earlier checkpoint
    """
    proof = {"version": 1, "inclusion": {
        str(seq): [encode(one) for one in path] for seq, path in proofs.items()}}
    if growth:
        proof |= {"previous": growth[0], "consistency": [encode(one) for one in growth[1]]}
    lines = (json.dumps({"seq": seq, "body": body}, ensure_ascii=False) for seq, body in entries)
    texts = {
        "entries.jsonl": "".join(f"{line}\n" for line in lines), "checkpoint": note,
        "proof.json": json.dumps(proof), "key.pub": "".join(f"{key}\n" for key in keys),
        "README.md": README}
    return {name: text.encode() for name, text in texts.items()}


def write(target, contents):
    """Write the files of a bundle into a .zip (path or file object)."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)


def read(source):
    """Return ``{name: bytes}`` of a bundle, a .zip or a folder.

    :raise Broken: when a file is missing or it is no bundle
    """
    names = ("entries.jsonl", "checkpoint", "proof.json")
    try:
        if Path(source).is_dir():
            return {name: (Path(source) / name).read_bytes() for name in names}
        with zipfile.ZipFile(source) as archive:
            return {name: archive.read(name) for name in names}
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise Broken("LOG-4", f"the bundle is not whole: {error}") from None


def verify(contents, keys):
    """Verify a bundle; return ``(checkpoint, number of entries)``.

    :param keys: the public keys one has from elsewhere, not those in the bundle
    :raise Broken: the first thing that is wrong
    """
    try:
        note = contents["checkpoint"].decode()
        proof = json.loads(contents["proof.json"])
        checkpoint = verified(note, keys)
        _growth(proof, checkpoint, keys)
        paths = {int(seq): [decode(one) for one in path]
                 for seq, path in proof["inclusion"].items()}
    except (NoteError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise Broken(
            "LOG-3", f"the checkpoint or the proof of the bundle is false: {error}") from None
    logs, seen = {key.name.partition("/")[2] for key in keys}, set()
    for number, line in enumerate(contents["entries.jsonl"].decode(errors="replace").splitlines(),
                                  1):
        _entry(number, line, paths, checkpoint, logs, seen)
    if lost := sorted(paths.keys() - seen):
        raise Broken("LOG-4", f"the entry at place {lost[0]} is not in the bundle", seq=lost[0])
    return checkpoint, len(seen)


def _growth(proof, checkpoint, keys):
    if "previous" in proof:
        before = verified(proof["previous"], keys)
        path = [decode(one) for one in proof["consistency"]]
        if not merkle.verify_consistency(before.size, before.root, checkpoint.size, path,
                                         checkpoint.root):
            raise ValueError("it did not grow from the checkpoint before")


def _entry(number, line, paths, checkpoint, logs, seen):
    try:
        row = json.loads(line)
        seq, body = row["seq"], row["body"]
        path = paths[seq]
        leaf = merkle.leaf_hash(body.encode())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Broken("LOG-1", f"line {number} of the bundle is no entry with a proof") from None
    if seq in seen:
        raise Broken("LOG-6", f"place {seq} stands twice in the bundle", seq=seq)
    if not merkle.verify_inclusion(leaf, seq, checkpoint.size, path, checkpoint.root):
        raise Broken("LOG-1", f"line {number}: the entry is not the one sealed at place {seq}",
                     seq=seq)
    try:
        parts = bodies.parse(body)
    except bodies.BodyError as error:
        raise Broken("LOG-11", f"line {number}: {error}", seq=seq) from None
    if parts["version"] != bodies.VERSION:
        raise Broken("LOG-12", f"line {number}: version {parts['version']!r} is not known",
                     parts["id"], seq)
    if parts["log"] not in logs:
        raise Broken("LOG-9", f"line {number}: it is of log {parts['log']}", parts["id"], seq)
    seen.add(seq)
