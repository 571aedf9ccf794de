import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { DayPage } from "@med_traceability/day/day_page";
import { beep } from "@med_traceability/common/sound";

/** What waits for the inspector: first what production or a delivery needs, each one tap away. */
export class InspectorPage extends DayPage {
    static template = "med_inspection.InspectorPage";
    static page = "inspector";
    static path = "med-inspector";
    static displayName = _t("Inspections Today");

    initial() {
        return { tab: "", found: null, chosen: new Set() };
    }

    async load() {
        await super.load();
        const clean = new Set(this.clean.map((row) => row.id));
        this.state.chosen = new Set([...this.state.chosen].filter((id) => clean.has(id)));
    }

    get tiles() {
        const { counts } = this.state.answer;
        return [
            { key: "open", label: _t("To inspect"), icon: "fa-search", count: counts.open },
            { key: "submitted", label: _t("To decide"), icon: "fa-gavel", count: counts.submitted },
            { key: "overdue", label: _t("Overdue"), icon: "fa-clock-o", count: counts.overdue, bad: counts.overdue },
        ];
    }

    get clean() {
        return this.state.answer.rows.filter((row) => row.clean);
    }

    /** Decisions are signed together where one decides, and nowhere else. */
    get choosing() {
        return this.state.tab === "submitted" && this.clean.length > 0;
    }

    get rows() {
        const { found, tab, answer } = this.state;
        return answer.rows.filter((row) => found
            ? found.has(row.id)
            : !tab || row.state === tab || (tab === "overdue" && row.overdue));
    }

    show(tab) {
        Object.assign(this.state, { tab: this.state.tab === tab ? "" : tab, found: null, told: "" });
    }

    async scanned(code) {
        const { found, message } = await this.orm.call("med.day", "find", [], {
            page: "inspector", code,
        });
        if (found.length === 1) {
            beep("ok");
            return this.open(found[0]);
        }
        this.state.told = message || _t("%s inspections are about it: choose one.", found.length);
        this.state.found = found.length ? new Set(found) : null;
        beep(found.length ? "warn" : "error");
    }

    open(id) {
        return this.action.doAction({
            type: "ir.actions.client", tag: "med_inspection.entry", params: { inspection: id },
        });
    }

    choose(row) {
        const chosen = new Set(this.state.chosen);
        chosen[chosen.has(row.id) ? "delete" : "add"](row.id);
        this.state.chosen = chosen;
    }

    chooseClean() {
        this.state.chosen = this.state.chosen.size ? new Set() : new Set(this.clean.map((row) => row.id));
    }

    sign() {
        return this.action.doAction({
            type: "ir.actions.client", tag: "med_signature.sign",
            params: { model: "med.inspection", records: [...this.state.chosen], transition: "accept" },
        });
    }

    needText(row) {
        return row.priority === 2
            ? _t("Waited for since %s", this.moment(row.needed))
            : _t("Needed %s", this.moment(row.needed));
    }

    dueText(row) {
        return _t("Due %s", this.moment(row.due));
    }

    missingText(row) {
        return _t("%s missing", row.missing);
    }

    unitsText(row) {
        return row.units
            ? _t("%(units)s of %(quantity)s units", row)
            : row.stage_label;
    }

    signText() {
        return _t("Accept %s and sign", this.state.chosen.size);
    }

    cleanText() {
        return _t("%s clean", this.clean.length);
    }

    openAll() {
        return this.action.doAction("med_inspection.med_inspection_action");
    }

    get leftOutText() {
        return _t("and %s more in the list of inspections", this.state.answer.left_out);
    }
}

registry.category("actions").add("med_inspection.day_inspector", InspectorPage);
