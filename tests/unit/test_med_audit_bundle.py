"""Bodies and export bundles: one encoding each, and a proof that needs no database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from odoo.addons.med_audit.tools import body, bundle, merkle, note, timestamp
from odoo.addons.med_audit.tools.chain import Broken
from odoo.addons.med_audit.tools.checkpoint import Checkpoint

requirement = "P11-10b P11-10e-3 LOG-1 LOG-3 LOG-4 LOG-6 LOG-9 LOG-11 LOG-12"

ROOT = Path(__file__).resolve().parents[2]
LOG = "0b5bd1c6-5e0e-4a3e-9d2c-6a4d5f5c1a11"
SIGNER = note.Signer(f"med-audit/{LOG}", bytes(range(32)))


def entry(number, log=LOG, version=body.VERSION, **new):
    return body.encode([version, log, number, "2026-11-22T03:57:17.123456Z", 9, "I", "stock.lot",
                        number, "stock_lot", 2, 1, {"origin": "web"}, None, None, None,
                        new or {"name": "批号 é"}])


BODIES = [entry(number) for number in range(300)]


def made(bodies=BODIES, seqs=(0, 7, 256, 299), first=100, **changes):
    leaves = [merkle.leaf_hash(one.encode()) for one in bodies]

    def point(size):
        return Checkpoint(LOG, size, merkle.root(leaves[:size]), "2026-11-22T03:57:18.000000Z",
                          1, "2:3:", "clinic").signed([SIGNER])

    def roots(ranges):
        return [merkle.root(leaves[begin:end]) for begin, end in ranges]
    size = len(leaves)
    return bundle.files(
        [(seq, bodies[seq]) for seq in seqs], point(size),
        {seq: roots(merkle.inclusion_ranges(seq, size)) for seq in seqs}, [SIGNER.key],
        (point(first), roots(merkle.consistency_ranges(first, size)))) | changes


def refused(contents):
    with pytest.raises(Broken) as caught:
        bundle.verify(contents, [SIGNER.key])
    return caught.value.finding.kind


def test_bundle_proves_its_entries_from_a_zip_and_from_a_folder(tmp_path):
    contents = made()
    bundle.write(tmp_path / "out.zip", contents)
    folder = tmp_path / "out"
    folder.mkdir()
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    for source in (tmp_path / "out.zip", folder):
        checkpoint, count = bundle.verify(bundle.read(source), [SIGNER.key])
        assert (checkpoint.size, count) == (300, 4)


def test_changed_entry_is_named():
    contents = made()
    contents["entries.jsonl"] = contents["entries.jsonl"].replace(
        "批号".encode(), "批次".encode(), 1)
    assert refused(contents) == "LOG-1"


def test_missing_and_repeated_entries_are_named():
    lines = made()["entries.jsonl"].splitlines(keepends=True)
    assert refused(made(**{"entries.jsonl": b"".join(lines[1:])})) == "LOG-4"
    assert refused(made(**{"entries.jsonl": b"".join([*lines, lines[0]])})) == "LOG-6"


def test_entry_without_proof_is_refused():
    line = json.dumps({"seq": 3, "body": BODIES[3]}).encode()
    contents = made()
    assert refused(contents | {"entries.jsonl": contents["entries.jsonl"] + line}) == "LOG-1"
    assert refused(contents | {"entries.jsonl": b"[]\n"}) == "LOG-1"


def test_proof_of_a_rewritten_history_is_refused():
    forged = made([entry(0, name="x"), *BODIES[1:]])
    contents = made()
    assert refused(contents | {"checkpoint": forged["checkpoint"]}) in ("LOG-1", "LOG-3")
    proof = json.loads(contents["proof.json"])
    proof["previous"] = json.loads(forged["proof.json"])["previous"]
    assert refused(contents | {"proof.json": json.dumps(proof).encode()}) == "LOG-3"
    assert refused(contents | {"proof.json": b"{}"}) == "LOG-3"


def test_key_must_come_from_elsewhere():
    stranger = note.Signer(SIGNER.key.name, bytes(32))
    with pytest.raises(Broken, match="not among the public keys"):
        bundle.verify(made(), [stranger.key])


def test_sealed_entries_of_other_logs_versions_and_encodings_are_named():
    for bad, kind in ((entry(5, log=LOG.replace("0b", "0c")), "LOG-9"),
                      (entry(5, version="med-audit/9"), "LOG-12"),
                      (entry(5).replace('","', '", "', 1), "LOG-11")):
        assert refused(made([*BODIES[:5], bad, *BODIES[6:]], seqs=(5,))) == kind


def test_what_is_no_bundle_is_refused(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"x")
    for source in (tmp_path, tmp_path / "x.zip", tmp_path / "none"):
        with pytest.raises(Broken, match="not whole"):
            bundle.read(source)


@pytest.mark.parametrize("change", [
    ('"批号 é"', '"批号 \\u00e9"'), ('"批号 é"', "1"), ('"批号 é"', "1.0"), ('"批号 é"', "NaN"),
    ('{"name":"批号 é"}', '{"name":"a","name":"b"}'), (',2,1,', ',2.0,1,'), (",2,1,", ", 2,1,"),
    (",2,1,", ",true,1,"), ('"web"}', '"web"} '), (',null]', ']'), ('{"origin":"web"}', "null"),
    ("[", ""), ('"批号 é"', '"批号 é\t"'), ('"批号 é"', '["批号 é"]')])
def test_second_encoding_of_a_body_is_refused(change):
    text = entry(5)
    assert body.parse(text)["new"] == {"name": "批号 é"}
    changed = text.replace(*change)
    if change[0] == ",null]":
        changed = text.replace(',{"name"', ',null,{"name"')
    assert changed != text
    with pytest.raises(body.BodyError):
        body.parse(changed)


def test_what_can_be_read_of_a_spoilt_body_is_told():
    assert body.identity(entry(5))[:2] == (body.VERSION, LOG)
    assert body.identity("[1]") == (None, None, None)
    assert body.identity('["med-audit/1","x')[0] == "med-audit/1"


def program(*arguments):
    """Run setup/verify_audit; return (exit code, what it told)."""
    done = subprocess.run([sys.executable, ROOT / "setup" / "verify_audit", *arguments],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_program_verifies_a_bundle_and_names_what_is_wrong(tmp_path):
    key, good, bad = tmp_path / "key.pub", tmp_path / "good.zip", tmp_path / "bad.zip"
    key.write_text(f"{SIGNER.key}\n")
    contents = made()
    bundle.write(good, contents)
    bundle.write(bad, contents | {
        "entries.jsonl": contents["entries.jsonl"].replace(b'"web', b'"wex', 1)})
    assert program("--bundle", good, "--key", key) == (
        0, "Intact: 4 entries, each where it was sealed.\n")
    code, told = program("--bundle", bad, "--key", key)
    assert code == 1 and told.startswith("LOG-1 (an entry was edited): line 1")
    code, told = program("--bundle", good)
    assert code == 2 and "a key that you have from elsewhere" in told
    code, told = program("--bundle", good, "--key", tmp_path / "none")
    assert code == 2 and "cannot be read" in told


def test_program_tells_when_a_checkpoint_was_stamped(tmp_path):
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "tsa.cnf").write_text(
        "[leaf]\nkeyUsage = critical, digitalSignature\n"
        "extendedKeyUsage = critical, timeStamping\n"
        "[tsa]\nserial = serial\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\n"
        "digests = sha256\nsigner_cert = tsa.pem\nsigner_key = tsa.key\n")
    (tmp_path / "serial").write_text("01")
    contents = made()
    (tmp_path / "kept").write_bytes(contents["checkpoint"])
    (tmp_path / "asked").write_bytes(
        timestamp.request(contents["checkpoint"].decode()).as_bytes())
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
            "-days", "2", "-subj", "/CN=Test root")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr",
            "-subj", "/CN=Test authority")
    openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", "tsa.pem", "-days", "2", "-extfile", "tsa.cnf",
            "-extensions", "leaf")
    openssl("ts", "-reply", "-queryfile", "asked", "-out", "answer", "-config", "tsa.cnf",
            "-section", "tsa")
    (tmp_path / "key.pub").write_text(f"{SIGNER.key}\n")
    bundle.write(tmp_path / "good.zip", contents)
    arguments = ("--bundle", tmp_path / "good.zip", "--key", tmp_path / "key.pub", "--stamp",
                 tmp_path / "answer", "--roots", tmp_path / "ca.pem", "--against")
    code, told = program(*arguments, tmp_path / "kept")
    assert code == 0 and "was stamped at 20" in told
    (tmp_path / "other").write_bytes(made(seqs=(1,), first=5)["checkpoint"] + b"x")
    code, told = program(*arguments, tmp_path / "other")
    assert code == 2 and "not good" in told
