"""The repair of boundaries that came from elsewhere: a file of one's own, looked at, mended and taken away again."""
