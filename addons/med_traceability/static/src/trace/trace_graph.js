/**
 * From the answer of `stock.lot.med_trace` to what is drawn. Pure functions of plain data: no
 * component, no translation, no clock.
 */

export const CARD = { width: 212, height: 66, gapY: 12, groupGap: 12 };
const GAP = { plain: 84, document: 140 }; // between columns, without and with document labels
const COLUMN_CARDS = 8; // cards in a column before its products are grouped
const COLUMN_GROUPS = 9; // products in a column before the rest share one card
const PARTNER_CARDS = 8;
const SUMMED = 500; // edges of one link up to which its quantity is added up
const PILL_STEP = 38; // least distance between two document labels
const PILL_PLACES = 7; // label offsets tried on either side, in steps
export const MORE = 20; // cards that one click on a group adds

/**
 * @typedef {Object} Graph one answer, both halves in one
 * @property {Map<number, Object>} lots by id; each with `col` (< 0 ingredients, 0 roots, > 0
 *  products), `into` and `from` (ids of the next lots away from the roots)
 * @property {Object[]} edges each once, with `side` 1 (walked forward) or -1
 * @property {Map<number, Object>} events
 */

/**
 * Merge the halves of an answer and give every lot its column.
 *
 * @param {Object} answer of med_trace or med_trace_by
 * @returns {Graph}
 */
export function readAnswer(answer) {
    const both = answer.direction === "both";
    const halves = both
        ? [[answer.forward, 1], [answer.backward, -1]]
        : [[answer, answer.direction === "backward" ? -1 : 1]];
    const graph = {
        direction: answer.direction,
        roots: answer.roots || halves[0][0].roots,
        heads: answer.heads || [],
        lots: new Map(),
        edges: [],
        events: new Map(),
        consignees: mergeRows(halves, "consignees", (r) => `${r.partner_id}:${r.lot_id}`),
        suppliers: mergeRows(halves, "suppliers", (r) => `${r.partner_id}:${r.lot_id}`),
        stock: mergeRows(halves, "stock", (r) => `${r.lot_id}:${r.location_id}`),
        edgesLeftOut: 0,
        withheld: { lots: 0, consignees: 0 },
        operators: 0,
        loads: 0,
    };
    for (const [half, side] of halves) {
        const own = new Map();
        for (const lot of half.lots) {
            const known = graph.lots.get(lot.id);
            if (known) {
                known.exact ||= lot.exact;
            } else {
                own.set(lot.id, { ...lot, col: 0, side: lot.level ? side : 0 });
                graph.lots.set(lot.id, own.get(lot.id));
            }
        }
        // A loop makes the second half find edges of the first again: those join two lots that
        // are not its own.
        const edges = half.edges.filter(
            (edge) =>
                edge.from !== edge.to && graph.lots.has(edge.from) && graph.lots.has(edge.to) &&
                (side === halves[0][1] || own.has(edge.from) || own.has(edge.to))
        );
        for (const edge of edges) {
            edge.side = side;
        }
        setColumns(graph, own, edges, side);
        graph.edges = graph.edges.concat(edges);
        for (const event of half.events) {
            graph.events.set(event.id, event);
        }
        graph.edgesLeftOut += half.edges_left_out || 0;
        graph.withheld.lots += half.withheld?.lots || 0;
        graph.withheld.consignees += half.withheld?.consignees || 0;
        graph.operators = Math.max(graph.operators, half.totals?.operators || 0);
        graph.loads = Math.max(graph.loads, half.totals?.loads || 0);
    }
    graph.forward = adjacency(graph.edges, 1);
    graph.backward = adjacency(graph.edges, -1);
    graph.columns = new Map();
    for (const lot of graph.lots.values()) {
        lot.near = [];
        append(graph.columns, lot.col, lot);
    }
    for (const edge of graph.edges) {
        if (!edge.loop) {
            graph.lots.get(edge.side > 0 ? edge.to : edge.from).near.push(edge);
        }
    }
    return graph;
}

