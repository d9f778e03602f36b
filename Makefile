# Everything that is done to this project, one word each. Needs Python 3.11+ and make; the rest is fetched.
#   make app     the fictional town, written, imported, analysed and served at a printed address
#   make demo    the same without serving, ending with the first ten priorities
#   make test    everything that must hold      make quick   its fast part, under a minute
#   make bench   what is found, times, memory   make wheel   what `pip install` takes
#   make words   new sentences into the catalogues   make lock   newer packages into constraints.txt

SHELL := /bin/sh
.NOTPARALLEL:
.DELETE_ON_ERROR:
# Another program's coordinate tables (QGIS, Debian) break rasterio's own.
unexport PROJ_DATA PROJ_LIB GDAL_DATA PYTHONPATH PYTHONHOME VIRTUAL_ENV
export UV_HTTP_TIMEOUT := 180
# An office's network may sign with its own authority: trust what the machine trusts, where it says.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),true,false)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

PYTHON ?= $(shell for p in python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
UV := $(BIN)/uv
MAP := hotspot/ui/map
MAP_SOURCES := $(shell test -d $(MAP) && find $(MAP) \( -name node_modules -o -name dist -o -name __pycache__ \) -prune \
	-o -type f ! -name '*.py' -print)
FAST := not slow and not browser and not real and not seeds and not town

# $(call apt,PACKAGES): from Debian, where we are root and the machine has it; elsewhere say what is missing.
apt = if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	mkdir -p .make && exec 9>.make/apt && flock 9 && \
	apt-get -qq -o DPkg::Lock::Timeout=300 update && DEBIAN_FRONTEND=noninteractive \
	apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 install $(1) >/dev/null; \
	else echo "missing, and only root can fetch it: $(1)" >&2; fi

help:
	@sed -n '2,6s/^# //p' Makefile

.PHONY: app demo test quick static written tests bench wheel words lock sizes unused machine environment map clean help

# --- the app -------------------------------------------------------------------------------------------------

app: environment map
	@test -e .make/demo-study || { $(MAKE) --no-print-directory demo; }
	$(BIN)/hotspot serve demo-study

demo: environment map
	@rm -rf demo-study .make/demo-study
	$(BIN)/hotspot demo demo-study
	@mkdir -p .make && touch .make/demo-study

# --- what must hold, cheapest first --------------------------------------------------------------------------

# Debian's packages come while Python's do, and types are checked beside all else that needs no test.
test:
	@mkdir -p .make; $(MAKE) --no-print-directory machine >.make/machine.txt 2>&1 & debian=$$!; \
	$(MAKE) --no-print-directory environment map static; held=$$?; \
	wait $$debian || held=2; cat .make/machine.txt; exit $$held
	@$(MAKE) --no-print-directory tests

quick: environment map
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q -n 2 -m "$(FAST)"

static: environment
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@mkdir -p .make; $(BIN)/mypy >.make/types.txt 2>&1 & types=$$!; \
	$(MAKE) --no-print-directory written; held=$$?; \
	wait $$types || held=2; cat .make/types.txt; exit $$held

written: environment
	$(BIN)/lint-imports --no-logo
	$(BIN)/numpydoc lint --config . $$(find hotspot -name node_modules -prune -o -name '*.py' -print)
	@documents=$$(grep -l '\[\[\[cog' README.md docs/*.md 2>/dev/null || true); \
	if [ -n "$$documents" ]; then echo "cog --check $$documents"; PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/cog --check $$documents; fi

tests: environment
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

bench: environment
	@$(BIN)/python -u benchmarks/every.py

# --- the environment: made again when what it is made from changes ------------------------------------------

environment: .venv/.installed

.venv/.installed: pyproject.toml constraints.txt hatch_build.py
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed" >&2; exit 2; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv || { $(call apt,python3-venv); rm -rf .venv; "$(PYTHON)" -m venv .venv; }
	@test -x $(UV) || $(BIN)/python -m pip install --quiet -c constraints.txt uv
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e '.[dev,signin,postgis]'
	@touch $@

map: environment .make/map

.make/map: $(MAP_SOURCES) hatch_build.py
	@rm -rf $(MAP)/dist
	$(BIN)/python hatch_build.py
	@mkdir -p .make && touch $@

# A browser, pictures of a PDF, and a database with PostGIS: what tests need from Debian.
machine:
	@wanted=; command -v chromium >/dev/null 2>&1 && command -v pdftoppm >/dev/null 2>&1 || wanted="chromium poppler-utils"; \
	ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 || wanted="$$wanted postgresql postgresql-postgis"; \
	[ -z "$$wanted" ] || { $(call apt,$$wanted); }

# --- what is handed over, and the chores -------------------------------------------------------------------

wheel: environment map
	@rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist
	@ls -l dist

words: environment
	$(BIN)/python tests/house/words.py

sizes: environment
	$(BIN)/python tests/house/source.py

# Functions that nothing but a test or another project could use: places to look, not faults.
unused: environment
	@$(BIN)/vulture hotspot $(wildcard app.py) --exclude node_modules --min-confidence 60 | grep -E 'unused (function|method|class|property)' || true

lock:
	$(UV) pip compile --quiet --upgrade --python-version 3.11 --no-header --no-annotate --no-emit-index-url \
		--extra dev --extra signin --extra postgis pyproject.toml -o constraints.txt

clean:
	rm -rf .venv .make dist build demo-study .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf $(MAP)/dist $(MAP)/node_modules hotspot.egg-info
	find hotspot tests data benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
