"""Run in ``odoo shell``: the tests of some addons, with everything installed.

Expects ``modules``: names of addons; ``tags``: test tags as Odoo's --test-tags takes them.
"""

import odoo.tests.shell

odoo.tests.shell.run_tests(env, tags, modules)  # noqa: F821
