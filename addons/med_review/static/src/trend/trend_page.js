import { Component, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/* global Chart */

export const COLOURS = { bar: "#3c6ea5", line: "#d2793a", bad: "#d23f3a", calm: "#8a97a5" };

/** What the pages of trends share: one chart, and lists that open from what is shown. */
export class TrendPage extends Component {
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvas = useRef("canvas");
        this.state = useState({ answer: null, drawn: 0, busy: false, ...this.initial() });
        useEffect(() => this.draw(), () => [this.state.drawn]);
        onWillUnmount(() => this.chart?.destroy());
    }

    initial() {
        return {};
    }

    /** Bring the page, and draw its chart anew. */
    async load() {
        this.state.busy = true;
        try {
            this.state.answer = await this.bring();
            this.state.drawn++;
        } finally {
            this.state.busy = false;
        }
    }

    draw() {
        this.chart?.destroy();
        this.chart = this.canvas.el && new Chart(this.canvas.el, this.config());
    }

    get ink() {
        return cookie.get("color_scheme") === "dark" ? "#ddd" : "#444";
    }

    /** Axes: counts at the left, shares or rates at the right. */
    scales(right = {}) {
        const ticks = { color: this.ink };
        return {
            x: { ticks: { ...ticks, maxRotation: 40 }, grid: { display: false } },
            y: { beginAtZero: true, ticks: { ...ticks, precision: 0 } },
            right: { position: "right", beginAtZero: true, ticks, grid: { display: false }, ...right },
        };
    }

    /** Open a list of rows of a model. */
    open(name, model, domain, views = ["list", "pivot", "graph"]) {
        return this.action.doAction({
            type: "ir.actions.act_window", name, res_model: model, domain,
            views: views.map((view) => [false, view]),
        });
    }
}
