from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import netral_research
from netral_research.code import following
from netral_research.code.build import evaluate_coder, field_table, main_sample
from netral_research.code.confusions import compare_rows
from netral_research.code.proposals import CODED_FIELDS
from netral_research.code.readings import (
    CONTROL_ARTICLES,
    CONTROL_EVENTS,
    SECOND_READER,
    load_coding_tables,
    load_if_kept,
    pair_second_reader,
    read_project,
)
from netral_research.display import marked_html
from netral_research.errors import DataError
from netral_research.hashing import content_hash
from netral_research.schemas import load_raw
from netral_research.stages import STAGES, stage_named
from netral_research.storage import load_results, save_results, table_text
from netral_research.workflow.evaluating import evaluate_coding, read_figures
from netral_research.workflow.tasks import build_tasks, task_inputs

SAMPLE = "data/reference/coding_sample.csv"
FOLLOWED = "EE048"


@pytest.fixture(scope="module")
def tables(real_project):
    return load_coding_tables(real_project)


@pytest.fixture(scope="module")
def results(tables):
    return {result.name: result for result in evaluate_coder(tables)}


@pytest.fixture(scope="module")
def evaluation(real_project):
    return evaluate_coding(real_project.root)


def test_every_text_belongs_to_one_sample(real_project):
    sample = load_raw(real_project, SAMPLE).set_index("source_id")["sample"]
    texts = sorted(path.stem for path in real_project.path("data/raw/articles").glob("*.txt"))
    control = load_raw(real_project, CONTROL_ARTICLES)["source_id"].tolist()
    assert list(sample.index) == [*texts, *control]
    for articles in (texts, control):
        assert set(sample[articles]) == {"development", "held_out"}, "some of each kind were never read by rule writers"


def test_no_control_article_is_a_page_of_the_study(real_project):
    control = load_raw(real_project, CONTROL_ARTICLES)
    assert not set(control["url"]) & set(load_raw(real_project, "data/raw/sources.csv")["url"])
    assert set(load_if_kept(real_project, CONTROL_EVENTS)["source_id"]) <= set(control["source_id"])


def test_every_article_is_counted_once(results, tables):
    accounts = results["coding_accounting"].table.set_index("sample")
    assert accounts["articles"].sum() == len(tables.articles) == len(tables.sample)
    texts = {article.source_id for article in tables.articles}
    assert accounts["events_coded"].sum() == tables.events["source_id"].isin(texts).sum()


def test_the_stage_saves_what_it_declares_and_it_comes_back(results, copied_project):
    project = copied_project()
    save_results(project, "code", results.values())
    loaded = load_results(project, "code").results
    assert set(loaded) == set(stage_named("code").tables)
    for name, result in results.items():
        pd.testing.assert_frame_equal(loaded[name].table, result.table, check_exact=False, rtol=1e-11)


def test_the_stage_and_the_command_tell_the_same_figures(results, evaluation):
    assert table_text(results["evaluation"].table) == table_text(evaluation.figures)


def test_nothing_of_held_out_articles_leaves_the_evaluation(real_project, results, evaluation):
    sample = load_raw(real_project, SAMPLE)
    held_out = set(sample.loc[sample["sample"] == "held_out", "source_id"])
    shown = set(evaluation.comparison["source_id"]) | set(
        results["evaluation_confusions"].table["source_ids"].str.split(";").explode()
    )
    told = evaluation.describe("en")
    assert shown
    assert not shown & held_out
    assert not [name for name in held_out if name in told]


def test_figures_of_held_out_articles_stand_for_the_coder(results):
    fields = results["evaluation_fields"].table
    full = results["evaluation"].table
    held_out = full[full["sample"] == "held_out"].set_index(["field", "figure"])["value"]
    assert main_sample(full) == "held_out"
    assert all(held_out[row.field, row.figure] == row.value for row in fields.itertuples())
    values = {value.id: value.value for value in results["evaluation_fields"].values}
    assert values["code.event_recall"] == held_out["event", "recall"]


