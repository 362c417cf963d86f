from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse


def show(request: HttpRequest) -> JsonResponse:
    """Up when the database answers; 503 otherwise. Says nothing more: everyone may ask."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "down"}, status=503)
    return JsonResponse({"status": "up"})
