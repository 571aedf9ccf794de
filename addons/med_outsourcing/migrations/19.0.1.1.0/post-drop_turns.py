"""The table of turns of this addon is gone: turns are those of med_base."""


def migrate(cr, version):
    # Its rows say nothing once the transactions that wrote them have ended.
    cr.execute("DROP TABLE IF EXISTS med_processor_turn")
