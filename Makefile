# The project's tasks; each runs in the environment of `pip install -c constraints.txt -e '.[dev]'`.
PYTHON ?= .venv/bin/python

.PHONY: check test quick lint types contracts made templates sample translations help constraints pictures site site-pictures fuzz worlds benchmark

check: lint types contracts test  ## everything but the benchmark

test:  ## all tests
	$(PYTHON) -m pytest

quick:  ## without what is slow or needs LibreOffice
	$(PYTHON) -m pytest -m "not slow and not libreoffice"

lint:
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .

types:
	$(PYTHON) -m mypy

contracts:
	$(PYTHON) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

made: templates translations help  ## what tools make and the repository keeps (the sample apart)

templates:  ## templates/*.docx, templates/en/*.docx
	$(PYTHON) -m tools.make_report_template
	$(PYTHON) -m tools.make_summary_template
	$(PYTHON) -m tools.make_unit_template

sample:  ## sample_data/; needs LibreOffice
	$(PYTHON) -m tools.make_sample

translations:  ## the Vietnamese catalogue; prints what lacks a translation
	$(PYTHON) -m tools.translations

help:  ## docs/commands.md and docs/findings.md, both with their .vi.md
	$(PYTHON) -m tools.help_pages
	$(PYTHON) -m tools.findings_pages

constraints:  ## constraints.txt: the newest versions, for every Python and system; then run all tests with them
	$(PYTHON) -m uv pip compile -q --upgrade --universal --python-version 3.11 --all-extras --no-annotate \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make constraints" \
	  --output-file constraints.txt pyproject.toml

pictures:  ## docs/images/; needs LibreOffice and a folder where `reportctl demo` was run
	$(PYTHON) -m tools.pictures reportctl-demo
	$(PYTHON) -m tools.template_pictures reportctl-demo

site:  ## build/site: the documentation as a site, of docs/ and mkdocs.yml; needs the extra `docs`
	NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs build --strict

site-pictures:  ## docs/guide/**/images/; needs LibreOffice, pdftoppm and Pillow
	$(PYTHON) -m tools.site_pictures

SEED ?= 1
CASES ?= 20000
fuzz:  ## spoilt workbooks through the intake; more of them than the tests try
	$(PYTHON) -m tests.hostile.fuzz --seed $(SEED) --cases $(CASES)

WORLDS ?= 200
worlds:  ## random provinces against a computation of their own; more of them than the tests try
	$(PYTHON) -m tests.worlds --seed $(SEED) --worlds $(WORLDS)

benchmark:
	$(PYTHON) -m benchmarks --units 150
	$(PYTHON) -m benchmarks --form big
