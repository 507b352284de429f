"""The Tooling API as far as clients ask it what the org is made of: objects, fields, custom fields."""
