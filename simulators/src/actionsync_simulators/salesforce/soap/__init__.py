"""The SOAP API: login and what REST has no call for, conversion and merge."""
