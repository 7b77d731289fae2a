"""The demo's index, and one scenario on a bare page as the LMS's iframe shows it.

The workbench's own page (`/scenario/<id>/`) stays: it shows the scenario's XML and the stored state beside the block.
"""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import ensure_csrf_cookie
from workbench.runtime import WorkbenchRuntime
from workbench.scenarios import get_scenarios

from adaptive_xblocks.demo.people import PEOPLE
from adaptive_xblocks.demo.services import ANONYMOUS
from adaptive_xblocks.tutoring.policies import FIXED_ORDER

#: What a page says its language is, where that is not the code: the dummy's letters are Arabic.
SAID_TO_BE = {"rtl": "ar"}
VIEWS = ("student_view", "public_view", "author_view", "studio_view")


def our_scenarios() -> list:
    """The scenarios of this suite, `(id, title)`; the SDK's samples stay at the workbench's own addresses."""
    return [
        (scenario_id, scenario.description)
        for scenario_id, scenario in sorted(get_scenarios().items())
        if scenario_id.rpartition(".")[0] not in settings.EXCLUDED_XBLOCKS
    ]


def adapts(scenario_id: str) -> bool:
    """Whether what a learner meets next in a scenario depends on the answers; in a fixed order nobody has a past."""
    block = WorkbenchRuntime(ANONYMOUS).get_block(get_scenarios()[scenario_id].usage_id)
    document = getattr(block, "document", None)
    return document is None or document.settings.get("policy") != FIXED_ORDER.name


def index(request):
    """Topics and other scenarios, the people who can open them, and the languages."""
    topics, tours = [], []
    for scenario_id, title in our_scenarios():
        is_topic = adapts(scenario_id)
        people = [person for person in PEOPLE if is_topic or not person.has_past]
        (topics if is_topic else tours).append({"id": scenario_id, "title": title, "people": people})
    return render(request, "demo/index.html", {
        "topics": topics, "tours": tours, "scenarios": topics + tours, "languages": settings.LANGUAGES,
    })


@ensure_csrf_cookie
def learn(request, scenario_id: str):
    """One scenario for `?student=`, in the view `?view=`; `?language=` is kept in a cookie for later requests."""
    language = chosen_language(request)
    scenario = get_scenarios().get(scenario_id)
    if scenario is None:
        raise Http404(f"There is no scenario {scenario_id!r}; the index lists those that exist.")
    student_id = request.GET.get("student", "student_1")
    block = WorkbenchRuntime(student_id).get_block(scenario.usage_id)
    fragment = block.render(chosen_view(request, student_id), {})
    response = render(request, "demo/learn.html", {
        "title": scenario.description,
        "language": SAID_TO_BE.get(language, language),
        "student_id": student_id,
        "body": fragment.body_html(),
        "head_html": fragment.head_html(),
        "foot_html": fragment.foot_html(),
    })
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
    return response


def chosen_language(request) -> str:
    """The language of the address when it is one of ours, else the one already in force; activated."""
    language = request.GET.get("language")
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = language
    return translation.get_language()


def chosen_view(request, student_id: str) -> str:
    """The view of the address, by default the one that the LMS would render for this person."""
    view = request.GET.get("view")
    if view in VIEWS:
        return view
    return "public_view" if student_id == ANONYMOUS else "student_view"
