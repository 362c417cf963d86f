"""What happens to people: they are born, move, leave, come back, found or join a household, and die.

`happening` reads what was told, `recording` does it and writes it down, `taking_back` undoes it and leaves a trace,
`relations` says who is what to a new head, `handing_over` lets a person come who was sent here, `balance` counts by
date.
"""
