import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { DayPage } from "./day_page";

/** What an auditor does: name a lot, read its evidence. He changes nothing, and is written down. */
export class AuditPage extends DayPage {
    static template = "med_traceability.AuditPage";
    static page = "audit";
    static path = "med-day-audit";
    static displayName = _t("Auditor's Desk");

    initial() {
        return { query: "" };
    }

    args() {
        return { query: this.state.query };
    }

    async scanned(code) {
        this.state.answer = await this.orm.call("med.day", "audit", [], { query: code });
        this.state.query = code;
        if (!this.state.answer.lots.length) {
            this.state.told = _t("No lot is called %s, in the companies you may read.", code);
        }
    }

    get windowText() {
        const { from, until } = this.state.answer.window;
        return _t("Open from %(from)s until %(until)s", {
            from: this.moment(from), until: this.moment(until),
        });
    }

    context(lot) {
        return { active_model: "stock.lot", active_id: lot.id, active_ids: [lot.id] };
    }

    evidence(lot, form) {
        browser.open(`/med/evidence.${form}?lot_ids=${lot.id}`, "_blank");
    }

    open(lot, action) {
        return this.action.doAction(action, { additionalContext: this.context(lot) });
    }

    tailText(lot) {
        return [_t("%s events", lot.events), lot.company].filter(Boolean).join(" · ");
    }
}

registry.category("actions").add("med_traceability.day_audit", AuditPage);
