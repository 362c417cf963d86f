"""OGC API – Features and Tiles: what lies in somebody's area, for GIS programs.

A token of the API or a session lets in, in scope by the one rule; whoever has neither sees what is open to anybody.
Which kinds and which fields there are is decided in `layers.features`.
"""
