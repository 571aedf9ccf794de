import { Component } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";

/**
 * The criteria of `stock.lot.med_trace_by` other than the lots themselves. All of them must hold.
 */
export class TraceCriteria extends Component {
    static template = "med_traceability.TraceCriteria";
    static components = { DateTimeInput, RecordSelector };
    static props = { criteria: Object, update: Function, search: Function };

    /** Records to choose from; an addon with further criteria extends this list. */
    get records() {
        return [
            { key: "supplier_id", label: _t("Supplier"), model: "res.partner", domain: [] },
            { key: "product_id", label: _t("Product"), model: "product.product", domain: [] },
            { key: "workcenter_id", label: _t("Work centre"), model: "mrp.workcenter", domain: [] },
            { key: "operator_id", label: _t("Operator"), model: "res.users", domain: [["share", "=", false]] },
            { key: "picking_id", label: _t("Receipt"), model: "stock.picking", domain: [["picking_type_code", "=", "incoming"]] },
            { key: "production_id", label: _t("Manufacturing order"), model: "mrp.production", domain: [] },
        ];
    }

    get dates() {
        return [
            { key: "date_from", label: _t("Produced from") },
            { key: "date_to", label: _t("Produced until") },
        ];
    }

    set(key, value) {
        const criteria = { ...this.props.criteria };
        if (value) {
            criteria[key] = value;
        } else {
            delete criteria[key];
        }
        this.props.update(criteria);
    }

    date(key) {
        return this.props.criteria[key] ? deserializeDate(this.props.criteria[key]) : false;
    }

    setDate(key, value) {
        this.set(key, value ? serializeDate(value) : "");
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            this.set("supplier_lot", ev.target.value.trim());
            this.props.search();
        }
    }
}
