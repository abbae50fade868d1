"""A model of meaning on disk: sentences as vectors, so that claims are linked to questions by what they mean.

A static model (model2vec's) has a vector for each word, and a sentence is their mean: it needs neither a network nor
much time. A folder that is there is read; nothing is ever fetched.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jonbar.errors import QuestionError

FILES = ("model.safetensors", "tokenizer.json", "config.json")

Embed = Callable[[Sequence[str]], Any]  # texts -> an array of shape (text, dimension)


class Meaning:
    """How alike texts are in meaning, by a model: cosines of their vectors."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._known: tuple[tuple[str, ...], Any] = ((), None)

    def __call__(self, text: str, others: tuple[str, ...]) -> Sequence[float]:
        """The cosine between a text and each of some others; 0 where one of them has no word that the model knows."""
        if self._known[0] != others:  # the questions of one scenario are asked about again and again
            self._known = (others, _of_length_one(self._embed(others)))
        cosines: list[float] = (self._known[1] @ _of_length_one(self._embed([text]))[0]).tolist()
        return cosines


def _of_length_one(vectors: Any) -> Any:
    length = (vectors**2).sum(axis=1, keepdims=True) ** 0.5
    return vectors / (length + (length == 0.0))


def load_meaning(folder: Path) -> Meaning:
    """The model in a folder.

    Errors: E509 if model2vec is not installed, E532 if there is no such model or it cannot be read.
    """
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        what = f"`{folder}` lacks {', '.join(missing)}." if folder.is_dir() else f"There is no folder `{folder}`."
        advice = "Name the folder of a model that model2vec has saved; nothing is fetched."
        raise QuestionError("E532", what, advice)
    os.environ["HF_HUB_OFFLINE"] = "1"  # whatever the model asks for
    try:
        from model2vec import StaticModel
    except ImportError:
        advice = "Install it with `pip install 'jonbar[embeddings]'`, or leave out --model."
        raise QuestionError("E509", "A model of meaning needs model2vec, which is not installed.", advice) from None
    try:
        model = StaticModel.from_pretrained(folder)
        model.encode(["Does it rain?"])
    except Exception:  # its parts raise what they like
        advice = "Save the model anew with model2vec's `save_pretrained`."
        raise QuestionError("E532", f"The model in `{folder}` cannot be read.", advice) from None
    return Meaning(model.encode)
