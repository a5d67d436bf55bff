"""What is kept in a database: SQLite beside the workspace, PostgreSQL when told."""