function append(lists, key, item) {
    const list = lists.get(key);
    if (list) {
        list.push(item);
    } else {
        lists.set(key, [item]);
    }
}

function mergeRows(halves, name, key) {
    const rows = new Map();
    for (const [half] of halves) {
        for (const row of half[name] || []) {
            rows.set(key(row), row);
        }
    }
    return [...rows.values()];
}

/** @returns {Map<number, Object[]>} lot id → the edges that lead away from the roots there */
function adjacency(edges, side) {
    const near = side > 0 ? "from" : "to";
    const steps = new Map();
    for (const edge of edges) {
        if (edge.side === side) {
            append(steps, edge[near], edge);
        }
    }
    return steps;
}

/**
 * Column = length of the longest way from a root, so that an edge always leads outward; an edge
 * that closes a loop is marked `loop` and does not count.
 */
function setColumns(graph, own, edges, side) {
    const [near, far] = side > 0 ? ["from", "to"] : ["to", "from"];
    const steps = adjacency(edges, side);
    const done = new Set();
    const open = new Set();
    const order = [];
    const starts = [...graph.roots, ...own.keys()];
    for (const start of starts) {
        if (done.has(start)) {
            continue;
        }
        const stack = [[start, 0]];
        open.add(start);
        while (stack.length) {
            const top = stack[stack.length - 1];
            const out = steps.get(top[0]) || [];
            if (top[1] < out.length) {
                const edge = out[top[1]++];
                const next = edge[far];
                if (open.has(next)) {
                    edge.loop = true;
                } else if (!done.has(next)) {
                    open.add(next);
                    stack.push([next, 0]);
                }
            } else {
                open.delete(top[0]);
                done.add(top[0]);
                order.push(top[0]);
                stack.pop();
            }
        }
    }
    const depth = new Map();
    for (const id of order.reverse()) {
        const here = depth.get(id) || 0;
        for (const edge of steps.get(id) || []) {
            if (!edge.loop) {
                depth.set(edge[far], Math.max(depth.get(edge[far]) || 0, here + 1));
            }
        }
    }
    for (const [id, lot] of own) {
        lot.col = side * (depth.get(id) || 0);
    }
    for (const edge of edges) {
        const span = side * (graph.lots.get(edge[far]).col - graph.lots.get(edge[near]).col);
        edge.loop ||= span <= 0;
    }
}

/**
 * What is on the canvas: cards and groups column by column, outward from the roots, as far as
 * the user has expanded them.
 *
 * @param {Graph} graph
 * @param {Object} view
 * @param {Set<string>} view.collapsed keys of cards whose way on is hidden, each with ">" (what
 *  it went into) or "<" (what it came from) behind it
 * @param {Map<string, number>} view.shown group key → number of its lots with a card of their own
 * @returns {{nodes: Object[], links: Object[]}} nodes without positions
 */
export function visible(graph, view) {
    const nodes = [];
    const nodeOf = new Map();
    const leads = (edge) => {
        const [node, way] =
            edge.side > 0 ? [nodeOf.get(edge.from), ">"] : [nodeOf.get(edge.to), "<"];
        return node && !view.collapsed.has(node.key + way);
    };
    const isShown = (lot) => lot.col === 0 || lot.near.some(leads);
    const columns = [...graph.columns.keys()].sort((a, b) => Math.abs(a) - Math.abs(b));
    for (const col of columns) {
        for (const node of groupColumn(col, graph.columns.get(col).filter(isShown), view)) {
            node.index = nodes.length;
            nodes.push(node);
            for (const lot of node.lots) {
                nodeOf.set(lot.id, node);
            }
        }
    }
    for (const node of nodes) {
        countSteps(graph, node);
    }
    const links = lotLinks(graph, nodeOf);
    addPartners(graph, nodes, links, nodeOf, view);
    return { nodes, links };
}

