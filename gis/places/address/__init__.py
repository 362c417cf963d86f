"""Addresses as people write them: `spelling` brings a text into one spelling, `reading` takes it apart."""
