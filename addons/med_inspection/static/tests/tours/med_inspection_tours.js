import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** The first signature of a session names its person as well. */
const sign = (login, again = false) => [
    ...(again ? [] : [{ trigger: "#med_sign_login", run: `edit ${login}` }]),
    { trigger: "#med_sign_secret", run: `edit ${login}-secret` },
    { trigger: ".o_med_sign_confirm", run: "click" },
];

/** Without a mouse, and without a word of a language: it runs in each. */
tours.add("med_inspection_entry_tour", {
    steps: () => [
        {
            content: "the lot is scanned on the inspector's page",
            trigger: ".o_med_day_inspector input[name=code]",
            run: "edit KEY-1 && press Enter",
        },
        {
            content: "the first place has the keys",
            trigger: ".o_med_cell:focus[aria-label='1 Length']",
            run: "edit 10.0 && press Enter",
        },
        { content: "P passes and goes on", trigger: ".o_med_cell:focus[aria-label='1 Surface']", run: "press p" },
        {
            content: "a value beyond the limit",
            trigger: ".o_med_cell:focus[aria-label='2 Length']",
            run: "edit 12.5 && press Enter",
        },
        { content: "is told with the limits", trigger: "[name=told].o_med_told_fail:contains('9.9 … 10.1 mm')" },
        { content: "and is red", trigger: ".o_med_cell_fail[aria-label='2 Length']" },
        { content: "F fails", trigger: ".o_med_cell:focus[aria-label='2 Surface']", run: "press f" },
        {
            content: "the defects have digits",
            trigger: ".o_med_cell_fail:focus[aria-label='2 Surface']",
            run: "press 1",
        },
        { trigger: ".o_med_cell_fail:focus:contains('T-CRK')", run: "press Enter" },
        { trigger: ".o_med_cell:focus[aria-label='3 Length']", run: "edit 10.05 && press Enter" },
        { trigger: ".o_med_cell:focus[aria-label='3 Surface']", run: "press p" },
        { content: "nothing is missing", trigger: "[name=complete]" },
        { content: "and the lot is bad", trigger: "[name=verdict].o_med_chip_not_accepted" },
        { content: "back to the first unit", trigger: "input[name=find]", run: "edit 1 && press Enter" },
        {
            content: "a recorded value is changed",
            trigger: ".o_med_cell:focus[aria-label='1 Length']",
            run: "edit 10.02 && press Enter",
        },
        { content: "for a reason", trigger: ".modal input[name=reason]:focus", run: "press 1" },
        { content: "and the change is marked", trigger: ".o_med_cell_changed[aria-label='1 Length']" },
        { content: "everything is saved", trigger: "[name=saved] .fa-cloud" },
        { trigger: "body:not(:has(.modal)) .o_med_cell:focus", run: "press alt+s" },
        ...sign("ines"),
        { content: "submitted", trigger: "[name=state][data-state=submitted]" },
        { trigger: ".o_med_cell:focus", run: "press alt+r" },
        { trigger: ".modal input[name=conclusion]:focus", run: "edit A crack && press Enter" },
        ...sign("ines", true),
        { content: "rejected", trigger: "[name=state][data-state=rejected]" },
        { content: "and nothing can be typed any more", trigger: ".o_med_cell[readonly]" },
    ],
});

tours.add("med_inspection_leave_tour", {
    steps: () => [
        {
            trigger: ".o_med_day_inspector input[name=code]",
            run: "edit LEAVE-1 && press Enter",
        },
        {
            content: "no number",
            trigger: ".o_med_cell:focus[aria-label='1 Length']",
            run: "edit abc && press Enter",
        },
        { trigger: "[name=told].o_med_told_error" },
        { content: "leaving by the breadcrumb", trigger: ".o_control_panel .breadcrumb a", run: "click" },
        { content: "says what is lost", trigger: ".modal-body:contains('not entered')" },
        { content: "and one may stay", trigger: ".modal .btn-secondary", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_med_cell[aria-label='1 Length']", run: "edit 10.0 && press Enter" },
        { content: "everything is saved", trigger: "[name=saved] .fa-cloud" },
        { trigger: ".o_control_panel .breadcrumb a", run: "click" },
        { content: "and leaving asks nothing", trigger: ".o_med_day_inspector" },
    ],
});

tours.add("med_inspection_batch_tour", {
    steps: () => [
        { trigger: ".o_med_day_tile[name=submitted]", run: "click" },
        { content: "the clean ones are chosen at once", trigger: "button[name=choose_clean]", run: "click" },
        { trigger: "button[name=sign]:not([disabled])", run: "click" },
        ...sign("ivan"),
        { content: "only the bad one is left", trigger: ".o_med_day_tile[name=submitted] b:contains('1')" },
        { trigger: ".o_med_inspector_row[data-lot=BAT-3]" },
    ],
});

tours.add("med_inspection_chart_tour", {
    steps: () => [
        { content: "both lines are drawn", trigger: ".o_med_chart canvas" },
        { trigger: ".o_med_chart .o_med_chart_small canvas" },
        { content: "with the indices", trigger: ".o_med_chart [name=Cpk]:contains('1.11')" },
        { trigger: ".o_med_chart .btn-group button:contains('30')", run: "click" },
        { trigger: ".o_med_chart .btn-group button.active:contains('30')" },
    ],
});