function groupColumn(col, lots, view) {
    const groups = new Map();
    for (const lot of lots) {
        const key = `${col}/${lot.product_id}/${lot.kind === "pool" ? "pool" : "lot"}`;
        if (!groups.has(key)) {
            groups.set(key, { key, product: lot.product, lots: [] });
        }
        groups.get(key).lots.push(lot);
    }
    let list = [...groups.values()];
    if (list.length > COLUMN_GROUPS) {
        const rest = list.splice(COLUMN_GROUPS - 1);
        list.push({
            key: `${col}/rest`,
            product: "",
            products: rest.length,
            lots: rest.flatMap((group) => group.lots),
        });
    }
    // Of many roots none is more telling than another: they stand as groups.
    const each =
        col === 0 && lots.length > COLUMN_CARDS
            ? 0
            : Math.max(1, Math.floor(COLUMN_CARDS / (list.length || 1)));
    const nodes = [];
    for (const group of list) {
        const wanted =
            view.shown.get(group.key) ??
            (group.lots.length <= each ? each : Math.max(0, each - 1));
        group.lots.sort((a, b) => b.exact - a.exact || (a.name < b.name ? -1 : 1));
        const single = group.lots.length === wanted + 1 ? wanted + 1 : wanted;
        for (const lot of group.lots.slice(0, single)) {
            nodes.push({
                key: `lot/${lot.id}`, type: "lot", col, group: group.key, lot, lots: [lot],
                exact: lot.exact,
            });
        }
        const rest = group.lots.slice(single);
        if (rest.length) {
            nodes.push({
                key: `group/${group.key}`, type: "group", col, group: group.key, lots: rest,
                product: group.product, products: group.products || 1, shown: single,
                serials: rest.every((lot) => lot.kind === "serial"),
                exactCount: rest.filter((lot) => lot.exact).length,
                exact: rest.every((lot) => lot.exact),
            });
        }
    }
    return nodes;
}

/** Number of lots one step further out, in front of (`into`) and behind (`from`) a node. */
function countSteps(graph, node) {
    const into = new Set();
    const from = new Set();
    for (const lot of node.lots) {
        if (lot.col >= 0) {
            (graph.forward.get(lot.id) || []).forEach((edge) => !edge.loop && into.add(edge.to));
        }
        if (lot.col <= 0) {
            (graph.backward.get(lot.id) || []).forEach((edge) => !edge.loop && from.add(edge.from));
        }
    }
    node.into = into.size;
    node.from = from.size;
}

/**
 * Edges between what is drawn: all edges between the same two nodes are one link.
 *
 * A possible edge bears the quantity of its whole event, so it counts once for an event and an
 * ingredient; exact ones bear their own and add up.
 */
function lotLinks(graph, nodeOf) {
    const links = new Map();
    for (const edge of graph.edges) {
        const from = nodeOf.get(edge.from);
        const to = nodeOf.get(edge.to);
        if (!from || !to || from === to) {
            continue;
        }
        const index = from.index * nodeOf.size + to.index;
        let link = links.get(index);
        if (!link) {
            link = {
                key: `${from.key}>${to.key}`, from, to, exact: true, loop: true, count: 0,
                events: new Set(), parts: new Map(), uom: graph.lots.get(edge.from).uom,
            };
            links.set(index, link);
        }
        link.count++;
        link.exact &&= edge.exact;
        link.loop &&= Boolean(edge.loop);
        link.events.add(edge.event);
        if (link.count > SUMMED || link.uom !== graph.lots.get(edge.from).uom) {
            link.uom = null;
            continue;
        }
        const part = `${edge.event}:${edge.from}`;
        const sum = link.parts.get(part) || 0;
        link.parts.set(part, edge.exact ? sum + edge.quantity : Math.max(sum, edge.quantity));
    }
    for (const link of links.values()) {
        link.quantity = 0;
        for (const value of link.parts.values()) {
            link.quantity += value;
        }
        link.unit =
            (link.from.lot?.kind === "serial" || link.from.serials) && link.quantity <= 1;
        delete link.parts;
    }
    return [...links.values()];
}

