"""Drafting a manifest for a file from the file itself (``heshu init``)."""
