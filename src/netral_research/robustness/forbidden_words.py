"""Word lists of the wording gate, in English and Indonesian: one line holds alternatives of one kind.

They are regular expressions between word boundaries, read without regard to capitals. Changing a list changes what a
report may say, and belongs in the study's plan.
"""

from __future__ import annotations

from collections.abc import Mapping

# How far an inability or a condition reaches: to the end of its clause, so that no claim can hide behind it.
_REST_EN = (
    r"(?:(?!,|;|:|\.|\(|–|—|\b(?:but|yet|because|although|while|since)\b"
    r"|\b(?:and|as) (?:it|they|we|socialisation|campaigns?|events?)\b).)*"
)
_REST_ID = (
    r"(?:(?!,|;|:|\.|\(|–|—|\b(?:tetapi|namun|karena|meskipun|sedangkan|sebab)\b"
    r"|\bdan (?:ia|kami|sosialisasi|kampanye|kegiatan)\b).)*"
)
_CANNOT_ID = r"(?:tidak|belum)(?: pula)? (?:dapat|bisa)"
# "Cannot tell why" takes for granted what it does not know.
_UNKNOWN_EN = rf"(?! (?:why|how|when|where)\b)\b{_REST_EN}"
_UNKNOWN_ID = rf"(?! (?:mengapa|kenapa|bagaimana|seberapa|sejauh mana|kapan|lain|selain)\b)\b{_REST_ID}"

# What is said but not claimed: terms of statistics; a denied claim ("there is no effect" is none: it claims something);
# what cannot be told; a condition; what is weighed both ways.
EXCUSED: Mapping[str, str] = {
    "en": rf"""
        (?:fixed|random|region-cycle) effects?
        raised awareness
        (?<!there )(?:is|are|was|were) not (?:an? |the |of (?:an? )?)?(?:effect|impact)s?(?! of (?:chance|luck))
        speaks? of (?:an )?association, not of (?:an )?(?:effect|impact)s?
        (?<!there )(?:is|are|was) (?:no|not|not a) (?:proof|evidence) (?:of an? |of the |of )?(?:effect|impact)s?
        without one causing the other
        (?:cannot|can not|nor can (?:it|we)|could not) (?:tell|say|show|prove|conclude|establish|know){_UNKNOWN_EN}
        (?:cannot|can not|could not) be (?:told|said|shown|proven|concluded|established|known){_UNKNOWN_EN}
        (?:does|do|did) not (?:tell|say|show|prove|establish){_UNKNOWN_EN}
        if (?!anything|only){_REST_EN}
        only after the day of a count cannot have influenced
        (?:may|might|can|could) (?:lower|reduce) [^.;:,]*\band (?:raise|increase)
        (?:lowers?|reduces?|lowered|reduced) or (?:raises?|increases?|raised|increased)
        (?:worked|succeeded|works|succeeds) or (?:failed|fails)
        although conduct improve[sd]?
        does not change the ratio
    """,
    "id": rf"""
        efek (?:tetap|acak|provinsi-siklus)
        bukan(?:lah)? (?:sebuah |suatu |bukti )?(?:dampak|pengaruh|efek|akibat)(?:nya)?(?! kebetulan)
        tanpa hubungan sebab akibat
        seharusnya tidak (?:berhubungan|berkaitan)
        {_CANNOT_ID} (?:mengatakan|menyimpulkan|membuktikan|menunjukkan|memperlihatkan){_UNKNOWN_ID}
        {_CANNOT_ID} (?:dikatakan|disimpulkan|dibuktikan|ditunjukkan|diperlihatkan){_UNKNOWN_ID}
        {_CANNOT_ID} (?:memastikan|dipastikan|mengetahui|diketahui){_UNKNOWN_ID}
        tidak (?:membuktikan|menunjukkan) bahwa\b{_REST_ID}
        (?:jika|bila|apabila|seandainya|andaikan) {_REST_ID}
        baru terjadi (?:sesudah|setelah) (?:hari|tanggal) hitungan tidak mungkin memengaruhi
        (?:dapat|mungkin) (?:mengurangi|menurunkan) [^.;:,]*\bdan sekaligus (?:menambah|menaikkan|meningkatkan)
        (?:menurunkan|mengurangi) atau (?:menaikkan|menambah|meningkatkan)
        berhasil atau gagal
        tidak mengubah rasio
    """,
}

