import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { TrailDialog } from "./trail_dialog";

const ICONS = {
    missing: "fa-times-circle text-danger",
    excepted: "fa-exclamation-triangle text-warning",
    note: "fa-info-circle text-info",
    ok: "fa-check-circle text-success",
};

/** What a release rests on: what is missing first, each with the way to where it is mended. */
export class ReleaseChecks extends Component {
    static template = "med_release.Checks";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.state = useState({ open: {} });
    }

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    get headline() {
        const { missing_count: missing, exception_count: exceptions } = this.props.record.data;
        if (missing) {
            return _t("%s missing", missing);
        }
        return exceptions ? _t("%s exceptions, nothing missing", exceptions) : _t("All fine");
    }

    get tone() {
        const { missing_count: missing, exception_count: exceptions } = this.props.record.data;
        return missing ? "danger" : exceptions ? "warning" : "success";
    }

    icon(state) {
        return ICONS[state];
    }

    /** What is wrong stands open; what is fine opens on a tap. */
    isOpen(row) {
        return this.state.open[row.key] ?? row.state !== "ok";
    }

    toggle(row) {
        this.state.open[row.key] = !this.isOpen(row);
    }

    async mend(item) {
        if (item.model === "med.inspection.plan") {
            const action = await this.orm.call("med.release", "action_begin_inspections", [
                [this.props.record.resId],
            ]);
            this.action.doAction(action);
            return;
        }
        if (item.model === "med.audit.entry") {
            this.dialog.add(TrailDialog, {
                release: this.props.record.resId,
                onReviewed: () => this.props.record.load(),
            });
            return;
        }
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: item.model,
            res_id: item.res_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("med_release_checks", {
    component: ReleaseChecks,
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "missing_count", type: "integer" },
        { name: "exception_count", type: "integer" },
    ],
});
