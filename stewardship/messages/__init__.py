"""What a message says, in the reader's language, as plain text and as HTML."""
