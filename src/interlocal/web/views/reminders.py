"""How one hears of what comes due: the calendar link and the letters."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from interlocal.web import guesses, policies
from interlocal.web import reminders as made
from interlocal.web.actions import reminders as actions
from interlocal.web.models import CalendarLink, Letters, Token


@policies.of_everyone_signed_in
def reminders(request: HttpRequest) -> HttpResponse:
    """Show one's calendar link and letters; make or end them."""
    shown: dict[str, object] = {"has_mail": settings.ENVIRONMENT.email is not None, "often": actions.EVERY}
    match request.POST.get("do") if request.method == "POST" else None:
        case "link":
            token = actions.make_link(person=request.user)
            shown["made"] = f"{settings.BASE_URL}{reverse('calendar', args=[token])}"
        case "end":
            actions.end_link(person=request.user)
            messages.success(request, "The calendar link no longer works.")
            return redirect("reminders")
        case "letters":
            actions.wish_letters(person=request.user, how_often=request.POST.get("often", ""))
            messages.success(request, "Your wish is kept.")
            return redirect("reminders")
    shown["link"] = CalendarLink.objects.filter(person=request.user).first()
    shown["letters"] = Letters.objects.filter(person=request.user).first()
    return render(request, "web/reminders.html", shown)


@require_safe
@policies.of_a_calendar_link
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Give what comes due to the calendar program that holds the link."""
    refused = guesses.refusal(request, "calendar")
    if refused:
        return refused
    link = (
        CalendarLink.objects.select_related("person")
        .filter(token_sha256=Token.digest(token), person__is_active=True)
        .first()
    )
    if link is None:
        guesses.count(request, "calendar")
        raise Http404
    response = HttpResponse(made.calendar(link.person), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=900"
    return response
