"""The app. Read `serve`, `script`, `access`, `desk`, `form`, then `pages` and `parts`."""
