"""The tags of the blocks' templates: translations through the service of the render, pictures that are made once."""

from gettext import NullTranslations

import pytest
from django.template import Context, Engine, TemplateSyntaxError

from adaptive_xblocks.block_support import AdaptiveBlockMixin
from adaptive_xblocks.template_tags import SERVICE


class Loud(NullTranslations):
    """A catalogue that marks what it translates."""

    def gettext(self, message):
        """The message with an exclamation mark."""
        return f"{message}!"


def rendered(source, **values):
    """What a template with our tags makes of values."""
    engine = Engine(libraries={"i18n": "adaptive_xblocks.template_tags"})
    return engine.from_string("{% load i18n %}" + source).render(Context({SERVICE: Loud(), **values}))


@pytest.mark.parametrize("source, expected", [
    ('{% trans "Check" %}', "Check!"),
    ("{% trans 'It is <b>' %}", "It is <b>!"),
    ('{% trans "Check" as label %}[{{ label }}]', "[Check!]"),
    ("{% blocktrans with n=one %}number {{ n }}{% endblocktrans %}", "number &lt;1&gt;!"),
])
def test_texts_come_from_the_catalogue_of_the_render(source, expected):
    """`trans` and `blocktrans` ask the service in the context; values are escaped, the catalogue's text is not."""
    assert rendered(source, one="<1>") == expected


@pytest.mark.parametrize("source", ["{% trans %}", "{% trans label %}", '{% trans "a" "b" %}', '{% trans "a" as %}'])
def test_a_text_that_no_catalogue_can_hold_is_refused(source):
    """Only a text that stands in the template can be translated."""
    with pytest.raises(TemplateSyntaxError):
        rendered(source)


def test_a_picture_is_the_same_from_python_and_from_a_template():
    """`icon()` of a block gives what `{% icon %}` does."""
    assert AdaptiveBlockMixin.icon("hint") == AdaptiveBlockMixin.icon("hint") != AdaptiveBlockMixin.icon("tick")
    assert AdaptiveBlockMixin.icon("hint").startswith('<svg class="ax-icon"')
