"""The actionsync.v1 contract: generated messages and stubs."""
