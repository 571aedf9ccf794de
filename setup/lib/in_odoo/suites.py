"""Run in ``odoo shell``: the tests of some addons, with everything installed.

Expects ``modules``: names of addons; ``tags``: test tags as Odoo's --test-tags takes them.
"""

import odoo.tests.shell

# as Odoo's server does before such tests: else the first page compiles them while it holds the
# lock of the test's cursor, and other requests give up waiting
env["ir.qweb"]._pregenerate_assets_bundles()  # noqa: F821
env.cr.commit()  # noqa: F821
odoo.tests.shell.run_tests(env, tags, modules)  # noqa: F821
