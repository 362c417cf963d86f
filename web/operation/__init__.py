"""Keeping an installation well: backups, what is wrong with it, what a monitor reads."""
