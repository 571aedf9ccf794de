import { registry } from "@web/core/registry";

const press = (trigger, content) => ({ content, trigger, run: "click", expectUnloadPage: true });
const send = press("#send", "send the page");

/** Without a word of a language: they run in each. */
registry.category("web_tour.tours").add("med_outsourcing_portal_flow", {
    steps: () => [
        press(".o_med_processor [data-order]", "the order that is to be confirmed"),
        press("#next [data-kind=acknowledged]", "confirm"),
        { trigger: "#agreed", run: "check" },
        send,
        { trigger: ".alert-success" },
        press("#next [data-kind=received]", "material has arrived"),
        { trigger: "input[name=lot_quantity_1]:value('5')" },
        send,
        press("#next [data-kind=started]", "work has begun"),
        { trigger: "#equipment", run: "edit Press 4" },
        send,
        press("#next [data-kind=step]", "a step is done"),
        { trigger: "#operation", run: "edit Crimping" },
        { trigger: "#equipment", run: "edit Press 4" },
        { trigger: "input[name=param_name_0]", run: "edit Force" },
        { trigger: "input[name=param_value_0]", run: "edit 12.5" },
        { trigger: "input[name=param_unit_0]", run: "edit N" },
        send,
        press("#next [data-kind=finished]", "goods are finished"),
        { trigger: "input[name=lot_quantity_0]", run: "edit 5" },
        { trigger: "input[name=lot_quantity_1]", run: "edit 5" },
        send,
        press("#next [data-kind=shipped]", "goods are shipped"),
        { trigger: "input[name=lot_quantity_0]:value('5')" },
        { trigger: "#note", run: "edit SF1234567890" },
        send,
        { trigger: "[data-state=shipped]" },
        { trigger: "#events [data-kind=shipped]:contains('SF1234567890')" },
        press(".breadcrumb a[href='/my/processor']", "back to the first page"),
        press(".o_med_processor a[href='/my/processor/stock']", "what is there of ours"),
        { trigger: "#stock [data-lot=S-1]" },
        press(".breadcrumb a[href='/my/processor']", "back to the first page"),
        press(".o_med_processor a[href='/my/processor/statements']", "the statements"),
        { trigger: ".breadcrumb .active" },
    ],
});

registry.category("web_tour.tours").add("med_outsourcing_portal_deviation", {
    steps: () => [
        press(".o_med_processor [data-order]", "the order that has begun"),
        { trigger: "#deviations" },
        press("#next [data-kind=finished]", "goods are finished, to another revision"),
        { trigger: "#deviation", run: "selectByIndex 1" },
        { trigger: "#made_to", run: "edit R-old" },
        { trigger: "input[name=lot_quantity_0]", run: "edit 5" },
        { trigger: "input[name=lot_quantity_1]", run: "edit 5" },
        send,
        press("#next [data-kind=release]", "sign the production release"),
        { trigger: "#made_to:value('R-old')" },
        { trigger: "input[name=lot_quantity_1]:value('5')" },
        { trigger: "#secret", run: "edit porter-secret" },
        send,
        { trigger: "#releases .text-bg-success" },
        { trigger: "#releases :contains('R-old')" },
    ],
});

registry.category("web_tour.tours").add("med_outsourcing_portal_refused", {
    steps: () => [
        press(".o_med_processor [data-order]", "the order that is to be confirmed"),
        press("#next [data-kind=acknowledged]", "confirm"),
        { trigger: "#person", run: "edit Wang Fang" },
        { trigger: "#note", run: "edit Furnace 2 from Monday" },
        send,
        { trigger: "#refused" },
        { trigger: "#person:value('Wang Fang')" },
        { trigger: "#note:value('Furnace 2 from Monday')" },
        { trigger: "#agreed", run: "check" },
        send,
        { trigger: "[data-state=acknowledged]" },
        press("#next [data-kind=problem]", "a problem"),
        { trigger: "#summary", run: "edit Scratched in the box" },
        { trigger: "input[name=lot_name_0]", run: "edit S-1" },
        { trigger: "input[name=lot_quantity_0]", run: "edit 2" },
        send,
        { trigger: ".alert-success" },
        { trigger: ".alert-danger:contains('S-1')" },
        { trigger: ".list-group-item:contains('Scratched in the box')" },
    ],
});
