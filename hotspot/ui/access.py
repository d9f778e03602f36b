"""Who is looking, and so which release is made for them."""

import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from hotspot.site import Audience, Site

LOWERS: dict[Audience, tuple[Audience, ...]] = {
    "admin": ("admin", "planner", "liaison", "council"),
    "planner": ("planner", "council"),
    "liaison": ("liaison", "council"),
    "partner": ("partner",),
    "council": ("council",),
}
FREE_FILTERS: tuple[Audience, ...] = ("planner", "liaison", "admin")
SEES_ALL: tuple[Audience, ...] = ("liaison", "admin")


@dataclass(frozen=True)
class Reader:
    """Someone who may look.

    Parameters
    ----------
    audience
        What the sign-in allows at most.
    owner
        For a partner: whose areas.
    mark
        Stands for the sign-in in the account of who did what, without a name; empty without sign-in.
    """

    audience: Audience
    owner: str = ""
    mark: str = field(default="", compare=False)


def who_looks(site: Site) -> Reader | None:
    """Return who is looking, by the sign-in alone.

    Parameters
    ----------
    site
        The deployment's roles.

    Returns
    -------
    Reader or None
        None for a stranger: nobody in no group sees anything.
    """
    if site.sign_in == "none":
        return Reader("admin")
    user = st.user
    if not user.is_logged_in or float(str(user.get("exp") or 0)) < time.time():
        return None
    told: Any = user.get("groups")
    groups = [str(each) for each in told] if isinstance(told, list | tuple) else []
    roles = [site.roles[group] for group in groups if group in site.roles]
    order: tuple[Audience, ...] = ("admin", "liaison", "planner", "partner", "council")
    for role in order:
        if role in roles:
            owners = [site.partners[group] for group in groups if group in site.partners]
            return Reader(role, owners[0] if owners else "", _mark(str(user.get("iss")), str(user.get("sub"))))
    return None


def _mark(issuer: str, subject: str) -> str:
    return hashlib.sha256(f"{issuer} {subject}".encode()).hexdigest()[:12]
