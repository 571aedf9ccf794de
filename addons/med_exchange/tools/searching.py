"""Indexes by which a part of a word is found, as Odoo makes them for columns."""

MUTABLE = 1  # of unaccent: it is there and no index may use it


def trigrams(expression):
    """Return the definition of an index over an expression, for ``models.Index``."""
    def definition(registry):
        if not registry.has_trigram or int(registry.has_unaccent) == MUTABLE:
            return ""  # no index
        return f"USING gin (({registry.unaccent(expression)}) gin_trgm_ops)"
    return definition
