import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { layout, readAnswer, visible } from "@med_traceability/trace/trace_graph";

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

/** One raw lot, 50 intermediate lots, 4,950 serials of 20 possible lots each, and a loop. */
function largeAnswer() {
    const lot = (id, product_id, level, kind = "lot") => ({
        id, name: `${id}`, product_id, product: `Product ${product_id}`, kind, level,
        exact: !level, on_hand: 1, uom: "Units", state: "",
    });
    const lots = [lot(1, 1, 0)];
    const edges = [];
    const add = (from, to, event) =>
        edges.push({ from, to, event, exact: false, quantity: 2 });
    for (let i = 0; i < 50; i++) {
        lots.push(lot(10 + i, 2, 1));
        add(1, 10 + i, 1 + i);
    }
    for (let i = 0; i < 4950; i++) {
        lots.push(lot(1000 + i, 3, 2, "serial"));
        for (let k = 0; k < 20; k++) {
            add(10 + ((i + k) % 50), 1000 + i, 100 + (i % 60));
        }
    }
    add(1000, 1, 99);
    const events = [...new Set(edges.map((edge) => edge.event))].map((id) => ({ id, name: `${id}` }));
    return {
        direction: "forward", roots: [1], lots, edges, events, consignees: [], suppliers: [],
        stock: [],
    };
}

const claim = (holds, text) => {
    if (!holds) {
        throw new Error(text);
    }
};

registry.category("web_tour.tours").add("med_large_graph_tour", {
    steps: () => [
        {
            content: "5,000 lots and 100,000 edges are a few cards, and none is lost",
            trigger: ".o_med_picker_input",
            timeout: 60000,
            run() {
                const answer = largeAnswer();
                const graph = readAnswer(answer);
                const view = { collapsed: new Set(), shown: new Map() };
                const shown = visible(graph, view);
                const { nodes, curves } = layout(shown, graph.events);
                claim(nodes.length < 60, `${nodes.length} cards at once`);
                claim(curves.length < 400, `${curves.length} curves at once`);
                const held = nodes.flatMap((node) => node.lots.map((one) => one.id));
                claim(held.length === 5001, `${held.length} lots in the cards`);
                claim(new Set(held).size === 5001, "a lot stands in two cards");
                const counted = shown.links.reduce((sum, link) => sum + link.count, 0);
                claim(counted === answer.edges.length, `${counted} edges in the links`);
                claim(
                    answer.edges.filter((edge) => edge.loop).length === 1,
                    "exactly one edge closes the loop"
                );
                claim(
                    answer.edges.every((edge) => edge.loop || graph.lots.get(edge.from).col < graph.lots.get(edge.to).col),
                    "an edge leads inward"
                );
                view.collapsed.add("lot/1>");
                claim(visible(graph, view).nodes.length === 1, "collapsed, and something is left");
            },
        },
    ],
});