function addPartners(graph, nodes, links, nodeOf, view) {
    const sides = [
        ["consignee", graph.consignees, 1, "shipped"],
        ["supplier", graph.suppliers, -1, "received"],
    ];
    for (const [type, rows, side, moved] of sides) {
        const partners = new Map();
        for (const row of rows) {
            const node = nodeOf.get(row.lot_id);
            const lot = graph.lots.get(row.lot_id);
            if (!node || lot.col * side < 0) {
                continue;
            }
            if (!partners.has(row.partner_id)) {
                partners.set(row.partner_id, {
                    key: `${type}/${row.partner_id}`, type, col: side, group: type, lots: [],
                    partner: row, rows: [], exact: false, weight: 0, into: 0, from: 0,
                });
            }
            const partner = partners.get(row.partner_id);
            partner.rows.push(row);
            partner.exact ||= row.exact;
            partner.col = side * Math.max(side * partner.col, side * lot.col + 1);
            partner.weight += row.net;
        }
        const all = [...partners.values()].sort((a, b) => b.weight - a.weight);
        const shown = view.shown.get(type) ?? PARTNER_CARDS;
        const cards = all.length === shown + 1 ? all : all.slice(0, shown);
        const rest = all.slice(cards.length);
        if (rest.length) {
            cards.push({
                key: `${type}/rest`, type: `${type}s`, group: type, lots: [],
                col: side * Math.max(...rest.map((partner) => side * partner.col)),
                partners: rest.length, shown, rows: rest.flatMap((partner) => partner.rows),
                exact: rest.every((partner) => partner.exact), into: 0, from: 0,
            });
        }
        for (const card of cards) {
            nodes.push(card);
            const own = new Map();
            for (const row of card.rows) {
                const node = nodeOf.get(row.lot_id);
                const link = own.get(node) || {
                    key: `${node.key}>${card.key}`, exact: true, loop: false, count: 0,
                    events: new Set(), quantity: 0, uom: row.uom, partner: true,
                    unit: node.lot?.kind === "serial",
                    from: type === "consignee" ? node : card,
                    to: type === "consignee" ? card : node,
                };
                own.set(node, link);
                link.count++;
                link.exact &&= row.exact;
                link.quantity += row[moved];
                row.events.forEach((event) => link.events.add(event));
                if (link.uom !== row.uom) {
                    link.uom = null;
                }
            }
            links.push(...own.values());
        }
    }
}

/**
 * Positions of cards, curves and document labels.
 *
 * All links of one document that join each of its ingredients to each of its products run
 * through the document's label: n + m curves instead of n × m. Links that somebody recorded one by
 * one stay apart.
 *
 * @param {{nodes: Object[], links: Object[]}} drawn
 * @param {Map<number, Object>} events
 * @returns {{nodes: Object[], curves: Object[], pills: Object[], box: Object}}
 */
