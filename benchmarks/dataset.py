"""A history as Odoo would have written it, made by set-based SQL in core's own tables.

One block is 1,000 raw lots → 20,000 intermediate → 200,000 finished lots, each made by an order of
its own and each finished lot delivered: 881,000 done move lines, 641,000 moves, 220,000 orders,
201,000 pickings. An intermediate lot takes three raw lots and a finished lot two intermediate
ones, so that each raw lot goes into 60 intermediate and 1,200 finished lots, 1,200 deliveries.
A longer history is that block again and again, a year apart: its lots, stock and genealogy, which
is all that a trace reads.
"""

from dataclasses import dataclass

RAW, INTERMEDIATE, FINISHED = 1_000, 20_000, 200_000
LOTS = RAW + INTERMEDIATE + FINISHED
LINES = RAW + 4 * INTERMEDIATE + 4 * FINISHED
CONSIGNEES, SUPPLIERS, COUNTRIES = 503, 20, 40  # a prime: each raw lot reaches them all

TABLES = ("stock_lot", "stock_picking", "mrp_production", "stock_move", "stock_move_line",
          "stock_move_line_consume_rel", "mrp_production_stock_lot_rel", "stock_quant")

# The lots that a lot is made of, as numbers within its level and block.
TAKES_RAW = "(j + 333 * i) %% 1000"
TAKES_INTERMEDIATE = "(f + i * (2010 * (f / 20000) + 7)) %% 20000"


@dataclass(frozen=True)
class Dataset:
    """Where a data set begins.

    :ivar first_lot: id of the first raw lot
    """

    first_lot: int

    def raw(self, number):
        """Return the id of a raw lot."""
        return self.first_lot + number % RAW

    def finished(self, number):
        """Return the id of a finished lot."""
        return self.first_lot + RAW + INTERMEDIATE + number % FINISHED


def make(env):
    """Fill the database of `env` with one block of history, and commit.

    :param env: Environment of the superuser on an otherwise empty database
    :return: the :class:`Dataset`
    """
    cr = env.cr
    context = _documents(env) | {"year": 2016}
    for table, name in (("stock_lot", "lot"), ("stock_picking", "picking"),
                        ("mrp_production", "order"), ("stock_move", "move"),
                        ("stock_move_line", "line")):
        context[name] = _last(cr, table) + 1
    restore = _strip(cr, TABLES)
    for statement in _statements():
        cr.execute(statement, context)
    for statement in restore:
        cr.execute(statement)
    for table in TABLES:
        if not table.endswith("_rel"):
            cr.execute(f"SELECT setval('{table}_id_seq', max(id)) FROM {table}")
    cr.commit()
    return Dataset(context["lot"])


def grow(env, blocks, tell):
    """Repeat the block that is there until there are `blocks` of it, with its genealogy; commit.

    :param tell: called with a line of text after each block
    """
    cr = env.cr
    lots, events, lines = (_last(cr, table) for table in (
        "stock_lot", "med_genealogy_event", "med_genealogy_line"))
    moves = _last(cr, "stock_move_line")
    shifts = {
        "stock_lot": {"id": lots},
        "stock_quant": {"id": _last(cr, "stock_quant"), "lot_id": lots},
        "med_genealogy_event": {"id": events, "res_id": 1_000_000},
        "med_genealogy_line": {"id": lines, "event_id": events, "lot_id": lots, "node": lots,
                               "move_line_id": moves},
        "med_genealogy_event_operator_rel": {"event_id": events},
    }
    columns = {}
    for table in shifts:
        cr.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass "
                   "AND attnum > 0 AND NOT attisdropped", [table])
        columns[table] = [column for (column,) in cr.fetchall()]
    first = {table: f"WHERE id <= {shift['id']}" if "id" in shift else f"WHERE event_id <= {events}"
             for table, shift in shifts.items()}
    restore = _strip(cr, shifts)
    for block in range(1, blocks):
        for table, shift in shifts.items():
            cr.execute("INSERT INTO {table} ({names}) SELECT {values} FROM {table} {first}".format(
                table=table, names=", ".join(columns[table]), first=first[table],
                values=", ".join(
                    f"{name} + {shift[name] * block}" if name in shift else
                    f"{name} + interval '{block} years'" if name == "date" else name
                    for name in columns[table])))
        cr.commit()
        tell(f"  {(block + 1) * lines:,} genealogy lines")
    for statement in restore:
        cr.execute(statement)
    cr.commit()


def _last(cr, table):
    cr.execute(f"SELECT COALESCE(max(id), 0) FROM {table}")
    return cr.fetchone()[0]


