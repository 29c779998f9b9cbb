"""Layers and coordinates: reads foreign files in a sandbox and knows nothing of assets, web or database."""
