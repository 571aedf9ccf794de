import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const GAPS = () => ({
    policy: _t("Policies without a process"),
    policy_less: _t("Processes without a policy"),
    record: _t("Processes without a record"),
    owner: _t("Processes for which nobody answers"),
    clause: _t("Clauses that nothing covers"),
});

/** Policy → process → record (制度—流程—记录), with what is missing below. */
export class QualityMap extends Component {
    static template = "med_compliance.QualityMap";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "med-quality-map";
    static displayName = _t("Map: Policy, Process, Record");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ policies: [], gaps: [], loaded: false });
        onWillStart(() => this.load());
    }

    async load() {
        const told = await this.orm.call("med.quality.policy", "map_data", []);
        this.state.policies = told.loose.length
            ? [...told.policies, { id: 0, code: "", name: _t("Of no policy"), owner: "", processes: told.loose }]
            : told.policies;
        this.state.gaps = Object.entries(GAPS())
            .map(([kind, title]) => ({ kind, title, rows: told.gaps.filter((one) => one.kind === kind) }))
            .filter((one) => one.rows.length);
        this.state.loaded = true;
    }

    open(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]],
        });
    }

    openGap(gap) {
        if (gap.model === "med.external.clause") {
            return this.action.doAction("med_compliance.med_external_clause_action", {
                additionalContext: { search_default_uncovered: 1 },
            });
        }
        return this.open(gap.model, gap.id);
    }

    async openRecord(record) {
        const action = await this.orm.call("med.quality.record", "action_open", [[record.id]]);
        if (action) {
            this.action.doAction({ ...action, views: [[false, "list"], [false, "form"]] });
        }
    }
}

registry.category("actions").add("med_compliance.map", QualityMap);
