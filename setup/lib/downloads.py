"""Files fetched once, checked against setup/downloads.json and kept in the user's cache by SHA-256.

Debian packages come through a private apt configuration made from the mirror and keyring that this
machine's apt already uses, so signatures are checked and neither the machine's own sources nor its
package database are touched.
"""

import json
import os
import re
import shutil
import tempfile
from pathlib import Path

from . import system
from .house import CACHE, SETUP, Failure, run, say, sha256, step

MANIFEST = json.loads((SETUP / "downloads.json").read_text())
NEWER = CACHE / "newer.json"
DEBIAN_SUITES = {
    "stable", "testing", "unstable", "sid", "bookworm", "trixie", "forky", "duke",
}
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def _kept(checksum):
    """The cached file with this checksum, or None; one that fails its checksum is removed."""
    for path in (CACHE / "sha256" / checksum).glob("*"):
        if sha256(path) == checksum:
            return path
        path.unlink()
    return None


def _keep(path, name):
    """Move a fetched file into the cache under its own checksum."""
    place = CACHE / "sha256" / sha256(path)
    place.mkdir(parents=True, exist_ok=True)
    kept = place / name
    shutil.move(path, kept)
    return kept


def _check(entry, version, path):
    """Refuse a file whose checksum differs for the very version that setup/downloads.json names."""
    if version == entry["version"] and sha256(path) != entry["sha256"]:
        raise Failure(
            f"{entry['name']} {version} was fetched with SHA-256 {sha256(path)}, and"
            f" setup/downloads.json says {entry['sha256']}: not used")


def parse_sources(text):
    """The entries of an apt sources file, in either format, as lists of fields.

    :return: a list of dicts with keys ``Types``, ``URIs``, ``Suites``, ``Components`` and where
             given ``Signed-By``, in the words of sources.list(5)
    """
    entries = []
    if re.search(r"^(Types|URIs):", text, re.M):
        text = re.sub(r"^#.*\n", "", text, flags=re.M)
        for stanza in re.split(r"\n\s*\n", text):
            fields = dict(re.findall(r"^([\w-]+):[ \t]*(.*(?:\n[ \t]+.*)*)", stanza, re.M))
            if "URIs" in fields and fields.get("Enabled", "yes").strip() != "no":
                entries.append({key: value.rstrip() for key, value in fields.items()})
        return entries
    for line in text.splitlines():
        found = re.match(r"\s*deb\s+(?:\[([^]]*)\]\s*)?(\S+)\s+(\S+)\s*([^#]*)", line)
        if found:
            options, uri, suite, components = found.groups()
            entry = {"Types": "deb", "URIs": uri, "Suites": suite,
                     "Components": components.strip()}
            signed = re.search(r"signed-by=(\S+)", options or "", re.I)
            entries.append({**entry, "Signed-By": signed[1]} if signed else entry)
    return entries


def debian_source(entries):
    """The first entry that is a full Debian archive (not security, not another vendor), or None."""
    for entry in entries:
        suites = set(entry.get("Suites", "").split())
        if ("main" in entry.get("Components", "").split() and suites & DEBIAN_SUITES
                and "deb" in entry.get("Types", "").split()):
            return entry
    return None


def _mirror():
    """URI and keyring of the Debian archive: MED_DEBIAN_MIRROR, or what this machine's apt uses."""
    if uri := os.environ.get("MED_DEBIAN_MIRROR"):
        if not KEYRING.exists():
            raise Failure(
                "Debian's keys are missing:\n  sudo apt-get install debian-archive-keyring")
        return uri, str(KEYRING)
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    entry = debian_source([
        entry for path in files if path.suffix in (".list", ".sources") and path.is_file()
        for entry in parse_sources(path.read_text())])
    if not entry:
        raise Failure(
            "apt on this machine knows no Debian mirror, from which Odoo comes. Either\n"
            "  set MED_DEBIAN_MIRROR to the address of one (as in a Debian sources.list)\n"
            "  and install debian-archive-keyring, or\n"
            "  set ODOO_HOME to the folder of an Odoo 19 that is already here.")
    signed = entry.get("Signed-By") or (str(KEYRING) if KEYRING.exists() else "")
    return entry["URIs"].split()[0], signed


