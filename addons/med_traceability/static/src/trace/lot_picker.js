import { Component, useRef, useState } from "@odoo/owl";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { KeepLast } from "@web/core/utils/concurrency";
import { _t } from "@web/core/l10n/translation";
import { useDebounced } from "@web/core/utils/timing";
import { useBus } from "@web/core/utils/hooks";
import { lotIcon } from "../common/labels";
import { restoreSeparators } from "../scan/separators";

const SUGGESTIONS = 8;
const NAMES_AT_ONCE = 2000;
const FIELDS = ["name", "ref", "product_id", "med_supplier_lot", "company_id"];

/**
 * Choose lots and serials by typing, scanning, or pasting a whole list of numbers.
 *
 * A number that more than one product or company bears is never guessed: the choice is shown.
 */
export class LotPicker extends Component {
    static template = "med_traceability.LotPicker";
    static props = {
        lots: Array, // [{id, name, product}]
        update: Function, // (lots, {search: boolean})
        search: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ text: "", options: [], active: -1, message: "" });
        this.last = new KeepLast();
        this.asked = new KeepLast(); // a suggestion that comes in between overtakes no question
        this.rootRef = useRef("root");
        useAutofocus({ refName: "input" });
        useBus(useService("barcode").bus, "barcode_scanned", ({ detail }) =>
            this.resolve([restoreSeparators(detail.barcode)])
        );
        this.suggest = useDebounced(() => this.loadOptions(), 180);
        this.icon = lotIcon;
    }

    async find(domain, limit) {
        const rows = await this.orm.searchRead("stock.lot", domain, FIELDS, {
            limit,
            order: "name, id",
        });
        return rows.map((row) => ({
            id: row.id,
            name: row.name,
            ref: row.ref,
            product: row.product_id ? row.product_id[1] : "",
            supplierLot: row.med_supplier_lot || "",
            company: row.company_id ? row.company_id[1] : "",
        }));
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        this.state.message = "";
        this.suggest();
    }

    async loadOptions() {
        const text = this.state.text.trim();
        if (!text) {
            this.close();
            return;
        }
        const domain = ["|", "|", ["name", "ilike", text], ["ref", "ilike", text],
            ["med_supplier_lot", "ilike", text]];
        const options = await this.last.add(this.find(domain, SUGGESTIONS));
        if (this.state.text.trim() === text) {
            this.state.options = options;
            this.state.active = -1;
        }
    }

    onKeydown(ev) {
        const { options, active, text } = this.state;
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            const step = ev.key === "ArrowDown" ? 1 : -1;
            if (options.length) {
                this.state.active = (active + step + options.length) % options.length;
            }
            ev.preventDefault();
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            if (active >= 0) {
                this.add([options[active]]);
            } else if (text.trim()) {
                this.resolve([text.trim()]);
            } else {
                this.props.search();
            }
        } else if (ev.key === "Escape" && options.length) {
            ev.stopPropagation();
            this.close();
        } else if (ev.key === "Backspace" && !text && this.props.lots.length) {
            this.props.update(this.props.lots.slice(0, -1), { search: false });
        }
    }

    onPaste(ev) {
        const codes = (ev.clipboardData?.getData("text") || "")
            .split(/[\n\r\t;,]+/)
            .map((code) => code.trim())
            .filter(Boolean);
        if (codes.length > 1) {
            ev.preventDefault();
            this.resolve([...new Set(codes)]);
        }
    }

    onBlur(ev) {
        if (!this.rootRef.el?.contains(ev.relatedTarget)) {
            this.state.options = [];
        }
    }

    /**
     * Numbers → lots: of lots and serials, batches and suppliers' lots, or whole UDIs.
     *
     * @param {string[]} codes
     * @returns {Promise<{lots: Object[], missing: string[]}>}
     */
    async lotsOf(codes) {
        const lots = await this.find(["|", ["name", "in", codes], ["ref", "in", codes]], NAMES_AT_ONCE);
        const known = new Set(lots.flatMap((lot) => [lot.name, lot.ref]));
        const missing = [];
        for (const code of codes.filter((one) => !known.has(one))) {
            const { lots: found } = await this.orm
                .call("stock.lot", "med_find", [], { code })
                .catch((error) => {
                    if (!error.data) {
                        throw error;
                    }
                    return { lots: [] }; // it begins like a UDI and is none: nothing bears it
                });
            lots.push(...found.map((lot) => ({ ...lot, supplierLot: "", company: "" })));
            if (!found.length) {
                missing.push(code);
            }
        }
        return { lots, missing };
    }

    async resolve(codes) {
        const { lots: found, missing } = await this.asked.add(this.lotsOf(codes));
        if (codes.length === 1 && found.length > 1) {
            this.state.options = found;
            this.state.active = 0;
            this.state.message = _t("More than one lot bears this number. Choose one.");
            return;
        }
        if (found.length) {
            this.add(found);
        }
        if (missing.length) {
            this.state.text = missing.join("; ");
            this.state.message =
                missing.length === 1
                    ? _t("No lot or serial number “%s” was found.", missing[0])
                    : _t("%s numbers were not found; they stay in the field.", missing.length);
        }
    }

    add(lots) {
        const known = new Set(this.props.lots.map((lot) => lot.id));
        this.close();
        this.state.text = "";
        this.state.message = "";
        this.props.update([...this.props.lots, ...lots.filter((lot) => !known.has(lot.id))], {
            search: true,
        });
    }

    remove(lot) {
        this.props.update(
            this.props.lots.filter((other) => other.id !== lot.id),
            { search: true }
        );
    }

    close() {
        this.state.options = [];
        this.state.active = -1;
    }

    get moreText() {
        return _t("%s more", this.props.lots.length - this.chips.length);
    }

    supplierLotText(lot) {
        return _t("Supplier's lot %s", lot.supplierLot);
    }

    get chips() {
        return this.props.lots.slice(0, 6);
    }
}
