from django.contrib.auth.hashers import PBKDF2PasswordHasher


class FewRounds(PBKDF2PasswordHasher):
    """The product's hash with so few rounds that a test does not wait. The real server reads it all the same."""

    iterations = 1000