def _documents(env):
    """Make products and partners through the ORM; return the ids that the SQL needs."""
    countries = env["res.country"].search([], limit=COUNTRIES)
    partners = env["res.partner"].create([
        {"name": f"Consignee {number}", "country_id": countries[number % COUNTRIES].id}
        for number in range(CONSIGNEES)
    ] + [{"name": f"Supplier {number}"} for number in range(SUPPLIERS)])
    products = env["product.product"].create([
        {"name": name, "is_storable": True, "tracking": "lot"}
        for name in ("Pellets", "Catheter body", "Catheter kit")])
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    res = {
        "company": env.company.id, "uid": 2, "uom": products[0].uom_id.id,
        "consignee": partners[0].id, "supplier": partners[CONSIGNEES].id,
        "raw_product": products[0].id, "intermediate_product": products[1].id,
        "finished_product": products[2].id, "warehouse": warehouse.id,
        "incoming": warehouse.in_type_id.id, "outgoing": warehouse.out_type_id.id,
        "making": warehouse.manu_type_id.id, "stock": warehouse.lot_stock_id.id,
        "vendors": env.ref("stock.stock_location_suppliers").id,
        "customers": env.ref("stock.stock_location_customers").id,
        "production": products[0].with_company(env.company).property_stock_production.id,
    }
    env.cr.commit()
    return res


def _strip(cr, tables):
    """Drop foreign keys and secondary indexes, as a bulk load does; return SQL to restore them."""
    cr.execute(
        """
        SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', conrelid::regclass, conname),
               format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s NOT VALID', conrelid::regclass,
                      conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%(tables)s)
        UNION ALL
        SELECT format('DROP INDEX %%I', indexrelid::regclass), pg_get_indexdef(indexrelid)
          FROM pg_index
         WHERE indrelid::regclass::text = ANY(%(tables)s) AND NOT indisprimary AND NOT EXISTS (
               SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
        """, {"tables": list(tables)})
    rows = cr.fetchall()
    for drop, _make in rows:
        cr.execute(drop)
    cr.commit()
    return ["SET maintenance_work_mem = '512MB'", *(again for _drop, again in rows)]


def _insert(table, source, log=True, **columns):
    """Return an INSERT of `columns` (SQL expressions over `source`).

    :param log: the table has the columns that the ORM keeps about each record
    """
    if log:
        columns |= {"create_uid": "%(uid)s", "write_uid": "%(uid)s",
                    "create_date": "x.at", "write_date": "x.at"}
    return (f"INSERT INTO {table} ({', '.join(columns)}) "
            f"SELECT {', '.join(columns.values())} FROM {source}")


def _level(variable, count, start, minutes, extra=""):
    """Return SQL of the numbers of one level with the time of each."""
    return (f"(SELECT {variable}, make_timestamp(%(year)s, 1, 1, 0, 0, 0) + interval "
            f"'{start} days' + {variable} * interval '{minutes} minutes' AS at {extra} "
            f"FROM generate_series(0, {count - 1}) {variable}) x")


