"""The Salesforce simulator: REST, SOQL, OAuth and their limits, against one in-memory org."""
