"""SOQL and SOSL over HTTP, page by page."""
