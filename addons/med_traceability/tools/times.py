"""Times as other programs read them: ISO 8601, UTC, whole seconds."""


def iso(value):
    """Return a datetime, which is in UTC, as ``2026-01-31T12:00:00Z``; nothing is ''."""
    return value.isoformat()[:19] + 'Z' if value else ''


def iso_text(value):
    """Return the same from the text that PostgreSQL gives for a time: no datetime between."""
    return f'{value[:10]}T{value[11:19]}Z' if value else ''
