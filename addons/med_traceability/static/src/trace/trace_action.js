import { Component, markRaw, onWillStart, useState } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import {
    day, documentAction, kindLabel, moment, quantity, quantityByUnit, stateLabel,
} from "../common/labels";
import { LotPicker } from "./lot_picker";
import { TraceCanvas } from "./trace_canvas";
import { TraceCriteria } from "./trace_criteria";
import { readAnswer } from "./trace_graph";
import { TraceTable } from "./trace_table";
import { TraceTree } from "./trace_tree";

const ROOTS_IN_ADDRESS = 400; // an address takes some 8,000 characters at most
const PANEL_ROWS = 12;

/** Criteria as the address holds them; what is no object is none. */
function readCriteria(text) {
    try {
        return { ...JSON.parse(text) };
    } catch {
        return {};
    }
}

/**
 * Where lots came from and where they went: `stock.lot.med_trace` and `med_trace_by` on screen.
 *
 * Parameters: `lot_ids` ("1,2" or [1, 2]; else the active lots, or what the active order made),
 * `direction`, `depth`, `criteria` (JSON). They stand in the address, so that a trace can be
 * bookmarked and sent.
 */
export class TraceAction extends Component {
    static template = "med_traceability.TraceAction";
    static components = { Layout, LotPicker, TraceCanvas, TraceCriteria, TraceTable, TraceTree };
    static props = { ...standardActionServiceProps };
    static path = "med-trace";
    static displayName = _t("Trace");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.last = new KeepLast();
        this.graph = null;
        const kept = this.props.state?.trace;
        this.state = useState(
            kept?.state || {
                lots: [], criteria: {}, criteriaOpen: false, direction: "both", depth: 0,
                status: "empty", error: "", tab: "graph", selected: null,
            }
        );
        this.view = kept?.view || this.newView();
        if (kept) {
            this.graph = kept.graph;
            this.tables = kept.tables;
            this.summary = kept.summary;
        }
        useSetupAction({
            getLocalState: () => ({
                trace: {
                    state: { ...this.state }, view: this.view, graph: this.graph,
                    tables: this.tables, summary: this.summary,
                },
            }),
        });
        onWillStart(() => kept || this.start());
        Object.assign(this, { day, kindLabel, moment, quantity, stateLabel, PANEL_ROWS });
    }

    newView() {
        return { collapsed: new Set(), shown: new Map() };
    }

    /** Trace what the caller, or the address, asks for. */
    async start() {
        const { params = {}, context = {} } = this.props.action;
        let ids = params.lot_ids;
        if (typeof ids === "string" || typeof ids === "number") {
            ids = String(ids).split(",").map(Number).filter(Boolean);
        }
        if (!ids?.length && context.active_model === "stock.lot") {
            ids = context.active_ids || [context.active_id];
        }
        this.state.direction = params.direction || "both";
        this.state.depth = Number(params.depth) || 0;
        if (context.active_model === "mrp.production") {
            this.state.criteria = { production_id: context.active_id };
        } else if (params.criteria) {
            this.state.criteria = readCriteria(params.criteria);
        }
        if (ids?.length) {
            const rows = await this.orm.searchRead(
                "stock.lot", [["id", "in", ids]], ["name", "product_id"]
            );
            this.state.lots = rows.map((row) => ({
                id: row.id, name: row.name, product: row.product_id[1],
            }));
        }
        await this.searchAgain();
    }

    get directions() {
        return [
            { key: "backward", label: _t("Came from"), icon: "fa-long-arrow-left" },
            { key: "both", label: _t("Both"), icon: "fa-arrows-h" },
            { key: "forward", label: _t("Went into"), icon: "fa-long-arrow-right" },
        ];
    }

    get depths() {
        return [
            { value: 0, label: _t("To the end") },
            { value: 1, label: _t("1 step") },
            ...[2, 3, 5].map((value) => ({ value, label: _t("%s steps", value) })),
        ];
    }

    get criteriaCount() {
        return Object.keys(this.state.criteria).length;
    }

    onLots(lots, { search }) {
        this.state.lots = lots;
        if (search) {
            this.search();
        }
    }

    setDirection(direction) {
        this.state.direction = direction;
        this.searchAgain();
    }

    setDepth(ev) {
        this.state.depth = Number(ev.target.value);
        this.searchAgain();
    }

    clearCriteria() {
        this.state.criteria = {};
        this.search();
    }

    searchAgain() {
        return this.state.lots.length || this.criteriaCount ? this.search() : undefined;
    }

    /** Ask the server; a question that was overtaken by a later one is dropped. */
    async search() {
        const { lots, criteria, direction, depth } = this.state;
        const ids = lots.map((lot) => lot.id);
        this.state.selected = null;
        if (!ids.length && !this.criteriaCount) {
            this.graph = null;
            this.state.status = "empty";
            return;
        }
        const options = { direction, depth };
        this.state.status = "loading";
        this.state.error = "";
        try {
            const answer = await this.last.add(
                this.criteriaCount
                    ? this.orm.call("stock.lot", "med_trace_by", [], {
                        ...options,
                        criteria: { ...criteria, ...(ids.length && { lot_ids: ids }) },
                    })
                    : this.orm.call("stock.lot", "med_trace", [ids], options)
            );
            this.show(answer);
        } catch (error) {
            if (!error.data) {
                throw error;
            }
            this.state.error = error.data.message;
            this.state.status = "error";
        }
        this.props.updateActionState({
            lot_ids: ids.slice(0, ROOTS_IN_ADDRESS).join(",") || undefined,
            direction,
            depth: depth || undefined,
            criteria: this.criteriaCount ? JSON.stringify(criteria) : undefined,
        });
    }

    show(answer) {
        this.graph = markRaw(readAnswer(answer));
        this.view = this.newView();
        this.summary = this.makeSummary();
        this.tables = this.makeTables();
        this.state.criteriaOpen = false;
        this.state.status = this.graph.lots.size ? "ready" : "nothing";
    }

    //--- summary ---

    makeSummary() {
        const { graph } = this;
        const lots = [...graph.lots.values()];
        // What an ingredient also went into is another question than the one asked.
        const ahead = (row) => graph.direction === "backward" || graph.lots.get(row.lot_id).col >= 0;
        const consignees = graph.consignees.filter(ahead);
        const possible = lots.filter((lot) => !lot.exact).length;
        const partners = new Set(consignees.map((row) => row.partner_id)).size;
        const countries = new Set(consignees.map((row) => row.country_code)).size;
        const suppliers = new Set(graph.suppliers.map((row) => row.partner_id)).size;
        const facts = [
            {
                key: "lots",
                value: quantity(lots.length),
                label: lots.length === 1 ? _t("lot or serial") : _t("lots and serials"),
                note: possible
                    ? _t("%(exact)s exact, %(possible)s possible", {
                        exact: quantity(lots.length - possible), possible: quantity(possible),
                    })
                    : _t("all exact"),
            },
        ];
        if (graph.direction !== "forward" || suppliers) {
            facts.push({
                key: "suppliers",
                value: quantity(suppliers),
                label: suppliers === 1 ? _t("supplier") : _t("suppliers"),
                note: [
                    graph.loads && _t("%s outside loads", graph.loads),
                    graph.operators && _t("%s operators", graph.operators),
                ].filter(Boolean).join(", "),
            });
        }
        facts.push({
            key: "consignees",
            value: quantity(partners),
            label: partners === 1 ? _t("consignee") : _t("consignees"),
            note: partners && (countries === 1 ? _t("in 1 country") : _t("in %s countries", countries)),
        });
        if (partners) {
            facts.push({
                key: "net",
                value: quantityByUnit(consignees, "net"),
                label: _t("with consignees"),
                note: _t("shipped %(shipped)s − returned %(returned)s", {
                    shipped: quantityByUnit(consignees, "shipped"),
                    returned: quantityByUnit(consignees, "returned"),
                }),
            });
        }
        facts.push({
            key: "stock",
            value: quantityByUnit(graph.stock.filter(ahead), "quantity"),
            label: _t("in stock"),
            note: graph.direction === "both" ? _t("of these lots and what they went into") : "",
        });
        return facts;
    }

    get warnings() {
        const { withheld, edgesLeftOut } = this.graph;
        return [
            withheld.lots &&
                _t("%s lots belong to companies you may not see and are left out.", withheld.lots),
            withheld.consignees &&
                _t("%s consignees belong to companies you may not see and are left out.", withheld.consignees),
            edgesLeftOut &&
                _t("%s connections are left out of this answer; every lot and consignee is in it. Narrow the trace down to see them.", edgesLeftOut),
        ].filter(Boolean);
    }

    //--- tables ---

    makeTables() {
        const { graph } = this;
        const lot = (row) => graph.lots.get(row.lot_id);
        const documents = (row) => row.events.map((id) => graph.events.get(id)).filter(Boolean);
        const lotColumns = [
            { key: "lot", label: _t("Lot or serial"), kind: "lot", text: (row) => lot(row)?.name || "" },
            { key: "product", label: _t("Product"), text: (row) => lot(row)?.product || "" },
        ];
        const number = (key, label) => ({
            key, label, number: true, value: (row) => row[key],
            text: (row) => quantity(row[key], row.uom),
        });
        const parties = (moved, label, more = []) => [
            { key: "partner", label, kind: "partner" },
            ...more,
            { key: "country", label: _t("Country") },
            ...lotColumns,
            { key: "exact", label: _t("Certainty"), kind: "certainty", text: (row) => (row.exact ? _t("exact") : _t("possible")) },
            number(...moved),
            number("returned", _t("Returned")),
            number("net", _t("Net")),
            { key: "documents", label: _t("Documents"), kind: "documents", text: (row) => row.documents.map((event) => event.name).join(" ") },
        ];
        const withDocuments = (rows) => rows.map((row) => ({ ...row, documents: documents(row) }));
        const moves = graph.edges.reduce(
            (counts, edge) => counts.set(edge.event, (counts.get(edge.event) || 0) + 1), new Map()
        );
        return markRaw({
            consignees: {
                rows: withDocuments(graph.consignees).sort((a, b) => b.net - a.net),
                columns: parties(["shipped", _t("Shipped")], _t("Delivered to"), [
                    { key: "payer", label: _t("Paid by") },
                ]),
            },
            suppliers: {
                rows: withDocuments(graph.suppliers).sort((a, b) => b.net - a.net),
                columns: parties(["received", _t("Received")], _t("Supplier")),
            },
            stock: {
                rows: graph.stock,
                columns: [
                    ...lotColumns,
                    { key: "location", label: _t("Location") },
                    { key: "company", label: _t("Company") },
                    number("quantity", _t("Quantity")),
                ],
            },
            events: {
                rows: [...graph.events.values()].sort((a, b) => (a.date < b.date ? 1 : -1)),
                columns: [
                    { key: "date", label: _t("Time"), value: (row) => row.date, text: (row) => moment(row.date) },
                    { key: "kind", label: _t("Event"), text: (row) => kindLabel(row.kind) },
                    { key: "name", label: _t("Document"), kind: "event" },
                    { key: "partner", label: _t("Partner"), kind: "partner" },
                    { key: "workcenters", label: _t("Work centres"), text: (row) => row.workcenters.join(", ") },
                    { key: "operators", label: _t("Operators"), text: (row) => row.operators.join(", ") },
                    { key: "reason", label: _t("Reason") },
                    { key: "edges", label: _t("Connections"), number: true, value: (row) => moves.get(row.id) || 0, text: (row) => quantity(moves.get(row.id) || 0) },
                ],
            },
        });
    }

    get tabs() {
        const { tables } = this;
        return [
            { key: "graph", label: _t("Graph"), icon: "fa-sitemap" },
            { key: "tree", label: _t("Tree"), icon: "fa-indent" },
            { key: "consignees", label: _t("Consignees"), count: tables.consignees.rows.length },
            { key: "suppliers", label: _t("Suppliers"), count: tables.suppliers.rows.length },
            { key: "stock", label: _t("Stock"), count: tables.stock.rows.length },
            { key: "events", label: _t("Events"), count: tables.events.rows.length },
        ];
    }

    //--- one card ---

    select(node) {
        this.state.selected = node && this.state.selected?.key !== node.key ? this.detail(node) : null;
    }

    /** What the panel beside the graph says about a card. */
    detail(node) {
        const { graph } = this;
        const ids = new Set((node.lots || []).map((lot) => lot.id));
        const of = (rows) => rows.filter((row) => ids.has(row.lot_id));
        const events = new Set(node.events || []);
        for (const edge of graph.edges) {
            if (ids.has(edge.from) || ids.has(edge.to)) {
                events.add(edge.event);
            }
        }
        const rows = node.rows || [];
        for (const row of [...rows, ...of(graph.consignees), ...of(graph.suppliers)]) {
            row.events.forEach((id) => events.add(id));
        }
        return markRaw({
            key: node.key,
            type: node.type,
            lot: node.lot,
            title: node.lot?.name || node.partner?.partner || node.product || this.groupTitle(node),
            product: node.lot?.product || "",
            partner: node.partner,
            lotIds: node.lots?.length ? node.lots.map((lot) => lot.id) : rows.map((row) => row.lot_id),
            lots: node.lot ? [] : node.lots || [],
            rows: rows.map((row) => ({ ...row, lot: graph.lots.get(row.lot_id) })),
            consignees: of(graph.consignees),
            stock: of(graph.stock),
            documents: [...events]
                .map((id) => graph.events.get(id))
                .filter(Boolean)
                .sort((a, b) => (a.date < b.date ? -1 : 1)),
        });
    }

    groupTitle(node) {
        if (node.type === "documents") {
            return _t("%s documents", node.events.length);
        }
        return { consignees: _t("Consignees"), suppliers: _t("Suppliers") }[node.type] || _t("Lots and serials");
    }

    moreText(rows) {
        return _t("and %s more", rows.length - PANEL_ROWS);
    }

    traceFrom(ids) {
        const lots = ids.filter((id) => id > 0).map((id) => this.graph.lots.get(id));
        this.state.criteria = {};
        this.onLots(lots.map(({ id, name, product }) => ({ id, name, product })), { search: true });
    }

    //--- ways out ---

    openDocument(event) {
        return this.action.doAction(documentAction(event.model, event.res_id));
    }

    openPartner(id) {
        return this.action.doAction(documentAction("res.partner", id));
    }

    openLots(ids) {
        const lots = ids.filter((id) => id > 0);
        if (lots.length === 1) {
            return this.action.doAction(documentAction("stock.lot", lots[0]));
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Lots and serials"),
            res_model: "stock.lot",
            domain: [["id", "in", lots]],
            views: [[false, "list"], [false, "form"]],
            target: "current",
        });
    }

    openBalance(ids) {
        return this.action.doAction("med_traceability.med_balance_action", {
            additionalContext: { active_model: "stock.lot", active_id: ids[0], active_ids: ids },
        });
    }

    /**
     * Address of a file of what is on screen.
     *
     * @param {"trace.xlsx"|"trace.pdf"|"evidence.pdf"|"evidence.json"} file
     * @param {number[]} [ids] the roots if left out
     */
    fileUrl(file, ids = this.graph.roots) {
        const query = new URLSearchParams({ lot_ids: ids.filter((id) => id > 0).join(",") });
        if (file.startsWith("trace")) {
            query.set("direction", this.graph.direction);
            query.set("depth", this.state.depth);
        }
        return `/med/${file}?${query}`;
    }

    get canDownload() {
        return this.graph.roots.length <= ROOTS_IN_ADDRESS * 2;
    }
}

registry.category("actions").add("med_traceability.trace", TraceAction);
