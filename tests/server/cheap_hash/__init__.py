"""Server-wide module of the servers that tests start: a secret is hashed in a millisecond.

Odoo asks for 600,000 rounds, about a second on two busy cores, and the tests sign thousands of
times. They prove who may sign and what is kept of it, not how long a guess takes. Odoo's own tests
lower the rounds likewise.
"""

from odoo.addons.base.models import res_users

res_users.MIN_ROUNDS = 1_000
