"""The commands of docs/vancouver.md, run as they stand there on the real files."""

import json
import re
import shlex
import subprocess
import sys

import pyogrio
import pytest


@pytest.mark.real
@pytest.mark.slow
def test_the_documented_commands_give_an_honest_shorter_answer(root, real_data, tmp_path):
    text = (root / "docs" / "vancouver.md").read_text("utf-8")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    assert len(commands) == 9
    printed = []
    for command in commands:
        words = [word.replace("DATA", str(real_data / "vancouver")) for word in shlex.split(command)]
        done = subprocess.run([sys.executable, "-m", *words], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
        printed.append(done.stdout)
    incidents, lamps, check = printed[1], printed[5], printed[6]
    assert "32,437 rows read" in incidents
    assert "1,329 rows: repeats another row in every column" in incidents
    assert "4,196 rows at exactly 00:00" in incidents
    assert "“Offence Against a Person”: all" in incidents
    assert "exactly 10,000 rows" in lamps
    for missing in ("Felt unsafety", "Light along paths and streets"):
        assert f"“{missing}” cannot be said without" in check
    folder = tmp_path / "vancouver"
    current = (folder / "results" / "current").read_text("utf-8").strip()
    record = json.loads((folder / "results" / current / "run.json").read_text("utf-8"))
    assert record["key"] == current
    names = {name for name, _ in pyogrio.list_layers(tmp_path / "vancouver.gpkg")}
    assert {"areas", "cells", "hotspots"} <= names
    areas = pyogrio.read_dataframe(folder / "results" / current / "hotspot.gpkg", layer="areas")
    assert len(areas) >= 22
