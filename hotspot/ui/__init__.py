"""The app. Read `serve`, `start`, `script`, `access`, `desk`, `form`, then `pages` and `parts`."""
