"""Lines know which of their numbers have left."""


def migrate(cr, version):
    # Nobody noted it so far: all of them may have.
    cr.execute("ALTER TABLE med_exchange_line ADD COLUMN IF NOT EXISTS handed_out integer")
    cr.execute("UPDATE med_exchange_line SET handed_out = last_sequence WHERE handed_out IS NULL")
