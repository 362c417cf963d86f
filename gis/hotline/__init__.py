"""Cases from files: the work orders that a 12345 hotline exports, read, judged, located and filed like any report.

file → rows (`checking`) → cases, or a queue that a person looks at (`filing`, `queues`). A work order is known by its
source and number, whatever file it comes in. What of it is of a person lies sealed, and only until it is filed.
"""
