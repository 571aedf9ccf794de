import { registry } from "@web/core/registry";

/** FNC1 as a scanner sends it: ends an element of no fixed length (GS1 General Specifications, 7.8.3). */
export const GS = "\x1d";

/**
 * Whether a key is what keyboard scanners send for FNC1: the control character itself, Ctrl+],
 * or F8. A text field drops all three in silence, and the label would be misread.
 *
 * @param {KeyboardEvent} ev
 */
export function isSeparator(ev) {
    return (
        ev.key === GS ||
        (ev.key === "F8" && !ev.ctrlKey && !ev.altKey && !ev.shiftKey) ||
        (ev.ctrlKey && !ev.altKey && (ev.key === "]" || ev.code === "BracketRight"))
    );
}

/**
 * Put separators back that Odoo's barcode service hands on as "]" (it strips "Control").
 * The character set of GS1 has no "]", so that in an element string it can be nothing else.
 *
 * @param {string} text
 */
export function restoreSeparators(text) {
    const [, symbology, rest] = text.match(/^(\](?:C1|d2|Q3|e0|J1))?(.*)$/s);
    return symbology || /^\]?01\d{14}/.test(rest)
        ? (symbology || "") + rest.replaceAll("]", GS)
        : text;
}

function write(input) {
    const { selectionStart, selectionEnd } = input;
    input.setRangeText(GS, selectionStart, selectionEnd, "end");
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/**
 * Keeps separators: in the fields that take codes, and for the barcode service outside fields.
 */
export const separatorService = {
    start() {
        const FIELDS = "input[name=code], .o_med_picker_input, .o_searchview_input";
        document.addEventListener(
            "keydown",
            (ev) => {
                if (!isSeparator(ev)) {
                    return;
                }
                if (ev.target.matches?.(FIELDS)) {
                    ev.preventDefault();
                    ev.stopPropagation();
                    write(ev.target);
                } else if (ev.key !== "]" && !ev.target.matches?.("input, textarea, [contenteditable]")) {
                    ev.preventDefault();
                    ev.target.dispatchEvent(new KeyboardEvent("keydown", { key: "]", bubbles: true }));
                }
            },
            { capture: true }
        );
    },
};

registry.category("services").add("med_separators", separatorService);
