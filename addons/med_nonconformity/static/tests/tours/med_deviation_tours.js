import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("med_deviation_tour", {
    steps: () => [
        { content: "One row, with what is left", trigger: ".o_data_row:contains('WI-7, 4.2') td[name=requirement]", run: "click" },
        { trigger: ".o_arrow_button_current:contains('Submitted')" },
        { trigger: "button[name=action_med_sign]:contains('Approve or Refuse')", run: "click" },
        { content: "The whole box is shown to the signer", trigger: ".o_med_sign_record:contains('Packed in the old carton'):contains('10')" },
        { trigger: "#med_sign_login", run: "edit anna" },
        { trigger: "#med_sign_secret", run: "edit anna-secret" },
        { trigger: ".o_med_sign_confirm", run: "click" },
        { trigger: ".o_arrow_button_current:contains('Approved')" },
        { trigger: ".o_field_widget[name=condition]:contains('In Force')" },
    ],
});

registry.category("web_tour.tours").add("med_deviation_write_tour", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=kind] .o_radio_item:contains('偏差许可') input", run: "click" },
        { trigger: ".o_field_widget[name=grade] .o_radio_item:contains('次要') input", run: "click" },
        { trigger: ".o_field_widget[name=requirement] input", run: "edit WI-9, 2.1" },
        { trigger: ".o_field_widget[name=product_ids] input", run: "edit Stent" },
        { trigger: ".ui-menu-item a:contains('Stent')", run: "click" },
        { trigger: ".o_field_widget[name=description] textarea", run: "edit 使用旧包装" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible" },
        { trigger: ".o_arrow_button_current:contains('草稿')" },
    ],
});
