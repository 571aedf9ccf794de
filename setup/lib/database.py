"""Databases: templates prepared once per set of installed addons, and clones of them."""

import hashlib
import os
import shutil

from . import odoo, postgres
from .house import ADDONS, CORE_ADDONS, LOGS, alone, our_addons, step

DEMO_NAME = os.environ.get("MED_DEMO") or "demo"  # another name makes a second demonstration
DEMO = f"{postgres.PREFIX}_{DEMO_NAME}"
LANGUAGES = "en_US,zh_CN"  # the first becomes the default
DATA_SUFFIXES = {".py", ".xml", ".csv", ".po", ".sql", ".json"}


def names():
    """All databases of this clone."""
    rows = postgres.sql("SELECT datname FROM pg_database")
    return {name for name, in rows if name.startswith(postgres.PREFIX + "_")}


def drop(name):
    """Remove a database and its files, whoever is connected."""
    # WITH (FORCE) would be refused for PostgreSQL's own workers, which a plain DROP sends away.
    postgres.sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                 f" WHERE datname = '{name}' AND backend_type = 'client backend'")
    postgres.sql(f'DROP DATABASE IF EXISTS "{name}"')
    shutil.rmtree(odoo.DATA / "filestore" / name, ignore_errors=True)
    for kept in (odoo.DATA / "med_audit").glob(f"*.{name}.checkpoint"):
        kept.unlink()  # or the next database of this name would seem cut off


def clone(template, name, durable=False):
    """Make ``name`` as a copy of ``template``, files included (linked: Odoo never changes one)."""
    drop(name)
    postgres.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    if not durable:
        postgres.sql(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    files = odoo.DATA / "filestore"
    if (files / template).exists():
        shutil.copytree(files / template, files / name, copy_function=os.link)


def _prepare(kind, key, build):
    """The template of this kind and key; built under another name, so a torn one is never used."""
    name = f"{postgres.PREFIX}_{kind}_{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    with alone(f"the {kind} template"):
        existing = names()
        if name not in existing:
            for stale in existing:
                if stale.startswith(f"{postgres.PREFIX}_{kind}_"):
                    drop(stale)
            making, log = f"{name}_new", LOGS / f"template-{kind}.log"
            log.unlink(missing_ok=True)
            build(making, log)
            postgres.sql(f'ALTER DATABASE "{making}" RENAME TO "{name}"')
            files = odoo.DATA / "filestore"
            if (files / making).exists():
                (files / making).rename(files / name)
    return name


def core_template():
    """A database with the addons of core that ours build on, in English and Chinese."""
    def build(name, log):
        with step(f"Preparing a database with {', '.join(CORE_ADDONS)} (minutes, once)"):
            odoo.call("server", name, "-i", ",".join(CORE_ADDONS), f"--load-language={LANGUAGES}",
                      "--stop-after-init", "--no-http", log=log)
    return _prepare("core", odoo.identity() + " ".join(CORE_ADDONS) + LANGUAGES, build)


def addons_hash():
    """A checksum of everything in our addons that ends up in a database."""
    digest = hashlib.sha256()
    for path in sorted(ADDONS.rglob("*")):
        if path.suffix in DATA_SUFFIXES and not {"tests", "__pycache__"} & set(path.parts):
            digest.update(str(path.relative_to(ADDONS)).encode() + path.read_bytes())
    return digest.hexdigest()


def full_template():
    """A database with all our addons installed on top."""
    core = core_template()

    def build(name, log):
        clone(core, name)
        with step("Preparing a database with " + ", ".join(our_addons())):
            odoo.call("server", name, "-i", ",".join(our_addons()), "--stop-after-init",
                      "--no-http", log=log)
            # or the first page of every copy waits for its scripts and styles to be bundled
            odoo.shell(name, "env['ir.qweb']._pregenerate_assets_bundles()\nenv.cr.commit()")
    return _prepare("full", core + addons_hash(), build)
