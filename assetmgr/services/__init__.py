"""What people do: each thing one function. Services write through a `Writing` and never commit."""
