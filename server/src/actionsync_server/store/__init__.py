"""The store: the one meeting point of all flows. Schema, migrations, a Database, one file of queries per concern."""
