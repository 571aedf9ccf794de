"""What other programs may give as an argument; the caller says what is wrong, and where."""

LARGEST_ID = 2**31 - 1  # ids are 32 bits wide in PostgreSQL; a larger one is an error of its own


def is_id(value):
    """Return whether a value may be an id: a whole number, 0 for none, and not ``True``."""
    return type(value) is int and 0 <= value <= LARGEST_ID


def are_ids(values):
    """Return whether a value is a list (or tuple) of nothing but such ids; it may be empty."""
    return isinstance(values, list | tuple) and all(map(is_id, values))
