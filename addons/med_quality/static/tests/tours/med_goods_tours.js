import { registry } from "@web/core/registry";

/** Type a code and press Enter, as a keyboard scanner does. */
const scan = (content, code, tone) => [
    {
        content: `${content}: scan`,
        trigger: ".o_med_scan_page:not(:has(.fa-spin)) input[name=code]",
        async run(helpers) {
            document.querySelector(".o_med_feedback")?.classList.add("o_med_seen");
            await helpers.edit(code);
            await helpers.press("Enter");
        },
    },
    { content, trigger: `.o_med_feedback_${tone}:not(.o_med_seen)` },
];

registry.category("web_tour.tours").add("med_quality_checkout_tour", {
    steps: () => [
        {
            content: "The delivery waits for its review",
            trigger: ".o_data_row:contains('Trace hospital') button[name=action_med_checkout]",
            run: "click",
        },
        { trigger: ".o_med_scan_row:contains('Stent'):contains('0 / 5')" },
        ...scan("another lot is not in it", "REVIEW-WRONG", "error"),
        ...scan("a lot that is in it", "REVIEW-1", "ok"),
        { trigger: "[name=last]:contains('REVIEW-1')" },
        { content: "the others were counted", trigger: "button[name=rest]:contains('4')", run: "click" },
        { trigger: "[name=progress]:contains('1')" },
        ...scan("a carton by its own code", "006141410000000418", "ok"),
        { content: "close the review", trigger: "button[name=finish]", run: "click" },
        {
            content: "back in the delivery, which goes now",
            trigger: ".o_form_view button[name=button_validate]:visible",
            run: "click",
        },
        { trigger: ".o_statusbar_status .o_arrow_button_current[data-value=done]" },
    ],
});

registry.category("web_tour.tours").add("med_quality_proof_tour", {
    steps: () => [
        { trigger: ".o_form_view button[name=action_med_proof]:visible", run: "click" },
        { content: "all is filled in as received", trigger: ".o_data_row:contains('PROOF-1'):contains('4')" },
        { trigger: ".o_field_widget[name=person] input", run: "edit Dr. Weiss" },
        { trigger: ".o_field_widget[name=temperature] input", run: "edit 5.2" },
        { trigger: ".o_data_row:contains('PROOF-1') td[name=refused]", run: "click" },
        { trigger: ".o_data_row [name=refused] input", run: "edit 3" },
        { content: "leave the row, so that it is worked out", trigger: ".o_field_widget[name=person] input", run: "click" },
        { trigger: ".o_field_widget[name=outcome] .text-bg-warning" },
        { trigger: ".o_data_row:contains('PROOF-1') td[name=reason]", run: "click" },
        {
            content: "why",
            trigger: ".o_data_row [name=reason] .o_select_menu_toggler, .o_data_row [name=reason] select, .o_data_row [name=reason] input, .o_data_row td[name=reason]",
            run: "click",
        },
        { trigger: ".o_data_row [name=reason] input", run: "click" },
        { trigger: ".o_select_menu_item:first", run: "click" },
        { trigger: ".o_field_widget[name=person] input", run: "click" },
        { trigger: ".o_data_row td[name=reason]:not(:has(input)):not(:empty)" },
        { trigger: "button[name=action_med_step]:visible", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=recorded]" },
        { trigger: ".o_field_widget[name=return_id]" },
    ],
});

registry.category("web_tour.tours").add("med_quality_warehouse_tour", {
    steps: () => [
        {
            content: "the number is the way to what it counts",
            trigger: ".o_kanban_record:contains('Tour site') button[data-count=quarantine]:contains('1')",
            run: "click",
        },
        { trigger: ".o_data_row:contains('PAGE-TOUR') .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name=action_med_split]", run: "click" },
        { trigger: ".modal .o_field_widget[name=quantity] input", run: "edit 2" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit Wet carton" },
        { trigger: ".modal button[name=action_split]:visible", run: "click" },
        { content: "the part, held", trigger: ".o_form_view .alert-danger:contains('1')" },
    ],
});