def test_the_second_reader_stands_beside_the_figure_measured_alike(results, real_project):
    fields = results["evaluation_fields"].table.set_index(["field", "figure"])
    tables = load_coding_tables(real_project)
    read = pair_second_reader(tables.second_reader, tables.events, tables.sample)
    same = sum(one["mode"] == other["mode"] for article in read for one, other in article.pairs)
    pairs = sum(len(article.pairs) for article in read)
    assert fields.loc[("mode", "accuracy"), "second_reader"] == same / pairs
    assert fields.loc[("event", "recall"), "second_reader"] == pairs / sum(len(article.coded) for article in read)
    assert fields.loc[("mode", "accuracy"), "kappa_second_reader"] > 0.9


def test_the_second_reader_coded_every_article_held_out_and_no_other(real_project):
    tables = load_coding_tables(real_project)
    read = pair_second_reader(tables.second_reader, tables.events, tables.sample)
    assert {article.sample for article in read} == {"held_out"}
    assert {article.source_id for article in read} == set(
        tables.sample.loc[tables.sample["sample"] == "held_out", "source_id"]
    )


def test_without_a_second_reader_there_is_no_figure_of_one(copied_project):
    project = copied_project()
    project.path(SECOND_READER).unlink()
    tables = load_coding_tables(project)
    assert pair_second_reader(tables.second_reader, tables.events, tables.sample) == []


def test_a_project_without_texts_has_nothing_to_tell(copied_project):
    tables = load_coding_tables(copied_project())
    results = {result.name: result for result in evaluate_coder(tables)}
    assert tables.articles == ()
    assert all(result.table.empty for result in results.values())
    assert results["evaluation_fields"].value("code.sample").value is None
    assert tables.article(FOLLOWED).text == ""


def test_a_text_that_cannot_be_read_counts_as_missed(copied_project):
    project = copied_project()
    folder = project.path("data/raw/articles")
    folder.mkdir()
    (folder / "EE048.txt").write_bytes(b"\xff\xfe\x00")
    (article,) = (one for one in read_project(load_coding_tables(project)) if one.source_id == "EE048")
    assert (article.source_id, article.proposed, len(article.coded)) == ("EE048", (), 2)


def test_an_article_can_be_followed_from_its_words_to_its_cells(tables):
    article = tables.article(FOLLOWED)
    findings, coded = following.follow(tables.coder, article), tables.coder.code(article)
    for found in (
        following.found_dates,
        following.found_places,
        following.found_institutions,
        following.found_activities,
    ):
        table = found(findings)
        assert len(table)
        assert all(written in " ".join(article.text.split()) for written in table["written"])
    cells = following.proposed_cells(article, coded)
    assert set(cells["field"]) == set(CODED_FIELDS)
    assert (cells["passage"].astype(bool) | cells["reason"].astype(bool) | cells["value"].astype(bool)).all()
    told = following.told_reasons(coded)
    assert set(told["reason"]) == set(cells["reason"]) - {""}
    assert (told["id"] != told["en"]).all()
    beside = following.beside_coded(tables, coded)
    assert set(CODED_FIELDS) <= set(beside["field"])


def test_an_article_that_is_held_out_is_not_compared_in_the_notebook(tables):
    held_out = tables.sample.loc[tables.sample["sample"] == "held_out", "source_id"].iloc[0]
    assert following.beside_coded(tables, tables.coder.code(tables.article(held_out))).empty


def test_marks_that_overlap_keep_the_text_whole():
    import re

    shown = marked_html("Apel & ikrar ASN", {(0, 12): "event_type", (7, 12): "pledge"})
    assert re.sub(r"<sub>.*?</sub>|</?mark>", "", shown) == "Apel &amp; ikrar ASN"
    assert shown.count("<mark>") == 2


# What the command does with files of its own.


@pytest.fixture
def proposals(real_project, tmp_path):
    """Proposals of two articles beside one that was skipped and one that failed."""
    rows = load_raw(real_project, "data/raw/events.csv")
    rows[rows["source_id"].isin(["EE001", "EE048"])].to_csv(tmp_path / "proposed.csv", index=False)
    (tmp_path / "skipped.csv").write_text("source_id,reason,evidence\nEE002,opinion,\n", "utf-8")
    (tmp_path / "failed.csv").write_text("source_id,reason,detail\nEE003,empty,EE003.txt: 0\n", "utf-8")
    return tmp_path / "proposed.csv"


