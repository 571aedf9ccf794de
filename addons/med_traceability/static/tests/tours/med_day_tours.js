import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("med_day_warehouse_tour", {
    steps: () => [
        {
            content: "the late delivery stands first, and is counted",
            trigger: ".o_med_day_tile[name=outgoing] .o_med_day_bad",
        },
        { content: "only deliveries", trigger: ".o_med_day_tile[name=outgoing]", run: "click" },
        {
            content: "receipts are gone from the list",
            trigger: ".o_med_day_warehouse:not(:has(section[data-group=incoming]))",
        },
        {
            content: "the first row is the late one",
            trigger: "section[data-group=outgoing] .o_med_day_row:first-of-type.o_med_day_late",
        },
        { content: "make it the start page", trigger: "button[name=start_here][aria-pressed=false]", run: "click" },
        { content: "it is", trigger: "button[name=start_here][aria-pressed=true]" },
        {
            content: "a lot that nothing open is about is said",
            trigger: ".o_med_day_scan input[name=code]",
            run: "edit DAY-NOTHING && press Enter",
        },
        { content: "and named", trigger: "[name=told]:contains('DAY-NOTHING')" },
        {
            content: "the lot of the delivery is scanned",
            trigger: ".o_med_day_scan input[name=code]",
            run: "edit DAY-R1 && press Enter",
        },
        { content: "its scan page is open", trigger: ".o_med_scan_page .o_med_scan_head" },
    ],
});

tours.add("med_day_production_tour", {
    steps: () => [
        {
            content: "what was made today",
            trigger: ".o_med_day_products tr[data-product='Day pump'] [name=made]:contains('7')",
        },
        {
            content: "what was scrapped",
            trigger: ".o_med_day_products tr[data-product='Day pump'] [name=scrapped]:contains('2')",
        },
        { content: "the day before", trigger: "button[name=before]", run: "click" },
        {
            content: "nothing was made then",
            trigger: ".o_med_day_production:not(:has(tr[data-product='Day pump'] [name=made]:contains('7')))",
        },
        { content: "today again", trigger: "button[name=after]", run: "click" },
        { content: "it is there", trigger: "tr[data-product='Day pump'] [name=made]:contains('7')" },
        { content: "to the order that is open", trigger: ".o_med_day_row", run: "click" },
        { content: "its scan page is open", trigger: ".o_med_scan_page .o_med_scan_head" },
    ],
});

tours.add("med_day_audit_tour", {
    steps: () => [
        { content: "the time of the access is shown", trigger: "[name=window]:contains('Surveillance')" },
        {
            content: "part of a number",
            trigger: ".o_med_day_scan input[name=code]",
            run: "edit DAY-R && press Enter",
        },
        { content: "the lot is found", trigger: "[data-lot=DAY-R1] button[name=evidence]" },
        {
            content: "what is not there is said",
            trigger: ".o_med_day_scan input[name=code]",
            run: "edit DAY-NOTHING && press Enter",
        },
        { content: "and named", trigger: "[name=told]:contains('DAY-NOTHING')" },
    ],
});
