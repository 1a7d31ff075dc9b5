"""The wording gate: what evidence allows, and words that go beyond it, in both languages."""

from __future__ import annotations

import pytest

from netral_research.language import LANGUAGES, locale_texts
from netral_research.model.claims import LEVELS, Claims
from netral_research.model.sentence import SENTENCES
from netral_research.robustness.wording import check_wording

# Lowest level at which a sentence may stand; none where no evidence bears it.
SENTENCES_OF_LEVEL = {
    "en": [
        ("The reported rate was 3.4 per 10,000 civil servants.", "cannot_tell"),
        ("The interval holds one, so we cannot tell whether the rate is lower, higher or the same.", "cannot_tell"),
        ("The study would have seen ratios below 0.70.", "cannot_tell"),
        ("This is not an effect.", "cannot_tell"),
        ("This is no proof of an effect.", "cannot_tell"),
        ("It cannot be concluded that socialisation reduced violations.", "cannot_tell"),
        ("We cannot show that there is no effect.", "cannot_tell"),
        ("If socialisation raises reporting, the number goes up although conduct improved.", "cannot_tell"),
        ("Socialisation may lower violations and raise reports at the same time.", "cannot_tell"),
        ("More socialisation is associated with a lower reported rate.", "descriptive"),
        ("The two are associated; this is no proof of an effect.", "descriptive"),
        ("There is a within-region association of socialisation and reported rates.", "within_region_association"),
        ("It is consistent with an effect, if reporting did not change by more than 1.2.", "consistent_with_effect"),
        ("The ratio is consistent with an effect.", None),
        ("If all is well, socialisation reduced violations.", None),
        ("Socialisation reduced violations.", None),
        ("Campaigns lowered the rate.", None),
        ("The impact was large.", None),
        ("Rates fell because of the campaigns.", None),
        ("Pledges led to fewer violations.", None),
        ("The campaign worked.", None),
        ("Socialisation was effective.", None),
        ("Socialisation caused the difference.", None),
        ("Socialisation helps prevent violations.", None),
        ("Socialisation had no effect.", None),
        ("There is no effect.", None),
        ("There was not an effect.", None),
        ("There is no evidence of an effect.", None),
        ("We found no evidence that campaigns make a difference.", None),
        ("Socialisation did not reduce violations.", None),
        ("The two are not associated.", None),
        ("Campaigns made no difference.", None),
        # Words before and after a denial are read as well.
        ("This is not an effect of chance: it is an effect of socialisation.", None),
        ("This is not only an effect.", None),
        ("We cannot tell why socialisation reduced violations.", None),
        ("We cannot tell how much socialisation reduced violations.", None),
        ("We cannot deny that socialisation reduced violations.", None),
        ("We cannot tell much, but socialisation reduced violations.", None),
        ("We cannot show this for Bali, yet the effect is plain.", None),
        ("This does not prove it; the effect is plain.", None),
        ("We cannot prove it and socialisation reduced violations.", None),
        ("If anything, socialisation reduced violations.", None),
        ("**Socialisation** _reduced_ violations to {{ v(\"model.rate_ratio\") }}.", None),
        ("SOCIALISATION\nREDUCED violations.", None),
    ],
    "id": [
        ("Laju yang dilaporkan 3,4 per 10.000 PNS.", "cannot_tell"),
        ("Rentang itu memuat satu; kami tidak dapat mengatakan apakah lajunya lebih rendah.", "cannot_tell"),
        ("Studi ini akan memperlihatkan rasio di bawah 0,70.", "cannot_tell"),
        ("Ini bukan dampak.", "cannot_tell"),
        ("Ini bukan bukti dampak sosialisasi.", "cannot_tell"),
        ("Tidak dapat disimpulkan bahwa sosialisasi menurunkan pelanggaran.", "cannot_tell"),
        ("Belum dapat dikatakan bahwa sosialisasi tidak berdampak.", "cannot_tell"),
        ("Jika sosialisasi meningkatkan pelaporan, angkanya naik.", "cannot_tell"),
        ("Sosialisasi dapat mengurangi pelanggaran dan sekaligus menambah laporan.", "cannot_tell"),
        ("Sosialisasi yang lebih banyak berhubungan dengan laju laporan yang lebih rendah.", "descriptive"),
        ("Keduanya berhubungan; ini bukan bukti dampak.", "descriptive"),
        ("Ada hubungan di dalam provinsi antara sosialisasi dan laju laporan.", "within_region_association"),
        ("Rasio ini sejalan dengan dampak, bila pelaporan tidak berubah lebih dari 1,2.", "consistent_with_effect"),
        ("Rasio ini sejalan dengan dampak.", None),
        ("Jika dilihat saksama, sosialisasi menurunkan pelanggaran.", None),
        ("Sosialisasi menurunkan pelanggaran.", None),
        ("Sosialisasi mengurangi laju laporan.", None),
        ("Dampaknya besar.", None),
        ("Sosialisasi berpengaruh terhadap pelanggaran.", None),
        ("Laju turun karena sosialisasi.", None),
        ("Berkat ikrar, pelanggaran turun.", None),
        ("Sosialisasi berhasil.", None),
        ("Sosialisasi terbukti efektif.", None),
        ("Sosialisasi menyebabkan perbedaan itu.", None),
        ("Sosialisasi mencegah pelanggaran.", None),
        ("Sosialisasi membuat pelanggaran turun.", None),
        ("Sosialisasi tidak berdampak.", None),
        ("Tidak ada dampak.", None),
        ("Sosialisasi tidak memiliki pengaruh.", None),
        ("Sosialisasi tidak menurunkan pelanggaran.", None),
        ("Keduanya tidak berhubungan.", None),
        ("Tidak ada perbedaan.", None),
        ("Sosialisasi gagal menurunkan pelanggaran.", None),
        ("Ini bukan tanpa dampak.", None),
        ("Ini bukan pengaruh kebetulan, melainkan sosialisasi.", None),
        ("Ini bukan dampak iklan: ini dampak sosialisasi.", None),
        ("Kami tidak dapat mengatakan mengapa sosialisasi menurunkan pelanggaran.", None),
        ("Kami tidak dapat mengatakan seberapa jauh sosialisasi menurunkan pelanggaran.", None),
        ("Tidak dapat disangkal bahwa sosialisasi menurunkan pelanggaran.", None),
        ("Kami tidak dapat memastikan semuanya, tetapi sosialisasi menurunkan pelanggaran.", None),
        ("Tidak dapat disimpulkan lain: sosialisasi menurunkan pelanggaran.", None),
        ("Kami tidak dapat membuktikan itu dan sosialisasi menurunkan pelanggaran.", None),
        ("Sosialisasi **menurunkan** pelanggaran menjadi {{ v(\"model.rate_ratio\") }}.", None),
        ("SOSIALISASI\nMENURUNKAN pelanggaran.", None),
    ],
}  # fmt: skip
CASES = [(language, *case) for language, cases in SENTENCES_OF_LEVEL.items() for case in cases]


