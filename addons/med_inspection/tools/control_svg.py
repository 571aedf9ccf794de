"""A control chart as SVG, for paper."""

from decimal import Decimal
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 1000, 300
LEFT, RIGHT, TOP, BOTTOM = 80, 90, 14, 40
BLUE, RED, GREY = '#1f3a5f', '#b3261e', '#8a97a5'


def draw(series, labels, digits=4, lines=()):
    """Return one series as an SVG element.

    :param series: :class:`.spc.Series` with one point or more
    :param labels: texts below the points, one for each
    :param digits: decimals of the numbers at the lines
    :param lines: further level lines ``(text, number)``: specification limits
    """
    points = series.points
    levels = [number for _text, number in lines]
    levels += [level for point in points for level in (
        point.value, point.center, point.lower, point.upper) if level is not None]
    low, high = float(min(levels)), float(max(levels))
    margin = (high - low) * .06 or abs(high) * .05 or 1
    low, high = low - margin, high + margin
    step = (WIDTH - LEFT - RIGHT) / max(len(points) - 1, 1)

    def at(index):
        return LEFT + (index * step if len(points) > 1 else (WIDTH - LEFT - RIGHT) / 2)

    def height(level):
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - float(level)) / (high - low)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
             f'width="100%" font-family="sans-serif" font-size="13">',
             f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" '
             f'height="{HEIGHT - TOP - BOTTOM}" fill="none" stroke="#d5dce4"/>']
    for text, level in lines:
        y = height(level)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
                     f'stroke="{RED}" stroke-width="1.4"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" '
                     f'fill="{RED}">{escape(text)} {_number(level, digits)}</text>')
    for name, colour, dash in (('upper', RED, '7 4'), ('center', GREY, ''), ('lower', RED, '7 4')):
        parts += _level(points, name, colour, dash, at, height, step, digits)
    path = ' '.join(f'{at(index):.1f},{height(point.value):.1f}'
                    for index, point in enumerate(points))
    parts.append(f'<polyline points="{path}" fill="none" stroke="{BLUE}" stroke-width="1.4"/>')
    broken = {one.index for one in series.violations}
    every = max(1, len(points) // 12)
    for index, point in enumerate(points):
        bad = point.index in broken
        x, y = at(index), height(point.value)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{5 if bad else 3}" '
                     f'fill="{RED if bad else BLUE}"/>')
        if index % every == 0:
            parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" '
                         f'fill="#44546a">{escape(labels[index][:14])}</text>')
    return ''.join([*parts, '</svg>'])


def _level(points, name, colour, dash, at, height, step, digits):
    """Return a line that follows each point's own limit, as steps."""
    style = f'fill="none" stroke="{colour}"' + (f' stroke-dasharray="{dash}"' if dash else '')
    parts, run = [], []
    for index, point in enumerate(points):
        level = getattr(point, name)
        if level is None:
            parts += _steps(run, style)
            run = []
        else:
            half = step / 2 if len(points) > 1 else 40
            run += [(max(at(index) - half, LEFT), height(level)),
                    (min(at(index) + half, WIDTH - RIGHT), height(level))]
    parts += _steps(run, style)
    last = getattr(points[-1], name)
    if last is not None:
        parts.append(f'<text x="{WIDTH - RIGHT + 6}" y="{height(last) + 4:.1f}" '
                     f'fill="{colour}">{_number(last, digits)}</text>')
    return parts


def _steps(run, style):
    if not run:
        return []
    return [f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}" {style}/>']


def _number(value, digits):
    text = f'{Decimal(value):.{digits}f}'
    return text.rstrip('0').rstrip('.') if '.' in text else text
