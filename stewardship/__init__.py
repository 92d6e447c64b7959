"""The steward's desk: what the gates found as cases with a history, who answers for them, and how they are told."""
