import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { quantity } from "../common/labels";
import { DayPage } from "./day_page";

const SHIFT = "med_traceability.shift";

/** The daily report of production: made, scrapped, stopped, open, of one shift or a whole day. */
export class ProductionPage extends DayPage {
    static template = "med_traceability.ProductionPage";
    static page = "production";
    static path = "med-day-production";
    static displayName = _t("Production Daily Report");

    /** The shift is that which was last looked at in this browser. */
    initial() {
        const [time_from, time_to] = (browser.localStorage.getItem(SHIFT) || "00:00 24:00").split(" ");
        return { day: "", time_from, time_to, found: null };
    }

    args() {
        const { day, time_from, time_to } = this.state;
        return { day, time_from, time_to };
    }

    async load() {
        await super.load();
        this.state.day = this.state.answer.day;
    }

    get wholeDay() {
        return this.state.time_from === "00:00" && this.state.time_to === "24:00";
    }

    set(name, value) {
        if (value && value !== this.state[name]) {
            this.state[name] = value;
            return this.reload();
        }
    }

    setWholeDay() {
        Object.assign(this.state, { time_from: "00:00", time_to: "24:00" });
        return this.reload();
    }

    reload() {
        browser.localStorage.setItem(SHIFT, `${this.state.time_from} ${this.state.time_to}`);
        return this.load();
    }

    /** A time as its field shows it: nothing for a whole day, and 24:00 is 00:00 there. */
    shown(time) {
        return this.wholeDay ? "" : time.replace("24:", "00:");
    }

    move(days) {
        this.state.day = luxon.DateTime.fromISO(this.state.day).plus({ days }).toISODate();
        return this.load();
    }

    get orders() {
        const { found, answer } = this.state;
        return found ? answer.orders.filter((row) => found.has(row.id)) : answer.orders;
    }

    amounts(rows) {
        return rows.map((row) => quantity(row.quantity, row.uom)).join(", ");
    }

    /** Minutes as a person says them. */
    hours(minutes) {
        return minutes < 60
            ? _t("%s min", minutes)
            : _t("%(hours)s h %(minutes)s min", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
    }

    get windowText() {
        const { begin, end, zone } = this.state.answer;
        return _t("%(begin)s to %(end)s, %(zone)s", {
            begin: this.local(begin), end: this.local(end), zone,
        });
    }

    /** A moment in the company's time zone, whatever the reader's. */
    local(iso) {
        return luxon.DateTime.fromISO(iso).setZone(this.state.answer.zone).toFormat("yyyy-MM-dd HH:mm");
    }

    scanned(code) {
        return this.find(code);
    }

    download(extension) {
        const query = new URLSearchParams(this.args());
        browser.open(`/med/production_day.${extension}?${query}`, "_blank");
    }

    mail() {
        const { day, time_from, time_to } = this.state;
        return this.action.doAction("med_traceability.med_day_mail_action", {
            additionalContext: {
                default_day: day, default_time_from: time_from, default_time_to: time_to,
            },
        });
    }

    leftOutText(count) {
        return _t("and %s more", count);
    }
}

registry.category("actions").add("med_traceability.day_production", ProductionPage);
