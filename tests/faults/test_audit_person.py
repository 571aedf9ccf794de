"""Who acts stays known over commits and rollbacks of a real cursor."""

import json

requirement = "P11-10e-1 A2"


def test_the_person_is_known_again_after_a_rollback(site):
    told = site.shell("""
import json
known = []
def look():
    env.cr.execute("SELECT current_setting('med_audit.person', true)")
    known.append(env.cr.fetchone()[0])
look()
env.cr.rollback()
look()
env.cr.commit()
env.cr.rollback()
env.cr.rollback()
look()
print("KNOWN" + json.dumps(known))
""")
    known = json.loads(next(line[5:] for line in told.splitlines() if line.startswith("KNOWN")))
    assert [json.loads(one)["origin"] for one in known] == ["shell"] * 3
