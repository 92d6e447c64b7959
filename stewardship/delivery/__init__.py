"""Getting a message to somebody: mail by SMTP, everything else by Apprise, and no secret in anything written down."""
