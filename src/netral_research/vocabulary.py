"""Controlled terms of the raw and clean tables. Their labels stand in ``locales/*/vocabulary.toml``.

Source: the codebook in ``docs/codebook.md``, by which articles and counts were coded.
"""

from __future__ import annotations

CYCLES = (
    "pilkada_2015",
    "pilkada_2017",
    "pilkada_2018",
    "pemilu_2019",
    "pilkada_2020",
    "pemilu_2024",
    "pilkada_2024",
)
NO_CYCLE = "none"

EVENT_TYPES = (
    "sosialisasi",
    "seminar",
    "webinar",
    "kampanye",
    "rapat_koordinasi",
    "deklarasi",
    "penandatanganan",
    "apel",
    "bimtek",
    "surat_edaran",
    "imbauan_langsung",
    "diskusi",
    "lainnya",
)
EVENT_GROUPS = {
    "awareness": ("sosialisasi", "seminar", "webinar", "kampanye", "bimtek", "diskusi"),
    "pledge_ceremony": ("deklarasi", "penandatanganan", "apel"),
    "coordination": ("rapat_koordinasi",),
    "circular": ("surat_edaran", "imbauan_langsung"),
    "other": ("lainnya",),
}
SCOPES = ("national", "multi_province", "province", "regency", "district")
PLEDGES = ("none", "ikrar", "deklarasi", "pakta_integritas")
MODES = ("in_person", "virtual", "hybrid", "unknown")
ORGANISERS = (
    "kasn",
    "bawaslu_ri",
    "bawaslu_provinsi",
    "bawaslu_kabkota",
    "panwascam",
    "kpu",
    "bkn",
    "bkpsdm_bkd",
    "pemprov",
    "pemkab_pemkot",
    "kecamatan",
    "kemendagri",
    "kemenpanrb",
    "inspektorat",
    "kesbangpol",
    "korpri",
    "university",
    "iapa",
    "dpr_dprd",
    "tni_polri",
    "kemenag",
    "kejaksaan",
    "media",
    "csi_ngo",
    "other",
)
THEMES = (
    "politik",
    "pelayanan_publik",
    "kebijakan",
    "manajemen_asn",
    "media_sosial",
    "sanksi",
    "pencegahan",
    "pelaporan",
    "integritas",
    "politik_uang",
    "fasilitas_negara",
)
CONFIDENCES = ("high", "medium", "low")
DATE_PRECISIONS = ("day", "month", "year")
CODING_SAMPLES = ("development", "held_out")

INSTITUTIONS = (
    "kasn",
    "bawaslu_ri",
    "bawaslu_provinsi",
    "bawaslu_kabkota",
    "bkn",
    "kemendagri",
    "kemenpanrb",
    "ngo",
    "media",
)
INSTITUTION_GROUPS = {
    "kasn": "kasn",
    "bkn": "kasn",
    "bawaslu_ri": "bawaslu",
    "bawaslu_provinsi": "bawaslu",
    "bawaslu_kabkota": "bawaslu",
    "kemendagri": "other",
    "kemenpanrb": "other",
    "ngo": "other",
    "media": "other",
}
GEO_LEVELS = ("national", "province", "provincial_government", "regency")
MEASURES = ("cases", "persons")
STAGES = ("alleged", "referred", "in_process", "proven", "sanctioned", "dismissed")
BOUNDS = ("exact", "at_least", "at_most")
LIST_KINDS = ("total", "top_k", "bottom_k", "full")
RANKING_KINDS = ("top_k", "bottom_k", "full")
DIMENSIONS = ("type", "position")
FRAMES = ("standard", "standard2", "standard3", "extra")
AGGREGATES = ("own", "regency_aggregate")
DECISION_ACTIONS = ("exclude", "merge", "recode")
DECISION_BASES = ("visible", "inferred")

ABSENCES = ("zero", "censored", "not_reported", "not_applicable")
LIMIT_STATUSES = ("exact", "interval", *ABSENCES)
