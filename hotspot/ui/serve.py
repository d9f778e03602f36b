"""Starting the app: one server for the pages, the map component and the map service."""

import os
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import App

from hotspot.release import Release
from hotspot.service import feature_routes
from hotspot.site import Audience, Site
from hotspot.ui.desk import open_desk

STUDY = "HOTSPOT_STUDY"
SCRIPT = Path(__file__).parent / "start" / "script.py"
# The hash is that of the one inline script of Streamlit's own page; the policy is also the proof that nothing
# leaves this machine.
_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' blob: "
    "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss: blob: data:; worker-src 'self' blob:; "
    "img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)
_SETTINGS = {  # as .streamlit/config.toml of the checkout; a test holds them together
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "runner.magicEnabled": False,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.enableStaticServing": False,
    "server.maxUploadSize": 200,
    "theme.font": "sans-serif",
    "theme.primaryColor": "#00527a",
    "theme.baseRadius": "6px",
    "theme.dark.primaryColor": "#7cc4ea",
}


class _Headers:
    """Adds the security headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        await self.app(scope, receive, with_headers)


def study_folder() -> Path:
    """Return the study that the app shows: the variable ``HOTSPOT_STUDY``, else ``demo-study``.

    Returns
    -------
    Path
        The folder, which need not exist.
    """
    return Path(os.environ.get(STUDY, "demo-study"))


def routes() -> list[Route]:
    """Return the map service of the study that the app shows, to stand beside the pages.

    Returns
    -------
    list of Route
        Answers with what the asker's audience may see.
    """
    folder = study_folder()
    site = Site.read(folder) if folder.is_dir() else Site()

    def released(audience: Audience) -> Release:
        return open_desk(str(folder.resolve())).release_now(audience)

    def account(details: dict[str, str]) -> None:
        open_desk(str(folder.resolve())).store.audit("service", details)

    return feature_routes(site, released, account=account)


def middleware() -> list[Middleware]:
    """Return what stands before every answer.

    Returns
    -------
    list of Middleware
        The security headers.
    """
    return [Middleware(_Headers)]


def serve(folder: Path, site: Site, port: int | None) -> None:
    """Open the app for a study; returns when it is stopped.

    Parameters
    ----------
    folder
        The study's folder.
    site
        Where it listens.
    port
        Another port than the site's.
    """
    os.environ[STUDY] = str(folder.resolve())
    listens = port or site.port
    print(f"http://{site.address}:{listens}", flush=True)  # noqa: T201 - the address is what the reader needs
    app = App(SCRIPT, routes=routes(), middleware=middleware())
    app.run(config={**_SETTINGS, "server.address": site.address, "server.port": listens})
