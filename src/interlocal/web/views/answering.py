"""What a rater sees: the questions behind a link, and thanks. No account, no cookie, no script, nothing from elsewhere.

There is no token against forged forms: whoever can send this form holds the link, which is the whole secret; and no
cookie of a signed-in person is looked at.
"""

from __future__ import annotations

from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language_from_request
from django.views.decorators.csrf import csrf_exempt

from interlocal.web import guesses, policies
from interlocal.web.actions import answers as actions
from interlocal.web.forms import survey as form
from interlocal.web.surveyed import surveyed


def _quiet(view: policies.View) -> policies.View:
    """Let a page tell nobody where its reader came from or goes to, and keep it out of search engines."""

    @wraps(view)
    def quiet(request: HttpRequest, **rest: str) -> HttpResponse:
        response = view(request, **rest)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return quiet


@csrf_exempt
@policies.of_a_survey_link
@_quiet
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the questions; only sending answers uses the link up."""
    language = _language(request)
    refused = guesses.refusal(request, "survey")
    if refused:
        return refused
    try:
        link = actions.open_link(token)
    except actions.LinkOver:
        guesses.count(request, "survey")
        return _over(request, language)
    of = surveyed(link.survey.case)
    sent = request.method == "POST" and "language" not in request.POST
    chosen = request.POST.dict() if request.method == "POST" else {}
    asked = form.questions(link.survey, of, link.partner, language, chosen, sent=sent)
    gaps = [q for q in asked if q.missing]
    if sent and not gaps:
        try:
            actions.submit(token=token, answers=form.answers(asked))
        except actions.LinkOver:
            return _over(request, language)
        return redirect(f"{reverse('answered')}?lang={language}&of={link.survey.smallest_group}")
    cell = link.survey.links.filter(partner=link.partner, group=link.group).count()
    shown = {
        "questions": asked,
        "gaps": gaps,
        "gaps_said": _gaps(language, len(gaps)),
        "said": form.said(link, of, language, len(asked)),
        "small": cell < link.survey.smallest_group,
        "fictional": of.fictional,
        "do_not_know": form.DO_NOT_KNOW,
    }
    return _page(request, "web/survey_answer.html", language, shown, status=422 if gaps else 200)


@policies.of_the_public
@_quiet
def answered(request: HttpRequest) -> HttpResponse:
    """Say thanks, on an address that does not hold the link."""
    language, of = _language(request), request.GET.get("of", "")
    smallest = of if of.isdecimal() and len(of) < 5 else "5"
    next_ = form.words()[language]["thanks_next"].format(smallest=smallest)
    return _page(request, "web/survey_thanks.html", language, {"next": next_})


def _gaps(language: str, number: int) -> str:
    say = form.words()[language]
    return str(say["problem_one"] if number == 1 else say["problem_many"].format(n=number))


def _over(request: HttpRequest, language: str) -> HttpResponse:
    """Say one thing of every link that takes no answers, so that nobody learns which links there are."""
    return _page(request, "web/survey_over.html", language, {}, status=404)


def _page(
    request: HttpRequest, template: str, language: str, shown: dict[str, object], status: int = 200
) -> HttpResponse:
    others = [(code, w["name"]) for code, w in form.words().items() if code != language]
    more = {"say": form.words()[language], "lang": language, "others": others}
    return render(request, template, shown | more, status=status)


def _language(request: HttpRequest) -> str:
    """Return the language asked for on the page, or the browser's."""
    given = request.POST.get("language") or request.POST.get("in") or request.GET.get("lang")
    wished = given or get_language_from_request(request)
    return wished if wished in form.words() else "en"
