"""What a message made of a row is called: the same for the same file, and for no other."""

import hashlib


def message_id(digest, schema, attempt, line, undo=False):
    """Return the message id of a row (at most 64 visible ASCII characters).

    :param str digest: SHA-256 of the file, hexadecimal
    :param int attempt: how often the file was undone before
    """
    told = hashlib.sha256(f"{digest}|{schema}".encode()).hexdigest()[:32]
    return f"file-{told}-{attempt}-{line}{'-undo' if undo else ''}"


def leaves(data, pointer=""):
    """Return ``[(pointer, value), …]`` of every value in plain data that is no container."""
    if isinstance(data, dict) and data:
        return [leaf for name, value in data.items() for leaf in leaves(
            value, f"{pointer}/{name}")]
    if isinstance(data, list) and data:
        return [leaf for number, value in enumerate(data) for leaf in leaves(
            value, f"{pointer}/{number}")]
    return [(pointer, data)]


def differences(before, after):
    """Return ``[(pointer, before, after), …]``: None for what is not there."""
    old = dict(leaves(before)) if before else {}
    new = dict(leaves(after)) if after else {}
    return [(pointer, old.get(pointer), new.get(pointer))
            for pointer in [*old, *(one for one in new if one not in old)]
            if old.get(pointer) != new.get(pointer)]
