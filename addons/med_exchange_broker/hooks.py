"""Removal. Partners that a broker served wait until somebody chooses another transport."""


def uninstall_hook(env):
    """Suspend the partners that are reached over a broker."""
    env["med.exchange.partner"].sudo().with_context(active_test=False).search(
        [("transport", "=", "amqp")]).write({"state": "suspended", "transport": "pull"})
