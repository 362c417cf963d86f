from tests.web.api.conftest import program_of

__all__ = ["program_of"]
