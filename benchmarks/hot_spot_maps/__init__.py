"""Towns of chance and of planted hot spots, and what is tried on them; read by benchmarks/calibration.py."""
