import { registry } from "@web/core/registry";

const row = (text) => `.o_field_widget[name=line_ids] .o_data_row:contains('${text}') td[name=text]`;

registry.category("web_tour.tours").add("med_recall_report_tour", {
    steps: () => [
        {
            content: "smart buttons that do not fit stand under More",
            trigger: ".o-form-buttonbox",
            async run() {
                document.querySelector(".o-form-buttonbox .o_button_more")?.click();
            },
        },
        { content: "the clock of the form runs", trigger: "button[name=action_clocks]:contains('h')" },
        { trigger: "button[name=action_reports]", run: "click" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=kind_id] input", run: "edit Recall Report Form" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Recall Report Form')", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "what is missing is named", trigger: ".alert[name=missing]:contains('Intended Use')" },
        { trigger: row("Intended Use"), run: "click" },
        { trigger: ".o_field_widget[name=line_ids] .o_selected_row [name=text] textarea", run: "edit Keeps vessels open" },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "nothing is missing", trigger: "button[name=action_med_sign]", run: "click" },
        { trigger: "#med_sign_login", run: "edit rana" },
        { trigger: "#med_sign_secret", run: "edit rana-secret" },
        { trigger: ".o_med_sign_confirm", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_arrow_button_current[data-value=approved]" },
        { trigger: ".nav-link[name=submissions]", run: "click" },
        { trigger: ".o_field_widget[name=submission_ids] .o_field_x2many_list_row_add a, .o_field_widget[name=submission_ids] .o_field_x2many_list_row_add button", run: "click" },
        { trigger: ".o_field_widget[name=submission_ids] .o_selected_row [name=channel] input", run: "click" },
        { trigger: ".o_select_menu_item:contains('E-mail')", run: "click" },
        { trigger: ".o_field_widget[name=submission_ids] .o_selected_row [name=reference] input", run: "edit CN-77" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: "button[name=action_med_step]:contains('Submitted')", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=submitted]" },
    ],
});
