"""Every form of the clinic looks the same: label, help, refusal and value belong together."""

from django.forms.renderers import TemplatesSetting


class Rendering(TemplatesSetting):
    """``{{ form }}`` and ``{{ field.as_field_group }}`` are drawn by our own templates."""

    form_template_name = "design/forms/form.html"
    field_template_name = "design/components/field.html"
