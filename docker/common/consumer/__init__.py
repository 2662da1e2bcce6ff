"""The worker without its model: answers queued tasks with a handler's model."""
