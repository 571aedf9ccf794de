import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useInputField } from "@web/views/fields/input_field_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Asks what personal data is needed for: the answer stands in the audit trail. */
export class PurposeDialog extends Component {
    static template = "med_audit.PurposeDialog";
    static components = { Dialog };
    static props = { confirm: Function, close: Function };

    setup() {
        this.state = useState({ purpose: "" });
    }

    async confirm() {
        await this.props.confirm(this.state.purpose.trim());
        this.props.close();
    }
}

/** A personal value: masked, shown to whoever may see it and says why, typed anew to change it. */
export class PersonalField extends Component {
    static template = "med_audit.PersonalField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.state = useState({ shown: null, of: 0 });
        useInputField({ getValue: () => this.value });
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get stored() {
        return this.props.record.resId && /^•+$/.test(this.value);
    }

    get text() {
        const { shown, of } = this.state;
        return this.stored && shown !== null && of === this.props.record.resId ? shown : this.value;
    }

    get revealed() {
        return this.text !== this.value;
    }

    reveal() {
        const { name, record } = this.props;
        this.dialog.add(PurposeDialog, {
            confirm: async (purpose) => {
                const answer = await this.orm.call(record.resModel, "med_reveal", [[record.resId]], {
                    names: [name], purpose,
                });
                const [found] = answer.records;
                this.state.shown = found.forgotten ? _t("forgotten") : found.values[name];
                this.state.of = record.resId;
            },
        });
    }
}

registry.category("fields").add("med_personal", {
    component: PersonalField,
    supportedTypes: ["char"],
});
