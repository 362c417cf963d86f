from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def show(request: HttpRequest) -> HttpResponse:
    """Signed in, but no posting is in force today."""
    if request.scope:
        return redirect("map")
    return render(request, "web/no_posting.html", status=403)
