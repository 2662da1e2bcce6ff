"""The processes of a run: start, rendezvous and messages."""
