import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("med_audit_history_tour", {
    steps: () => [
        { content: "the action menu", trigger: ".o_cp_action_menus .dropdown-toggle", run: "click" },
        { content: "the trail", trigger: ".o-dropdown-item:contains('Audit trail')", run: "click" },
        {
            content: "old and new value, and the mark",
            trigger: ".o_med_change.o_med_after_first[data-field=street]:has(del:contains('1 Old Road')):has(ins:contains('2 New Road'))",
        },
        { content: "why", trigger: ".o_med_reason:contains('Supplier moved')" },
        {
            content: "what changed in the text",
            trigger: ".o_med_change[data-field=comment] .o_med_diff:has(del:contains('two')):has(ins:contains('three'))",
        },
        { content: "filter", trigger: "input[name=words]", run: "edit nobody wrote this" },
        { content: "nothing fits", trigger: ".o_nocontent_help:contains('No entry fits')" },
        { content: "filter", trigger: "input[name=words]", run: "edit New Road" },
        { content: "one card", trigger: ".o_med_card:contains('2 New Road')" },
        { content: "only what was changed", trigger: "input[name=after_first]", run: "click" },
        { content: "still there", trigger: ".o_med_card:contains('2 New Road')" },
        { content: "a copy", trigger: "button[name=export]", run: "click" },
        { content: "as CSV", trigger: ".o-dropdown-item:contains('CSV')", run: "click" },
        { content: "downloaded", trigger: ".o_med_history:not(:has(.o_blockUI))" },
        { content: "review", trigger: "button[name=review]", run: "click" },
        {
            content: "nothing to object to",
            trigger: ".o_field_widget[name=result] input[data-value=clean]",
            run: "click",
        },
        { content: "complete", trigger: "button[name=action_complete]", run: "click" },
        { content: "completed", trigger: ".o_field_widget[name=digest]:not(:empty)" },
    ],
});

registry.category("web_tour.tours").add("med_audit_search_tour", {
    steps: () => [
        { content: "figures", trigger: ".card[name=today] b:not(:contains(/^0$/))" },
        { content: "to the entries", trigger: ".card[name=today]", run: "click" },
        { content: "by record", trigger: ".o_searchview_input", run: "edit Tour supplier" },
        {
            content: "search",
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains('Record')",
            run: "click",
        },
        { content: "what was entered", trigger: ".o_data_row:contains('12345')" },
        {
            content: "open it",
            trigger: ".o_data_row:contains('12345') td[name=subject]",
            run: "click",
        },
        { content: "its change", trigger: ".o_med_change[data-field=phone] ins:contains('12345')" },
        { content: "its exact text", trigger: ".nav-link:contains('Exact text')", run: "click" },
        { content: "canonical", trigger: ".o_field_widget[name=body]:contains('med-audit/1')" },
    ],
});
