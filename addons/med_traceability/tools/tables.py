"""The answer of a trace as plain tables, for paper and for a workbook.

No Odoo, no I/O: the answer of ``stock.lot.med_trace()`` (contract version 1) and the words come in.
"""
from dataclasses import dataclass

# sheet: ((column, kind), …); kind is text, number, date (ISO text) or word (looked up in labels)
LAYOUT = {
    'lots': (('level', 'number'), ('name', 'text'), ('product', 'text'), ('kind', 'word'),
             ('exact', 'word'), ('company', 'text'), ('expiration', 'date'), ('on_hand', 'number'),
             ('uom', 'text'), ('state', 'word')),
    'edges': (('from', 'text'), ('from_product', 'text'), ('to', 'text'), ('to_product', 'text'),
              ('quantity', 'number'), ('uom', 'text'), ('exact', 'word'), ('kind', 'word'),
              ('event', 'text'), ('date', 'date')),
    'consignees': (('partner', 'text'), ('country', 'text'), ('lot', 'text'), ('product', 'text'),
                   ('exact', 'word'), ('shipped', 'number'), ('returned', 'number'),
                   ('net', 'number'), ('uom', 'text'), ('own_company', 'word'),
                   ('documents', 'text')),
    'suppliers': (('partner', 'text'), ('country', 'text'), ('lot', 'text'), ('product', 'text'),
                  ('exact', 'word'), ('received', 'number'), ('returned', 'number'),
                  ('net', 'number'), ('uom', 'text'), ('own_company', 'word'),
                  ('documents', 'text')),
    'stock': (('lot', 'text'), ('product', 'text'), ('location', 'text'), ('usage', 'word'),
              ('company', 'text'), ('quantity', 'number'), ('uom', 'text')),
    'events': (('date', 'date'), ('kind', 'word'), ('name', 'text'), ('company', 'text'),
               ('partner', 'text'), ('operators', 'text'), ('workcenters', 'text'),
               ('reason', 'text')),
}


@dataclass(frozen=True)
class Column:
    """One column: its key, the heading a reader sees and the kind of its values."""
    key: str
    label: str
    kind: str = 'text'


@dataclass(frozen=True)
class Table:
    """A titled table; rows are tuples in the order of the columns."""
    key: str
    title: str
    columns: tuple
    rows: tuple


def trace_tables(answer, labels):
    """Return the tables of a trace: lots, edges, consignees, suppliers, stock, events.

    :param dict answer: what ``med_trace`` returned; with both directions a first column names them
    :param dict labels: words by key: ``lots`` (a title), ``lots.name`` (a heading) and
        ``word.<value>`` (a value); a key that is missing is shown as it is
    """
    both = answer['direction'] == 'both'
    parts = [answer['forward'], answer['backward']] if both else [answer]
    return tuple(_table(key, parts, both, labels) for key in LAYOUT)


def _table(key, parts, both, labels):
    layout = ((('direction', 'word'),) if both else ()) + LAYOUT[key]
    columns = tuple(
        Column(name, labels.get(f'{key}.{name}', name), 'text' if kind == 'word' else kind)
        for name, kind in layout)
    rows = []
    for part in parts:
        lots = {lot['id']: lot for lot in part['lots']}
        events = {event['id']: event for event in part['events']}
        for row in part[key]:
            row = {**_context(key, row, lots, events), 'direction': part['direction']}
            rows.append(tuple(_value(row.get(name, ''), kind, labels) for name, kind in layout))
    return Table(key, labels.get(key, key), columns, tuple(rows))


def _context(key, row, lots, events):
    """Return a row with the names that its ids stand for."""
    nothing = {'name': '', 'product': '', 'uom': ''}
    if key == 'edges':
        source, target = lots.get(row['from'], nothing), lots.get(row['to'], nothing)
        event = events.get(row['event'], {})
        return {**row, 'from': source['name'], 'from_product': source['product'],
                'to': target['name'], 'to_product': target['product'], 'uom': source['uom'],
                'kind': event.get('kind', ''), 'event': event.get('name', ''),
                'date': event.get('date', '')}
    if 'lot_id' in row:
        lot = lots.get(row['lot_id'], nothing)
        row = {**row, 'lot': lot['name'], 'product': lot['product']}
    if key in ('consignees', 'suppliers'):
        return {**row, 'own_company': 'own_company' if row['own_company'] else '',
                'documents': ', '.join(events[event]['name'] for event in row['events']
                                       if event in events)}
    if key == 'events':
        return {**row, 'operators': ', '.join(row['operators']),
                'workcenters': ', '.join(row['workcenters'])}
    return row


def _value(value, kind, labels):
    if kind != 'word':
        return value
    if isinstance(value, bool):
        value = 'exact' if value else 'possible'
    return labels.get(f'word.{value}', value)
