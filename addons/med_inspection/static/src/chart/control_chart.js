/* global Chart */

import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { day, documentAction } from "@med_traceability/common/labels";

const COLOURS = { line: "#3c6ea5", bad: "#d23f3a", center: "#8a97a5", limit: "#d23f3a" };
const SPANS = [30, 100, 500];

/** Words of the lines and rules of a chart. */
const seriesLabel = (name) => ({
    mean: _t("Mean"), range: _t("Range"), value: _t("Value"), moving_range: _t("Moving range"),
    share: _t("Share"), rate: _t("Rate"),
})[name];

const ruleLabel = (rule) => ({
    beyond_3s: _t("beyond a control limit"),
    two_of_three_2s: _t("2 of 3 points beyond 2σ on one side"),
    four_of_five_1s: _t("4 of 5 points beyond 1σ on one side"),
    eight_one_side: _t("8 points in a row on one side"),
    nine_one_side: _t("9 points in a row on one side"),
    six_trend: _t("6 points in a row rising or falling"),
    fourteen_alternating: _t("14 points in a row up and down"),
    fifteen_within_1s: _t("15 points in a row within 1σ"),
    eight_outside_1s: _t("8 points in a row beyond 1σ on both sides"),
})[rule];

/** The lines of a control chart with its limits; a tap on a point opens its inspection. */
export class ControlChart extends Component {
    static template = "med_inspection.ControlChart";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvases = useRef("canvases");
        this.charts = [];
        this.state = useState({ told: null, span: 100, drawn: 0 });
        Object.assign(this, { SPANS, day, seriesLabel });
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
        });
        onWillUpdateProps((next) => this.load(next));
        useEffect(() => this.draw(), () => [this.state.drawn]);
        onWillUnmount(() => this.clear());
    }

    async load({ record } = this.props, points = this.state.span) {
        if (record.resId) {
            this.state.told = await this.orm.call("med.control.chart", "chart_data", [[record.resId]], { points });
            this.state.drawn++;
        }
    }

    setSpan(points) {
        this.state.span = points;
        return this.load(this.props, points);
    }

    clear() {
        this.charts.splice(0).forEach((chart) => chart.destroy());
    }

    draw() {
        this.clear();
        const canvases = this.canvases.el?.querySelectorAll("canvas") || [];
        this.state.told?.series.forEach((series, index) => {
            this.charts.push(new Chart(canvases[index], this.config(series, index)));
        });
    }

    config(series, index) {
        const { told } = this.state;
        const rows = series.points.map((point) => told.points[point.index]);
        const broken = new Map();
        for (const one of series.violations) {
            broken.set(one.index, [...(broken.get(one.index) || []), ruleLabel(one.rule)]);
        }
        const isBad = series.points.map((point) => broken.has(point.index));
        const number = (text) => (text === "" ? null : Number(text));
        const level = (name, label, dash) => ({
            label, data: series.points.map((point) => number(point[name])), stepped: "middle",
            borderColor: name === "center" ? COLOURS.center : COLOURS.limit, borderWidth: 1.5,
            borderDash: dash, pointRadius: 0, pointHitRadius: 0,
        });
        const dark = cookie.get("color_scheme") === "dark";
        return {
            type: "line",
            data: {
                labels: rows.map((row) => row.lot || row.inspection_name),
                datasets: [
                    {
                        label: seriesLabel(series.name),
                        data: series.points.map((point) => number(point.value)),
                        borderColor: COLOURS.line, borderWidth: 1.5, tension: 0,
                        pointRadius: isBad.map((bad) => (bad ? 7 : 4)), pointHitRadius: 14,
                        pointBackgroundColor: isBad.map((bad) => (bad ? COLOURS.bad : COLOURS.line)),
                    },
                    level("upper", _t("Upper limit"), [7, 4]),
                    level("center", _t("Centre line"), []),
                    level("lower", _t("Lower limit"), [7, 4]),
                    ...(series.name === "value" ? this.specification(series.points.length) : []),
                ],
            },
            options: {
                animation: false, maintainAspectRatio: false,
                scales: {
                    x: { ticks: { color: dark ? "#ddd" : "#444", maxRotation: 0, autoSkip: true } },
                    y: { ticks: { color: dark ? "#ddd" : "#444" } },
                },
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        filter: ({ datasetIndex }) => !datasetIndex,
                        callbacks: {
                            title: ([item]) => {
                                const row = rows[item.dataIndex];
                                return [row.inspection_name, row.lot, row.unit].filter(Boolean).join(" · ");
                            },
                            label: (item) => series.points[item.dataIndex].value,
                            afterLabel: (item) => broken.get(series.points[item.dataIndex].index) || [],
                        },
                    },
                },
                onClick: (_ev, [hit]) => hit && !index && this.action.doAction(
                    documentAction("med.inspection", rows[hit.index].inspection)),
            },
        };
    }

    /** Specification limits belong beside single values only, never beside means. */
    specification(length) {
        const { spec_lower: lower, spec_upper: upper } = this.state.told.chart;
        return [[lower, _t("Lower specification")], [upper, _t("Upper specification")]]
            .filter(([text]) => text)
            .map(([text, label]) => ({
                label, data: Array(length).fill(Number(text)), borderColor: COLOURS.limit,
                borderWidth: 2.5, pointRadius: 0, pointHitRadius: 0,
            }));
    }

    get limitsText() {
        const { limits } = this.state.told;
        return limits.id
            ? _t("Limits version %(version)s of %(date)s, from %(points)s points", {
                  version: limits.version, date: day(limits.date), points: limits.points })
            : _t("No limits in force: the lines are those of the points shown, and nothing raises an alert.");
    }

    get figures() {
        const { cp, cpk, pp, ppk } = this.state.told.capability;
        return [["Cp", cp], ["Cpk", cpk], ["Pp", pp], ["Ppk", ppk]]
            .filter(([, value]) => value)
            .map(([name, value]) => ({
                name, value: Number(value).toFixed(2), weak: Number(value) < 1.33,
            }));
    }
}

registry.category("view_widgets").add("med_control_chart", { component: ControlChart });
