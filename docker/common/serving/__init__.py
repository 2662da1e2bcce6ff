"""The service without its model: serves a handler's model over HTTP."""
