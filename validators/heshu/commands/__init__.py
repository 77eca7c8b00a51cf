"""What commands do, apart from options and exit codes: one module a command."""
