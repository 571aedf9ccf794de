"""What a signature costs beyond the password hash, for one signer at a time.

Access reviews of MED_BENCH_PEOPLE lines (50) are signed, each in its own transaction; the time that
Odoo's own check of the password takes inside the same call is taken off.
"""

import contextlib
import os
import time

import support
from support import say

ROUNDS, PEOPLE = int(os.environ.get("MED_BENCH_ROUNDS", "60")), int(
    os.environ.get("MED_BENCH_PEOPLE", "50"))


def bench():
    figures = support.Figures("sign")
    with support.databases(ours=support.template()), support.open_database("ours") as env:
        figures.about = support.server(env.cr)
        signer = prepare(env)
        reviews = make_reviews(env, signer)
        say(f"{ROUNDS} signatures on reviews of {PEOPLE} people, each in its transaction")
        hashes, whole = [], []
        with hash_time(env, hashes):
            for review in reviews:
                begin = clocks()
                sign(env, review, signer)
                whole.append(clocks() - begin)
        beyond = [full - bare for full, bare in zip(whole, hashes, strict=True)]
        figures.add("password hash, median", median(hashes, 0), "ms")
        figures.add("signature, commit included, median", median(whole, 0), "ms")
        figures.add("beyond the hash, median", median(beyond, 0), "ms", "50 or less",
                    met=median(beyond, 0) <= 50)
        figures.add("processor time of Odoo in it", median(beyond, 1), "ms")
    figures.show()


class Clocks(tuple):
    """Seconds by the wall and by the processor."""

    __slots__ = ()

    def __sub__(self, other):
        return Clocks(mine - its for mine, its in zip(self, other, strict=True))


def clocks():
    return Clocks((time.perf_counter(), time.process_time()))


def median(rows, column):
    return 1000 * support.median(row[column] for row in rows)


@contextlib.contextmanager
def hash_time(env, seconds):
    """Append what each of Odoo's own checks of a password takes to ``seconds``."""
    users = env.registry["res.users"]
    original = users._check_credentials

    def measured(self, credential, user_agent_env):
        begin = clocks()
        try:
            return original(self, credential, user_agent_env)
        finally:
            seconds.append(clocks() - begin)

    users._check_credentials = measured
    try:
        yield
    finally:
        del users._check_credentials


def prepare(env):
    """Return a person who may sign, with a right given by three signatures."""
    people = {role: env["res.users"].with_context(no_reset_password=True).create({
        "name": role, "login": f"bench_{role}", "password": f"bench_{role}",
        "group_ids": [(6, 0, env.ref(f"med_base.med_base_group_{role}").ids)],
    }) for role in ("qa", "system_admin", "regulatory")}
    env.cr.execute("UPDATE res_users SET med_password_temporary = false")
    env.invalidate_all()
    grant = env["med.signature.grant"].with_user(people["system_admin"]).create({
        "user_id": people["qa"].id, "identity_method": "known", "identity_reference": "file",
        "meaning_id": env.ref("med_signature.med_signature_meaning_reviewed").id})
    env.cr.commit()
    for role, meaning in (("system_admin", "verified"), ("qa", "acknowledged"),
                          ("regulatory", "approved")):
        sign(env, grant, people[role], meaning)
    return people["qa"]


def make_reviews(env, signer):
    reviews = env["med.access.review"].with_user(signer).create([{
        "name": f"Review {number}",
        "line_ids": [(0, 0, {"login": f"person {line}", "decision": "keep"})
                     for line in range(PEOPLE)],
    } for number in range(ROUNDS)])
    reviews.med_transition("start")
    env.cr.commit()
    env.invalidate_all()
    return reviews


def sign(env, record, user, meaning="reviewed"):
    record.with_user(user).med_sign(meaning, user.login, user.login)
    env.cr.commit()
    env.invalidate_all()


support.main(bench)
