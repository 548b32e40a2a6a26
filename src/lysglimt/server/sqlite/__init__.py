"""Django's SQLite backend on the SQLite that pysqlite3 carries, where there is one."""
