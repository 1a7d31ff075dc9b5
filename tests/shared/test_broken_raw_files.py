"""Raw files broken on purpose: one clear message with file, line, column and value, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netral_research.clean import clean_events, clean_violations, load_event_tables, load_violation_tables
from netral_research.errors import DataError
from netral_research.language import LANGUAGES
from netral_research.schemas import load_raw

EVENTS, VIOLATIONS, DECISIONS = "data/raw/events.csv", "data/raw/violations.csv", "data/raw/decisions.csv"


@pytest.fixture
def broken(copied_project):
    """Breaks one file of a copy of the project and tells which problems it is then refused with."""
    project = copied_project()

    def run(relative, change, load=None):
        path = project.path(relative)
        path.write_bytes(change(path.read_bytes()))
        with pytest.raises(DataError) as refused:
            load(project) if load else load_raw(project, relative)
        for language in LANGUAGES:
            told = refused.value.describe(language)
            assert relative in told
            assert "{" not in told
            for problem in refused.value.problems[:3]:
                assert problem.row is None or str(problem.row) in told
                assert problem.column in told
                assert problem.value in told
        return refused.value.problems

    return run


def replaced(old, new):
    """Replaces the first occurrence of a text that must be there."""

    def change(content):
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return change


def edited(identifier, position, cell):
    """Replaces one cell of the row that begins with an identifier (no quoted cell may stand before it)."""

    def change(content):
        lines = content.decode("utf-8").split("\n")
        place = next(number for number, line in enumerate(lines) if line.startswith(f"{identifier},"))
        cells = lines[place].split(",")
        cells[position] = cell
        lines[place] = ",".join(cells)
        return "\n".join(lines).encode()

    return change


def line_of(project, relative, identifier):
    lines = project.path(relative).read_text("utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if line.startswith(f"{identifier},"))


def test_a_missing_column_is_named_with_what_stands_there_instead(broken):
    problems = {problem.key: problem for problem in broken(EVENTS, replaced("organiser,", "organizer,"))}
    assert (problems["column_missing"].column, problems["column_missing"].nearest) == ("organiser", "organizer")
    assert (problems["column_unknown"].column, problems["column_unknown"].row) == ("organizer", 1)


def test_a_column_told_twice_is_named(broken):
    problems = broken(EVENTS, replaced("pledge,mode", "mode,mode"))
    assert ("column_twice", "mode") in [(problem.key, problem.column) for problem in problems]


def test_a_negative_count_is_refused(broken, real_project):
    (problem,) = broken(VIOLATIONS, edited("OA0004", 11, "-5"))
    assert (problem.key, problem.column, problem.value) == ("cell_number", "value", "-5")
    assert problem.row == line_of(real_project, VIOLATIONS, "OA0004")


@pytest.mark.parametrize("cell", ["1.000", "12,5", "dua belas", "1e3", "9" * 20, "5.5"])
def test_what_is_no_whole_number_is_refused(broken, cell):
    (problem,) = broken(VIOLATIONS, edited("OA0004", 11, f'"{cell}"'))
    assert (problem.key, problem.column, problem.value) == ("cell_number", "value", cell)


def test_a_missing_value_is_refused(broken):
    (problem,) = broken(VIOLATIONS, edited("OA0004", 11, ""))
    assert (problem.key, problem.column) == ("cell_missing", "value")


@pytest.mark.parametrize("written", ["2020-02-31", "31-02-2020", "Februari 2020"])
def test_a_day_that_does_not_exist_is_refused(broken, real_project, written):
    (problem,) = broken(VIOLATIONS, edited("OA0004", 3, written))
    assert (problem.key, problem.column, problem.value) == ("cell_date", "as_of", written)
    assert problem.row == line_of(real_project, VIOLATIONS, "OA0004")


def test_a_duplicated_id_is_told_with_the_row_that_has_it_first(broken, real_project):
    (problem,) = broken(VIOLATIONS, edited("OA0004", 0, "OA0003"))
    assert (problem.key, problem.column, problem.value) == ("cell_twice", "obs_id", "OA0003")
    assert problem.row == line_of(real_project, VIOLATIONS, "OA0004")
    assert problem.fields["first"] == str(line_of(real_project, VIOLATIONS, "OA0003"))


def test_an_unknown_term_is_told_with_the_nearest_one(broken):
    (problem,) = broken(VIOLATIONS, edited("OA0004", 2, "kassn"))
    assert (problem.key, problem.column, problem.value, problem.nearest) == (
        "cell_term",
        "institution",
        "kassn",
        "kasn",
    )


def test_an_unknown_term_within_a_list_is_told_alone(broken):
    (problem,) = broken(EVENTS, replaced("iapa;university;pemprov;dpr_dprd", "iapa;universty;pemprov"))
    assert (problem.key, problem.column, problem.value) == ("cell_term", "co_organisers", "universty")
    assert problem.nearest == "university"


def test_a_law_that_is_no_law_is_refused(broken):
    (problem,) = broken(EVENTS, replaced("UU 20/2023;SKB 2022,", "UU 20 tahun 2023;SKB 2022,"))
    assert (problem.key, problem.column) == ("cell_form", "legal_basis")


@pytest.mark.parametrize(("encoding", "guess"), [("cp1252", "Windows-1252"), ("utf-16", "UTF-16")])
def test_a_file_in_another_encoding_is_told_with_a_guess(broken, encoding, guess):
    problems = broken(
        "data/raw/sources.csv",
        lambda content: (
            content.decode("utf-8").encode(encoding, "replace").replace(b"Bawaslu", b"Bawaslu \xe9", 1)
            if encoding == "cp1252"
            else content.decode("utf-8").encode(encoding)
        ),
    )
    (problem,) = problems
    assert (problem.key, problem.fields["guess"]) == ("file_encoding", guess)


def test_the_line_of_the_first_wrong_character_is_told(broken):
    (problem,) = broken(
        "data/raw/sources.csv", lambda _: b"source_id,url,publisher,title,published\na,,,,\nb,,\xe9,,\n"
    )
    assert (problem.key, problem.row) == ("file_encoding", 3)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_refused(broken, content):
    (problem,) = broken(EVENTS, lambda _: content)
    assert problem.key == "file_empty"


def test_a_header_alone_is_refused(broken):
    (problem,) = broken(EVENTS, lambda content: content.split(b"\n")[0] + b"\n")
    assert problem.key == "file_without_rows"


def test_semicolons_between_columns_are_told(broken):
    (problem,) = broken(EVENTS, lambda content: content.replace(b",", b";"))
    assert (problem.key, problem.row) == ("file_separator", 1)


def test_a_formula_in_a_cell_is_refused(broken, real_project):
    (problem,) = broken(VIOLATIONS, edited("OA0004", 11, "=SUM(L2:L9)"))
    assert (problem.key, problem.column, problem.value) == ("cell_formula", "value", "=SUM(L2:L9)")
    assert problem.row == line_of(real_project, VIOLATIONS, "OA0004")


def test_too_few_cells_are_counted(broken, real_project):
    problems = broken(VIOLATIONS, replaced("OA0004,", "OA0004\nOA9999,"))
    assert [(problem.key, problem.row) for problem in problems] == [
        ("row_cells", line_of(real_project, VIOLATIONS, "OA0004"))
    ]
    assert problems[0].fields == {"found": "1", "wanted": "16"}


def test_an_unclosed_quote_is_told_with_the_row_where_it_opens(broken, real_project):
    problems = broken("data/raw/decisions.csv", lambda content: content.rstrip(b"\n") + b'\nD999,events.csv,"EVW001\n')
    assert problems[-1].key == "csv_broken"
    assert problems[-1].row == real_project.path(DECISIONS).read_text("utf-8").count("\n") + 1


def test_a_missing_file_is_told(copied_project):
    project = copied_project()
    project.path(EVENTS).unlink()
    with pytest.raises(DataError) as refused:
        load_raw(project, EVENTS)
    assert refused.value.problems[0].key == "file_missing"


def test_every_bad_cell_is_told_at_once_in_the_order_of_the_rows(broken):
    def change(content):
        for break_it in (edited("OA0004", 11, "x"), edited("OA0006", 3, "2020-13-01"), edited("OA0005", 2, "kpk")):
            content = break_it(content)
        return content

    problems = broken(VIOLATIONS, change)
    assert [problem.column for problem in problems] == ["value", "institution", "as_of"]


def test_an_event_reported_again_by_no_other_row_is_refused(broken):
    problems = broken(EVENTS, edited("S0", 2, "EVW9999"), load_event_tables)
    (problem,) = problems
    assert (problem.key, problem.column, problem.value) == ("reference_unknown", "same_event_as", "EVW9999")
    assert problem.nearest.startswith("EVW")
    assert problem.fields["where"] == EVENTS


def test_an_unknown_source_is_refused(broken):
    (problem,) = broken(VIOLATIONS, edited("OA0004", 1, "SEED99"), load_violation_tables)
    assert (problem.key, problem.column, problem.value) == ("reference_unknown", "source_id", "SEED99")
    assert problem.nearest.startswith("SEED")


def test_a_row_that_reports_itself_and_a_precision_that_does_not_fit_are_refused(broken):
    def change(content):
        return edited("S3", 2, "S3")(edited("S1", 5, "month")(content))

    problems = broken(EVENTS, change, load_event_tables)
    assert {(problem.key, problem.column, problem.value) for problem in problems} == {
        ("date_precision", "date_precision", "month"),
        ("link_to_itself", "same_event_as", "S3"),
    }


def test_an_event_that_ends_before_it_begins_is_refused(broken):
    (problem,) = broken(EVENTS, edited("S1", 4, "2020-08-25"), load_event_tables)
    assert (problem.key, problem.column, problem.value) == ("date_order", "date_end", "2020-08-25")


def test_a_regency_without_its_name_is_refused(broken):
    (problem,) = broken(VIOLATIONS, edited("VIE022", 6, "regency"), load_violation_tables)
    assert (problem.key, problem.column) == ("level_place", "regency")


@pytest.fixture
def decided(broken, event_tables, violation_tables, study):
    """Breaks the decisions only, and cleans with the tables that are already loaded."""

    def run(line):
        def load(project):
            decisions = load_raw(project, DECISIONS)
            clean_events(replace(event_tables, decisions=decisions), study)
            clean_violations(replace(violation_tables, decisions=decisions), study)

        return broken(DECISIONS, lambda content: content.rstrip(b"\n") + b"\n" + line.encode() + b"\n", load)

    return run


@pytest.mark.parametrize(
    ("line", "key", "column", "value"),
    [
        ("D900,events.csv,EVW9999,exclude,,,a,b,visible,", "decision_row", "row_id", "EVW9999"),
        ("D900,events.csv,EVW063,recode,dat_start,2024-05,a,b,visible,", "decision_field", "field", "dat_start"),
        ("D900,events.csv,EVW063,recode,event_id,EVW1,a,b,visible,", "decision_field", "field", "event_id"),
        ("D900,events.csv,EVW063,merge,same_as,EVW999,a,b,visible,", "decision_merge", "value", "EVW999"),
        ("D900,events.csv,EVW063,merge,same_as,EVW063,a,b,visible,", "decision_merge", "value", "EVW063"),
        ("D900,events.csv,EVW063,merge,same_as,EVW008,a,b,visible,", "decision_merge", "value", "EVW008"),
        ("D900,events.csv,EVW008,merge,same_as,EVW063,a,b,visible,", "decision_twice", "row_id", "EVW008"),
    ],
)
def test_a_decision_about_what_does_not_exist_is_refused(decided, line, key, column, value):
    problems = decided(line)
    assert (key, column, value) in [(problem.key, problem.column, problem.value) for problem in problems]
    assert all(problem.file == DECISIONS for problem in problems)
    assert all(problem.row == 190 for problem in problems if problem.key == key)


def test_a_misspelt_field_of_a_decision_is_told_with_the_nearest_one(decided):
    (problem,) = decided("D900,events.csv,EVW063,recode,dat_start,2024-05,a,b,visible,")
    assert problem.nearest == "date_start"


@pytest.mark.parametrize(
    ("cells", "column", "name", "nearest"),
    [
        ({"province": "Jawa Tengha"}, "province", "Jawa Tengha", "Jawa Tengah"),
        ({"province": "Bali;Sumatra Utra"}, "province", "Sumatra Utra", "Sumatera Utara"),
        ({"regency": "Kabupaten Bandung"}, "regency", "Kabupaten Bandung", "Kabupaten Badung"),
    ],
)
def test_an_unknown_region_of_an_event_is_told_with_the_nearest_one(clean_event_rows, cells, column, name, nearest):
    with pytest.raises(DataError) as refused:
        clean_event_rows({"event_id": "A"}, {"event_id": "B", **cells})
    (problem,) = refused.value.problems
    assert (problem.file, problem.row, problem.column) == (EVENTS, 3, column)
    assert (problem.value, problem.nearest) == (name, nearest)
    for language in LANGUAGES:
        assert name in refused.value.describe(language)
        assert "aliases.csv" in refused.value.describe(language)


def test_an_unknown_region_of_a_count_is_told_with_the_nearest_one(clean_count_rows):
    with pytest.raises(DataError) as refused:
        clean_count_rows({"obs_id": "A", "province": "Baly"}, {"obs_id": "B"})
    (problem,) = refused.value.problems
    assert (problem.file, problem.row, problem.column) == (VIOLATIONS, 2, "province")
    assert (problem.value, problem.nearest) == ("Baly", "Bali")


def test_a_decision_may_not_leave_a_row_that_breaks_the_contract(clean_count_rows, clean_event_rows):
    about = {"row_id": "A", "action": "recode"}
    with pytest.raises(DataError) as refused:
        clean_count_rows({"obs_id": "A"}, decisions=({**about, "field": "value", "value": "-1"},))
    assert refused.value.problems[0].key == "cell_number"
    with pytest.raises(DataError) as refused:
        clean_count_rows({"obs_id": "A"}, decisions=({**about, "field": "geo_level", "value": "regency"},))
    assert refused.value.problems[0].key == "level_place"
    with pytest.raises(DataError) as refused:
        clean_event_rows({"event_id": "A"}, decisions=({**about, "field": "date_start", "value": "2020-05"},))
    assert refused.value.problems[0].key == "date_precision"
