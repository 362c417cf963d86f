"""Backups: one encrypted file that holds a snapshot of the database and the media folder that belongs to it."""