def recall_of(evaluation):
    figures = evaluation.figures
    found = figures[(figures["field"] == "event") & (figures["figure"] == "recall")]
    return round(float((found["value"] * found["n"]).sum())), int(found["n"].sum())


def test_only_articles_that_were_read_are_counted(real_project, proposals):
    found = evaluate_coding(real_project.root, proposals)
    assert sum(found.articles.values()) == 4
    assert found.unread == 1
    assert "1 articles could not be read" in found.describe("en")
    coded = load_raw(real_project, "data/raw/events.csv")["source_id"].value_counts()
    assert recall_of(found) == (coded["EE001"] + coded["EE048"], coded[["EE001", "EE002", "EE003", "EE048"]].sum())


def test_without_a_list_of_articles_all_coded_ones_count_as_read(real_project, proposals):
    (proposals.parent / "skipped.csv").unlink()
    (proposals.parent / "failed.csv").unlink()
    found = evaluate_coding(real_project.root, proposals)
    assert recall_of(found)[1] == len(load_raw(real_project, "data/raw/events.csv"))


def test_proposals_without_a_row_are_measured_too(real_project, proposals):
    header = proposals.read_text("utf-8").splitlines()[0]
    proposals.write_text(header + "\n", "utf-8")
    assert recall_of(evaluate_coding(real_project.root, proposals))[0] == 0


def test_rows_coded_by_the_user_are_one_sample(real_project, proposals, tmp_path):
    coded = pd.read_csv(proposals, dtype=str, keep_default_na=False)
    for file in (proposals, tmp_path / "coded.csv"):
        coded.assign(source_id="MINE" + coded["source_id"]).to_csv(file, index=False)
    (tmp_path / "skipped.csv").unlink()
    (tmp_path / "failed.csv").unlink()
    found = evaluate_coding(real_project.root, proposals, tmp_path / "coded.csv")
    assert set(found.figures["sample"]) == {"all"}
    assert recall_of(found) == (len(coded), len(coded))
    assert "all" in found.describe("en")
    assert "semua" in found.describe("id")


def test_articles_without_a_coded_row_are_told(real_project, proposals):
    (proposals.parent / "skipped.csv").write_text("source_id,reason,evidence\nNEW1,opinion,\nNEW2,opinion,\n", "utf-8")
    assert "without an event (2 here)" in evaluate_coding(real_project.root, proposals).describe("en")


def test_files_that_do_not_belong_together_are_told(real_project, proposals, tmp_path):
    rows = pd.read_csv(proposals, dtype=str, keep_default_na=False)
    rows.assign(source_id="OTHER").to_csv(tmp_path / "coded.csv", index=False)
    with pytest.raises(DataError) as told:
        evaluate_coding(real_project.root, proposals, tmp_path / "coded.csv")
    assert told.value.problems[0].key == "evaluate_nothing"
    assert "proposed.csv" in told.value.describe("en")


def test_a_file_that_is_missing_or_no_table_of_events_is_told(real_project, proposals, tmp_path):
    with pytest.raises(DataError):
        evaluate_coding(real_project.root, tmp_path / "nothing.csv")
    proposals.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(DataError) as told:
        evaluate_coding(real_project.root, proposals)
    assert "column_missing" in {problem.key for problem in told.value.problems}


def test_a_later_evaluation_tells_the_change_of_every_figure(evaluation, tmp_path):
    path = tmp_path / "figures.csv"
    evaluation.save_figures(path)
    same = read_figures(path)
    assert "+" not in evaluation.describe("en", same)
    worse = same.assign(value=same["value"] - 0.125)
    assert evaluation.describe("en", worse).count("+0.125") == len(same)
    assert "+0,125" in evaluation.describe("id", worse)


