import { registry } from "@web/core/registry";

const CSV =
    "客户编码,公司名称,城市,国家,发生时间\n" +
    "T-1,Taihu Dental,Wuxi,中国,2026-11-20 08:00\nT-2,Yangtze Dental,Suzhou,中国,\n";

const pick = (name, words) => [
    { trigger: `.o_field_widget[name=${name}] input`, run: `edit ${words}` },
    { trigger: `.o-autocomplete--dropdown-item:contains('${words}') a`, run: "click" },
];
const give = (field, name, text) => ({
    content: "choose a file",
    trigger: `.o_field_widget[name=${field}] input[type=file]:not(:visible)`,
    run() {
        const data = new DataTransfer();
        data.items.add(new File([text], name, { type: "text/csv" }));
        this.anchor.files = data.files;
        this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
    },
});

// From nothing to a file taken in: what a person does is counted by the test.
registry.category("web_tour.tours").add("med_exchange_onboard_tour", {
    steps: () => [
        ...pick("partner_id", "Lake Dental"),
        { content: "a code is proposed", trigger: ".modal .o_field_widget[name=code] input:value(LAKE-DENTAL)" },
        ...pick("schema_id", "rganisation"),
        give("sample", "customers.csv", CSV),
        { content: "it is there", trigger: ".modal .o_field_widget[name=sample] .o_form_uri, .modal .o_field_widget[name=sample] input:value(customers.csv)" },
        { trigger: ".modal button[name=action_next]", run: "click" },
        { content: "columns are proposed", trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('公司名称')" },
        { trigger: "button[name=action_try_sample]", run: "click" },
        { content: "中国 is no code of a country", trigger: ".o_field_widget[name=row_ids] .o_data_row:contains('国家')" },
        { trigger: ".breadcrumb-item.o_back_button a", run: "click" },
        { content: "say what 中国 means", trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('国家') td[name=words]", run: "click" },
        { trigger: ".o_field_widget[name=line_ids] .o_selected_row td[name=words] textarea", run: "edit 中国 = CN" },
        { trigger: "button[name=activate]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=active]" },
        { trigger: "button[name=action_try_sample]", run: "click" },
        { content: "both would be made", trigger: ".o_field_widget[name=row_ids]:has(.o_data_row:contains('Taihu Dental')) .o_data_row:contains('Yangtze Dental')" },
        { trigger: "button[name=action_apply]:contains('Take In')", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=applied]" },
    ],
});

registry.category("web_tour.tours").add("med_exchange_undo_tour", {
    steps: () => [
        { trigger: ".o_data_row:contains('customers.csv') td[name=name]", run: "click" },
        { trigger: "button[name=action_undo]", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit The list of last month" },
        { trigger: ".modal button[name=action_undo]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=undone]" },
    ],
});

registry.category("web_tour.tours").add("med_exchange_form_tour", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        ...pick("mapping_id", "Customers"),
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: "button[name=action_add_entry]", run: "click" },
        { trigger: ".modal .o_field_widget[name=written_by] input", run: "edit Wang" },
        { trigger: ".modal .o_data_row:contains('客户编码') td[name=value]", run: "click" },
        { trigger: ".modal .o_selected_row td[name=value] input", run: "edit T-9" },
        { trigger: ".modal .o_data_row:contains('公司名称') td[name=value]", run: "click" },
        { trigger: ".modal .o_selected_row:contains('公司名称') td[name=value] input", run: "edit Paper Dental" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_data_row:contains('Paper Dental')" },
        { trigger: "button[name=action_enter]", run: "click" },
        { content: "it would be made", trigger: ".o_field_widget[name=row_ids] .o_data_row:contains('T-9')" },
        { trigger: "button[name=action_apply]:contains('Take In')", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=applied]" },
    ],
});
