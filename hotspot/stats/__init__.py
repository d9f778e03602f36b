"""Numbers in, numbers out: the statistics behind every layer, without maps or files."""
