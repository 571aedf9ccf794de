"""A number stands for one statement of a partner; the index that keeps it so is made after this.

It came without a version of its own: where a partner had sent one number twice it was not made.
"""

import logging

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    # The newest keeps the number: it is the one that the partner's next message is about.
    cr.execute("""
        UPDATE med_stock_statement old
           SET name = old.name || '#' || old.id
         WHERE old.state != 'withdrawn' AND EXISTS (
               SELECT FROM med_stock_statement new
                WHERE new.exchange_partner_id = old.exchange_partner_id
                  AND new.name = old.name AND new.state != 'withdrawn' AND new.id > old.id)
     RETURNING old.id, old.name""")
    for number, name in cr.fetchall():
        _logger.info("stock statement %s is called %s: its number was sent again", number, name)
