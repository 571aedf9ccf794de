import { registry } from "@web/core/registry";

const sign = (login, state, named = false) => [
    { trigger: "body:not(:has(.modal)) button[name=action_med_sign]:visible", run: "click" },
    ...(named ? [] : [{ trigger: "#med_sign_login", run: `edit ${login}` }]),
    { trigger: "#med_sign_secret", run: `edit ${login}-secret` },
    { trigger: ".o_med_sign_confirm", run: "click" },
    ...(state ? [{ trigger: `body:not(:has(.modal)) .o_arrow_button_current[data-value=${state}]` }] : []),
];

registry.category("web_tour.tours").add("med_review_tour", {
    steps: () => [
        { content: "what is open", trigger: ".o_med_day_tile[name=nonconformity] b:not(:contains(/^0$/))" },
        { content: "the most frequent defect", trigger: "section[name=top] tr[data-defect=T-CRK]:contains('66.7')" },
        { content: "each bar of an age opens its list", trigger: "section[name=ages] [name=nonconformity] button", run: "click" },
        { trigger: ".o_list_view .o_data_row" },
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: ".o_med_trends button[name=pareto]", run: "click" },
        { content: "the cumulative share ends at all", trigger: ".o_med_pareto tr[data-defect=T-CRK] [name=cumulative]:contains('66.7')" },
        { trigger: ".o_med_pareto tr[data-defect=T-SCR] [name=cumulative]:contains('100.0')" },
        { trigger: ".o_med_pareto select[name=defect_class]", run: "select critical" },
        { content: "only critical ones", trigger: ".o_med_pareto:not(:has(tr[data-defect=T-SCR])) tr[data-defect=T-CRK]", run: "click" },
        { content: "what the bar counts", trigger: ".o_list_view .o_data_row:contains('T-CRK')" },
        { content: "to the review", trigger: ".o_menu_sections [data-menu-xmlid='med_review.med_review_menu'], .o_menu_sections_more button", run: "click" },
        { trigger: "[data-menu-xmlid='med_review.med_review_menu_reviews']", run: "click" },
        { trigger: ".o_data_row td[name=name]", run: "click" },
        { trigger: "button[name=action_compute]", run: "click" },
        { content: "figures", trigger: ".o_field_widget[name=figure_ids] .o_data_row:contains('per 100')" },
        ...sign("anna", "presented"),
        { content: "frozen", trigger: ".o_form_view:not(:has(button[name=action_compute]:visible))" },
        ...sign("anna", "", true),
        { trigger: "body:not(:has(.modal)) .o_form_view" },
    ],
});
