"""What was queued before may be at its partner already: nothing of it is changed any more."""


def migrate(cr, version):
    cr.execute("UPDATE med_exchange_line SET handed_out = last_sequence")
