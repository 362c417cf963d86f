"""The residents' window: pages that anybody may open. No cookie, no session, nothing kept of who came."""
