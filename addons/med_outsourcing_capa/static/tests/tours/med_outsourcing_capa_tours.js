import { registry } from "@web/core/registry";

const press = (trigger, content) => ({ content, trigger, run: "click", expectUnloadPage: true });
const send = press("#send", "sign the answer");

/** Without a word of a language: it runs in each. */
registry.category("web_tour.tours").add("med_outsourcing_capa_flow", {
    steps: () => [
        press("#all_capas", "all requests"),
        press(".o_med_processor [data-capa]", "the request that waits"),
        { trigger: "[data-state=open]" },
        // Without a password: nothing is signed, and what was typed is still there.
        { trigger: "#cause", run: "edit Worn jaw" },
        { trigger: "#action_what_0", run: "edit Change the jaw" },
        send,
        { trigger: "#refused" },
        { trigger: "#action_what_0:value(Change the jaw)" },
        { trigger: "#secret", run: "edit porter-secret" },
        send,
        { trigger: ".alert-success" },
        { trigger: "[data-state=answered]" },
        { trigger: "#given li:contains('Change the jaw')" },
    ],
});
