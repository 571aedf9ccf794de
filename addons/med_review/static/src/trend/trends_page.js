import { onWillStart } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { COLOURS, TrendPage } from "./trend_page";

const SPANS = ["0_30", "31_60", "61_90", "over_90"];

/** The state of quality at a glance; each figure opens its list. */
export class TrendsPage extends TrendPage {
    static template = "med_review.TrendsPage";
    static path = "med-trends";
    static displayName = _t("Quality at a Glance");

    setup() {
        super.setup();
        this.spanLabels = [_t("Up to 30 days"), _t("31 to 60 days"), _t("61 to 90 days"), _t("Over 90 days")];
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
    }

    bring() {
        return this.orm.call("med.trend", "dashboard");
    }

    get month() {
        return this.state.answer.months.at(-1);
    }

    get before() {
        return this.state.answer.months.at(-2);
    }

    age(kind) {
        return this.state.answer.ages.find((row) => row.kind === kind);
    }

    openLabel(row) {
        return _t("%s: open", row.label);
    }

    /** Width of a part of a bar, of the longest bar. */
    width(count) {
        const most = Math.max(1, ...this.state.answer.ages.map((row) => row.open));
        return `width: ${(100 * count) / most}%`;
    }

    config() {
        const { months } = this.state.answer;
        const line = (label, colour, name, more) => ({
            type: "line", label, data: months.map((row) => (row[name] === "" ? null : Number(row[name]))),
            borderColor: colour, backgroundColor: colour, borderWidth: 2, pointRadius: 3, tension: 0,
            spanGaps: true, ...more,
        });
        return {
            data: {
                labels: months.map((row) => row.month),
                datasets: [
                    line(_t("Per 100 lots"), COLOURS.line, "rate", { yAxisID: "right" }),
                    line(_t("Open at the end"), COLOURS.calm, "open", { borderDash: [6, 4] }),
                    {
                        type: "bar", label: _t("Reported"), data: months.map((row) => row.reported),
                        backgroundColor: COLOURS.bar,
                    },
                ],
            },
            options: {
                animation: false, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
                scales: this.scales(),
                plugins: { legend: { labels: { color: this.ink } } },
                onClick: (_ev, hits) => hits.length && this.openRates(months[hits[0].index]),
            },
        };
    }

    openAges(row, ...conditions) {
        return this.open(row.label, "med.trend.open", [["kind", "=", row.kind], ...conditions]);
    }

    openSpan(row, index) {
        return this.openAges(row, ["bucket", "=", SPANS[index]]);
    }

    openRates(row) {
        return this.open(_t("Nonconformities Reported"), "med.trend.rate", [
            ["date", ">=", row.begin], ["date", "<", row.end], ["nonconformities", "=", 1],
        ]);
    }

    openYield() {
        return this.open(_t("First-Pass Yield"), "med.trend.inspection", [
            ["date", ">=", this.month.begin], ["date", "<", this.month.end], ["first", "=", 1],
        ]);
    }

    openPareto() {
        return this.action.doAction("med_review.med_trend_pareto_action");
    }

    openBar(bar) {
        const { begin, end } = this.state.answer;
        return this.open(bar.label, "med.trend.defect", [
            ["date", ">=", begin], ["date", "<", end], ["defect_code_id", "=", bar.code || false],
            ...(bar.code ? [] : [["defect", "=", bar.defect || false]]),
        ]);
    }
}

registry.category("actions").add("med_review.trends", TrendsPage);
