import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const SHOWN = 8;

/** What one entry changed: label, old → new; words that went and came in long texts. */
export class Changes extends Component {
    static template = "med_audit.Changes";
    static props = { changes: Array, withheld: { type: Number, optional: true } };

    setup() {
        this.state = useState({ all: false });
    }

    get rows() {
        const { changes } = this.props;
        return this.state.all || changes.length <= SHOWN + 2 ? changes : changes.slice(0, SHOWN);
    }

    get hidden() {
        return this.props.changes.length - this.rows.length;
    }
}

/** The same on the form of an entry. */
export class ChangesField extends Component {
    static template = "med_audit.ChangesField";
    static components = { Changes };
    static props = { ...standardFieldProps };

    get entry() {
        return this.props.record.data[this.props.name] || { changes: [], withheld: 0 };
    }
}

registry.category("fields").add("med_audit_changes", {
    component: ChangesField,
    supportedTypes: ["json"],
});
