"""Publishing a plan: its cells come into force in one transaction, or not at all.

`drafts` says what is asked for, `standing` what is in force, `reckoning` what would become of it, `faults` what refuses
it, `publishing` does it, `following` takes along what names a cell by its code.
"""
