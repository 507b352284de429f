"""What the service needs of the outside: Marketo and Salesforce, real or simulated, reached by URL alone.

`SystemClients` (clients.py) makes one client per connection. Every call of a client goes one way:

    method (leads, query, …) → calls.py   token, judgement of the answer, retries that are safe
                             → pace.py    at most so many calls per window and at once
                             → http.py    one exchange: deadline, lost connections, no redirects

What a code of a system means, who must act and how: explain.py, from the one table of that system.

A client raises nothing but the SystemFailure family of `model.errors`.
"""
