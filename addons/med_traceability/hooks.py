"""Installation: the history that a database already has becomes genealogy."""


def post_init_hook(env):
    """Back-fill the genealogy of everything posted before installation."""
    env['med.genealogy']._backfill()
