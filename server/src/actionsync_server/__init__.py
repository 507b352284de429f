"""The actionsync service: people, sales activities, unsubscribes and reminders between Marketo and Salesforce."""
