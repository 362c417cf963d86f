"""Tables that departments bring: read, mapped to the catalogue, coded, matched to people and homes, filed or looked at.

file → columns (`opening`) → fields (`targets`, `mapping`) → codes (`coding`) → rows in one spelling, with what is wrong
of them (`judging`) → who each row is (`knowing`, `checking`) → facts, corrections, new people (`values`, `filing`), or
the queue that a person looks at (`reviewing`). The first four are pure. What a file says of people lies sealed, and
only until its row is settled.
"""
