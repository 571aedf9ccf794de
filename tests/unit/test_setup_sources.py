"""setup/ finds the Debian mirror that this machine's apt already uses, in both file formats."""

import pytest

from lib.downloads import debian_source, parse_sources

DEB822 = """\
# kept for later
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
"""
ONE_LINE = """\
# deb http://old.example/debian bullseye main
deb [arch=amd64 signed-by=/etc/apt/keys.gpg] http://mirror.example/debian trixie main  # here
deb-src http://mirror.example/debian trixie main
"""
EMBEDDED = """\
Types: deb
URIs: http://mirror.example/debian
Suites: sid
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEYCQjIxYJ
 -----END PGP PUBLIC KEY BLOCK-----
"""
UBUNTU = """\
Types: deb
URIs: http://mirror.example/ubuntu
Suites: noble noble-updates
Components: main universe
"""
OFF = DEB822.replace("Types: deb\nURIs: http://mirror.example/debian\n",
                     "Enabled: no\nTypes: deb\nURIs: http://mirror.example/debian\n")


@pytest.mark.parametrize("text, keyring", [
    (DEB822, "/usr/share/keyrings/debian-archive-keyring.gpg"), (ONE_LINE, "/etc/apt/keys.gpg")])
def test_the_archive_and_its_keyring_are_found(text, keyring):
    found = debian_source(parse_sources(text))
    assert (found["URIs"], found["Signed-By"]) == ("http://mirror.example/debian", keyring)


def test_a_key_block_inside_the_entry_is_kept_whole():
    signed = debian_source(parse_sources(EMBEDDED))["Signed-By"]
    assert signed.startswith("\n -----BEGIN") and signed.endswith("END PGP PUBLIC KEY BLOCK-----")


@pytest.mark.parametrize("text", [
    UBUNTU, OFF, "", "deb http://x.example/debian bookworm-security main"])
def test_what_is_no_full_debian_archive_is_not_taken_for_one(text):
    assert debian_source(parse_sources(text)) is None
