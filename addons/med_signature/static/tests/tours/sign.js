import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("med_signature_sign", {
    steps: () => [
        {
            content: "The form says who signs next",
            trigger: ".alert-info:contains('Reviewed (Quality Assurance)')",
        },
        { trigger: "button[name=action_med_sign]", run: "click" },
        {
            content: "The dialog shows what is signed",
            trigger: ".o_med_sign_record:contains('Tour review'):contains('sha256:')",
        },
        { trigger: "#med_sign_login", run: "edit anna" },
        { trigger: "#med_sign_secret", run: "edit wrong" },
        { trigger: ".o_med_sign_confirm", run: "click" },
        { trigger: ".o_med_sign .alert-danger:contains('Nothing was signed')" },
        { trigger: "#med_sign_secret", run: "edit anna-secret" },
        { trigger: ".o_med_sign_confirm", run: "click" },
        {
            content: "The second person is asked for",
            trigger: ".alert-info:contains('Approved (')",
        },
        { trigger: "button[name=action_med_sign]", run: "click" },
        {
            content: "The first signature is shown",
            trigger: ".o_med_sign_record:contains('Reviewed: anna')",
        },
        { trigger: "#med_sign_second", run: "check" },
        { trigger: "#med_sign_login", run: "edit bert" },
        { trigger: "#med_sign_secret", run: "edit bert-secret" },
        { trigger: ".o_med_sign_confirm", run: "click" },
        { trigger: ".o_arrow_button_current:contains('Closed')" },
        { trigger: ".nav-link:contains('Signatures')", run: "click" },
        {
            content: "Both are on the form",
            trigger: ".o_field_widget[name=med_signature_ids] .o_data_row:nth-child(2):contains('Valid')",
        },
    ],
});

registry.category("web_tour.tours").add("med_signature_sign_many", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains('Batch one') .o_list_record_selector input", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('Batch two') .o_list_record_selector input", run: "click" },
        { trigger: ".o_cp_action_menus .dropdown-toggle:contains('Actions')", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains('Sign')", run: "click" },
        {
            content: "Each of them is shown",
            trigger: ".o_med_sign:has(.o_med_sign_record:contains('Batch one')):has(.o_med_sign_record:contains('Batch two'))",
        },
        { trigger: "#med_sign_login", run: "edit anna" },
        { trigger: "#med_sign_secret", run: "edit anna-secret" },
        { trigger: ".o_med_sign_confirm", run: "click" },
        { trigger: ".o_data_row:contains('Batch two'):contains('Approved (')" },
    ],
});
