"""Messages of queues: how they carry a context, and the spans of sending and handling them."""
