"""Installation and removal. What was recorded outlives the addon."""

from odoo.addons.med_base.kept import keep

from .store import prepare


def pre_init_hook(env):
    """Make the store, or go on with the one that an earlier installation left."""
    prepare(env)


def uninstall_hook(env):
    """Take the triggers off; the entries, their proof and the store itself stay.

    The entries are in the schema ``med_audit``, which Odoo does not know: nothing here or in Odoo
    drops it. The log says when capture ended, and an installation later goes on with the same log.
    Reviews, anchors and verifications are copied to the schema ``med_evidence``.
    """
    env.flush_all()
    for table in ("med_audit_review", "med_audit_anchor", "med_audit_verification"):
        keep(env.cr, table)
    Entry = env["med.audit.entry"]
    Entry._record_event("uninstall")
    Entry._alarm(env._("Audit trail uninstalled"),
                 env._("Nothing is recorded from now on, by %(user)s.", user=env.user.name))
    env["med.audit.policy"].with_context(active_test=False).search([]).unlink()
