import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { day, lotIcon, quantity, stateLabel } from "../common/labels";

const PAGE = 50;

/**
 * The same graph as an indented table: one row for each step, opened on demand, so that the size
 * of the answer never reaches the page.
 */
export class TraceTree extends Component {
    static template = "med_traceability.TraceTree";
    static props = { graph: Object, openDocument: Function, openLots: Function };

    setup() {
        this.state = useState({ open: new Set(), pages: new Map() });
        this.openFirst(this.props.graph);
        onWillUpdateProps((next) => {
            if (next.graph !== this.props.graph) {
                this.openFirst(next.graph);
            }
        });
        Object.assign(this, { day, lotIcon, quantity, stateLabel });
    }

    openFirst(graph) {
        this.state.pages.clear();
        this.state.open.clear();
        if (graph.roots.length === 1) {
            this.state.open.add(`>/${graph.roots[0]}`).add(`</${graph.roots[0]}`);
        }
    }

    get sections() {
        const sections = [];
        if (this.props.graph.direction !== "forward") {
            sections.push({ key: "<", title: _t("Came from"), rows: this.rows("<") });
        }
        if (this.props.graph.direction !== "backward") {
            sections.push({ key: ">", title: _t("Went into"), rows: this.rows(">") });
        }
        return sections;
    }

    /**
     * Rows on show, depth first; a lot that is already on the way is shown and ends it. A row is
     * exact when every step that leads to it here is.
     */
    rows(side) {
        const { graph } = this.props;
        const [steps, far] = side === ">" ? [graph.forward, "to"] : [graph.backward, "from"];
        const rows = [];
        const visit = (lotId, path, edge, way, sure) => {
            const key = `${path}/${lotId}`;
            const rowKey = edge ? `${key}:${edge.event}` : key;
            const lot = graph.lots.get(lotId);
            const next = way.includes(lotId) ? [] : steps.get(lotId) || [];
            const open = this.state.open.has(rowKey);
            const exact = sure && (!edge || edge.exact);
            rows.push({
                key: rowKey, lot, edge, exact, level: way.length, count: next.length, open,
                event: edge && graph.events.get(edge.event), loop: way.includes(lotId),
                uom: edge ? graph.lots.get(edge.from).uom : lot.uom,
            });
            if (open) {
                page(inOrder(next.map((e) => [e[far], e])), rowKey, [...way, lotId], exact);
            }
        };
        const inOrder = (list) => {
            const name = ([id]) => `${graph.lots.get(id).product} ${graph.lots.get(id).name}`;
            return list.sort((a, b) => b[1].exact - a[1].exact || (name(a) < name(b) ? -1 : 1));
        };
        const page = (list, path, way, sure) => {
            const shown = this.state.pages.get(path) || PAGE;
            for (const [lotId, edge] of list.slice(0, shown)) {
                visit(lotId, path, edge, way, sure);
            }
            if (list.length > shown) {
                rows.push({
                    key: `${path}+`, more: list.length - shown, path, level: way.length, shown,
                    ids: list.map(([lotId]) => lotId),
                });
            }
        };
        page(graph.roots.filter((id) => graph.lots.has(id)).map((id) => [id, null]), side, [], true);
        return rows;
    }

    toggle(row) {
        if (!this.state.open.delete(row.key)) {
            this.state.open.add(row.key);
        }
    }

    showMore(row) {
        this.state.pages.set(row.path, row.shown + PAGE);
    }
}
