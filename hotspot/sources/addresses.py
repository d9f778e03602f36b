"""Deliveries that are not files: a WFS, an OGC API or a PostGIS table, copied whole into a file and read as one.

The copy is what counts: it is what the hash in the register is of, and what a second reading would see.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import geopandas
import pyogrio

from hotspot.errors import N_, SourceError

_WEB, _DATABASE = ("http", "https"), ("postgresql", "postgres")
_SECONDS = "60"
_WRITTEN = "2000-01-01T00:00:00.000Z"  # a fixed day, so that the same rows make the same file
_NOT_A_NAME = re.compile(r"[^\w.-]+")
_SECRETS = ("token", "apikey", "api_key", "key", "password", "username", "user")


def is_address(text: str) -> bool:
    """Tell whether a delivery is asked for at an address instead of read from a file.

    Parameters
    ----------
    text
        A path, or an address that starts with ``http://``, ``https://`` or ``postgresql://``.
    """
    return text.partition("://")[0].lower() in (*_WEB, *_DATABASE) and "://" in text


def without_secrets(address: str) -> str:
    """Return an address as it may be stored and shown: no password, token or user.

    Parameters
    ----------
    address
        As the user gave it.
    """
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in _SECRETS])
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


@contextmanager
def copied(address: str, layer: str | None = None) -> Iterator[Path]:
    """Copy what lies at an address into a GeoPackage for as long as it is needed.

    Parameters
    ----------
    address
        Of a WFS (``https://…?service=WFS``), of an OGC API with features (its landing page), or of a PostgreSQL
        database (``postgresql://host/database``).
    layer
        The feature type, collection or table (``schema.table``); may be left out where there is one only.

    Yields
    ------
    Path
        A GeoPackage with one layer, gone when the block ends.

    Raises
    ------
    SourceError
        If nobody answers, the answer is no map service, or there are several layers and none was chosen.

    Notes
    -----
    Rows are asked for page by page, so that a service with a limit per answer is read whole. A header that the service
    asks for, such as a token, is taken from the environment variable ``GDAL_HTTP_HEADERS``; a database's
    password from ``PGPASSWORD`` or ``~/.pgpass``.
    """
    by_database = urlsplit(address).scheme.lower() in _DATABASE
    name, frame = _from_database(address, layer) if by_database else _from_service(address, layer)
    with tempfile.TemporaryDirectory(prefix="hotspot-") as folder:
        path = Path(folder) / (_NOT_A_NAME.sub("_", name) + ".gpkg")
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _WRITTEN})
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG")
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        yield path


def _from_service(address: str, layer: str | None) -> tuple[str, Any]:
    wfs = "wfs" in address.lower()
    opened = ("WFS:" if wfs else "OAPIF:") + address
    pyogrio.set_gdal_config_options({"GDAL_HTTP_TIMEOUT": _SECONDS})
    try:
        names = [str(name) for name in pyogrio.list_layers(opened)[:, 0]]
        chosen = _chosen(names, layer, address)
        frame = pyogrio.read_dataframe(opened, layer=chosen, datetime_as_string=True, force_2d=True)
        matched = pyogrio.read_info(opened, layer=chosen, force_feature_count=True)["features"]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise _unanswered(address, error) from error
    if len(frame) < matched:
        raise SourceError(
            N_("A service is read whole or not at all."),
            N_("{address} answered {n} of {matched} {matched:row|rows}"),
            N_("ask its owner for a larger limit or for paging, or import a file"),
            address=without_secrets(address),
            n=len(frame),
            matched=matched,
        )
    return chosen, frame


def _from_database(address: str, table: str | None) -> tuple[str, Any]:
    import sqlalchemy as sql

    scheme, _, rest = address.partition("://")
    try:
        engine = sql.create_engine(f"postgresql+psycopg://{rest}")
    except ModuleNotFoundError as missing:
        raise SourceError(
            N_("PostGIS tables are read with the database's own client."),
            N_("it is not installed ({scheme})"),
            N_("pip install 'hotspot[postgis]'"),
            scheme=scheme,
        ) from missing
    try:
        with engine.connect() as connection:
            asked = "select f_table_schema, f_table_name, f_geometry_column from geometry_columns order by 1, 2"
            shapes = {f"{schema}.{name}": column for schema, name, column in connection.execute(sql.text(asked))}
            chosen = _chosen(list(shapes), _whole_name(table), address)
            quoted = ".".join(engine.dialect.identifier_preparer.quote(part) for part in chosen.split("."))
            frame = geopandas.read_postgis(  # type: ignore[call-overload]  # the stubs know no text clause
                sql.text(f"select * from {quoted}"),  # noqa: S608 - a name of the database's own list, quoted
                connection,
                geom_col=shapes[chosen],
            )
    except sql.exc.SQLAlchemyError as error:
        raise _unanswered(address, error) from error
    finally:
        engine.dispose()
    return chosen, frame


def _whole_name(table: str | None) -> str | None:
    return f"public.{table}" if table and "." not in table else table


def _chosen(names: list[str], layer: str | None, address: str) -> str:
    short = {name.rpartition(":")[2]: name for name in names}  # a WFS may write namespace:name
    if layer is not None and (layer in names or layer in short):
        return layer if layer in names else short[layer]
    if layer is None and len(names) == 1:
        return names[0]
    raise SourceError(
        N_("One layer of a service is imported at a time."),
        N_("{address} with {layers}"),
        N_("add --layer with one of these names"),
        address=without_secrets(address),
        layers=", ".join(names) or "–",
    )


def _unanswered(address: str, error: Exception) -> SourceError:
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    for secret in (urlsplit(address).password, *(value for name, value in parse_qsl(urlsplit(address).query))):
        if secret:
            reason = reason.replace(secret, "…")
    return SourceError(
        N_("A delivery's address is that of a WFS, an OGC API with features or a PostGIS database."),
        N_("{address}: {error}"),
        N_("open the address in a browser or in QGIS; if that works, save the layer as GeoPackage and import the file"),
        address=without_secrets(address),
        error=reason,
    )
