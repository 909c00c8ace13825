"""One module a service: what AWS does, where moto differs, and the patch that closes the gap."""
