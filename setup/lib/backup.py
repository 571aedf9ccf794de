"""Backup of a database with its files, and its restoration, each proved by the audit trail.

A backup is a folder: ``database.dump`` (pg_dump, custom format), ``filestore.tar.gz``,
``verification.txt`` and ``manifest.json``, which names the others with their SHA-256 and says what
the audit trail told before. A restoration checks all of it and verifies the trail again.
"""

import json
import os
import shutil
import subprocess
import tarfile
from datetime import datetime, timezone
from pathlib import Path

from . import postgres, python
from .house import SETUP, Failure, run, say, sha256, step

FORMAT = "med-backup/1"
PARTS = ("database.dump", "filestore.tar.gz", "verification.txt")


def now():
    """This moment in UTC, as ISO text without a fraction."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def variables():
    """The environment in which PostgreSQL's programs reach the server."""
    return {**os.environ, **postgres.environment()}


def verify(database, data_dir):
    """Verify the audit trail of a database; return (whether it held, what the verifier told).

    :param data_dir: Odoo's data_dir, which holds the public keys
    """
    done = subprocess.run(
        [python.PYTHON, SETUP / "verify_audit", "--database", database], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        env={**variables(), "ODOO_DATA_DIR": str(data_dir)}, stdin=subprocess.DEVNULL)
    return done.returncode == 0, done.stdout


def trail(database):
    """What the audit trail of a database holds.

    :return: ``{"log", "entries", "sealed", "checkpoint"}``, the last the newest signed note
    """
    [[log, entries, sealed]] = postgres.sql(
        "SELECT med_audit.log_id(), (SELECT count(*) FROM med_audit.entry),"
        " (SELECT count(*) FROM med_audit.leaf)", database)
    rows = postgres.sql("SELECT encode(convert_to(note, 'UTF8'), 'base64') FROM"
                        " med_audit.checkpoint ORDER BY size DESC LIMIT 1", database)
    return {"log": log, "entries": int(entries), "sealed": int(sealed),
            "checkpoint": "".join(line for [line] in rows)}


def record(database, kind, **payload):
    """Write an event into the audit trail of a database."""
    text = json.dumps(payload, ensure_ascii=False).replace("'", "''")
    postgres.sql(f"SELECT med_audit.event('{kind}', '', NULL, '{text}'::jsonb)", database)


def make(database, data_dir, target):
    """Write a backup of a database into a new folder; return the folder.

    :param data_dir: Odoo's data_dir, which holds ``filestore/<database>``
    :raise Failure: the audit trail does not hold: look at that before anything is overwritten
    """
    folder = Path(target) / f"{database}-{now().replace(':', '')}"
    folder.mkdir(parents=True, mode=0o700)
    with step("Verifying the audit trail"):
        held, told = verify(database, data_dir)
    (folder / "verification.txt").write_text(told)
    before = trail(database)
    with step(f"Dumping {database}"):
        run("pg_dump", "--format=custom", f"--file={folder / 'database.dump'}", database,
            env=variables())
    with step("Packing its files"), tarfile.open(folder / "filestore.tar.gz", "w:gz") as packed:
        files = Path(data_dir) / "filestore" / database
        if files.exists():
            packed.add(files, arcname="filestore")
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({
        "format": FORMAT, "database": database, "time": now(), "trail": before,
        "verified": held, "files": {
            name: {"sha256": sha256(folder / name), "bytes": (folder / name).stat().st_size}
            for name in PARTS}}, indent=1, sort_keys=True) + "\n")
    record(database, "backup", manifest_sha256=sha256(manifest), verified=held,
           entries=before["entries"], folder=folder.name)
    if not held:
        raise Failure(f"{told}\nThe backup was made, and its audit trail does NOT hold: {folder}")
    return folder


def read(folder):
    """The manifest of a backup, after every file was compared with it.

    :raise Failure: a file is missing or altered, or this is no backup of ours
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
    except (OSError, ValueError) as error:
        raise Failure(f"{folder} holds no backup: {error}") from None
    if manifest.get("format") != FORMAT:
        raise Failure(f"{folder} is of format {manifest.get('format')}, not {FORMAT}")
    for name in PARTS:
        path, said = folder / name, manifest["files"][name]
        if not path.exists():
            raise Failure(f"{path} is missing")
        if sha256(path) != said["sha256"]:
            raise Failure(f"{path} is not the file that was backed up: its SHA-256 differs")
    return manifest


def restore(folder, database, data_dir):
    """Restore a backup into a new database and prove it; return what was found.

    :return: ``{"held", "same_log", "same_checkpoint", "entries", "told"}``
    :raise Failure: a file was altered, or the database exists
    """
    folder = Path(folder)
    with step("Comparing the files with their checksums"):
        manifest = read(folder)
    if postgres.sql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):
        raise Failure(f"the database {database} exists; choose another name")
    files = Path(data_dir) / "filestore" / database
    if files.exists():
        raise Failure(f"{files} exists; choose another name")
    with step(f"Restoring {database}"):
        postgres.sql(f'CREATE DATABASE "{database}" TEMPLATE template0')
        run("pg_restore", "--exit-on-error", "--no-owner", "--jobs=2", f"--dbname={database}",
            folder / "database.dump", env=variables())
    with step("Unpacking its files"), tarfile.open(folder / "filestore.tar.gz") as packed:
        files.parent.mkdir(parents=True, exist_ok=True)
        place = files.with_name(f"{database}.new")
        packed.extractall(place, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        if (place / "filestore").exists():
            (place / "filestore").rename(files)
        shutil.rmtree(place)
    with step("Verifying the audit trail of what was restored"):
        held, told = verify(database, data_dir)
    after, before = trail(database), manifest["trail"]
    return {"held": held, "same_log": after["log"] == before["log"],
            "same_checkpoint": after["checkpoint"] == before["checkpoint"],
            "entries": after["entries"], "backed_up": before["entries"], "told": told}


def drill(folder, database, data_dir, source=None):
    """Restore, keep the record of it beside the backup, and say how it went.

    :param source: database whose audit trail takes a note of the drill
    :return: whether the restored database is what was backed up
    """
    found = restore(folder, database, data_dir)
    good = (found["held"] and found["same_log"] and found["same_checkpoint"]
            and found["entries"] >= found["backed_up"])
    told = found.pop("told")
    kept = Path(folder) / f"restore-{now().replace(':', '')}.json"
    kept.write_text(json.dumps({"time": now(), "database": database, "good": good, **found},
                               indent=1) + "\n")
    kept.with_suffix(".txt").write_text(told)
    record(database, "restore", backup=Path(folder).name, good=good)
    if source:
        record(source, "restore_drill", backup=Path(folder).name, good=good,
               record_sha256=sha256(kept))
    say(told.rstrip())
    say(f"{'Good' if good else 'NOT good'}: {found['entries']:,} entries restored, "
        f"{found['backed_up']:,} backed up; the same log: {found['same_log']}; the same newest "
        f"checkpoint: {found['same_checkpoint']}; the trail holds: {found['held']}.\n"
        f"The record of it: {kept}")
    return good