def _statements():
    """Yield the statements that make one block; their parameters are the ids it begins at."""
    raw = _level("s", RAW, 0, 30)
    inter = _level("j", INTERMEDIATE, 30, 12)
    fin = _level("f", FINISHED, 200, 1)
    ship = _level("f", FINISHED, 201, 1)
    lot = {"raw": "%(lot)s + s", "inter": f"%(lot)s + {RAW} + j",
           "fin": f"%(lot)s + {RAW + INTERMEDIATE} + f"}
    for source, level, product, name in (
            (raw, "raw", "raw_product", "'R-' || %(lot)s + s"),
            (inter, "inter", "intermediate_product", "'I-' || %(lot)s + j"),
            (fin, "fin", "finished_product", "'F-' || %(lot)s + f")):
        yield _insert("stock_lot", source, id=lot[level], product_id=f"%({product})s", name=name,
                      company_id="%(company)s",
                      expiration_date="x.at + interval '20 years'")

    for source, pid, name, kind, src, dst, partner in (
            (raw, "%(picking)s + s", "WH/IN/", "incoming", "vendors", "stock",
             f"%(supplier)s + s %% {SUPPLIERS}"),
            (ship, f"%(picking)s + {RAW} + f", "WH/OUT/", "outgoing", "stock", "customers",
             f"%(consignee)s + (f + f / 20000 * 37) %% {CONSIGNEES}")):
        yield _insert("stock_picking", source, id=pid, name=f"'{name}' || {pid}",
                      picking_type_id=f"%({kind})s", location_id=f"%({src})s",
                      location_dest_id=f"%({dst})s", partner_id=partner, company_id="%(company)s",
                      move_type="'direct'", state="'done'", priority="'0'", date_done="x.at",
                      scheduled_date="x.at", is_locked="TRUE")

    for source, oid, product, quantity in (
            (inter, "%(order)s + j", "intermediate_product", 40),
            (fin, f"%(order)s + {INTERMEDIATE} + f", "finished_product", 10)):
        yield _insert(
            "mrp_production", source, id=oid, name=f"'WH/MO/' || {oid}",
            product_id=f"%({product})s", product_uom_id="%(uom)s", picking_type_id="%(making)s",
            location_src_id="%(stock)s", location_dest_id="%(stock)s", user_id="%(uid)s",
            production_location_id="%(production)s", company_id="%(company)s", priority="'0'",
            state="'done'", consumption="'warning'", product_qty=str(quantity),
            qty_producing=str(quantity), product_uom_qty=str(quantity), is_locked="TRUE",
            date_start="x.at", date_finished="x.at")
    for source, order, made in (
            (inter, "%(order)s + j", lot["inter"]),
            (fin, f"%(order)s + {INTERMEDIATE} + f", lot["fin"])):
        yield _insert("mrp_production_stock_lot_rel", source, log=False, mrp_production_id=order,
                      stock_lot_id=made)

    # Each kind of move: numbers, first move, order or picking, and its lines.
    move, line = 0, 0
    for source, count, n, lines, product, quantity, src, dst, document, lots in (
            (raw, RAW, "s", 1, "raw_product", 100, "vendors", "stock",
             {"picking_id": "%(picking)s + s", "picking_type_id": "%(incoming)s",
              "partner_id": f"%(supplier)s + s %% {SUPPLIERS}"}, lot["raw"]),
            (inter, INTERMEDIATE, "j", 3, "raw_product", 1.5, "stock", "production",
             {"raw_material_production_id": "%(order)s + j", "picking_type_id": "%(making)s"},
             f"%(lot)s + {TAKES_RAW}"),
            (inter, INTERMEDIATE, "j", 1, "intermediate_product", 40, "production", "stock",
             {"production_id": "%(order)s + j", "picking_type_id": "%(making)s"}, lot["inter"]),
            (fin, FINISHED, "f", 2, "intermediate_product", 1.5, "stock", "production",
             {"raw_material_production_id": f"%(order)s + {INTERMEDIATE} + f",
              "picking_type_id": "%(making)s"},
             f"%(lot)s + {RAW} + {TAKES_INTERMEDIATE}"),
            (fin, FINISHED, "f", 1, "finished_product", 10, "production", "stock",
             {"production_id": f"%(order)s + {INTERMEDIATE} + f",
              "picking_type_id": "%(making)s"}, lot["fin"]),
            (ship, FINISHED, "f", 1, "finished_product", 10, "stock", "customers",
             {"picking_id": f"%(picking)s + {RAW} + f", "picking_type_id": "%(outgoing)s",
              "partner_id": f"%(consignee)s + (f + f / 20000 * 37) %% {CONSIGNEES}"}, lot["fin"])):
        places = {"location_id": f"%({src})s", "location_dest_id": f"%({dst})s"}
        total = str(quantity * lines)
        order = next((value for key, value in document.items() if "production" in key), None)
        yield _insert(
            "stock_move", source, id=f"%(move)s + {move} + {n}", company_id="%(company)s",
            product_id=f"%({product})s", product_uom="%(uom)s", state="'done'", picked="TRUE",
            procure_method="'make_to_stock'", product_qty=total, product_uom_qty=total,
            quantity=total, is_inventory="FALSE", priority="'0'", date="x.at", sequence="10",
            warehouse_id="%(warehouse)s", reference=f"'WH/MO/' || {order}" if order
            else f"'WH/' || {document['picking_id']}", **places, **document)
        picking = {key: value for key, value in document.items() if key == "picking_id"}
        yield _insert(
            "stock_move_line", f"{source} CROSS JOIN generate_series(0, {lines - 1}) i",
            id=f"%(line)s + {line} + {lines} * {n} + i", move_id=f"%(move)s + {move} + {n}",
            company_id="%(company)s", product_id=f"%({product})s", product_uom_id="%(uom)s",
            lot_id=lots, state="'done'", quantity=str(quantity), picked="TRUE",
            quantity_product_uom=str(quantity), date="x.at", **places, **picking)
        move, line = move + count, line + count * lines

    # What core links: the finished line of an order to each line it consumed.
    consumed, made = RAW, RAW + 3 * INTERMEDIATE
    yield _insert("stock_move_line_consume_rel",
                  f"{inter} CROSS JOIN generate_series(0, 2) i", log=False,
                  consume_line_id=f"%(line)s + {made} + j",
                  produce_line_id=f"%(line)s + {consumed} + 3 * j + i")
    consumed = RAW + 4 * INTERMEDIATE
    yield _insert("stock_move_line_consume_rel",
                  f"{fin} CROSS JOIN generate_series(0, 1) i", log=False,
                  consume_line_id=f"%(line)s + {consumed + 2 * FINISHED} + f",
                  produce_line_id=f"%(line)s + {consumed} + 2 * f + i")

    for source, level, product, place, quantity in (
            (raw, "raw", "raw_product", "stock", 10),
            (inter, "inter", "intermediate_product", "stock", 10),
            (ship, "fin", "finished_product", "customers", 10)):
        yield _insert("stock_quant", source, product_id=f"%({product})s",
                      company_id="%(company)s" if place == "stock" else "NULL",
                      location_id=f"%({place})s", lot_id=lot[level], quantity=str(quantity),
                      reserved_quantity="0", in_date="x.at")
