"""The cupboard of controlled drugs, a session's drugs, and what the leader settles."""
