import { Component, onWillStart, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useBus, useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { day, documentAction, moment, quantity } from "../common/labels";
import { beep } from "../common/sound";
import { restoreSeparators } from "../scan/separators";

/**
 * What the pages of a day share: one call that brings the page, one field that takes every scan,
 * and the button that makes the page one's start page.
 */
export class DayPage extends Component {
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    /** Name of the page for the server. */
    static page = "";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.inputRef = useRef("input");
        this.state = useState({ answer: null, code: "", told: "", busy: false, ...this.initial() });
        useBus(useService("barcode").bus, "barcode_scanned", ({ detail }) =>
            this.take(restoreSeparators(detail.barcode))
        );
        useExternalListener(document, "focusout", () => browser.setTimeout(() => this.focus(), 50));
        useEffect(() => this.focus(), () => []);
        onWillStart(() => this.load());
        Object.assign(this, { day, moment, quantity });
    }

    /** Further state of a page. */
    initial() {
        return {};
    }

    /** The field gets every key, unless another field or a dialog is in use. */
    focus() {
        const busy = document.activeElement?.matches("input, select, textarea, button");
        if (!busy && !document.querySelector(".o_dialog") && this.inputRef.el) {
            this.inputRef.el.focus();
        }
    }

    async load() {
        this.state.busy = true;
        try {
            this.state.answer = await this.orm.call("med.day", this.constructor.page, [], this.args());
        } finally {
            this.state.busy = false;
        }
    }

    /** Arguments of the call that brings the page. */
    args() {
        return {};
    }

    onKeydown(ev) {
        if (ev.key === "Enter" || (ev.key === "Tab" && this.state.code)) {
            ev.preventDefault();
            ev.stopPropagation();
            const code = this.state.code;
            this.state.code = "";
            this.take(code);
        }
    }

    /** Do with a code what the page does with codes; what goes wrong is said beside the field. */
    async take(code) {
        if (!code.trim()) {
            return;
        }
        this.state.told = "";
        this.state.busy = true;
        try {
            await this.scanned(code);
        } catch (error) {
            this.state.told = error.data?.message || _t("The server cannot be reached. Scan it again.");
            this.state.code = code;
            beep("error");
        } finally {
            this.state.busy = false;
        }
    }

    get startTitle() {
        return this.state.answer.start
            ? _t("This is my start page. Press to have the usual one again.")
            : _t("Make this my start page");
    }

    async startHere() {
        const { start } = await this.orm.call("med.day", "start_here", [], {
            page: this.constructor.page, on: !this.state.answer.start,
        });
        this.state.answer.start = start;
    }

    openScan(model, id) {
        return this.action.doAction("med_traceability.med_scan_action", {
            additionalContext: { active_model: model, active_id: id, active_ids: [id] },
        });
    }

    openDocument(model, id) {
        return this.action.doAction(documentAction(model, id));
    }

    /** Ask the server which open documents a code is about: one is opened, of several one chooses. */
    async find(code) {
        const { model, found, message } = await this.orm.call("med.day", "find", [], {
            page: this.constructor.page, code,
        });
        if (found.length === 1) {
            beep("ok");
            return this.openScan(model, found[0]);
        }
        this.state.told = message || _t("%s documents are about it: choose one.", found.length);
        this.state.found = found.length ? new Set(found) : null;
        beep(found.length ? "warn" : "error");
    }
}
