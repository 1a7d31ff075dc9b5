# Every verb also works without make:  python3 bootstrap.py && .venv/bin/python -m netral_research VERB
PYTHON ?= python3
RUN := .venv/bin/python -m

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# A Python set up for something else must not reach into this environment.
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV

.PHONY: help environment report test check why lint notebooks descriptor bench clean lock jupyter

help: ## Tampilkan daftar perintah ini | show this list of commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

environment: ## Siapkan lingkungan Python di .venv | prepare the Python environment in .venv
	@$(PYTHON) bootstrap.py

report: environment ## Susun laporan (HTML dan PDF, dua bahasa) | build the report (HTML and PDF, both languages)
	@$(RUN) netral_research report

test: environment ## Jalankan seluruh pengujian | run the whole test suite
	@$(RUN) netral_research test

check: environment ## Periksa data mentah dan study.toml saja | check the raw data and study.toml only
	@$(RUN) netral_research check

why: environment ## Sebutkan apa yang akan dijalankan ulang dan sebabnya | say what would rerun, and why
	@$(RUN) netral_research why

lint: environment ## Periksa gaya dan tipe kode | check the style and the types of the code
	@$(RUN) netral_research lint

notebooks: environment ## Jalankan ulang notebook di tempatnya | re-execute the committed notebooks in place
	@$(RUN) netral_research notebooks

descriptor: environment ## Perbarui deskriptor dan kamus data | renew the descriptors and the data dictionary
	@$(RUN) netral_research descriptor

bench: environment ## Ukur waktu tiap tahap | time each stage
	@$(RUN) netral_research bench

clean: environment ## Hapus semua hasil olahan | delete everything that was generated
	@$(RUN) netral_research clean

lock: environment ## Perbarui requirements.lock dan environment.yml (hapus dulu lock untuk versi terbaru) | renew requirements.lock and environment.yml (delete the lock first for the newest versions)
	@$(RUN) netral_research lock

jupyter: environment ## Buka notebook di JupyterLab | open the notebooks in JupyterLab
	@$(RUN) netral_research jupyter