export function layout({ nodes, links }, events) {
    placeNodes(nodes, links);
    const curves = [];
    const pills = [];
    const byEvent = new Map();
    for (const link of links) {
        const [only] = link.events;
        if (!link.partner && link.events.size === 1 && events.has(only) && !link.loop) {
            append(byEvent, only, link);
        } else {
            addSingle(link, curves, pills, events);
        }
    }
    for (const [id, own] of byEvent) {
        const ins = [...new Set(own.map((link) => link.from))];
        const outs = [...new Set(own.map((link) => link.to))];
        const x = Math.min(...outs.map((node) => node.x)) - GAP.document / 2;
        const behind = ins.every((node) => node.x + CARD.width < x);
        const pill = {
            key: `event/${id}`, event: events.get(id), events: [id], x,
            y: (mean(ins.map(middle)) + mean(outs.map(middle))) / 2,
            exact: own.every((link) => link.exact),
        };
        if (behind && own.length === ins.length * outs.length) {
            const legOf = (node) => own.filter((link) => link.from === node);
            if (ins.length === 1) {
                Object.assign(pill, amount(legOf(ins[0])));
            }
            pills.push(pill);
            for (const node of ins) {
                const legs = legOf(node);
                curves.push({
                    key: `${pill.key}<${node.key}`, from: node, pill, ends: [node.key, ...keys(outs)],
                    exact: legs.every((link) => link.exact),
                    ...(ins.length > 1 && amount(legs)),
                });
            }
            for (const node of outs) {
                const legs = own.filter((link) => link.to === node);
                curves.push({
                    key: `${pill.key}>${node.key}`, pill, to: node, ends: [node.key, ...keys(ins)],
                    exact: legs.every((link) => link.exact),
                });
            }
        } else {
            pills.push({ ...pill, ends: [...keys(ins), ...keys(outs)] });
            for (const link of own) {
                curves.push({ ...link, ends: [link.from.key, link.to.key] });
            }
        }
    }
    spreadPills(pills);
    for (const curve of curves) {
        draw(curve);
    }
    return { nodes, curves, pills, box: bounds(nodes, pills) };
}

/** What one ingredient gives to one document; a serial's single unit goes without saying. */
function amount(legs) {
    const exact = legs.every((link) => link.exact);
    const quantity = exact
        ? legs.reduce((sum, link) => sum + link.quantity, 0)
        : Math.max(...legs.map((link) => link.quantity));
    return legs.every((link) => link.unit) ? {} : { quantity, uom: legs[0].uom };
}

function addSingle(link, curves, pills, events) {
    curves.push({ ...link, ends: [link.from.key, link.to.key] });
    const known = [...link.events].filter((id) => events.has(id));
    if (!link.partner && known.length) {
        pills.push({
            key: `link/${link.key}`, events: known, exact: link.exact,
            event: known.length === 1 ? events.get(known[0]) : null,
            x: (link.from.x + CARD.width + link.to.x) / 2,
            y: (middle(link.from) + middle(link.to)) / 2,
        });
    }
}

const keys = (nodes) => nodes.map((node) => node.key);
const middle = (node) => node.y + CARD.height / 2;
const mean = (values) => values.reduce((a, b) => a + b, 0) / (values.length || 1);

/** Columns from left to right; within a column, groups by the mean height of their neighbours. */
function placeNodes(nodes, links) {
    const columns = new Map();
    for (const node of nodes) {
        append(columns, node.col, node);
    }
    const neighbours = new Map();
    for (const link of links) {
        for (const [a, b] of [[link.from, link.to], [link.to, link.from]]) {
            append(neighbours, a, b);
        }
    }
    const x = columnPlaces([...columns.keys()], links);
    const order = [...columns.keys()].sort((a, b) => Math.abs(a) - Math.abs(b) || a - b);
    const placed = new Set();
    for (const col of order) {
        const cards = columns.get(col);
        const height = new Map();
        for (const node of cards) {
            const near = (neighbours.get(node) || []).filter((other) => placed.has(other));
            height.set(node, near.length ? mean(near.map((other) => other.y)) : 0);
        }
        const groups = new Map();
        for (const node of cards) {
            append(groups, node.group, node);
        }
        const sorted = [...groups.values()].sort(
            (a, b) => mean(a.map((n) => height.get(n))) - mean(b.map((n) => height.get(n)))
        );
        let y = 0;
        for (const group of sorted) {
            const isRest = (node) => (node.type === "lot" || node.partner ? 0 : 1);
            group.sort((a, b) => isRest(a) - isRest(b) || height.get(a) - height.get(b));
            for (const node of group) {
                node.x = x.get(col);
                node.y = y;
                y += CARD.height + CARD.gapY;
            }
            y += CARD.groupGap;
        }
        const shift = (y - CARD.groupGap - CARD.gapY) / 2;
        for (const node of cards) {
            node.y -= shift;
            placed.add(node);
        }
    }
}

