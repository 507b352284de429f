"""What companies, opportunities, their roles and sales persons have in common: describe, query, sync and delete."""
