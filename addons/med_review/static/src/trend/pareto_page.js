import { onWillStart } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { COLOURS, TrendPage } from "./trend_page";

/** As many bars as can be told apart; the table below has all. */
const MOST = 20;

/** Defects sorted by frequency, with the line of the cumulative share. */
export class ParetoPage extends TrendPage {
    static template = "med_review.ParetoPage";
    static path = "med-pareto";
    static displayName = _t("Pareto of Defects");

    setup() {
        super.setup();
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
    }

    initial() {
        return { date_from: "", date_to: "", product: 0, supplier: 0, defect_class: "" };
    }

    async bring() {
        const { date_from, date_to, product, supplier, defect_class } = this.state;
        const told = await this.orm.call("med.trend", "pareto", [], {
            date_from, date_to, product, supplier, defect_class,
        });
        Object.assign(this.state, { date_from: told.date_from, date_to: told.date_to });
        return told;
    }

    set(name, value) {
        if (name.startsWith("date") && !value) {
            return;
        }
        const former = this.state[name];
        this.state[name] = ["product", "supplier"].includes(name) ? Number(value) : value;
        return this.load().catch((error) => {
            this.state[name] = former;
            throw error;
        });
    }

    get shown() {
        return this.state.answer.bars.slice(0, MOST);
    }

    config() {
        const bars = this.shown;
        return {
            data: {
                labels: bars.map((bar) => bar.label),
                datasets: [
                    {
                        type: "line", label: _t("Cumulative share (%)"), yAxisID: "right",
                        data: bars.map((bar) => Number(bar.cumulative)), borderColor: COLOURS.line, clip: 10,
                        backgroundColor: COLOURS.line, borderWidth: 2, pointRadius: 4, tension: 0,
                    },
                    {
                        type: "bar", label: _t("Found"), data: bars.map((bar) => bar.count),
                        backgroundColor: COLOURS.bar, categoryPercentage: 0.98, barPercentage: 0.98,
                    },
                ],
            },
            options: {
                animation: false, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
                scales: this.scales({ max: 100 }),
                plugins: { legend: { labels: { color: this.ink } } },
                onClick: (_ev, hits) => hits.length && this.rows(bars[hits[0].index]),
            },
        };
    }

    get domain() {
        const { answer, product, supplier, defect_class } = this.state;
        return [
            ["date", ">=", answer.begin], ["date", "<", answer.end],
            ...(product ? [["product_id", "=", product]] : []),
            ...(supplier ? [["partner_id", "=", supplier]] : []),
            ...(defect_class ? [["defect_class", "=", defect_class]] : []),
        ];
    }

    /** Open what a bar counts. */
    rows(bar) {
        return this.open(bar.label, "med.trend.defect", [
            ...this.domain, ["defect_code_id", "=", bar.code || false],
            ...(bar.code ? [] : [["defect", "=", bar.defect || false]]),
        ]);
    }
}

registry.category("actions").add("med_review.pareto", ParetoPage);
