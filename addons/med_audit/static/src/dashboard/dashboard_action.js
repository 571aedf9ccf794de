import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const { DateTime } = luxon;

/** The state of the audit trail at a glance: what came in, how far it is sealed, what is wrong. */
export class DashboardAction extends Component {
    static template = "med_audit.DashboardAction";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "med-audit-dashboard";
    static displayName = _t("State of the Audit Trail");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ answer: null });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.answer = await this.orm.call("med.audit.entry", "dashboard", []);
    }

    moment(at) {
        return at ? DateTime.fromISO(at).toLocaleString(DateTime.DATETIME_SHORT) : _t("never");
    }

    ago(at) {
        return at ? DateTime.fromISO(at).toRelative() : "";
    }

    get lagText() {
        const { entries, seconds } = this.state.answer.lag;
        if (!entries) {
            return _t("All entries are sealed");
        }
        return seconds < 120
            ? _t("the oldest since %s seconds", seconds)
            : _t("the oldest since %s minutes", Math.floor(seconds / 60));
    }

    share(row) {
        return `${(100 * row.count) / Math.max(this.state.answer.today, 1)}%`;
    }

    //--- ways out ---

    search(filter) {
        return this.action.doAction("med_audit.med_audit_entry_action", {
            additionalContext: { search_default_today: 1, [`search_default_${filter}`]: 1 },
        });
    }

    openAlarm(alarm) {
        const open = {
            triggers: () => this.action.doAction("med_audit.med_audit_policy_action"),
            lag: () => this.action.doAction("med_audit.med_audit_checkpoint_action"),
            database: () => this.search("database"),
            refused: () => this.search("failed_sign_in"),
            verification: () => this.action.doAction("med_audit.med_audit_verification_action"),
            anchor: () => this.action.doAction("med_audit.med_audit_anchor_action"),
        }[alarm.key];
        return open?.();
    }
}

registry.category("actions").add("med_audit.dashboard", DashboardAction);
