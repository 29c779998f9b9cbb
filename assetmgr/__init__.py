"""Open asset management (tillgångsägarskap) with a maintenance planner, for Swedish municipalities."""

__version__ = "0.1.0"
