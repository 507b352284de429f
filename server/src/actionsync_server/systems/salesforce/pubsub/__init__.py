"""Change events by Salesforce's Pub/Sub API: who changed which kind of record, and which fields of it."""
