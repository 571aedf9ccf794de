import { registry } from "@web/core/registry";

/** Without a word of a language: it runs in each. */
registry.category("web_tour.tours").add("med_trigger_tour", {
    steps: () => [
        { trigger: ".o_data_row:contains('Scratches again') td[name=name]", run: "click" },
        { content: "tried on the past", trigger: ".o_statusbar_buttons button:not([name=action_med_sign]):not([name=action_run]):not([name=action_med_step]):visible", run: "click" },
        { trigger: ".modal button[name=action_try]", run: "click" },
        { content: "what would have been found", trigger: ".o_field_widget[name=found_ids] .o_data_row:contains('Scratch')" },
        { trigger: ".o_breadcrumb a:contains('Scratches again'), .breadcrumb a:contains('Scratches again')", run: "click" },
        { content: "put in force", trigger: "button[name=action_med_sign]", run: "click" },
        { trigger: "#med_sign_login", run: "edit anna" },
        { trigger: "#med_sign_secret", run: "edit anna-secret" },
        { trigger: ".o_med_sign_confirm", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_arrow_button_current[data-value=in_force]" },
        { trigger: "button[name=action_run]", run: "click" },
        { content: "two signals, one dismissed", trigger: ".o_list_view .o_data_row:contains('T-CRK') .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name=action_dismiss]", run: "click" },
        { trigger: "#med_ask_reason", run: "edit Known of the supplier" },
        { trigger: ".o_med_ask_confirm", run: "click" },
        { trigger: ".o_list_view:has(.o_data_row.text-muted:contains('T-CRK')) .o_data_row:contains('T-SCR') td[name=label]", run: "click" },
        { content: "the other taken", trigger: ".o_field_widget[name=evidence_ids] .o_data_row:nth-child(3)" },
        { trigger: "button[name=action_take]", run: "click" },
        { content: "the CAPA names what was found", trigger: ".o_field_widget[name=summary] input:value('T-SCR Scratch × 3 (Stent)')" },
    ],
});
