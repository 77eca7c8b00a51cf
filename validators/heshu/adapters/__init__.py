"""Heshu at home in other tools: one module a tool, each imported only on use and tested against the real library."""
