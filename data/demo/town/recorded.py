"""The two incident files as they are delivered: the police extract and the municipality's own reports."""

from typing import Final

import numpy as np
import pandas as pd

from .geography import Geography
from .plan import ORIGIN, stream

TEXTS: Final = {
    "riding": ("Utryghedsskabende knallertkørsel",), "gathering": ("Ophold og uro",), "vandalism": ("Hærværk",),
    "burglary": ("Indbrud i beboelse", "Indbrud i forretning/virksomhed"), "violence": ("Vold",),
    "theft": ("Tyveri", "Cykeltyveri", "Butikstyveri"), "drugs": ("Narkotikarelateret uro",),
    "fire": ("Brand (container/bil)",),
}  # fmt: skip
CODES: Final = {text: f"{10 + i}{j}" for i, texts in enumerate(TEXTS.values()) for j, text in enumerate(texts)}
DUPLICATES: Final = 0.16  # share of the municipality's clock-timed reports that the police has too
POLICE: Final = (
    "Sagsnr",
    "Gerningskode",
    "Gerningstekst",
    "Fra dato",
    "Fra kl",
    "Til dato",
    "Til kl",
    "X",
    "Y",
)
REPORTS: Final = ("Henvendelse nr", "Emne", "Dato", "Tidspunkt", "Øst", "Nord", "Nøjagtighed (m)", "Kanal")


def texts(rng: np.random.Generator, frame: pd.DataFrame, geo: Geography) -> pd.Series:
    """The source's own words for each incident; a burglary's depend on whether people live in the cell."""
    homes = dict(zip(geo.cells["cell_id"], geo.cells["residents"] >= geo.cells["visits"], strict=True))
    draw = rng.random(len(frame))
    lived = frame["cell_id"].map(homes).to_numpy(dtype=bool)
    found = frame["category"].map(lambda c: TEXTS[c][0]).to_numpy(dtype=object)
    category = frame["category"].to_numpy()
    found[(category == "burglary") & ~lived] = TEXTS["burglary"][1]
    found[(category == "theft") & (draw < 0.3)] = TEXTS["theft"][1]
    found[(category == "theft") & (draw > 0.7) & ~lived] = TEXTS["theft"][2]
    return pd.Series(found, index=frame.index)


def _twice(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Municipal reports that the police recorded as well: the same place within 25 m, the same hour."""
    town = frame[(frame["source"] == "kommune") & (frame["basis"] == "instant")]
    twice = town[rng.random(len(town)) < DUPLICATES].copy()
    twice["duplicate_of"] = twice["key"]
    twice["key"] = twice["key"] + "-P"
    twice["source"] = "politi"
    later = pd.to_timedelta(rng.integers(-6, 8, len(twice)) * 5, unit="min")
    for column in ("start_local", "end_local"):
        twice[column] = twice[column] + later
    twice["x"] = twice["x"] + np.clip(rng.normal(0, 7, len(twice)), -17, 17)
    twice["y"] = twice["y"] + np.clip(rng.normal(0, 7, len(twice)), -17, 17)
    return twice


def _comma(values: pd.Series) -> pd.Series:
    text = values.map(lambda v: f"{v:.2f}".replace(".", ","))
    return text.where(values.notna(), "")


def _spoil(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """A few rows as no one would want them: no place, a place outside, an impossible time, to before from."""
    spoilt = frame.copy()
    spoilt["spoilt"] = ""
    rows = rng.choice(len(spoilt), 52, replace=False)
    for reason, chosen in zip(
        ("no place", "outside", "bad time", "to before from"), np.split(rows, (18, 32, 44)), strict=True
    ):
        spoilt.iloc[chosen, spoilt.columns.get_loc("spoilt")] = reason
    lost, outside = spoilt["spoilt"] == "no place", spoilt["spoilt"] == "outside"
    spoilt.loc[lost, ["x", "y"]] = np.nan
    spoilt.loc[outside, "x"] = ORIGIN[0] + rng.uniform(20, 120, int(outside.sum()))
    return spoilt


def police_file(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """The police extract: semicolons, decimal commas, from and to as dates and clock times."""
    frame = frame.reset_index(drop=True)
    swap = (frame["spoilt"] == "to before from") & (frame["end_local"] > frame["start_local"])
    start = frame["start_local"].where(~swap, frame["end_local"])
    end = frame["end_local"].where(~swap, frame["start_local"])
    table = pd.DataFrame({
        "Sagsnr": [f"TV{t.year % 100}-{i + 1:05d}" for i, t in enumerate(frame["start_local"])],
        "Gerningskode": frame["text"].map(CODES), "Gerningstekst": frame["text"],
        "Fra dato": start.dt.strftime("%d-%m-%Y"), "Fra kl": start.dt.strftime("%H:%M"),
        "Til dato": end.dt.strftime("%d-%m-%Y"), "Til kl": end.dt.strftime("%H:%M"),
        "X": _comma(frame["x"]), "Y": _comma(frame["y"]),
    })  # fmt: skip
    bad = frame["spoilt"] == "bad time"
    table.loc[bad, "Fra kl"] = rng.choice(["25:70", "99:99", "kl ukendt"], int(bad.sum()))
    return table


def reports_file(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """The municipality's reports: a sheet with Danish dates, times such as 'kl. 14.30', and days without a time."""
    frame = frame.reset_index(drop=True)
    dated = frame["basis"] == "date"
    day = frame["start_local"].dt.strftime("%d.%m.%Y")
    day = day.where(frame["spoilt"] != "bad time", "31.02.2024")
    return pd.DataFrame({
        "Henvendelse nr": [f"H-{t.year}-{i + 1:04d}" for i, t in enumerate(frame["start_local"])],
        "Emne": frame["text"], "Dato": day,
        "Tidspunkt": frame["start_local"].dt.strftime("kl. %H.%M").where(~dated, None),
        "Øst": frame["x"].round(1), "Nord": frame["y"].round(1),
        "Nøjagtighed (m)": rng.choice([5, 10, 20, 50], len(frame), p=[0.3, 0.4, 0.2, 0.1]),
        "Kanal": rng.choice(["Giv et praj", "Telefon", "Driftspersonale"], len(frame), p=[0.6, 0.25, 0.15]),
    })  # fmt: skip


def deliver(geo: Geography, frame: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The two files and the key that tells which rows are planted, twice there or spoilt."""
    rng = stream(seed, "messy")
    frame = frame.assign(key=[f"T{i + 1:05d}" for i in range(len(frame))], duplicate_of="")
    frame["text"] = texts(rng, frame, geo)
    frame = pd.concat([frame, _twice(rng, frame)], ignore_index=True)
    frame = _spoil(rng, frame).sort_values(["start_local", "key"], kind="stable", ignore_index=True)
    police, town = frame[frame["source"] == "politi"], frame[frame["source"] == "kommune"]
    files = police_file(rng, police), reports_file(rng, town)
    key = pd.concat(
        [
            police.assign(row_id=files[0]["Sagsnr"].to_numpy()),
            town.assign(row_id=files[1]["Henvendelse nr"].to_numpy()),
        ]
    )
    columns = ["row_id", "source", "category", "text", "plant", "duplicate_of", "spoilt", "key", "cell_id"]
    return *files, key[columns].reset_index(drop=True)
