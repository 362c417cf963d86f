"""Departments take what they may: subscriptions to fields of the catalogue, files of them, and a feed of changes."""
