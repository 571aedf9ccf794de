import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useDebounced } from "@web/core/utils/timing";
import { quantity } from "../common/labels";

const PAGE = 80;
const DOCUMENTS = 3;

/**
 * A table with a filter, sorting and pages, for answers of any length.
 *
 * A column is `{key, label, value(row), text(row), number, kind}`; `kind` is "text" (default),
 * "lot" (opens `row.lot_id`), "partner" (opens `row.partner_id`), "event" (opens the row, an
 * event), "documents" (opens one of `row.documents`) or "certainty" (`row.exact`).
 */
export class TraceTable extends Component {
    static template = "med_traceability.TraceTable";
    static props = {
        rows: Array,
        columns: Array,
        openDocument: Function,
        openLots: Function,
        openPartner: Function,
    };

    setup() {
        this.state = useState({ text: "", sort: "", down: false, shown: PAGE });
        this.setText = useDebounced((text) => Object.assign(this.state, { text, shown: PAGE }), 150);
        onWillUpdateProps((next) => {
            if (next.rows !== this.props.rows) {
                Object.assign(this.state, { shown: PAGE, sort: "", text: "" });
            }
        });
        this.documentsShown = DOCUMENTS;
    }

    text(column, row) {
        return column.text ? column.text(row) : row[column.key];
    }

    value(column, row) {
        return column.value ? column.value(row) : this.text(column, row);
    }

    get matching() {
        const { text, sort, down } = this.state;
        let rows = this.props.rows;
        if (text) {
            const words = text.toLowerCase().split(/\s+/);
            rows = rows.filter((row) => {
                const line = this.props.columns
                    .map((column) => this.text(column, row))
                    .join(" ")
                    .toLowerCase();
                return words.every((word) => line.includes(word));
            });
        }
        const column = this.props.columns.find(({ key }) => key === sort);
        if (column) {
            const sign = down ? -1 : 1;
            rows = [...rows].sort((a, b) => {
                const [x, y] = [this.value(column, a), this.value(column, b)];
                return sign * (column.number ? x - y : String(x).localeCompare(String(y)));
            });
        }
        return rows;
    }

    countText(rows) {
        return _t("%(shown)s of %(all)s rows", {
            shown: quantity(rows.length), all: quantity(this.props.rows.length),
        });
    }

    sortBy(column) {
        this.state.down = this.state.sort === column.key && !this.state.down;
        this.state.sort = column.key;
    }

    showMore() {
        this.state.shown += PAGE;
    }
}
