"""What surrounds an incident or a walk: sun, lamps, green areas, lines of sight and ways.

Reading order: ``sun``, ``lamps``, ``light``, ``routes``, ``path_light``, ``sight``, ``green``.
"""
