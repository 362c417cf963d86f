"""The pages of plans: the list, a workspace, and the endpoints a workspace talks to."""
