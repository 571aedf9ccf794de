import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Changes } from "./changes";

const { DateTime } = luxon;
const PAGE = 80;
const ICONS = {
    I: "fa-plus", U: "fa-pencil", D: "fa-trash", S: "fa-camera", E: "fa-bolt",
};

/**
 * What happened to one record: newest first, by day, one card for each save.
 *
 * Of the active record, or of `params.model` and `params.res_id`.
 */
export class HistoryAction extends Component {
    static template = "med_audit.HistoryAction";
    static components = { Changes, Dropdown, DropdownItem, Layout };
    static props = { ...standardActionServiceProps };
    static path = "med-audit-trail";
    static displayName = _t("Audit trail");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const { context, params } = this.props.action;
        this.model = params?.model || context.active_model || "";
        this.resId = Number(params?.res_id || context.active_id || 0);
        this.state = useState({
            entries: [], name: "", audited: true, more: false, next: "", words: "",
            afterFirst: false, busy: false, loaded: false, mayExport: false,
        });
        onWillStart(async () => {
            if (this.model && this.resId) {
                this.props.updateActionState({ model: this.model, res_id: this.resId });
                await this.load();
            }
            this.state.loaded = true;
        });
    }

    async load() {
        this.state.busy = true;
        try {
            const answer = await this.orm.call("med.audit.entry", "history", [], {
                model: this.model, res_id: this.resId, limit: PAGE, before: this.state.next,
            });
            const { entries, name, audited, more, next, searchable: mayExport } = answer;
            this.state.entries.push(...entries);
            Object.assign(this.state, { name, audited, more, next, mayExport });
        } finally {
            this.state.busy = false;
        }
    }

    //--- what is shown ---

    /** Entries that fit the filters, without changes that do not. */
    get shown() {
        const words = this.state.words.trim().toLowerCase();
        const found = [];
        for (const entry of this.state.entries) {
            const changes = this.state.afterFirst
                ? entry.changes.filter((change) => change.after_first)
                : entry.changes;
            if (this.state.afterFirst && !changes.length) {
                continue;
            }
            if (words && !this.text(entry).includes(words)) {
                continue;
            }
            found.push({ ...entry, changes });
        }
        return found;
    }

    text(entry) {
        const texts = [entry.who, entry.login, entry.reason, entry.line, entry.op_label,
                       entry.origin_label, entry.event_label];
        for (const change of entry.changes) {
            texts.push(change.label, change.old, change.new);
        }
        return texts.join("\n").toLowerCase();
    }

    /** Days with their cards; a card is one transaction of one person. */
    get days() {
        const days = [];
        for (const entry of this.shown) {
            const time = DateTime.fromISO(entry.at);
            const label = time.toLocaleString(DateTime.DATE_HUGE);
            if (days.at(-1)?.label !== label) {
                days.push({ label, cards: [] });
            }
            const { cards } = days.at(-1);
            if (cards.at(-1)?.transaction !== entry.transaction) {
                cards.push({ ...entry, time, steps: [] });
            }
            cards.at(-1).steps.push(entry);
        }
        for (const card of days.flatMap((day) => day.cards)) {
            card.steps.reverse();
            card.sealed = card.steps.every((step) => step.sealed);
            card.op = this.cardOp(card.steps);
            card.reasons = [...new Set(card.steps.map((step) => step.reason).filter(Boolean))];
        }
        return days;
    }

    /** What a card is marked as: a link made or cut changes the record, whatever its row. */
    cardOp(steps) {
        const step = steps.find((step) => !step.line) || steps[0];
        return step.changes.some((change) => change.kind.endsWith("link")) ? "U" : step.op;
    }

    icon(op) {
        return ICONS[op] || "fa-circle";
    }

    clock(card) {
        return card.time.toLocaleString(DateTime.TIME_24_WITH_SECONDS);
    }

    exactTime(card) {
        return _t("%(time)s UTC, transaction %(transaction)s", {
            time: card.at.replace("T", " ").replace("Z", ""), transaction: card.transaction,
        });
    }

    happened(card) {
        const time = DateTime.fromISO(card.event_at).toLocaleString(DateTime.DATETIME_MED);
        return _t("Late entry: happened %s", time);
    }

    get title() {
        return this.state.name || `${this.model}, ${this.resId}`;
    }

    //--- ways out ---

    openRecord() {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: this.model, res_id: this.resId,
            views: [[false, "form"]], target: "current",
        });
    }

    openEntry(entry) {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: "med.audit.entry", res_id: Number(entry.id),
            views: [[false, "form"]], target: "current",
        });
    }

    export(form) {
        return download({
            url: `/med/audit.${form}`,
            data: { model: this.model, res_id: this.resId },
        });
    }

    review() {
        return this.action.doAction("med_audit.med_audit_review_action_new", {
            additionalContext: { default_model: this.model, default_res_id: this.resId },
        });
    }
}

registry.category("actions").add("med_audit.history", HistoryAction);
