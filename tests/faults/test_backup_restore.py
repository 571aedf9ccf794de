"""A backup comes back as what it was, and one that was tampered with does not."""

import json
import shutil
from pathlib import Path

import pytest

from lib import backup, database, odoo, postgres
from lib.house import Failure

requirement = "CN-GMP-46-3 P11-10c Z1 LOG-9"


@pytest.fixture(scope="module")
def kept(site, tmp_path_factory):
    """A backup of a database with a partner, an attachment and a sealed trail."""
    told = site.shell("""
partner = env["res.partner"].create({"name": "Backed up"})
env["ir.attachment"].create({"name": "paper.txt", "raw": b"The paper", "res_model": "res.partner",
                             "res_id": partner.id})
env.cr.commit()
from odoo.addons.med_audit import sealer
assert sealer.seal(env.cr.dbname) > 0
print("PARTNER%d" % partner.id)
""")
    partner = int(told.split("PARTNER")[1].split()[0])
    folder = backup.make(site.database, odoo.DATA, tmp_path_factory.mktemp("backup"))
    return folder, partner


@pytest.fixture
def restored(site):
    """A name for a restored database, which is dropped afterwards."""
    name = f"{site.database}_restored"
    database.drop(name)
    yield name
    database.drop(name)


def test_a_restored_database_is_what_was_backed_up(site, kept, restored):
    folder, partner = kept
    assert backup.drill(folder, restored, odoo.DATA, site.database)
    [record] = folder.glob("restore-*.json")
    assert json.loads(record.read_text())["good"]
    assert postgres.sql(f"SELECT name FROM res_partner WHERE id = {partner}", restored) == [
        ["Backed up"]]
    [[stored]] = postgres.sql("SELECT store_fname FROM ir_attachment WHERE name = 'paper.txt'",
                              restored)
    assert (Path(odoo.DATA) / "filestore" / restored / stored).read_bytes() == b"The paper"
    [[noted]] = site.sql("SELECT body::json -> 15 ->> 'good' FROM med_audit.entry"
                         " WHERE op = 'E' ORDER BY id DESC LIMIT 1")
    assert noted == "true"


def test_capture_and_refusal_survive_the_restoration(kept, restored):
    folder, partner = kept
    backup.restore(folder, restored, odoo.DATA)
    postgres.sql(f"UPDATE res_partner SET ref = 'past Odoo' WHERE id = {partner}", restored)
    [[body]] = postgres.sql("SELECT body FROM med_audit.entry WHERE op = 'U' AND"
                            f" model = 'res.partner' AND res_id = {partner}"
                            " ORDER BY id DESC LIMIT 1", restored)
    entry = json.loads(body)
    assert entry[11]["origin"] == "database" and entry[15]["ref"] == "past Odoo"
    for attack in ("UPDATE med_audit.entry SET body = ''", "DELETE FROM med_audit.leaf",
                   "TRUNCATE med_audit.entry"):
        with pytest.raises(Failure, match="append-only"):
            postgres.sql(attack, restored)


@pytest.mark.parametrize("name", ["database.dump", "filestore.tar.gz", "verification.txt"])
def test_one_altered_byte_is_refused_before_anything_is_made(kept, restored, tmp_path, name):
    folder = tmp_path / "copy"
    shutil.copytree(kept[0], folder)
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(Failure, match="SHA-256 differs"):
        backup.restore(folder, restored, odoo.DATA)
    assert not postgres.sql(f"SELECT 1 FROM pg_database WHERE datname = '{restored}'")


def test_a_trail_that_does_not_hold_is_said_before_and_after(site, kept, tmp_path):
    name = f"{site.database}_forged"
    site.server.stop()
    try:
        database.clone(site.database, name)
        for key in (Path(odoo.DATA) / "med_audit").glob(f"*.{site.database}.checkpoint"):
            shutil.copy(key, key.with_name(key.name.replace(site.database, name)))
        postgres.sql("ALTER TABLE med_audit.entry DISABLE TRIGGER USER; "
                     "UPDATE med_audit.entry SET body = replace(body, 'Backed up', 'Forged')",
                     name)
        with pytest.raises(Failure, match="does NOT hold"):
            backup.make(name, odoo.DATA, tmp_path)
        [manifest] = tmp_path.glob("*/manifest.json")
        assert json.loads(manifest.read_text())["verified"] is False
    finally:
        database.drop(name)
        site.start()
