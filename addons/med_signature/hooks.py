"""Installation and removal. What was signed outlives the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_signature", "med_signature_meaning", "med_signature_grant", "med_signature_rule",
        "med_signature_rule_line", "med_signature_attempt", "med_signature_login",
        "med_access_review", "med_access_review_line", "med_audit_review")


def post_init_hook(env):
    """Take down the logins of the accounts there are, after those of an earlier installation."""
    env.cr.execute("SELECT to_regclass('med_evidence.med_signature_login')")
    if env.cr.fetchone()[0]:
        env.cr.execute("""
            INSERT INTO med_signature_login (key, login, account, create_uid, create_date,
                                             write_uid, write_date)
            SELECT key, login, account, create_uid, create_date, write_uid, write_date
              FROM med_evidence.med_signature_login ON CONFLICT DO NOTHING""")
    env["med.signature.login"]._enter(
        env["res.users"].with_context(active_test=False).search([], order="active DESC, id"))


def uninstall_hook(env):
    """Copy signatures and what they rest on to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
