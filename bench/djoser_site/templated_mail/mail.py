"""What djoser's mails are made of: django-templated-mail, which Debian's djoser imports but Debian does not package.

This is as much of it as djoser's own templates need: three blocks and the names of the site.
"""
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMultiAlternatives
from django.template import Context, loader
from django.template.loader_tags import BlockNode


class BaseEmailMessage(EmailMultiAlternatives):
    template_name = None

    def __init__(self, request, context):
        super().__init__()
        self.request, self.context = request, context

    def get_context_data(self):
        site = get_current_site(self.request)
        return {"domain": site.domain, "site_name": site.name, "protocol": self.request.scheme, **self.context}

    def send(self, to):
        context = Context(self.get_context_data())
        template = loader.get_template(self.template_name).template
        with context.bind_template(template):
            text = {block.name: block.render(context).strip() for block in template.nodelist.get_nodes_by_type(BlockNode)}
        self.to, self.subject, self.body = to, text["subject"], text["text_body"]
        self.attach_alternative(text["html_body"], "text/html")
        return super().send()
