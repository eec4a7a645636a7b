"""Pages of the gallery."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.gallery import specimens
from config.gallery.forms import PartsForm, StoryForm


def sample(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Render one sample page at the gallery's own fixed moment."""
    return render(request, template, {"now": specimens.NOW, **context})


def faulty_story() -> StoryForm:
    """Give the sample form as it looks when something needs a change."""
    return StoryForm({"story": specimens.STORY, "danger": "yes"})


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show every part in the register where it lives."""
    faulty_parts = PartsForm({"name": "周华", "email": "周华", "amount": "1437"})
    return sample(
        request,
        "gallery/index.html",
        parts_form=faulty_parts,
        story_form=StoryForm(),
        **specimens.consumer(),
        **specimens.desk(),
        **specimens.dashboard(),
    )


@require_safe
def consumer_form(request: HttpRequest) -> HttpResponse:
    """Show a form page with errors."""
    return sample(
        request, "gallery/form.html", form=faulty_story(), files=specimens.FILES,
        file_errors=specimens.FILE_ERRORS,
    )  # fmt: skip


@require_safe
def tracking(request: HttpRequest) -> HttpResponse:
    """Show a tracking page with plans to choose from."""
    return sample(request, "gallery/tracking.html", **specimens.consumer())


@require_safe
def signing(request: HttpRequest) -> HttpResponse:
    """Show a signing page."""
    return sample(request, "gallery/signing.html", form=PartsForm(), **specimens.consumer())


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the desk with a case open."""
    return sample(request, "gallery/desk.html", **specimens.desk())


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the desk's queue; phones show nothing else."""
    return sample(request, "gallery/queue.html", **specimens.desk())


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show a dashboard."""
    return sample(request, "gallery/dashboard.html", **specimens.dashboard())
