"""What every call passes through, one concern a file; rpc/stack shows their order."""
