"""Typing maths on a page: the help by keyboard, what was read, right and not read yet, at both widths."""

import pytest
from playwright.sync_api import expect

SET = """<adaptive_problem_set schema="1" display_name="Algebra"><skill id="s" name="Expanding"/>
<item id="i" title="Algebra"><step id="s" skills="s">{step}<hint bottom_out="true">Look.</hint></step></item>
</adaptive_problem_set>"""
ONE = SET.format(step='<prompt>Multiply out.</prompt><expression answer="(x + 3)^2" form="expanded"/>')
THREE = SET.format(step="""<prompt>Half of 3 is [[input:n]], half of x [[input:e]], half of y [[input:f]].</prompt>
<numeric id="n" answer="3/2"/><expression id="e" answer="x/2"/><expression id="f" answer="y/2"/>""")


@pytest.fixture
def opened(local_site, open_page, width):
    """`opened(olx)`: the page of a set, at both widths."""
    return lambda olx: open_page(width, address=local_site("typing-maths", "Typing maths", olx))


def test_the_help_opens_by_keyboard_and_stands_once(opened, axe):
    """Tab leads from the button to the help, Enter opens it; several inputs of a step share one, and axe is content."""
    page = opened(THREE)
    help_box = page.locator("details.ax-typing")
    expect(help_box).to_have_count(1)
    page.locator(".ax-check").focus()
    page.keyboard.press("Tab")
    expect(help_box.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(help_box.locator("tbody tr").first).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_answer_is_shown_as_it_was_read(opened, axe):
    """A product where a sum is asked for is not read yet and costs nothing; the formula read stands beside it."""
    page = opened(ONE)
    answer = page.locator('[data-type="expression"] input')
    for name, value in {"inputmode": "text", "dir": "ltr", "autocapitalize": "off", "spellcheck": "false"}.items():
        expect(answer).to_have_attribute(name, value)
    answer.fill("(x+3)(x+3)")
    answer.press("Enter")
    expect(page.locator('.ax-note[data-verdict="unread"]')).to_contain_text("multiply it out")
    expect(page.locator(".ax-read math")).to_be_visible()
    axe(page)
    page.locator('[data-type="expression"] input').fill("x² + 6x + 9")
    page.keyboard.press("Enter")
    expect(page.locator(".ax-answer math")).to_be_visible()
