"""What is wrong with an installation, each in one line with what mends it."""
