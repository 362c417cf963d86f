"""Clearing photo files that no row names: left over when the server was killed between the file and its row."""

from gis.incidents import attachment, photo_store, public_photo


def clear_orphans(*, only_count: bool = False) -> int:
    """Remove the files that neither an original nor a public copy names; how many photos went, or would."""
    return photo_store.clear_orphans(
        lambda names: attachment.named(names) | public_photo.named(names), only_count=only_count
    )
