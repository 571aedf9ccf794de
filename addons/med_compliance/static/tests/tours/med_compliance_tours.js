import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** The first signature of a session names its person as well. */
const sign = (login, state) => [
    { trigger: "body:not(:has(.modal)) button[name=action_med_sign]:visible", run: "click" },
    { trigger: "#med_sign_login", run: `edit ${login}` },
    { trigger: "#med_sign_secret", run: `edit ${login}-secret` },
    { trigger: ".o_med_sign_confirm", run: "click" },
    { trigger: `body:not(:has(.modal)) .o_arrow_button_current[data-value=${state}]` },
];

const page = (name) => ({ trigger: `.nav-link[name=${name}]`, run: "click" });

const choose = (field, text) => [
    { trigger: `.o_selected_row [name=${field}] input`, run: "click" },
    { trigger: `.o_select_menu_item:contains('${text}')`, run: "click" },
];

tours.add("med_compliance_audit_tour", {
    steps: () => [
        { trigger: ".o_data_row:contains('Sealing') td[name=scope]", run: "click" },
        { trigger: "button[name=action_med_step]:contains('Start')", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=under_way]" },
        page("answers"),
        { trigger: ".o_data_row:contains('jaw') td[name=answer]", run: "click" },
        { trigger: ".o_selected_row:contains('jaw')" },
        ...choose("answer", "Not Applicable"),
        { trigger: ".o_data_row:contains('log') td[name=answer]", run: "click" },
        { trigger: ".o_selected_row:contains('log')" },
        ...choose("answer", "Not Conform"),
        { trigger: ".o_selected_row [name=evidence] textarea", run: "edit Page 3 is empty" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved .o_data_row:contains('log') button[name=action_finding]", run: "click" },
        { trigger: ".modal [name=what] input", run: "edit Log is empty" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { content: "it stands beside its question", trigger: "body:not(:has(.modal)) .o_data_row:contains('log'):contains('FND/')" },
        page("conclusion"),
        { trigger: "[name=conclusion] textarea", run: "edit Works but for the log" },
        ...sign("anna", "reported"),
        { trigger: "button[name=action_findings]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('Log is empty') td[name=what]", run: "click" },
        { trigger: "button[name=action_start_capa]", run: "click" },
        { content: "the CAPA of the finding", trigger: ".o_form_view button[name=action_findings]:contains('1')" },
    ],
});

tours.add("med_compliance_mock_tour", {
    steps: () => [
        { trigger: ".o_data_row:contains('Unannounced') td[name=scope]", run: "click" },
        { trigger: "button[name=action_med_step]:contains('Draw the Lots')", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=under_way]" },
        page("lots"),
        { trigger: ".o_data_row:contains('MOCK-1') button[name=action_show]", run: "click" },
        { content: "the clock runs", trigger: ".o_form_view button[name=action_finish]" },
        { trigger: ".o_data_row td[name=answer]", run: "click" },
        { trigger: ".o_selected_row [name=answer] textarea", run: "edit Receipt 7" },
        ...choose("verdict", "Shown"),
        { trigger: "button[name=action_finish]", run: "click" },
        { content: "in time", trigger: ".o_field_widget[name=result]:contains('Shown in Time')" },
        { trigger: ".breadcrumb-item a:contains('Unannounced'), .o_breadcrumb a:contains('MOCK/')", run: "click" },
        { trigger: ".o_data_row:contains('Shown in Time') button[name=action_evidence]" },
        page("conclusion"),
        { trigger: "[name=conclusion] textarea", run: "edit Quick" },
        ...sign("anna", "reported"),
    ],
});

tours.add("med_compliance_map_tour", {
    steps: () => [
        { trigger: ".o_med_map td:contains('PRO-11')" },
        { content: "what nothing covers is told", trigger: ".o_med_map [data-gap=clause]:contains('7.6')" },
        { trigger: ".o_med_map [data-gap=record]:contains('Sealing')" },
        { trigger: ".o_med_map a:contains('CAPAs')", run: "click" },
        { content: "the records of the process", trigger: ".o_breadcrumb:contains('CAPAs')" },
    ],
});