class PrivateApt:
    """apt with its own sources, lists and caches in one temporary folder."""

    def __init__(self, folder):
        self.folder = folder
        uri, signed = _mirror()
        for part in ("lists/partial", "cache/archives/partial"):
            (folder / part).mkdir(parents=True)
        signed = f"Signed-By: {signed}\n" if signed else ""
        (folder / "debian.sources").write_text(
            f"Types: deb\nURIs: {uri}\nSuites: sid bookworm\nComponents: main\n{signed}")
        # read after the machine's own apt.conf.d, whose proxy settings stay: hooks of that
        # configuration (container images clear their caches with one) are for root, not for us
        (folder / "last.conf").write_text(
            "#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n"
            f'Dir::Etc::sourcelist "{folder}/debian.sources";\nDir::Etc::sourceparts "-";\n'
            f'Dir::State::lists "{folder}/lists";\nDir::Cache "{folder}/cache";\n'
            'APT::Sandbox::User "root";\nAcquire::Languages "none";\nAcquire::Retries "3";\n')
        main = Path("/etc/apt/apt.conf")
        own = f'#include "{main}"\n' if main.exists() else ""
        (folder / "main.conf").write_text(own + (folder / "last.conf").read_text())
        (folder / "first.conf").write_text(f'Dir::Etc::main "{folder}/main.conf";\n')
        self.environment = {**os.environ, "APT_CONFIG": str(folder / "first.conf")}

    def call(self, *command, cwd=None):
        return run(*command, env=self.environment, cwd=cwd, hint=(
            "Is the network there? An Odoo 19 that is already on this machine is used with"
            " ODOO_HOME=<its folder>."))

    def versions(self, name):
        """The versions the archive offers now, newest first."""
        return [line.split("|")[1].strip() for line in self.call("apt-cache", "madison", name)
                .splitlines() if line.count("|") == 2]

    def download(self, entry):
        """Fetch the version asked for, or the newest of the same series; returns version, path."""
        offered = self.versions(entry["name"])
        wanted = entry["version"]
        series = entry.get("series", "")
        version = wanted if wanted in offered else next(
            (one for one in offered if one.startswith(series)), None)
        if not version:
            raise Failure(f"the Debian archive offers no {entry['name']} {series or wanted}, only"
                          f" {offered or 'nothing'}; set ODOO_HOME to an Odoo 19 folder")
        place = self.folder / "debs" / entry["name"]
        place.mkdir(parents=True)
        self.call("apt-get", "download", f"{entry['name']}={version}", cwd=place)
        return version, next(place.glob("*.deb"))


def debian_packages():
    """Paths of all Debian packages of the manifest, fetched where the cache lacks them."""
    newer = json.loads(NEWER.read_text()) if NEWER.exists() else {}
    paths, missing = {}, []
    for entry in MANIFEST["debian"]:
        moved = newer.get(f"{entry['name']} {entry['version']}")
        path = _kept(entry["sha256"]) or (moved and _kept(moved["sha256"]))
        paths[entry["name"]] = path
        if not path:
            missing.append(entry)
    if missing:
        with tempfile.TemporaryDirectory(prefix="odoo-medical-apt-") as folder:
            apt = PrivateApt(Path(folder))
            with step("Reading the package lists of Debian sid and bookworm"):
                apt.call("apt-get", "update")
            for entry in missing:
                with step(f"Fetching {entry['name']} {entry['version']}"):
                    version, path = apt.download(entry)
                _check(entry, version, path)
                kept = paths[entry["name"]] = _keep(path, f"{entry['name']}.deb")
                if version != entry["version"]:
                    say(f"  Debian has moved on: {entry['name']} {version} instead of"
                        f" {entry['version']} (signature checked by apt); going on with it")
                    newer[f"{entry['name']} {entry['version']}"] = {
                        "version": version, "sha256": kept.parent.name}
                    NEWER.write_text(json.dumps(newer, indent=1))
    return paths


def npm_package(entry):
    """Path of the tarball of an npm package of the manifest."""
    if path := _kept(entry["sha256"]):
        return path
    if not shutil.which("npm"):
        system.install(["npm"])
    with tempfile.TemporaryDirectory() as folder, step(f"Fetching {entry['name']}"):
        run("npm", "pack", "--silent", f"{entry['name']}@{entry['version']}", cwd=folder)
        path = next(Path(folder).glob("*.tgz"))
        _check(entry, entry["version"], path)
        return _keep(path, path.name)
