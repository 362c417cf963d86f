"""One JSON object a line on standard error. Never a body, a query string, a name: `web.logs` decides what is said."""


def logging_config(level: str) -> dict:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "web.logs.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers go: one writes tracebacks with their texts, one mails them.
            "django": {"handlers": [], "level": "INFO"},
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # At DEBUG it writes every statement with its parameters.
            "django.db.backends": {"level": "INFO"},
            "axes": {"level": "ERROR"},
            # They tell of every job and every file they write.
            "procrastinate": {"level": "WARNING"},
            "pyogrio": {"level": "WARNING"},
            # Less urgent lines hold addresses with codes in them.
            "oauth2_provider": {"level": "ERROR"},
            "oauthlib": {"level": "ERROR"},
            # At DEBUG they write secrets of a sign-in and the addresses asked.
            "authlib": {"level": "ERROR"},
            "urllib3": {"level": "ERROR"},
        },
    }
