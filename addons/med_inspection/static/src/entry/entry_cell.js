import { Component, onMounted, onWillUnmount, useRef } from "@odoo/owl";
import { reasonText } from "./entry_words";

/** One place of the sheet. Only it is drawn anew when its value changes. */
export class EntryCell extends Component {
    static template = "med_inspection.EntryCell";
    static props = { cell: Object, entry: Object, label: { type: String, optional: true } };

    setup() {
        this.root = useRef("root");
        const { entry, cell } = this.props;
        onMounted(() => entry.elements.set(cell.key, this.root.el));
        onWillUnmount(() => entry.elements.delete(cell.key));
    }

    /** Reactive: what is read of it is watched. */
    get cell() {
        return this.props.cell;
    }

    get isText() {
        return !["check", "picture"].includes(this.cell.characteristic.kind);
    }

    get classes() {
        const { draft, outcome, status } = this.cell;
        const shown = draft ? draft.outcome : outcome;
        return {
            o_med_cell_pass: shown === "pass",
            o_med_cell_fail: shown === "fail",
            o_med_cell_bad: shown === "invalid" || status === "refused",
            o_med_cell_wait: status === "waiting",
            o_med_cell_changed: this.cell.history.length > 1,
        };
    }

    get text() {
        const { text, uom, draft } = this.cell;
        return draft ? draft.text : uom ? `${text} ${uom}` : text;
    }

    get title() {
        const { cell } = this;
        return cell.message || reasonText(cell.draft ? cell.draft.reason : cell.reason,
            cell.characteristic);
    }

    onInput(ev) {
        this.props.entry.type(this.cell, ev.target.value);
    }
}
