import { registry } from "@web/core/registry";

const sign = (login) => [
    { trigger: ".o_med_sign_meaning" },
    { trigger: "#med_sign_login", run: `edit ${login}` },
    { trigger: "#med_sign_secret", run: `edit ${login}-secret` },
    { trigger: ".o_med_sign_confirm", run: "click" },
];

registry.category("web_tour.tours").add("med_release_missing_tour", {
    steps: () => [
        {
            content: "It awaits the maker",
            trigger: ".o_data_row:contains('TOUR-1') td[name=state]:contains('Open')",
            run: "click",
        },
        { content: "It stands first", trigger: ".o_med_release_headline:contains('1 missing')" },
        { trigger: ".o_med_release_headline + .o_med_release_missing[data-key=final]" },
        { content: "Nothing to sign yet", trigger: ".o_form_statusbar:not(:has(button.btn-primary[name=action_med_sign]))" },
        {
            content: "It leads to where it is mended",
            trigger: ".o_med_release_check[data-key=final] .o_med_release_item a",
            run: "click",
        },
        { trigger: ".o_breadcrumb:contains('INS/')" },
    ],
});

registry.category("web_tour.tours").add("med_release_maker_tour", {
    steps: () => [
        { trigger: ".o_data_row:contains('TOUR-1') td[name=lots_text]", run: "click" },
        { trigger: ".o_med_release_headline:contains('All fine')" },
        { trigger: ".o_med_release_ok[data-key=final]:contains('1 accepted')" },
        { trigger: "button.btn-primary[name=action_med_sign]:contains('Production Release')", run: "click" },
        { trigger: ".o_med_sign_record:contains('TOUR-1')" },
        { trigger: ".o_med_sign_record:contains('Final inspection: fine')" },
        ...sign("rita"),
        { trigger: ".o_arrow_button_current[data-value=production_released]" },
    ],
});

registry.category("web_tour.tours").add("med_release_registrant_tour", {
    steps: () => [
        { trigger: ".o_data_row:contains('TOUR-1') td[name=lots_text]", run: "click" },
        { trigger: ".o_med_release_ok[data-key=produced]" },
        { trigger: "button.btn-primary[name=action_med_sign]", run: "click" },
        { trigger: ".o_med_sign_record:contains('TOUR-1')" },
        ...sign("mara"),
        { trigger: ".o_arrow_button_current[data-value=market_released]" },
        { trigger: ".o_form_statusbar button[name=action_certificate]" },
    ],
});

registry.category("web_tour.tours").add("med_release_delivery_tour", {
    steps: () => [
        { trigger: "button[name=button_validate]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=done]" },
        { trigger: "button[name=action_med_certificate]:contains('1')" },
    ],
});
