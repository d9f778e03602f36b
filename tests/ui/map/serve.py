"""Serves the page under a content security policy that lets nothing in from elsewhere."""

import base64
import hashlib
import re
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

INDEX = (Path(st.__file__).parent / "static" / "index.html").read_text()
HASHES = [
    "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"
    for script in re.findall(r"<script>(.*?)</script>", INDEX, re.DOTALL)
]
POLICY = "; ".join(
    [
        "default-src 'self'",
        f"script-src 'self' 'wasm-unsafe-eval' blob: {' '.join(HASHES)}",
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self' ws: blob: data:",
        "worker-src 'self' blob:",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
    ]
)


class Strict:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", POLICY.encode())]
            await send(message)

        await self.app(scope, receive, answer)


app = st.App("page.py", middleware=[Middleware(Strict)])
