import { Component, onMounted, onWillUpdateProps, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { day, kindLabel, lotIcon, moment, quantity, quantityByUnit, stateLabel } from "../common/labels";
import { CARD, MORE, layout, visible, way } from "./trace_graph";

const ZOOM = { min: 0.2, max: 2, step: 1.25, readable: 0.72 };
const LABELS = { all: 120, trade: 14 }; // curves that still bear their quantity

/**
 * The graph: ingredients and suppliers on the left, the roots in the middle, products and
 * consignees on the right. Curves are SVG, cards are HTML on the same plane.
 */
export class TraceCanvas extends Component {
    static template = "med_traceability.TraceCanvas";
    static props = {
        graph: Object,
        view: Object, // {collapsed: Set, shown: Map}, kept by the owner
        selected: { type: String }, // key of a card, "" for none
        select: Function, // (node or null)
        openDocument: Function, // (event)
        openLots: Function, // (lot ids)
    };

    setup() {
        this.rootRef = useRef("root");
        this.planeRef = useRef("plane");
        this.state = useState({ version: 0 });
        this.camera = { x: 0, y: 0, zoom: 1 };
        this.pointers = new Map();
        this.compute(this.props);
        onWillUpdateProps((next) => {
            if (next.graph !== this.props.graph) {
                this.compute(next);
                this.mustFit = true;
            } else if (next.selected !== this.props.selected) {
                this.light(next.selected);
            }
        });
        onMounted(() => this.fit());
        useEffect(() => {
            if (this.mustFit) {
                this.mustFit = false;
                this.fit();
            }
        });
        useEffect((key) => this.reveal(key), () => [this.props.selected]);
        useExternalListener(window, "resize", () => this.fit());
        Object.assign(this, { day, kindLabel, lotIcon, quantity, stateLabel, CARD });
    }

    compute({ graph, view, selected }) {
        this.visible = visible(graph, view);
        this.drawn = layout(this.visible, graph.events);
        const { curves } = this.drawn;
        this.showQuantities = curves.length <= LABELS.all;
        this.showTrade = curves.filter((curve) => curve.partner).length <= LABELS.trade;
        this.light(selected);
    }

    /** Dim what does not lie on a way through the chosen card. */
    light(selected) {
        const isCard = this.drawn.nodes.some((node) => node.key === selected);
        this.onWay = isCard ? way(this.visible, selected) : null;
    }

    /** Draw again after the user expanded something; the clicked card stays under the finger. */
    redraw(key) {
        const before = this.drawn.nodes.find((node) => node.key === key);
        this.compute(this.props);
        const after = this.drawn.nodes.find((node) => node.key === key);
        if (before && after) {
            this.camera.x += (before.x - after.x) * this.camera.zoom;
            this.camera.y += (before.y - after.y) * this.camera.zoom;
            this.applyCamera();
        }
        this.state.version++;
    }

    hasQuantity(curve) {
        const shown = this.showQuantities && (!curve.partner || this.showTrade);
        return shown && curve.quantity && curve.uom && !curve.unit;
    }

    //--- what a card says ---

    isDim(keys) {
        return this.onWay && !keys.every((key) => this.onWay.has(key));
    }

    groupTitle(node) {
        const count = node.lots.length;
        if (node.products > 1) {
            return _t("+%(count)s more of %(products)s products", {
                count,
                products: node.products,
            });
        }
        if (!node.shown) {
            return node.serials
                ? _t("%(count)s serials of %(product)s", { count, product: node.product })
                : _t("%(count)s lots of %(product)s", { count, product: node.product });
        }
        return node.serials
            ? _t("+%(count)s more serials of %(product)s", { count, product: node.product })
            : _t("+%(count)s more lots of %(product)s", { count, product: node.product });
    }

    onHandText(node) {
        return node.lots.some((lot) => lot.on_hand)
            ? _t("On hand %s", quantityByUnit(node.lots, "on_hand"))
            : _t("None on hand");
    }

    possibleText(node) {
        return _t("%s possible", node.lots.length - node.exactCount);
    }

    partnerText(node) {
        return node.type.startsWith("consignee")
            ? _t("Holds %s", quantityByUnit(node.rows, "net"))
            : _t("Supplied %s", quantityByUnit(node.rows, "net"));
    }

    partnersTitle(node) {
        return node.type === "consignees"
            ? _t("+%s more consignees", node.partners)
            : _t("+%s more suppliers", node.partners);
    }

    pillText(pill) {
        return pill.event ? pill.event.name : _t("%s documents", pill.events.length);
    }

    pillTitle(pill) {
        if (!pill.event) {
            return _t("Show the documents");
        }
        const event = pill.event;
        return [
            kindLabel(event.kind),
            moment(event.date),
            event.partner,
            event.workcenters.join(", "),
            event.operators.join(", "),
            event.reason,
        ].filter(Boolean).join("\n");
    }

    isCollapsed(node, side) {
        return this.props.view.collapsed.has(node.key + side);
    }

    //--- what a card does ---

    toggle(node, side) {
        const { collapsed } = this.props.view;
        if (!collapsed.delete(node.key + side)) {
            collapsed.add(node.key + side);
        }
        this.redraw(node.key);
    }

    showMore(node) {
        this.props.view.shown.set(node.group, node.shown + MORE);
        this.redraw(node.key);
    }

    onPill(pill) {
        if (pill.event) {
            this.props.openDocument(pill.event);
        } else {
            this.props.select({ key: pill.key, type: "documents", events: pill.events });
        }
    }

    //--- camera ---

    applyCamera() {
        const { x, y, zoom } = this.camera;
        if (this.planeRef.el) {
            this.planeRef.el.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
        }
    }

    /**
     * @param {boolean} [whole] everything, however small; else as much around the roots as can
     *  still be read
     */
    fit(whole = false) {
        const el = this.rootRef.el;
        if (!el) {
            return;
        }
        const { box } = this.drawn;
        const [width, height] = [el.clientWidth, el.clientHeight];
        const all = Math.min((width - 48) / box.width, (height - 40) / box.height, 1);
        const zoom = Math.max(all, whole ? ZOOM.min : ZOOM.readable);
        const center = (size, length, start, root) =>
            length * zoom <= size - 24
                ? (size - length * zoom) / 2 - start * zoom
                : Math.min(
                    24 - start * zoom,
                    Math.max(size - 24 - (start + length) * zoom, size / 2 - root * zoom)
                );
        this.camera = {
            zoom,
            x: center(width, box.width, box.left, CARD.width / 2),
            y: center(height, box.height, box.top, 0),
        };
        this.applyCamera();
    }

    /** Move a card out from under the edge, and from behind the panel that opened for it. */
    reveal(key) {
        const node = this.drawn.nodes.find((one) => one.key === key);
        if (!node || !this.rootRef.el) {
            return;
        }
        const { clientWidth, clientHeight } = this.rootRef.el;
        const { zoom } = this.camera;
        for (const [axis, length, size] of [
            ["x", CARD.width, clientWidth], ["y", CARD.height, clientHeight],
        ]) {
            const start = this.camera[axis] + node[axis] * zoom;
            const end = start + length * zoom;
            this.camera[axis] += start < 24 ? 24 - start : Math.min(0, size - 24 - end);
        }
        this.applyCamera();
    }

    zoomAt(factor, clientX, clientY) {
        const rect = this.rootRef.el.getBoundingClientRect();
        const [px, py] = [clientX - rect.left, clientY - rect.top];
        const zoom = Math.min(ZOOM.max, Math.max(ZOOM.min, this.camera.zoom * factor));
        const ratio = zoom / this.camera.zoom;
        this.camera = {
            zoom,
            x: px - (px - this.camera.x) * ratio,
            y: py - (py - this.camera.y) * ratio,
        };
        this.applyCamera();
    }

    zoomBy(factor) {
        const rect = this.rootRef.el.getBoundingClientRect();
        this.zoomAt(factor, rect.left + rect.width / 2, rect.top + rect.height / 2);
    }

    onWheel(ev) {
        ev.preventDefault();
        if (ev.shiftKey) {
            this.pan(-(ev.deltaX || ev.deltaY), 0);
        } else {
            this.zoomAt(Math.exp(-ev.deltaY / 400), ev.clientX, ev.clientY);
        }
    }

    pan(dx, dy) {
        this.camera.x += dx;
        this.camera.y += dy;
        this.applyCamera();
    }

    onPointerDown(ev) {
        if (ev.target.closest("button, a")) {
            return;
        }
        this.pointers.set(ev.pointerId, { x: ev.clientX, y: ev.clientY });
        this.moved = 0;
    }

    onPointerMove(ev) {
        const before = this.pointers.get(ev.pointerId);
        if (!before) {
            return;
        }
        if (!ev.currentTarget.hasPointerCapture(ev.pointerId)) {
            ev.currentTarget.setPointerCapture(ev.pointerId);
        }
        const others = [...this.pointers].filter(([id]) => id !== ev.pointerId);
        const dx = ev.clientX - before.x;
        const dy = ev.clientY - before.y;
        this.moved += Math.abs(dx) + Math.abs(dy);
        if (others.length === 1) {
            const other = others[0][1];
            const old = Math.hypot(before.x - other.x, before.y - other.y);
            const now = Math.hypot(ev.clientX - other.x, ev.clientY - other.y);
            this.zoomAt(now / (old || 1), (ev.clientX + other.x) / 2, (ev.clientY + other.y) / 2);
            this.pan(dx / 2, dy / 2);
        } else {
            this.pan(dx, dy);
        }
        this.pointers.set(ev.pointerId, { x: ev.clientX, y: ev.clientY });
    }

    onPointerUp(ev) {
        if (this.pointers.delete(ev.pointerId) && this.moved < 5 && !this.pointers.size) {
            this.props.select(null);
        }
    }

    onKeydown(ev) {
        const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
        if (ev.target !== this.rootRef.el) {
            return;
        }
        if (steps[ev.key]) {
            this.pan(...steps[ev.key]);
        } else if (ev.key === "+" || ev.key === "=") {
            this.zoomBy(ZOOM.step);
        } else if (ev.key === "-") {
            this.zoomBy(1 / ZOOM.step);
        } else if (ev.key === "0") {
            this.fit(true);
        } else {
            return;
        }
        ev.preventDefault();
    }

    get zoomStep() {
        return ZOOM.step;
    }
}
