"""What both protocols carry unharmed."""


def assert_plain(value):
    """No None, no integer beyond 32 bits, string keys, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            assert isinstance(key, str), repr(key)
            assert_plain(inner)
    elif isinstance(value, list):
        for inner in value:
            assert_plain(inner)
    else:
        assert isinstance(value, (str, bool, int, float)), repr(value)
        if isinstance(value, int):
            assert -2 ** 31 <= value < 2 ** 31, value
