"""Django's PostgreSQL backend, which tells the database whose rows are asked for."""
