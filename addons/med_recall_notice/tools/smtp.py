"""What a mail server's answer means (RFC 5321, 4.2.1)."""

import re

# How Python's smtplib tells a code, "(550, b'no such user')", or a server a line, "550 5.1.1 no".
CODE = re.compile(r"\(([245]\d\d), b?['\"]|^([245]\d\d)[ -]", re.MULTILINE)
# The server wants another password, of us: the address may be good.
OURS = frozenset((530, 534, 535, 538))


def codes(text):
    """Return the codes of replies in what is told of a failure; a port is none."""
    return [int(one or other) for one, other in CODE.findall(text or "")]


def is_refused(text):
    """Return whether the server refused for good: trying again without a change is no use."""
    return any(code >= 500 and code not in OURS for code in codes(text))
