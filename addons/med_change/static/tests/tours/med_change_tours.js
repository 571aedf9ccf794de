import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const sign = (login) => [
    { trigger: "body:not(:has(.modal)) button[name=action_med_sign]", run: "click" },
    { trigger: "#med_sign_login", run: `edit ${login}` },
    { trigger: "#med_sign_secret", run: `edit ${login}-secret` },
    { trigger: ".o_med_sign_confirm", run: "click" },
];

const radio = (name, value) => ({
    trigger: `.o_field_widget[name=${name}] input[data-value=${value}]`, run: "click" });

const request = (words) => [
    { trigger: ".o_kanban_view" },
    { trigger: ".o-kanban-button-new", run: "click" },
    { trigger: ".o_field_widget[name=title] input", run: "edit Other glue" },
    { trigger: ".o_field_widget[name=product_tmpl_ids] input", run: "edit Pump" },
    { trigger: ".ui-autocomplete a:contains('Pump'), .o-autocomplete--dropdown-item a:contains('Pump')", run: "click" },
    { trigger: ".o_field_widget[name=reason] textarea", run: "edit Supplier stops" },
    { trigger: ".o_field_widget[name=description] textarea", run: "edit Glue B for glue A" },
    radio("effect_safety", "certain"),
    radio("effect_performance", "none"),
    radio("effect_registration", "none"),
    { content: "what changes", trigger: ".o_field_widget[name=for_bom] input", run: "click" },
    { trigger: ".o_field_widget[name=rollback] textarea", run: "edit Glue A" },
    { trigger: ".o_field_widget[name=verification_plan] textarea", run: "edit Pull test" },
    { trigger: ".o_form_button_save", run: "click" },
    { content: "the rule gives the class", trigger: `.o_field_widget[name=change_class]:contains('${words.major}')` },
    { content: "and who assesses", trigger: ".nav-link[name=assessments]", run: "click" },
    { trigger: `.o_field_widget[name=assessment_ids] .o_data_row:contains('${words.purchasing}')` },
    { trigger: "button[name=action_impact]", run: "click" },
    { content: "what it reaches", trigger: `.o_data_row:contains('${words.device}')` },
];

tours.add("med_change_request_tour", { steps: () => request({
    major: "Major", purchasing: "Purchasing", device: "Device Identifier" }) });
tours.add("med_change_request_zh_tour", { steps: () => request({
    major: "重大", purchasing: "采购", device: "产品标识" }) });

const step = (login, state) => [
    { trigger: ".o_kanban_record:contains('Other glue')", run: "click" },
    ...sign(login),
    { trigger: `body:not(:has(.modal)) .o_arrow_button_current[data-value=${state}]` },
];

tours.add("med_change_first_tour", { steps: () => step("bert", "assessed") });
tours.add("med_change_second_tour", { steps: () => step("rega", "approved") });
