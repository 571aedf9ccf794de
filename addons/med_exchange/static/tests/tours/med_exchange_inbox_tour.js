import { registry } from "@web/core/registry";

const field = (pointer) => `.modal .o_data_row:has(td[name=pointer]:contains("${pointer}"))`;

registry.category("web_tour.tours").add("med_exchange_inbox", {
    steps: () => [
        {
            content: "what needs a person is listed with its problem",
            trigger: ".o_data_row:contains(refused-1):contains(/payload/country) td[name=name]",
            run: "click",
        },
        {
            content: "the problem stands beside its field",
            trigger: ".o_field_widget[name=content] tr.table-danger:contains(/payload/country):contains(China)",
        },
        { content: "mend", trigger: "button[name=action_mend]", run: "click" },
        { content: "the field that is wrong", trigger: `${field("/country")} td[name=value]`, run: "click" },
        { content: "the code", trigger: ".modal .o_selected_row td[name=value] input", run: "edit CN" },
        { content: "why", trigger: ".modal div[name=reason] input", run: "edit They meant the code" },
        { content: "apply", trigger: ".modal button[name=action_mend]", run: "click" },
        {
            content: "it is applied, both contents are shown",
            trigger: "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains(Applied)",
        },
        {
            content: "what was sent is still there",
            trigger: ".o_field_widget[name=content] td:contains(China)",
        },
        { content: "back", trigger: ".breadcrumb .o_back_button, .o_breadcrumb .o_back_button", run: "click" },
        {
            content: "the conflict",
            trigger: ".o_data_row:contains(conflict-2) td[name=name]",
            run: "click",
        },
        { content: "decide", trigger: "button[name=action_decide]", run: "click" },
        {
            content: "both sides",
            trigger: `${field("/name")}:contains(Ours):contains(Theirs)`,
        },
        { content: "theirs", trigger: ".modal div[name=all_of] .o_radio_item:contains('Their Side') input", run: "click" },
        { content: "chosen", trigger: `${field("/name")} td[name=choice]:contains('Their Side')` },
        { content: "why", trigger: ".modal div[name=reason] input", run: "edit Called them" },
        { content: "decide and apply", trigger: ".modal button[name=action_decide]", run: "click" },
        {
            content: "applied",
            trigger: "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains(Applied)",
        },
    ],
});
