"""When who is told of what is due: reviews, certificates, agreements."""

OVERDUE = 0
NEVER = 100000
"""Nobody was told yet."""


def parse_steps(text):
    """Return the days before a due date at which somebody is told, descending.

    :param text: for example ``"90, 60, 30"``
    :raise ValueError: something else than whole days above zero, or nothing at all
    """
    steps = {int(part) for part in text.replace("，", ",").split(",") if part.strip()}
    if not steps or min(steps) < 1 or max(steps) > 3650:
        raise ValueError(text)
    return sorted(steps, reverse=True)


def reached(left, steps):
    """Return the step that a due date has reached: the least that covers it, or None.

    :param left: days until it is due; below zero once it is over
    :param steps: of :func:`parse_steps`
    :return: :data:`OVERDUE` once it is over, else one of the steps
    """
    if left < 0:
        return OVERDUE
    return min((step for step in steps if left <= step), default=None)


def to_tell(left, steps, told):
    """Return the step to tell of now, or None when that was done.

    :param told: the step told last; :data:`NEVER` before the first
    """
    step = reached(left, steps)
    return step if step is not None and step < told else None
