import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** The first signature of a session names its person as well. */
const sign = (login, state, again = false) => [
    { trigger: "body:not(:has(.modal)) button[name=action_med_sign]", run: "click" },
    ...(again ? [] : [{ trigger: "#med_sign_login", run: `edit ${login}` }]),
    { trigger: "#med_sign_secret", run: `edit ${login}-secret` },
    { trigger: ".o_med_sign_confirm", run: "click" },
    { trigger: `body:not(:has(.modal)) .o_arrow_button_current[data-value=${state}]` },
];

const page = (name) => ({ trigger: `.nav-link[name=${name}]`, run: "click" });

/** Without a word of a language: it runs in each. */
tours.add("med_nonconformity_report_tour", {
    steps: () => [
        { content: "the first tap", trigger: ".o_form_view button[name=action_med_report]:visible", run: "click" },
        { content: "the lot is named", trigger: ".modal .o_field_many2many_tags:contains('TELL-1')" },
        { trigger: ".modal .o_field_widget[name=summary] input", run: "edit Wet carton" },
        { content: "the second tap", trigger: ".modal button[name=action_report]:visible", run: "click" },
        { content: "it is held", trigger: "button[name=action_holds] .o_stat_value:contains('1')" },
        { trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('TELL-1'):contains('10')" },
        { content: "who reports does not sign", trigger: ".o_form_view:not(:has(button[name=action_med_sign]))" },
    ],
});

const decide = (scrap) => [
    { trigger: ".o_data_row:contains('Cracked tube') td[name=summary]", run: "click" },
    page("evaluation"),
    { trigger: ".o_field_widget[name=evaluation] textarea", run: "edit It leaks" },
    { trigger: ".o_field_widget[name=investigation] input[data-value=not_needed]", run: "click" },
    { trigger: ".o_field_widget[name=investigation_reason] textarea", run: "edit Known of the supplier" },
    { trigger: "button[name=action_propose]", run: "click" },
    { content: "lots are proposed", trigger: ".nav-link[name=candidates]", run: "click" },
    { trigger: ".o_data_row:contains('NC-S1') button[name=action_take]", run: "click" },
    {
        trigger: ".o_data_row:contains('NC-S1'):not(:has(button[name=action_take])) ~ .o_data_row:contains('NC-RAW2') button[name=action_leave_out]",
        run: "click",
    },
    { trigger: "#med_ask_reason", run: "edit Measured: good" },
    { trigger: ".o_med_ask_confirm", run: "click" },
    { content: "and why is told", trigger: ".o_data_row:contains('NC-RAW2'):contains('Measured: good')" },
    ...sign("anna", "evaluated"),
    { content: "all lots at once", trigger: ".oe_stat_button:has([name=lot_count]:contains('2'))", run: "click" },
    { trigger: ".o_list_view .o_data_row:contains('NC-S1')" },
    { trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
    { trigger: ".o_data_row_selected:contains('NC-S1') td[name=decision]", run: "click" },
    { trigger: ".o_data_row [name=decision] input", run: "click" },
    { trigger: `.o_select_menu_item:contains('${scrap}')`, run: "click" },
    { content: "for both", trigger: ".modal .btn-primary", run: "click" },
    { trigger: `body:not(:has(.modal)) .o_data_row:contains('NC-S1'):contains('${scrap}')` },
    { trigger: `.o_data_row:contains('NC-RAW1'):contains('${scrap}')` },
    { trigger: ".o_breadcrumb a:contains('Cracked tube'), .breadcrumb a:contains('Cracked tube')", run: "click" },
    ...sign("anna", "decided", true),
    { trigger: "button[name=action_make_documents]", run: "click" },
    page("lots"),
    { content: "it is scrapped", trigger: ".o_data_row:contains('NC-S1') td[name=done] input:checked" },
    page("evaluation"),
    { trigger: ".o_field_widget[name=conclusion] textarea", run: "edit Nothing is left" },
    ...sign("anna", "closed", true),
];

tours.add("med_nonconformity_decide_tour", { steps: () => decide("Scrap") });
tours.add("med_nonconformity_decide_zh_tour", { steps: () => decide("报废") });
