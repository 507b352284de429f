"""Bringing facts to the systems: one lane for each instance and system, one machine for all of them.

lanes       what may be known of a lane without the store: its wake-up, whether its system is closed to us
claims      whose turn it is; durable before the first byte leaves
parcels     what is needed to write a delivery: activity, person, seller
marketo_*   writing rows, looking up lost answers
salesforce_* writing Tasks (finding the record and building the Task are in flows/logging), each by its login
engagement_writer  marking the Tasks of mails with what recipients did
allowance   who gives way when the day's calls run out, and who asks first again
outcomes, settlement   what came of it: pure values, then one transaction
rounds      one step of the loop
releases    what waited goes on
desk        what people see and do
"""
