import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const scan = (code, answer) => [
    {
        content: `scan ${code}`,
        trigger: ".o_med_scan input[name=code]",
        run: `edit ${code} && press Enter`,
    },
    { content: `${code} is answered`, trigger: `.o_med_feedback:contains("${answer}")` },
];

const lotButton = (text) => [
    { content: "the form is there", trigger: ".o_form_view .oe_title" },
    {
        content: "smart buttons that do not fit stand under More",
        trigger: ".o-form-buttonbox",
        async run() {
            document.querySelector(".o-form-buttonbox .o_button_more")?.click();
        },
    },
    { content: text, trigger: `.oe_stat_button:contains("${text}")`, run: "click" },
];

registry.category("web_tour.tours").add("med_parts_tour", {
    steps: () => [
        {
            content: "from the order to its parts",
            trigger: "button:contains('Record parts')",
            run: "click",
        },
        { content: "the first open unit is suggested", trigger: ".o_med_unit_name:contains('MT-U1')" },
        { content: "nothing is complete", trigger: "[name=progress]:contains('0 of 3')" },
        ...scan("MT-U2", "MT-U2"),
        { content: "the scanned unit is at hand", trigger: ".o_med_unit_name:contains('MT-U2')" },
        ...scan("MT-B2", "MT-B2 recorded in MT-U2"),
        ...scan("MT-NONE", "has no part MT-NONE"),
        {
            content: "what was not recorded stays in the field",
            trigger: ".o_med_scan input[name=code]:value('MT-NONE')",
        },
        ...scan("MT-M2", "MT-U2 is complete. Next unit: MT-U3"),
        { content: "one of three", trigger: "[name=progress]:contains('1 of 3')" },
        ...scan("MT-B1", "MT-B1 recorded in MT-U3"),
        { content: "that was the wrong one: take it back", trigger: "button[name=undo]", run: "click" },
        {
            content: "not without a reason",
            trigger: ".o_dialog button[name=confirm]:disabled",
        },
        {
            content: "say why",
            trigger: ".o_dialog input[name=reason]",
            run: "edit Scanned the wrong board",
        },
        { content: "take it back", trigger: ".o_dialog button[name=confirm]:enabled", run: "click" },
        { content: "it is out", trigger: ".o_med_feedback:contains('MT-B1 taken out of MT-U3')" },
        { content: "the rest by rule", trigger: "button[name=assign]", run: "click" },
        {
            content: "the dialog says what it asserts",
            trigger: ".modal-body:contains('For 2 open units')",
        },
        { content: "confirm", trigger: ".modal-footer .btn-primary", run: "click" },
        { content: "all three", trigger: "[name=progress]:contains('3 of 3')" },
        { content: "nothing is left over", trigger: ".o_med_lists button[name=parts] .badge:contains('0')" },
    ],
});

