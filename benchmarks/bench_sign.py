"""What a signature costs beyond the password hash, for one signer at a time.

An access review of MED_BENCH_PEOPLE lines (50) is signed over and over; the time that Odoo's own
check of the password takes, in the same run, is taken off.
"""

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
        for review in reviews:
            hashes.append(timed(lambda: check(signer)))
            whole.append(timed(lambda record=review: sign(env, record, signer)))
        beyond = [full - bare for full, bare in zip(whole, hashes, strict=True)]
        figures.add("password hash, median", 1000 * support.median(hashes), "ms", "-")
        figures.add("signature, commit included, median", 1000 * support.median(whole), "ms", "-")
        figures.add("beyond the hash, median", 1000 * support.median(beyond), "ms", "50 or less",
                    met=1000 * support.median(beyond) <= 50)
    figures.show()


def timed(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


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


def check(user):
    user.with_user(user)._check_credentials(
        {"type": "password", "login": user.login, "password": user.login}, {"interactive": True})


def sign(env, record, user, meaning="reviewed"):
    record.with_user(user).med_sign(meaning, user.login, user.login)
    env.cr.commit()
    env.invalidate_all()


support.main(bench)