@pytest.mark.parametrize(("language", "sentence", "lowest"), CASES)
def test_a_sentence_passes_from_its_level_on_and_never_below(language, sentence, lowest):
    passes = [not check_wording(sentence, language, Claims(level)) for level in LEVELS]
    borne = len(LEVELS) if lowest is None else LEVELS.index(lowest)
    assert passes == [place >= borne for place in range(len(LEVELS))]


def test_phrases_are_told_as_they_stand_and_in_their_order():
    found = check_wording("The Impact is clear: it reduced cases, thanks to pledges.", "en", Claims("descriptive"))
    assert found == ("Impact", "reduced", "thanks to")


def printed(language: str) -> dict[str, str]:
    """What a report prints in its own voice: text, words of its figures, terms it looks up, reasons of its choices."""
    topics = ("report.", "figures.", "vocabulary.", "choices.")
    return {key: words for key, words in locale_texts(language).items() if key.startswith(topics)}


def reserved(key: str) -> bool:
    """Sentences that are chosen only where the evidence bears an association."""
    return key.startswith(("report.sentence.lower", "report.sentence.higher"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_the_report_can_print_passes_for_the_weakest_evidence(language):
    texts = printed(language)
    assert sum(reserved(key) for key in texts) == 4
    for key, words in texts.items():
        level = "descriptive" if reserved(key) else "cannot_tell"
        assert check_wording(words, language, Claims(level)) == (), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_association_with_its_direction_does_not_pass_where_the_data_cannot_tell(language):
    texts = locale_texts(language)
    for sentence in SENTENCES:
        found = check_wording(texts[f"report.sentence.{sentence}"], language, Claims("cannot_tell"))
        assert bool(found) == (sentence in ("lower", "higher"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_claim_slipped_into_a_sentence_of_the_report_is_found(language, sentence):
    words = locale_texts(language)[f"report.sentence.{sentence}"]
    slipped = {"en": " So campaigns reduce violations.", "id": " Jadi kampanye mengurangi pelanggaran."}[language]
    assert check_wording(words + slipped, language, Claims("consistent_with_effect"))
