"""Numbers and years: deterioration, benefit and a plan within budgets. Knows no database, web, file or clock."""
