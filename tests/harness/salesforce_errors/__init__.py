"""One case for every way in which the Salesforce simulator refuses, by what is wrong."""
