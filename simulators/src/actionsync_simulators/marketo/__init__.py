"""The Marketo Engage simulator: identity, leads, lists, activities, custom activities, bulk extract, usage."""
