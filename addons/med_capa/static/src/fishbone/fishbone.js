import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Draws a cause-and-effect diagram, of which the server told where everything stands. */
export class FishboneField extends Component {
    static template = "med_capa.Fishbone";
    static props = { ...standardFieldProps };

    get told() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("med_fishbone", {
    component: FishboneField,
    displayName: _t("Ishikawa Diagram"),
    supportedTypes: ["json"],
});
