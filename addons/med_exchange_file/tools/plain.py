"""What of a caller's context may reach what this server does on its own. No Odoo."""

KEPT = ("lang", "tz")


def plain(context):
    """Return language and time zone of a context, without anything that decides what is done.

    A caller chooses the context of a call: ``default_…`` in it would fill in what nobody typed.
    """
    return {name: context[name] for name in KEPT if name in context}
