def post_init_hook(env):
    """Take down the logins of the accounts there are."""
    env["med.signature.login"]._enter(
        env["res.users"].with_context(active_test=False).search([], order="active DESC, id"))
