"""Two waves of a safety survey: a weighted sample in every housing area, and some answers by an open link."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .geography import Geography
from .people import AGE_SHARES, ELSEWHERE
from .plan import CELL_M, DISTRICTS, stream

ITEMS: Final = ("area", "day", "dark", "riding", "gathering", "neighbours", "outdoors", "victim", "reported")
UNSAFE: Final = {  # share who feel unsafe in the neighbourhood, by day, after dark
    "villa": (0.06, 0.02, 0.12), "garden": (0.06, 0.03, 0.13), "terraced": (0.13, 0.05, 0.23),
    "highrise": (0.17, 0.07, 0.27), "perimeter": (0.09, 0.04, 0.18), "student": (0.09, 0.04, 0.19),
    "mixed": (0.14, 0.06, 0.23), "centre": (0.13, 0.05, 0.24),
}  # fmt: skip
FELT_SHARES: Final = {"B10": (0.48, 0.22, 0.58), "B04": (0.03, 0.01, 0.06)}
SAW_RIDING: Final = {"B08": 0.45, "B11": 0.35}
SAW_GATHERING: Final = {"B06": 0.4, "B07": 0.38, "C01": 0.35}
RESPONSE: Final = (0.24, 0.42, 0.61)  # ages 18-29, 30-64, 65 and over
AGE_LOGIT: Final = (0.25, 0.0, -0.2)
TRAIT: Final = 0.8
SIZE: Final = {"C01": 44}
PER_AREA: Final = 59
OPEN_LINK: Final = 110
WALK: Final = ("Meget tryg", "Ret tryg", "Hverken eller", "Lidt utryg", "Meget utryg")


class Wave(NamedTuple):
    """One wave and the names its file gives the columns."""

    year: int
    first: str
    days: int
    open_link: int
    columns: tuple[str, ...]


WAVES: Final = (
    Wave(2023, "2023-09-04", 42, 0, (
        "Svarnr", "Dato", "Indsamling", "Vægt", "Områdekode", "Øst", "Nord", "Tryghed i nabolaget (1-7)",
        "Tryg om dagen", "Tryg efter mørkets frembrud", "Set utryghedsskabende knallertkørsel", "Set ophold og uro",
        "Naboer hjælper hinanden", "Bruger udearealer", "Udsat for kriminalitet", "Anmeldt")),
    Wave(2025, "2025-09-01", 42, OPEN_LINK, (
        "Svar-id", "Besvaret", "Metode", "Vaegt", "Område", "X", "Y", "Basal tryghed i mit nabolag",
        "Færdes alene om dagen", "Færdes alene efter mørkets frembrud", "Oplevet knallertkørsel",
        "Oplevet ophold og uro", "Naboskab", "Udeliv", "Offer for kriminalitet", "Anmeldt til politiet")),
)  # fmt: skip


def _shares(area_id: str, pattern: str, *, plants: bool) -> tuple[float, float, float]:
    return FELT_SHARES[area_id] if plants and area_id in FELT_SHARES else UNSAFE[pattern]


def _adults(pattern: str) -> NDArray[np.float64]:
    shares = np.array(AGE_SHARES.get(pattern, ELSEWHERE))[1:]
    found: NDArray[np.float64] = shares / shares.sum()
    return found


def _people(rng: np.random.Generator, wave: Wave) -> pd.DataFrame:
    """Who answered: area, age (not delivered), weight, and whether by sample or open link."""
    frames = []
    for district in DISTRICTS:
        if district.residents < 500:
            continue
        n = SIZE.get(district.area_id, PER_AREA) + int(rng.integers(-6, 7))
        shares = _adults(district.pattern)
        biased = shares * np.array(RESPONSE)
        age = rng.choice(3, n, p=biased / biased.sum())
        adults = district.residents * (1 - AGE_SHARES.get(district.pattern, ELSEWHERE)[0])
        weight = (shares / (biased / biased.sum()))[age]
        frames.append(pd.DataFrame({"area_id": district.area_id, "pattern": district.pattern, "age": age,
                                    "weight": weight * adults / weight.sum(), "mode": "Stikprøve"}))  # fmt: skip
    sample = pd.concat(frames, ignore_index=True)
    joined = sample.sample(wave.open_link, random_state=int(rng.integers(2**31))).assign(
        weight=np.nan, mode="Åbent link"
    )
    return pd.concat([sample, joined], ignore_index=True)


def _yes(rng: np.random.Generator, chance: NDArray[np.float64]) -> NDArray[np.object_]:
    answer = np.where(rng.random(len(chance)) < chance, "Ja", "Nej").astype(object)
    answer[rng.random(len(chance)) < 0.02] = "Ved ikke"
    return answer


def _walk(rng: np.random.Generator, chance: NDArray[np.float64], never: float) -> NDArray[np.object_]:
    n = len(chance)
    unsafe = rng.random(n) < chance
    step = np.where(unsafe, rng.choice([3, 4], n, p=[0.68, 0.32]), rng.choice([0, 1, 2], n, p=[0.42, 0.46, 0.12]))
    answer = np.array(WALK, dtype=object)[step]
    answer[rng.random(n) < never * (0.5 + 2 * chance)] = "Går aldrig ud"
    answer[rng.random(n) < 0.015] = "Ved ikke"
    return answer


def _logit(share: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.log(share / (1 - share))
    return found


def _answers(rng: np.random.Generator, people: pd.DataFrame, *, plants: bool) -> pd.DataFrame:
    n = len(people)
    base = np.array([_shares(a, p, plants=plants) for a, p in zip(people["area_id"], people["pattern"], strict=True)])
    area_noise = people["area_id"].map({a: rng.normal(0, 0.12) for a in sorted(set(people["area_id"]))}).to_numpy()
    worry = rng.normal(0, TRAIT, n) + np.array(AGE_LOGIT)[people["age"]] + area_noise
    worry += (people["mode"] == "Åbent link").to_numpy() * 0.7  # those who choose to answer are more worried
    stretch = np.sqrt(1 + 0.346 * TRAIT**2)  # keeps the area's share when the trait is averaged out
    chance = 1 / (1 + np.exp(-(_logit(base) * stretch + worry[:, None])))
    unsafe = rng.random(n) < chance[:, 0]
    calm = rng.choice([1, 2, 3, 4], n, p=[0.42, 0.33, 0.16, 0.09])
    scale = np.where(unsafe, rng.choice([5, 6, 7], n, p=[0.55, 0.3, 0.15]), calm).astype(object)
    scale[rng.random(n) < 0.012] = ""
    victim = _yes(rng, np.where(people["area_id"] == "B05", 0.14, 0.08))
    reported = np.where(victim == "Ja", np.where(rng.random(n) < 0.62, "Ja", "Nej"), "")
    helped = np.where(people["pattern"].isin(["highrise", "student"]), 0.6, 0.78) - 0.25 * chance[:, 0]
    return pd.DataFrame({
        "area": scale, "day": _walk(rng, chance[:, 1], 0.01), "dark": _walk(rng, chance[:, 2], 0.06),
        "riding": _yes(rng, people["area_id"].map(SAW_RIDING if plants else {}).fillna(0.17).to_numpy(dtype=float)),
        "gathering": _yes(rng, people["area_id"].map(SAW_GATHERING if plants else {}).fillna(0.16).to_numpy(dtype=float)),
        "neighbours": _yes(rng, helped), "outdoors": _yes(rng, 0.78 - 0.4 * chance[:, 0]),
        "victim": victim, "reported": reported,
    })  # fmt: skip


def _homes(rng: np.random.Generator, geo: Geography, people: pd.DataFrame) -> pd.DataFrame:
    """The middle of the 100 m cell of a home, for those who let their position be kept."""
    homes = geo.buildings[geo.buildings["residents"] > 0]
    places = np.full((len(people), 2), np.nan)
    for area_id, rows in people.groupby("area_id").indices.items():
        mine = homes[homes["area_id"] == area_id]
        weight = mine["residents"].to_numpy(dtype=float)
        chosen = rng.choice(len(mine), len(rows), p=weight / weight.sum())
        centres = shapely.get_coordinates(mine.geometry.centroid.to_numpy())[chosen]
        places[rows] = np.floor(centres / CELL_M) * CELL_M + CELL_M / 2
    hidden = (rng.random(len(people)) < 0.3) | ~shapely.contains(geo.outline, shapely.points(places))
    places[hidden] = np.nan
    return pd.DataFrame(places, columns=["x", "y"])


def survey_wave(rng: np.random.Generator, geo: Geography, wave: Wave, *, plants: bool) -> pd.DataFrame:
    """One wave's file, with that wave's own column names."""
    people = _people(rng, wave)
    answers, homes = _answers(rng, people, plants=plants), _homes(rng, geo, people)
    asked = pd.Timestamp(wave.first) + pd.to_timedelta(rng.integers(0, wave.days, len(people)), unit="D")
    table = pd.concat([
        pd.DataFrame({"id": "", "date": asked.strftime("%d-%m-%Y"), "mode": people["mode"],
                      "weight": people["weight"].round(3), "area_id": people["area_id"]}),
        homes, answers], axis=1)  # fmt: skip
    table = table.sample(frac=1, random_state=int(rng.integers(2**31))).reset_index(drop=True)
    table["area_id"] = table["area_id"].where(rng.random(len(table)) > 0.02, "")
    table["id"] = [f"{wave.year}-S{i + 1:04d}" for i in range(len(table))]
    table.columns = pd.Index(wave.columns)
    return table


def survey(geo: Geography, seed: int, *, plants: bool = True) -> dict[int, pd.DataFrame]:
    """Both waves, by year."""
    rng = stream(seed, "survey")
    return {wave.year: survey_wave(rng, geo, wave, plants=plants) for wave in WAVES}
