"""The deployment: who may sign in as what, where the app listens, whether a base map may be asked for."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, Self, get_args

from hotspot.errors import N_, StudyError

Audience = Literal["council", "partner", "planner", "liaison", "admin"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)


@dataclass(frozen=True)
class Site:
    """How one installation is run; never part of a recipe or a result.

    Parameters
    ----------
    sign_in
        ``"none"``: one user on this machine's loopback address, who is admin; ``"oidc"``: the
        municipality's own sign-in.
    roles
        Group name of the sign-in to audience. Someone in no group sees nothing.
    partners
        Group name to the owner whose areas a partner may see.
    tokens
        SHA-256 of a token, in hexadecimal, to the audience that reads the map service with it.
    address, port
        Where the app listens.
    database
        A PostgreSQL address for pointers and decisions; empty keeps them in the study folder.
    """

    sign_in: Literal["none", "oidc"] = "none"
    roles: Mapping[str, Audience] = field(default_factory=dict)
    partners: Mapping[str, str] = field(default_factory=dict)
    tokens: Mapping[str, Audience] = field(default_factory=dict)
    address: str = "127.0.0.1"
    port: int = 8501
    database: str = ""

    def __post_init__(self) -> None:
        """Refuse an open door: no sign-in is only for this machine itself."""
        wrong = [role for role in (*self.roles.values(), *self.tokens.values()) if role not in AUDIENCES]
        if wrong or self.sign_in not in ("none", "oidc"):
            raise StudyError(
                N_("site.toml gives sign_in none or oidc, and roles among {audiences}."),
                N_("{found}"),
                N_("mend site.toml"),
                audiences=list(AUDIENCES),
                found=wrong or self.sign_in,
            )
        if self.sign_in == "none" and self.address not in ("127.0.0.1", "localhost", "::1"):
            raise StudyError(
                N_("Without a sign-in the app listens on this machine only."),
                N_("address = {address}"),
                N_('set sign_in = "oidc" in site.toml, or address = "127.0.0.1"'),
                address=self.address,
            )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read ``site.toml`` of a study folder; without one the defaults hold.

        Parameters
        ----------
        folder
            The study folder.

        Returns
        -------
        Site
            The deployment.

        Raises
        ------
        StudyError
            If the file holds something unknown or impossible.
        """
        path = folder / "site.toml"
        if not path.exists():
            return cls()
        try:
            rows = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as broken:
            raise StudyError(
                N_("site.toml is written in TOML."),
                N_("{path}: {error}"),
                N_("mend the line"),
                path=str(path),
                error=str(broken),
            ) from broken
        known = [each.name for each in fields(cls)]
        unknown = [name for name in rows if name not in known]
        if unknown:
            raise StudyError(
                N_("site.toml holds only {known}."),
                N_("{unknown}"),
                N_("mend site.toml"),
                known=known,
                unknown=unknown,
            )
        return cls(**rows)
