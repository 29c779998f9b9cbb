"""The pages: one module per noun, each parses a request, calls a service and answers."""
