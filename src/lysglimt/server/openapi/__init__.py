"""Every address of the server, described for programs: OpenAPI 3.1."""