/** @returns {Map<number, number>} left edge of every column; column 0 stands at 0 */
function columnPlaces(cols, links) {
    const documents = new Set();
    for (const link of links) {
        if (!link.partner && !(link.events.size === 1 && link.events.has(0))) {
            documents.add(link.to.col); // the gap before this column
        }
    }
    cols.sort((a, b) => a - b);
    const places = new Map();
    let x = 0;
    for (const col of cols) {
        places.set(col, x);
        x += CARD.width + (documents.has(col + 1) ? GAP.document : GAP.plain);
    }
    const root = places.get(0);
    places.forEach((value, col) => places.set(col, value - root));
    return places;
}

/** No two labels on one another: each takes the nearest free place of its gap. */
function spreadPills(pills) {
    const taken = new Map();
    pills.sort((a, b) => a.y - b.y);
    for (const pill of pills) {
        const gap = Math.round(pill.x / CARD.width);
        if (!taken.has(gap)) {
            taken.set(gap, []);
        }
        const used = taken.get(gap);
        const isFree = (y) => used.every((other) => Math.abs(other - y) >= PILL_STEP);
        for (let step = 0; step <= 2 * PILL_PLACES && !isFree(pill.y); step++) {
            const y = pill.y + (step % 2 ? -1 : 1) * Math.ceil((step + 1) / 2) * PILL_STEP;
            if (isFree(y)) {
                pill.y = y;
            }
        }
        used.push(pill.y);
    }
}

function draw(curve) {
    const from = curve.from
        ? [curve.from.x + CARD.width, middle(curve.from)]
        : [curve.pill.x, curve.pill.y];
    const to = curve.to ? [curve.to.x, middle(curve.to)] : [curve.pill.x, curve.pill.y];
    const bend = Math.max(Math.abs(to[0] - from[0]) / 2, 36);
    const [a, b] = [[from[0] + bend, from[1]], [to[0] - bend, to[1]]];
    curve.path = `M${from} C${a} ${b} ${to}`;
    // A point of the curve near its beginning, clear of the document's label.
    const t = curve.pill ? 0.38 : 0.5;
    const at = (i) =>
        (1 - t) ** 3 * from[i] + 3 * (1 - t) ** 2 * t * a[i] +
        3 * (1 - t) * t ** 2 * b[i] + t ** 3 * to[i];
    curve.label = [at(0), at(1) - 4];
}

function bounds(nodes, pills) {
    const ys = nodes.flatMap((node) => [node.y, node.y + CARD.height]).concat(pills.map((p) => p.y));
    const xs = nodes.flatMap((node) => [node.x, node.x + CARD.width]);
    const box = { left: Math.min(...xs), top: Math.min(...ys) - 16 };
    box.width = Math.max(...xs) - box.left;
    box.height = Math.max(...ys) + 16 - box.top;
    return box;
}

/**
 * Keys of everything that lies on a way through a card, itself included.
 *
 * @param {{links: Object[]}} drawn
 * @param {string} key
 * @returns {Set<string>}
 */
export function way(drawn, key) {
    const found = new Set([key]);
    for (const [near, far] of [["from", "to"], ["to", "from"]]) {
        const steps = new Map();
        for (const link of drawn.links) {
            append(steps, link[near].key, link[far].key);
        }
        const queue = [key];
        const seen = new Set(queue);
        while (queue.length) {
            for (const next of steps.get(queue.pop()) || []) {
                if (!seen.has(next)) {
                    seen.add(next);
                    found.add(next);
                    queue.push(next);
                }
            }
        }
    }
    return found;
}
