import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";

/**
 * Asks why a submitted record is changed. Calls `confirm` with the reason as one text.
 */
export class ReasonDialog extends Component {
    static template = "med_audit.ReasonDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        confirm: Function,
        label: { type: String, optional: true },
        count: { type: Number, optional: true },
        fields: { type: Array, element: String, optional: true },
    };
    static defaultProps = { label: "", count: 1, fields: [] };

    setup() {
        this.orm = useService("orm");
        this.reasons = [];
        this.state = useState({ chosen: null, text: "" });
        onWillStart(async () => {
            this.reasons = await this.orm.searchRead("med.audit.reason", [], ["name", "needs_text"]);
        });
    }

    get reason() {
        return this.reasons.find((reason) => reason.id === this.state.chosen);
    }

    get placeholder() {
        return this.reason?.needs_text ? _t("Explain, in words") : _t("More, if you like");
    }

    get text() {
        const text = this.state.text.trim();
        if (!this.reason) {
            return this.reasons.length ? "" : text;
        }
        if (this.reason.needs_text && !text) {
            return "";
        }
        return text ? `${this.reason.name}: ${text}` : this.reason.name;
    }

    confirm() {
        this.props.confirm(this.text);
        this.props.close();
    }
}