def test_figures_of_another_kind_are_refused(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text("sample,field,figure,n,value,lower,upper\nall,event,recall,many,1,1,1\n", "utf-8")
    with pytest.raises(DataError) as told:
        read_figures(path)
    assert told.value.problems[0].key == "evaluate_figures"


def test_the_comparison_is_saved_cell_by_cell(evaluation, tables, tmp_path):
    path = tmp_path / "cells.csv"
    evaluation.save_comparison(path)
    saved = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert saved.equals(compare_rows(read_project(tables)).astype(saved.dtypes.to_dict()))


def test_lines_on_the_screen_are_aligned(evaluation):
    lines = evaluation.describe("en").splitlines()
    head = next(line for line in lines if line.startswith("field"))
    body = lines[lines.index(head) + 1 : lines.index("", lines.index(head))]
    ends = head.index("held out") + len("held out")
    told = [line for line in body if line[head.index("held out") : ends].strip()]
    assert all(line[:ends].endswith(("]", "none coded")) for line in told if len(line) >= ends)
    assert {line[ends - 1] for line in told if len(line) >= ends} == {"]", "d"}


# When the stage runs again.


@pytest.fixture(scope="module")
def copy(tmp_path_factory, real_project):
    """The project and the package, to be changed."""
    root = tmp_path_factory.mktemp("stage")
    package = Path(netral_research.__file__).parent
    shutil.copytree(package, root / "src/netral_research", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("data/raw", "data/reference", "notebooks"):
        shutil.copytree(real_project.path(folder), root / folder)
    shutil.copy(real_project.path("study.toml"), root)
    return root


def changed_stages(root, relative, content=b"x"):
    def inputs():
        stages = {stage.name for stage in STAGES}
        tasks = [task for task in build_tasks() if task.name in stages]
        return {task.name: task_inputs(root, task, root / "src/netral_research") for task in tasks}

    before, path = inputs(), root / relative
    kept = path.read_bytes() if path.exists() else None
    path.write_bytes((kept or b"") + content)
    after = inputs()
    path.write_bytes(kept) if kept is not None else path.unlink()
    return {name for name in before if before[name] != after[name]}


@pytest.mark.parametrize(
    "relative",
    [
        "data/raw/articles/EE048.txt",
        "data/raw/articles/NEW01.txt",
        "data/reference/coding_lexicon.csv",
        SAMPLE,
        "src/netral_research/code/written_dates.py",
        "src/netral_research/code/evaluation.py",
    ],
)
def test_a_text_the_lexicon_or_a_rule_reaches_the_stage_and_no_other(copy, relative):
    assert changed_stages(copy, relative, b"\n") == {"code"}


@pytest.mark.parametrize(
    "relative",
    [
        "study.toml",
        "data/raw/violations.csv",
        "data/raw/articles/.hidden",
        "src/netral_research/model/poisson.py",
        "src/netral_research/report/html.py",
        "src/netral_research/workflow/evaluating.py",
        "src/netral_research/locales/en/evaluation.toml",
    ],
)
def test_what_the_stage_does_not_use_does_not_reach_it(copy, relative):
    assert "code" not in changed_stages(copy, relative, b"\n")


def test_a_folder_is_told_by_the_names_and_contents_of_its_files(tmp_path):
    (tmp_path / "a.txt").write_text("1")
    first = content_hash(tmp_path)
    assert content_hash(tmp_path / "none") == "-"
    (tmp_path / "a.txt").write_text("2")
    assert content_hash(tmp_path) != first
    (tmp_path / "a.txt").write_text("1")
    assert content_hash(tmp_path) == first


def test_lines_of_the_field_table_without_a_figure_are_left_out():
    columns = ["sample", "field", "figure", "n", "value", "lower", "upper"]
    figures = pd.DataFrame([("all", "mode", "accuracy", 4, 0.5, 0.25, 0.75)], columns=columns)
    nobody = pd.DataFrame(columns=["field", "figure", "value"], dtype="str")
    table = field_table(figures, nobody)
    assert table[["field", "value"]].to_numpy().tolist() == [["mode", 0.5]]
    assert table[["second_reader", "kappa", "development"]].isna().all(axis=None)
