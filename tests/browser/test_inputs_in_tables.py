"""Inputs in the cells of a table: they fit, and are reached and named in reading order."""

import pytest

MATRIX = """<adaptive_problem_set schema="1" display_name="Matrices"><skill id="a" name="Multiplying a matrix"/>
<item id="i" title="Twice a matrix"><step id="s" skills="a"><prompt>
<p>Multiply by 2: \\(\\begin{pmatrix}1 &amp; 2\\\\3 &amp; 4\\end{pmatrix}\\)</p><table><caption>The product</caption>
<tr><td>[[input:a]]</td><td>[[input:b]]</td></tr>
<tr><td>[[input:c]]</td><td>[[input:d]]</td></tr></table></prompt>
<numeric id="a" label="row 1, column 1" answer="2"/><numeric id="b" label="row 1, column 2" answer="4"/>
<numeric id="c" label="row 2, column 1" answer="6"/><numeric id="d" label="row 2, column 2" answer="8"/>
<hint bottom_out="true">2, 4, 6, 8</hint></step></item></adaptive_problem_set>"""


@pytest.mark.parametrize("step_width", [1200, 375])
def test_a_matrix_is_filled_in_by_keyboard(local_site, open_page, axe, step_width):
    """Tab goes from cell to cell, each is named, the wrong one is told, and the page never scrolls sideways."""
    page = open_page(step_width, address=local_site("matrix", "Matrices", MATRIX))
    cells = page.locator("td input")
    cells.nth(0).focus()
    for value in ("2", "4", "6", "9"):
        page.keyboard.type(value)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("td input[data-verdict='wrong']")
    assert [cells.nth(n).get_attribute("data-verdict") for n in range(4)] == ["right", "right", "right", "wrong"]
    assert page.get_by_label("row 2, column 2").input_value() == "9"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    axe(page)
