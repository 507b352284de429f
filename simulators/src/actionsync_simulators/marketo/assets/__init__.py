"""Assets: folders and their tokens, emails, segmentations, and the definitions of static lists."""
