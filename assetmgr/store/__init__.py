"""Queries and writes, always within one municipality and under the access policy."""