# Absence of evidence told as evidence of absence: no evidence allows it.
NO_EFFECT: Mapping[str, str] = {
    "en": r"""
        (?:no|not an?y?|without|zero|nor) (?:\w+ )?(?:effects?|impacts?|influence)
        (?:no|not an?y?|without|zero|nor) (?:\w+ )?(?:associations?|relations?|relationship|difference)
        (?:no|not any) (?:evidence|sign|proof) (?:of|that|for)\b[^.;,]*\b(?:effect|impact|association|difference)s?
        (?:did|does|do|has|have|had) not (?:reduced?|lower(?:ed)?|raised?|increased?|decreased?|prevent(?:ed)?)
        (?:did|does|do|has|have|had) not (?:affect(?:ed)?|changed?|matter|work(?:ed)?|help(?:ed)?)
        (?:is|are|was|were) not (?:associated|related|linked|effective)
        unrelated|ineffective|useless|made no difference|left [^.;,]* unchanged
        failed to (?:reduce|lower|prevent)
    """,
    "id": r"""
        (?:tidak|tak|tanpa)(?: ada| punya| memiliki| memberi(?:kan)?)? (?:\w+ )?(?:dampak|pengaruh|efek)(?:nya)?
        (?:tidak|tak|tanpa)(?: ada| punya| memiliki)? (?:\w+ )?(?:hubungan|perbedaan|kaitan|keterkaitan)(?:nya)?
        (?:tidak|tak) (?:\w+ )?(?:berdampak|berpengaruh|berefek|memengaruhi|mempengaruhi)
        (?:tidak|tak) (?:menurunkan|mengurangi|menaikkan|meningkatkan|menekan|mencegah|mengubah)
        (?:tidak|tak) (?:berhubungan|berkaitan|efektif|ampuh|berguna|bermanfaat|berhasil)
        (?:dampak|pengaruh|efek)(?:nya)? (?:itu )?(?:tidak ada|nol|nihil)
        gagal (?:menurunkan|mengurangi|mencegah)|sia-sia|percuma
    """,
}

# Words that make socialisation the cause of what is reported.
EFFECT: Mapping[str, str] = {
    "en": r"""
        effects?|effective|effectively|effectiveness|impact|impacts|impacted|impactful|consequences?
        influence|influences|influenced|influencing|affect|affects|affected|affecting
        reduce|reduces|reduced|reducing|reductions?|lowers|lowered|lowering|raises|raised|raising
        (?:to|will|would|does|did|can|could|may|might|helps?|helped) (?:lower|raise|cut)
        increase|increases|increased|increasing|decrease|decreases|decreased|decreasing
        prevent|prevents|prevented|preventing|deter|deters|deterred|curb|curbs|curbed|suppress|suppresses|suppressed
        diminish|diminishes|diminished|boost|boosts|boosted|improve|improves|improved|improving|improvements?
        cause|causes|caused|causing|causal|causally|because of|due to|thanks to|owing to|attributable to
        leads? to|led to|leading to|results? in|resulted in|brings? about|brought about|driven by|drives|drove
        made (?:\w+ ){0,3}(?:fall|drop|decline|rise)
        (?:socialisation|campaigns?|events?|pledges?|it|they) (?:really |actually )?(?:works|work|worked)
        success|successes|successful|successfully|succeeded|prov(?:e|es|ed|ing) (?:that|to)|protective|benefits?
    """,
    "id": r"""
        dampak|dampaknya|berdampak|pengaruh|pengaruhnya|berpengaruh|memengaruhi|memengaruhinya|mempengaruhi|dipengaruhi
        efek|efeknya|berefek|efektif|efektivitas|konsekuensi|konsekuensinya
        menurunkan|menaikkan|mengurangi|(?:diturunkan|dinaikkan|dikurangi) oleh|meningkatkan|ditingkatkan
        menambah|menekan|ditekan|mencegah|dicegah|meredam|memicu|mendorong|memperbaiki (?:perilaku|kepatuhan|netralitas)
        menyebabkan|disebabkan|penyebab|penyebabnya|sebab akibat|mengakibatkan|diakibatkan|akibat|akibatnya
        kausal|kausalitas
        berkat|gara-gara|karena (?:adanya )?(?:sosialisasi|kampanye|kegiatan|ikrar)
        membuat (?:\w+ ){0,3}(?:turun|menurun|berkurang|naik|meningkat|bertambah)
        berhasil|keberhasilan|sukses|ampuh|manjur|bermanfaat|manfaat
        (?:membuktikan|terbukti) (?:bahwa|menurunkan|mengurangi|efektif)
    """,
}

# An association with its direction: not where the data cannot tell.
DIRECTION: Mapping[str, str] = {
    "en": r"""
        (?:associated|related|linked|goes|go) with (?:an? )?(?:\w+ )?(?:lower|higher|fewer|more|less)
        (?<!how )(?:the two|both) are (?:associated|related|linked)
    """,
    "id": r"""
        (?:berhubungan|berkaitan|disertai) dengan (?:\w+ ){0,3}(?:yang )?lebih (?:rendah|tinggi|sedikit|banyak)
        (?<!bagaimana )keduanya (?:berhubungan|berkaitan)
    """,
}

# An association within regions: not from a comparison between them.
WITHIN_REGION: Mapping[str, str] = {
    "en": r"""
        within-(?:region|province) associations?
        associat\w+ within (?:regions?|provinces?)
    """,
    "id": r"""
        (?:hubungan|berhubungan|kaitan) di dalam (?:provinsi|wilayah|daerah)
    """,
}

# The only words of effect that the highest level adds, and only with their condition in the same sentence.
CONSISTENT: Mapping[str, str] = {
    "en": r"""
        consistent with an effect\b[^.;]*\bif (?:the )?reporting did not change by more than
    """,
    "id": r"""
        (?:sejalan|selaras|konsisten) dengan dampak\b[^.;]*\b(?:bila|jika|apabila) pelaporan tidak berubah lebih dari
    """,
}
