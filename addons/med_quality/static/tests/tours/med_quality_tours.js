import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("med_quality_hold_tour", {
    steps: () => [
        { content: "One list, not by warehouse and status", trigger: ".o_facet_remove", run: "click" },
        {
            content: "What is on hand, with its condition",
            trigger: ".o_data_row:contains('TOUR-1'):contains('Released')",
        },
        { trigger: ".o_data_row:contains('TOUR-1') .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name=action_med_hold]", run: "click" },
        { trigger: ".modal .o_field_many2many_tags:contains('TOUR-1')" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit Seal open" },
        { trigger: ".modal button[name=action_place]", run: "click" },
        {
            content: "The hold tells what was found",
            trigger: ".o-mail-Message:contains('1 lots held, 1 reservations taken back')",
        },
        { trigger: ".nav-link:contains('Conclusion')", run: "click" },
        { trigger: ".o_field_widget[name=conclusion] textarea", run: "edit Seal was closed" },
        { trigger: "button[name=action_med_sign]", run: "click" },
        { trigger: ".o_med_sign_record:contains('Seal was closed')" },
        { trigger: "#med_sign_login", run: "edit anna" },
        { trigger: "#med_sign_secret", run: "edit anna-secret" },
        { trigger: ".o_med_sign_confirm", run: "click" },
        { trigger: ".o_arrow_button_current:contains('Lifted')" },
    ],
});

registry.category("web_tour.tours").add("med_quality_decide_tour", {
    steps: () => [
        { trigger: ".o_facet_remove", run: "click" },
        { trigger: ".o_data_row:contains('TOUR-2'):contains('待验') .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name=action_med_decide]", run: "click" },
        { trigger: ".o_field_widget[name=note] textarea", run: "edit 检验合格" },
        { trigger: ".o_field_widget[name=line_ids] .o_data_row td[name=status]", run: "click" },
        {
            trigger: ".o_field_widget[name=line_ids] .o_data_row [name=status] .o_select_menu_toggler, .o_field_widget[name=line_ids] .o_data_row [name=status] select, .o_field_widget[name=line_ids] .o_data_row [name=status] input",
            run: "click",
        },
        { trigger: ".o_select_menu_item:contains('已放行')", run: "click" },
        { trigger: "button[name=action_med_sign]", run: "click" },
        { trigger: ".o_med_sign_record:contains('TOUR-2')" },
        { trigger: "#med_sign_login", run: "edit rita" },
        { trigger: "#med_sign_secret", run: "edit rita-secret" },
        { trigger: ".o_med_sign_confirm", run: "click" },
        { trigger: ".o_arrow_button_current:contains('已签名')" },
    ],
});
