import { registry } from "@web/core/registry";

const sign = (login, second = false) => [
    { trigger: "body:not(:has(.modal)) button[name=action_med_sign]", run: "click" },
    ...(second ? [{ content: "in another's session", trigger: "#med_sign_second", run: "click" }] : []),
    { trigger: "#med_sign_login", run: `edit ${login}` },
    { trigger: "#med_sign_secret", run: `edit ${login}-secret` },
    { trigger: ".o_med_sign_confirm", run: "click" },
    { trigger: "body:not(:has(.modal))" },
];
const pick = (name, words) => [
    { trigger: `.o_field_widget[name=${name}] input`, run: `edit ${words}` },
    { trigger: `.o-autocomplete--dropdown-item:contains('${words}') a`, run: "click" },
];

registry.category("web_tour.tours").add("med_recall_return_tour", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        ...pick("recall_id", "Seals open"),
        ...pick("partner_id", "Hospital One"),
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: "button[name=action_scan]", run: "click" },
        { content: "scan the unit that came", trigger: ".o_med_scan input[name=code]", run: "edit L-1" },
        { trigger: ".o_med_scan input[name=code]", run: "press Enter" },
        { content: "it is booked", trigger: ".o_med_last:contains('L-1')" },
        { trigger: ".breadcrumb-item.o_back_button a", run: "click" },
        { trigger: ".o_form_view button.btn-lg:contains(Receive)", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=received]" },
    ],
});

registry.category("web_tour.tours").add("med_recall_destruction_tour", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        ...pick("recall_id", "Seals open"),
        { trigger: ".o_field_widget[name=place] input", run: "edit Yard 2" },
        { trigger: ".o_field_widget[name=method] input", run: "click" },
        { trigger: ".o_select_menu_item:contains('Shredding')", run: "click" },
        { content: "the method is chosen", trigger: ".o_field_widget[name=method] input:value(Shredding)" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: "button[name=action_fill]", run: "click" },
        { trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('L-1')" },
        ...sign("wanda"),
        { content: "the witness is next", trigger: ".alert-info:not(:contains('Performed')):contains('Witnessed')" },
        ...sign("rana", true),
        { trigger: ".o_arrow_button_current[data-value=done]" },
        { content: "to the recall", trigger: ".o_field_widget[name=recall_id] a", run: "click" },
        { trigger: "button[name=action_balance]", run: "click" },
        { content: "nothing is left", trigger: ".o_list_view:not(:has(.text-warning)) .o_data_row:contains('L-1')" },
    ],
});
