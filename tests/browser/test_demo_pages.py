"""The demo's own pages in a real browser: the ground on which the lessons are played."""

import pytest


def test_the_index_leads_to_a_learner(open_page, demo_url, axe):
    """From the index one click opens the topic as Ada, and both pages keep WCAG 2.2 AA."""
    page = open_page(address=demo_url)
    axe(page)
    page.get_by_role("link", name="Ada").first.click()
    page.wait_for_selector("[data-block-type=adaptive_problem_set]")
    axe(page)


def test_the_page_fits_its_width(open_page, width):
    """Nothing sticks out sideways, on a desktop and on a phone."""
    page = open_page(width)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language, direction", [("en", "ltr"), ("es-419", "ltr"), ("ar", "rtl")])
def test_the_page_says_its_language(open_page, language, direction, axe):
    """The page names the chosen language and its direction, as the LMS's page does."""
    page = open_page(language=language)
    root = page.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == (language, direction)
    axe(page)


def test_a_visitor_sees_the_topic(open_page):
    """Somebody who is not signed in gets the public view."""
    page = open_page(student="anonymous")
    assert page.locator(".xblock-v1-public_view").count() == 1
