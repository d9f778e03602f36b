"""The release as a map service that QGIS and others can read: OGC API Features over the app's own server."""

from hotspot.service.features import feature_routes

__all__ = ["feature_routes"]
