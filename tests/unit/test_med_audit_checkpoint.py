"""Signed checkpoints: the bytes other programs write and read, and what must not pass."""

import pytest
from odoo.addons.med_audit.tools import checkpoint, note

requirement = "P11-10a-2 LOG-3 LOG-9"

# The example of Go's golang.org/x/mod/sumdb/note, where the format comes from.
SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = ("If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n")
NOTE = (TEXT + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
        "KvqfqdngotpRZb6KE6RyyBwJnAM=\n")

LOG = "0b5bd1c6-5e0e-4a3e-9d2c-6a4d5f5c1a11"
SIGNER = note.Signer(f"med-audit/{LOG}", bytes(range(32)))
NEXT = note.Signer(f"med-audit/{LOG}", bytes(range(1, 33)))
SIGNED = ("lzs70yPD1SzfZ2gTVcoWZdpX83kz8VHFL5S+JMmwXoV1bVr6kx3r5IVBJX1xIS+15pCI90U7k+KozT9lC8"
          "iaAyNbIwU=")
POINT = checkpoint.Checkpoint(LOG, 12, bytes(range(32)), "2026-11-22T03:57:17.123456Z",
                              7213456789012345678, "900:905:900,903", "hospital")


def test_reads_and_writes_the_bytes_of_the_reference_implementation():
    signer, key = note.Signer.parse(SECRET), note.Key.parse(PUBLIC)
    assert str(signer.key) == str(key) == PUBLIC
    assert signer.private() == SECRET
    assert note.sign(TEXT, [signer]) == NOTE
    parsed = note.Note.parse(NOTE)
    assert parsed.text == TEXT and parsed.signers([key]) == [key]


def test_checkpoint_is_the_one_a_second_implementation_accepted():
    # verified with aics-tlog 0.2.1, parse_checkpoint and verify_note
    assert POINT.signed([SIGNER]) == f"""med-audit/{LOG}
12
AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=
time 2026-11-22T03:57:17.123456Z
snapshot 7213456789012345678 900:905:900,903
database hospital

— med-audit/{LOG} {SIGNED}
"""


def test_checkpoint_comes_back_as_it_was():
    text = POINT.signed([SIGNER])
    assert checkpoint.verified(text, [SIGNER.key], strict=True) == POINT


def test_while_keys_rotate_either_key_is_enough_and_both_are_checked():
    text = POINT.signed([NEXT, SIGNER])
    for keys in ([SIGNER.key], [NEXT.key]):
        assert checkpoint.verified(text, keys) == POINT
        with pytest.raises(note.NoteError, match="not among the public keys"):
            checkpoint.verified(text, keys, strict=True)
    assert checkpoint.verified(text, [SIGNER.key, NEXT.key], strict=True) == POINT
    forged = text.replace(SIGNER.sign(POINT.text()), SIGNER.sign("another\n"))
    with pytest.raises(note.NoteError, match="is false"):
        checkpoint.verified(forged, [SIGNER.key, NEXT.key])


def test_another_logs_key_does_not_sign_for_this_log():
    stranger = note.Signer("med-audit/another", bytes(32))
    with pytest.raises(note.NoteError, match="not among the public keys"):
        checkpoint.verified(POINT.signed([stranger]), [stranger.key])


def test_no_byte_of_a_note_can_be_changed_unseen():
    text = POINT.signed([SIGNER]).encode()
    for place in range(len(text)):
        for value in {(text[place] + 1) % 256, text[place] ^ 0x20, ord("A"), ord("\n")}:
            changed = bytearray(text)
            changed[place] = value
            if changed == text:
                continue
            with pytest.raises((note.NoteError, UnicodeDecodeError)):
                checkpoint.verified(changed.decode(), [SIGNER.key], strict=True)


@pytest.mark.parametrize("text", [
    "", "x", "text\n", TEXT, TEXT + "\n", NOTE[:-1], NOTE + "x\n", NOTE.replace("\n", "\r\n"),
    NOTE.replace("— ", "- "), NOTE.replace("JnAM=", "JnAN="), NOTE.replace("x08g", "!08g")])
def test_what_is_no_note_is_refused(text):
    with pytest.raises(note.NoteError):
        note.Note.parse(text)


@pytest.mark.parametrize("text", [
    POINT.text().replace("\n12\n", "\n012\n"), POINT.text().replace("\n12\n", "\n-1\n"),
    POINT.text().replace("time ", "Time "), POINT.text() + "more\n",
    POINT.text().replace("med-audit/", "audit/"),
    POINT.text().replace("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "AAEC"),
    POINT.text().replace(" 900:", " :")])
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(note.NoteError):
        checkpoint.Checkpoint.parse(note.sign(text, [SIGNER]))


@pytest.mark.parametrize("text", [
    PUBLIC.replace("c74f20a3", "c74f20a4"), PUBLIC[:-4], "a+b", "", PUBLIC.replace("+AR", "+AZ"),
    PUBLIC.replace("PeterNeumann", "Peter Neumann")])
def test_what_is_no_public_key_is_refused(text):
    with pytest.raises(note.NoteError):
        note.Key.parse(text)


@pytest.mark.parametrize("text", [SECRET.replace("c74f20a3", "c74f20a4"), SECRET[:-4], PUBLIC, ""])
def test_what_is_no_private_key_is_refused(text):
    with pytest.raises(note.NoteError):
        note.Signer.parse(text)


def test_a_key_file_may_have_comments():
    assert note.read_keys(f"# of 2026\n\n{PUBLIC}\n") == [note.Key.parse(PUBLIC)]


def test_a_text_that_could_be_read_two_ways_is_not_signed():
    for text in ("no line feed", "one\n\ntwo\n"):
        with pytest.raises(note.NoteError):
            note.sign(text, [SIGNER])
