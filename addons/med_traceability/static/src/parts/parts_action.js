import { Component, onWillStart, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { documentAction, quantity } from "../common/labels";
import { beep } from "../common/sound";
import { PartsSession } from "./parts_session";
import { ReasonDialog } from "./reason_dialog";

const UNITS_SHOWN = 60;
const PARTS_SHOWN = 40;

/**
 * Record which part went into which unit of a manufacturing order, by scanning: the unit, then
 * its parts, then the next unit.
 *
 * Scans are taken one after the other. After an error none of those that were already waiting is
 * recorded, since they may have been meant for another unit: they are shown, and the failed code
 * stays in the field.
 */
export class PartsAction extends Component {
    static template = "med_traceability.PartsAction";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "med-parts";
    static displayName = _t("Record parts");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.inputRef = useRef("input");
        this.queue = [];
        this.state = useState({
            session: null, code: "", feedback: null, unrecorded: [], choices: [], busy: false,
            tab: "open", filter: "", log: [],
        });
        useBus(useService("barcode").bus, "barcode_scanned", ({ detail }) => this.scan(detail.barcode));
        useExternalListener(document, "focusout", () => browser.setTimeout(() => this.focus(), 50));
        useEffect(() => this.focus(), () => [this.state.session?.currentId]);
        onWillStart(() => this.load());
        Object.assign(this, { quantity, UNITS_SHOWN, PARTS_SHOWN });
    }

    get productionId() {
        const { context, params } = this.props.action;
        const active = context.active_model === "mrp.production" && context.active_id;
        return active || Number(params?.production_id) || 0;
    }

    get session() {
        return this.state.session;
    }

    /** The field gets every key, unless another field or a dialog is in use. */
    focus() {
        const active = document.activeElement;
        const busy = active && active.matches("input, select, textarea") && active !== document.body;
        if (!busy && !document.querySelector(".o_dialog") && this.inputRef.el) {
            this.inputRef.el.focus();
        }
    }

    async load() {
        if (!this.productionId) {
            return;
        }
        const current = this.session?.currentId;
        const answer = await this.orm.call("mrp.production", "med_parts", [[this.productionId]]);
        const session = new PartsSession(answer);
        if (session.units.some((unit) => unit.lot_id === current && !unit.complete)) {
            session.currentId = current;
        }
        this.state.session = session;
        this.props.updateActionState({ production_id: this.productionId });
    }

    //--- scanning ---

    onKeydown(ev) {
        if (ev.key === "Enter" || (ev.key === "Tab" && this.state.code)) {
            ev.preventDefault();
            const code = this.state.code;
            this.state.code = "";
            this.scan(code);
        }
    }

    scan(code) {
        code = code.trim();
        if (code && this.session?.units.length) {
            this.queue.push(code);
            this.work();
        }
    }

    async work() {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            while (this.queue.length) {
                await this.take(this.queue.shift());
            }
        } finally {
            this.state.busy = false;
        }
    }

    async take(code) {
        this.state.choices = [];
        const meaning = this.session.read(code);
        if (meaning.kind === "unit") {
            this.choose(meaning.unit);
        } else if (!this.session.current) {
            this.fail(code, _t("Scan the unit first."));
        } else if (meaning.kind === "choose") {
            this.fail(code, _t("Several products in this order bear the number %s. Which one is it?", code));
            this.state.choices = meaning.parts;
        } else if (meaning.kind === "part") {
            await this.record(meaning.part, meaning.quantity, code);
        } else {
            await this.record({ name: code }, 1, code);
        }
    }

    choose(unit) {
        this.session.currentId = unit.lot_id;
        if (unit.complete) {
            this.tell("info", _t("%s is complete already.", unit.name));
        } else {
            this.tell("ok", _t("Unit %s. Now scan its parts.", unit.name));
        }
        beep("ok");
    }

    /** Send one part of the current unit; a code nobody knows goes too, the server says why not. */
    async record(part, amount, code) {
        const { session } = this;
        const unit = session.current;
        const row = { unit: unit.lot_id, part: part.lot_id || part.name, quantity: amount };
        if (part.product_id) {
            row.product_id = part.product_id;
        }
        let answer;
        try {
            answer = await this.orm.call("mrp.production", "med_record_parts", [[this.productionId]], {
                parts: [row], source: "scan",
            });
        } catch (error) {
            this.fail(code, error.data?.message || _t("The server cannot be reached. Scan it again."));
            if (error.data) {
                await this.load();
            }
            return;
        }
        if (answer.already) {
            this.tell("info", _t("%(part)s is in %(unit)s already.", { part: part.name, unit: unit.name }));
            beep("ok");
            return;
        }
        if (!part.lot_id) {
            await this.load();
            return;
        }
        session.recorded(unit, part, amount, answer.open);
        this.state.log.push({ unit: unit.lot_id, part: part.lot_id });
        if (!unit.complete) {
            this.tell("ok", _t("%(part)s recorded in %(unit)s.", { part: part.name, unit: unit.name }));
            beep("ok");
            return;
        }
        const next = session.suggest();
        this.tell("ok", next
            ? _t("%(unit)s is complete. Next unit: %(next)s.", { unit: unit.name, next: next.name })
            : _t("%s is complete, and so is the order.", unit.name));
        beep("done");
    }

    tell(type, text) {
        this.state.feedback = { type, text };
    }

    /** Say what was wrong and keep every code that was not recorded. */
    fail(code, text) {
        this.tell("error", text);
        beep("error");
        this.state.unrecorded = [...this.state.unrecorded, ...this.queue.splice(0)];
        if (this.state.code) {
            this.state.unrecorded.push(code);
        } else {
            this.state.code = code;
            browser.setTimeout(() => this.inputRef.el?.select(), 0);
        }
    }

    retry(index) {
        const [code] = this.state.unrecorded.splice(index, 1);
        this.scan(code);
    }

    pick(part) {
        const code = this.state.code;
        this.state.choices = [];
        this.state.code = "";
        this.record(part, this.session.quantityFor(part), code || part.name);
    }

    //--- taking back ---

    async askRemove(unitId, partId) {
        await this.load();
        const unit = this.session.units.find((one) => one.lot_id === unitId);
        const part = unit?.parts.findLast((one) => one.lot_id === partId);
        if (!part) {
            this.tell("error", _t("This part is no longer recorded there."));
            return;
        }
        this.dialog.add(ReasonDialog, {
            title: _t("Take a part back"),
            body: _t("%(part)s (%(product)s) is taken out of the record of %(unit)s. The record stays, marked as superseded, with your name and the reason.", {
                part: part.name, product: part.product, unit: unit.name,
            }),
            confirm: (reason) => this.remove(unit, part, reason),
        });
    }

    async remove(unit, part, reason) {
        try {
            await this.orm.call("mrp.production", "med_remove_part", [[this.productionId]], {
                link_id: part.link_id, reason,
            });
        } catch (error) {
            return error.data?.message || _t("The server cannot be reached. Try again.");
        }
        this.state.log = this.state.log.filter(
            (entry) => entry.unit !== unit.lot_id || entry.part !== part.lot_id
        );
        this.session.currentId = unit.lot_id;
        await this.load();
        this.tell("info", _t("%(part)s taken out of %(unit)s.", { part: part.name, unit: unit.name }));
        return "";
    }

    undo() {
        const last = this.state.log.at(-1);
        if (last) {
            this.askRemove(last.unit, last.part);
        }
    }

    //--- rule ---

    askAssign() {
        const open = this.session.openUnits;
        const parts = this.session.unassigned;
        this.dialog.add(ConfirmationDialog, {
            title: _t("Assign in sequence"),
            body: _t("For %(units)s open units, from %(first)s to %(last)s, this asserts: each unit, in the order of its number, took the next parts in the order of theirs. %(parts)s parts are not assigned yet.\n\nConfirm only if the parts really were built in in this order. It is recorded as assigned by rule, with your name, and counts as exact in every later trace.", {
                units: open.length, first: open[0]?.name, last: open.at(-1)?.name, parts: parts.length,
            }),
            confirmLabel: _t("They were built in in this order"),
            confirm: () => this.assign(),
            cancel: () => {},
        });
    }

    async assign() {
        try {
            const answer = await this.orm.call("mrp.production", "med_assign_parts", [[this.productionId]], {
                rule: "sequence",
            });
            await this.load();
            this.tell("ok", answer.open.length
                ? _t("%(count)s parts assigned; %(open)s units are still open.", { count: answer.recorded, open: answer.open.length })
                : _t("%s parts assigned; every unit is complete.", answer.recorded));
        } catch (error) {
            this.tell("error", error.data?.message || _t("The server cannot be reached. Try again."));
        }
    }

    //--- lists ---

    get listed() {
        const { session, state } = this;
        const text = state.filter.trim().toLowerCase();
        const units = state.tab === "open" ? session.openUnits : session.units;
        return text ? units.filter((unit) => unit.name.toLowerCase().includes(text)) : units;
    }

    get parts() {
        const text = this.state.filter.trim().toLowerCase();
        const parts = this.session.unassigned;
        return text
            ? parts.filter((part) => `${part.name} ${part.product}`.toLowerCase().includes(text))
            : parts;
    }

    get tabs() {
        return [
            { key: "open", label: _t("Still open"), count: this.session.openUnits.length },
            { key: "all", label: _t("All units"), count: this.session.units.length },
            { key: "parts", label: _t("Parts left"), count: this.session.unassigned.length },
        ];
    }

    get progressText() {
        return _t("%(complete)s of %(all)s units complete", {
            complete: this.session.complete, all: this.session.units.length,
        });
    }

    moreText(rows, shown) {
        return _t("and %s more: type in the filter to find one", rows.length - shown);
    }

    sourceText(part) {
        return { scan: _t("scanned"), rpc: _t("by another program"), rule: _t("assigned in sequence") }[part.source];
    }

    get percent() {
        return this.session.units.length ? (100 * this.session.complete) / this.session.units.length : 0;
    }

    openOrder() {
        return this.action.doAction(documentAction("mrp.production", this.productionId));
    }
}

registry.category("actions").add("med_traceability.parts", PartsAction);
