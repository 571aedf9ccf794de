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
