"""Any file in, a checked table and its quarantine out."""
