import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { moment } from "@med_traceability/common/labels";
import { reasonText } from "./entry_words";
import { limitText } from "./judge";

const KEYS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", "-", "0", "."];

/**
 * What belongs to the place at hand, with keys for fingers in gloves: limits, pass and fail, defects,
 * digits, gauge, file, earlier values.
 */
export class EntryPad extends Component {
    static template = "med_inspection.EntryPad";
    static props = { cell: Object, entry: Object };

    setup() {
        this.entry = this.props.entry;
        this.gauges = useState(this.entry.state.gauges);
        this.fileRef = useRef("file");
        Object.assign(this, { KEYS, moment });
    }

    get cell() {
        return this.props.cell;
    }

    get one() {
        return this.cell.characteristic;
    }

    get limits() {
        return limitText(this.one);
    }

    get gaugeText() {
        return _t("Gauge: %s", this.one.gauge_kind);
    }

    get why() {
        return this.cell.message || (["fail", "invalid"].includes(this.cell.outcome)
            ? reasonText(this.cell.reason, this.one) : "");
    }

    get canRetest() {
        return this.entry.isOpen && this.cell.status === "saved" && this.cell.outcome === "fail" &&
            ["measured", "counted", "check", "text"].includes(this.one.kind);
    }

    get wantsFile() {
        return ["picture", "certificate"].includes(this.one.kind);
    }

    get earlier() {
        return [...this.cell.history, ...this.cell.retests].filter(
            (row) => row.id !== this.cell.readingId);
    }

    get input() {
        return this.entry.elements.get(this.cell.key);
    }

    /** A key of the pad does what the same key of a keyboard does; the field keeps the focus. */
    press(key) {
        const el = this.input;
        el.setRangeText(key, el.selectionStart, el.selectionEnd, "end");
        this.entry.type(this.props.cell, el.value);
    }

    back() {
        const el = this.input;
        const from = el.selectionStart === el.selectionEnd ? Math.max(el.selectionStart - 1, 0) : el.selectionStart;
        el.setRangeText("", from, el.selectionEnd, "end");
        this.entry.type(this.props.cell, el.value);
    }

    next() {
        this.entry.finish(this.props.cell, this.input, 1);
    }

    expect(text) {
        this.input.value = text;
        this.next();
    }

    isChosen(defect) {
        return this.cell.defects.includes(defect.code);
    }

    onGaugeKeydown(ev) {
        if (ev.key === "Enter" || ev.key === "Tab") {
            ev.preventDefault();
            ev.stopPropagation();
            this.entry.setGauge(this.one, ev.target.value);
            this.entry.goTo(this.props.cell);
        }
    }

    onFile(ev) {
        const [file] = ev.target.files;
        ev.target.value = "";
        if (file) {
            this.entry.attach(this.props.cell, file);
        }
    }
}
