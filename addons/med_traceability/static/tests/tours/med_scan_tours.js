import { registry } from "@web/core/registry";

const GS = "\x1d";

const press = (target, key, more = {}) =>
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));

/** What a keyboard scanner types, FNC1 as Ctrl+], into the field or, outside, to Odoo's service. */
function wedge(code, target) {
    for (const char of code) {
        if (char === GS) {
            press(target, "Control", { ctrlKey: true });
            press(target, "]", { ctrlKey: true, code: "BracketRight" });
            continue;
        }
        press(target, char);
        if (target.matches("input")) {
            target.setRangeText(char, target.selectionStart, target.selectionEnd, "end");
            target.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }
    }
    press(target, "Enter");
}

/** Type text that begins with a bracket, which the short form of a step would take for its own. */
const type = (text, enter = true) =>
    async function (helpers) {
        await helpers.edit(text);
        if (enter) {
            await helpers.press("Enter");
        }
    };

const UNIT = "0109506000134352";

const scan = (content, code, tone, outside = false) => [
    {
        content: `${content}: scan`,
        trigger: ".o_med_scan_page:not(:has(.fa-spin)) input[name=code]",
        run() {
            const field = document.querySelector(".o_med_scan_page input[name=code]");
            document.querySelector(".o_med_feedback")?.classList.add("o_med_seen");
            wedge(code, outside ? document.body : field);
        },
    },
    { content, trigger: `.o_med_feedback_${tone}:not(.o_med_seen)` },
];

const shown = (text) => ({ content: `${text} in large type`, trigger: `[name=last]:contains("${text}")` });

const fromTheForm = {
    content: "from the document to its labels",
    trigger: ".o_statusbar_buttons button[data-hotkey='shift+s']:visible",
    run: "click",
};

registry.category("web_tour.tours").add("med_scan_receipt_tour", {
    steps: () => [
        fromTheForm,
        { content: "two kits are open", trigger: ".o_med_scan_row:contains('Scan kit'):contains('0 / 2')" },
        ...scan("into the field", `${UNIT}1727123110A${GS}21X`, "ok"),
        shown("A"),
        { content: "one of two", trigger: ".o_med_scan_row:contains('Scan kit'):contains('1 / 2')" },
        ...scan("through Odoo's barcode service", `${UNIT}10B${GS}17271231`, "ok", true),
        shown("B"),
        { content: "all tabs", trigger: ".o_med_tabs button[name=all]", run: "click" },
        { content: "complete", trigger: ".o_med_scan_done:contains('Scan kit'):contains('2 / 2')" },
        ...scan("an expired one is booked all the same", `${UNIT}1720013110C`, "warn"),
        { content: "and stands among the discrepancies", trigger: ".o_med_tabs button[name=discrepancies] .text-bg-danger:contains('1')" },
        { content: "look", trigger: ".o_med_tabs button[name=discrepancies]", run: "click" },
        { content: "in words", trigger: ".o_med_scan_bad:contains('2020-01-31')" },
        { content: "take it back", trigger: "button[name=undo]", run: "click" },
        { content: "none is open", trigger: ".o_med_tabs button[name=discrepancies] .badge:contains('0')" },
        ...scan("what nobody can read is refused", "0109506000134359" + "10Z", "error"),
        { content: "and stays in the field", trigger: ".o_med_scan_page input[name=code]:value('010950600013435910Z')" },
        {
            content: "type it as printed instead",
            trigger: ".o_med_scan_page input[name=code]",
            run: type("(01)09506000134352(17)280229(10)B"),
        },
        { content: "other dates of one lot: both are shown", trigger: ".o_med_feedback_warn:contains('2027-12-31'):contains('2028-02-29')" },
        { content: "close", trigger: "button[name=finish]", run: "click" },
        { content: "the form says so", trigger: ".o_form_view .oe_stat_button:contains('1')" },
    ],
});

registry.category("web_tour.tours").add("med_scan_camera_tour", {
    steps: () => [
        fromTheForm,
        { content: "open the camera", trigger: "button[name=camera]", run: "click" },
        { content: "the label before it is read and booked", trigger: ".o_med_feedback_ok", timeout: 60000 },
        shown("SN-CAM"),
        { content: "lot beside serial: the separator came through", trigger: "[name=last]:contains('LOT-CAM')" },
    ],
});

registry.category("web_tour.tours").add("med_scan_search_tour", {
    steps: () => [
        {
            content: "a whole UDI, typed",
            trigger: ".o_med_picker_input",
            run: type("(01)09506000134352(10)FIND-1"),
        },
        { content: "is its lot", trigger: ".o_med_chip:contains('FIND-1')" },
        { content: "with its UDI above", trigger: "[name=udi]:contains('(01)09506000134352'):contains('FIND-1')" },
        {
            content: "away with it",
            trigger: ".o_med_chip:contains('FIND-1') button",
            run: "click",
        },
        {
            content: "and scanned",
            trigger: ".o_med_picker_input",
            run() {
                wedge(`${UNIT}10FIND-2${GS}17271231`, document.body);
            },
        },
        { content: "is the other", trigger: ".o_med_chip:contains('FIND-2')" },
    ],
});

registry.category("web_tour.tours").add("med_scan_list_tour", {
    steps: () => [
        { content: "the list", trigger: ".o_list_view .o_data_row:contains('FIND-2')" },
        {
            content: "a whole UDI in the search field",
            trigger: ".o_searchview_input",
            run: type("(01)09506000134352(10)FIND-1", false),
        },
        { content: "as the first choice", trigger: ".o_searchview_autocomplete .o-dropdown-item:first", run: "click" },
        { content: "one lot", trigger: ".o_list_view .o_data_row:contains('FIND-1')" },
        { content: "and no other", trigger: ".o_list_view:not(:has(.o_data_row:contains('FIND-2')))" },
    ],
});
