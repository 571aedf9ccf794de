import { registry } from "@web/core/registry";

const press = (trigger, content) => ({ content, trigger, run: "click", expectUnloadPage: true });
const send = press("#send", "sign the answer");

/** Without a word of a language: it runs in each. */
registry.category("web_tour.tours").add("med_outsourcing_change_flow", {
    steps: () => [
        press("#all_changes", "all changes"),
        press(".o_med_processor [data-change]", "the change that waits"),
        { trigger: "[data-state=open]" },
        // Half said: nothing is signed, and what was typed is still there.
        { trigger: "#refuse", run: "check" },
        send,
        { trigger: "#refused" },
        { trigger: "#note", run: "edit Needs a new validation" },
        { trigger: "#secret", run: "edit porter-secret" },
        send,
        { trigger: ".alert-success" },
        { trigger: "[data-state=refused]" },
        press("#again", "another answer"),
        { trigger: "#condition", run: "check" },
        { trigger: "#note", run: "edit From lot S-9 on" },
        { trigger: "#secret", run: "edit porter-secret" },
        send,
        { trigger: ".alert-success" },
        { trigger: "[data-state=agreed]" },
        { trigger: "#given li:contains('From lot S-9 on')" },
    ],
});
