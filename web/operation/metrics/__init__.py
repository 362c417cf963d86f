"""What a monitor (Prometheus) reads of a running installation: no person, no address, few labels."""