registry.category("web_tour.tours").add("med_trace_tour", {
    steps: () => [
        ...lotButton("Trace forward"),
        { content: "the root", trigger: ".o_med_root[data-name='MT-RAW']" },
        { content: "its product", trigger: ".o_med_after[data-name='MT-KIT']:not(.o_med_possible)" },
        { content: "the consignee", trigger: ".o_med_card_consignee:contains('Trace hospital')" },
        { content: "net of returns", trigger: ".o_med_fact[name=net]:contains('shipped 8'):contains('returned 3')" },
        {
            content: "collapse",
            trigger: ".o_med_card[data-name='MT-RAW'] .o_med_fold_right",
            run: "click",
        },
        {
            content: "nothing behind it",
            trigger: ".o_med_canvas:not(:has(.o_med_card[data-name='MT-KIT']))",
        },
        {
            content: "expand",
            trigger: ".o_med_card[data-name='MT-RAW'] .o_med_fold_right[aria-expanded=false]",
            run: "click",
        },
        {
            content: "choose a card",
            trigger: ".o_med_card[data-name='MT-KIT'] .o_med_card_body",
            run: "click",
        },
        { content: "its panel", trigger: ".o_med_panel:contains('Trace hospital')" },
        { content: "consignees as a table", trigger: ".o_med_tabs button[name=consignees]", run: "click" },
        { content: "one row", trigger: ".o_med_table tbody tr:contains('Trace hospital'):contains('Germany'):contains('MT-KIT')" },
        { content: "as a tree", trigger: ".o_med_tabs button[name=tree]", run: "click" },
        { content: "the step and its document", trigger: ".o_med_tree tbody tr:contains('MT-KIT'):contains('WH/MO')" },
        {
            content: "another lot, typed",
            trigger: ".o_med_picker_input",
            run: "edit MT-KIT && press Enter",
        },
        { content: "two roots", trigger: ".o_med_chip:contains('MT-KIT')" },
        {
            content: "without the first",
            trigger: ".o_med_chip:contains('MT-RAW') button",
            run: "click",
        },
        { content: "backward", trigger: ".o_med_query button[name=backward]", run: "click" },
        { content: "the graph", trigger: ".o_med_tabs button[name=graph]", run: "click" },
        { content: "the kit is the root", trigger: ".o_med_root[data-name='MT-KIT']" },
        { content: "what it came from", trigger: ".o_med_before[data-name='MT-RAW']" },
        { content: "who supplied that", trigger: ".o_med_card_supplier:contains('Trace supplier one')" },
        { content: "open the document", trigger: ".o_med_pill:contains('WH/MO')", run: "click" },
        { content: "the order", trigger: ".o_form_view .o_field_widget[name=product_id]" },
        { content: "and back", trigger: ".o_breadcrumb a:contains('Trace')", run: "click" },
        { content: "the graph as it was", trigger: ".o_med_before[data-name='MT-RAW']" },
    ],
});

registry.category("web_tour.tours").add("med_balance_tour", {
    steps: () => [
        ...lotButton("Balance"),
        { content: "it balances", trigger: ".o_med_verdict.o_med_ok" },
        { content: "made and returned", trigger: ".o_med_equation [name=in_total]:contains('13')" },
        { content: "shipped", trigger: ".o_med_equation [name=out_total]:contains('8')" },
        { content: "no difference", trigger: ".o_med_equation [name=difference]:contains('0')" },
        { content: "one bar a column", trigger: ".o_med_bar[name=shipped]:contains('8')" },
        { content: "open a posting's document", trigger: ".o_med_balance_sheet tbody .btn-link:contains('WH/OUT')", run: "click" },
        { content: "the delivery", trigger: ".o_form_view .o_field_widget[name=partner_id]" },
    ],
});

registry.category("web_tour.tours").add("med_unbalanced_tour", {
    steps: () => [
        { content: "what does not balance is shown, in words", trigger: ".o_med_verdict.o_med_bad:contains('2')" },
        { content: "and as a figure", trigger: ".o_med_loss [name=difference]:contains('2')" },
    ],
});

registry.category("web_tour.tours").add("med_evidence_tour", {
    steps: () => [
        {
            content: "catch the tab that would open",
            trigger: ".o_form_view",
            run() {
                browser.open = (url) => (document.body.dataset.medOpened = url);
            },
        },
        ...lotButton("Evidence (PDF)"),
        {
            content: "the file is a PDF",
            trigger: "body[data-med-opened*='/med/evidence.pdf']",
            timeout: 60000,
            async run() {
                const answer = await fetch(document.body.dataset.medOpened);
                const start = (await answer.text()).slice(0, 4);
                if (start !== "%PDF") {
                    throw new Error(`The evidence file begins with ${start}`);
                }
                document.body.dataset.medSeen = "pdf";
            },
        },
        { content: "it was seen", trigger: "body[data-med-seen=pdf]" },
        ...lotButton("Evidence (JSON)"),
        {
            content: "the file is JSON about this lot",
            trigger: "body[data-med-opened*='/med/evidence.json']",
            timeout: 60000,
            async run() {
                const answer = await (await fetch(document.body.dataset.medOpened)).json();
                if (answer.lots[0].lot.name !== "MT-KIT") {
                    throw new Error("The evidence file is about another lot");
                }
                document.body.dataset.medSeen = "json";
            },
        },
        { content: "it was seen", trigger: "body[data-med-seen=json]" },
    ],
});
