"""The font working set: whole, named as ours, made together or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import uharfbuzz as hb
from fontTools.ttLib import TTFont

from jianbao.errors import MachineProblem
from jianbao.press import fonts
from jianbao.press.fonts import FACES, WorkingSet, find_working_set, has_glyph, make_working_set

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = "，。、；：？！（）《》〈〉「」『』【】“”‘’…—·"
_FEW = {ord(char) for char in f"国数据简报{_MARKS}ABCabc0123"}


@pytest.fixture(scope="module")
def machine_set() -> WorkingSet:
    """The set of this machine, made on the first run."""
    return find_working_set() or make_working_set()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for a set, which is cut to a few characters here, in one process."""
    monkeypatch.setenv(fonts.CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(fonts, "_characters", _FEW.copy)
    monkeypatch.setattr(fonts, "ProcessPoolExecutor", ThreadPoolExecutor)
    return tmp_path / "cache"


@pytest.fixture
def copied(machine_set: WorkingSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The set of this machine as another that may be spoilt."""
    folder = tmp_path / machine_set.folder.name
    folder.mkdir()
    for file in machine_set.folder.iterdir():
        (folder / file.name).symlink_to(file)
    monkeypatch.setenv(fonts.CACHE_VARIABLE, str(tmp_path))
    return folder


def opened(working_set: WorkingSet) -> list[Any]:
    """The faces of a set as fontTools reads them."""
    return [TTFont(working_set.folder / font.file) for font in working_set.fonts]


def program(folder: Path, answer: str) -> str:
    """A PATH on which fc-match gives ``answer``."""
    folder.mkdir()
    script = folder / "fc-match"
    script.write_text(f"#!/bin/sh\nprintf '%s' '{answer}'\n")
    script.chmod(0o755)
    return str(folder)


# -- the set of this machine --


def test_there_are_two_families_with_two_real_weights(machine_set: WorkingSet) -> None:
    faces = [
        (font["name"].getDebugName(6), font["OS/2"].usWeightClass) for font in opened(machine_set)
    ]

    assert faces == [
        ("JianbaoSong-Regular", 400),
        ("JianbaoSong-Bold", 700),
        ("JianbaoHei-Regular", 400),
        ("JianbaoHei-Bold", 700),
    ]


def test_no_face_keeps_the_reserved_name(machine_set: WorkingSet) -> None:
    for font in opened(machine_set):
        names = {font["name"].getDebugName(number) or "" for number in (1, 3, 4, 6, 16, 17)}
        assert not [name for name in names if "Noto" in name or "Source" in name]


def test_faces_are_truetype_and_squeeze_adjacent_marks(machine_set: WorkingSet) -> None:
    for font in opened(machine_set):
        features = {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}
        assert "glyf" in font
        assert "CFF " not in font
        assert {"chws", "halt", "kern"} <= features


def test_every_character_of_gbk_is_there(machine_set: WorkingSet) -> None:
    trails = [trail for trail in range(0x40, 0xFF) if trail != 0x7F]
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in trails)
    gbk = {char for pair in pairs if (char := pair.decode("gbk", "ignore"))}

    for font in opened(machine_set):
        cmap = font.getBestCmap()
        missing = {char for char in gbk if ord(char) not in cmap}
        assert missing <= {"≒"}  # Noto CJK SC lacks it


def test_the_hashes_are_those_of_the_files(machine_set: WorkingSet) -> None:
    for font in machine_set.fonts:
        data = (machine_set.folder / font.file).read_bytes()
        assert font.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("char", ["国", "。", "“", "A", "é", "α", "①", "　", "Ａ", "→"])
def test_characters_of_chinese_print_are_in_the_set(char: str) -> None:
    assert has_glyph(char)


@pytest.mark.parametrize("char", ["𠮷", "😀", "한"])
def test_others_are_not(char: str) -> None:
    assert not has_glyph(char)


def test_only_these_fonts_and_their_full_families_are_looked_for(machine_set: WorkingSet) -> None:
    text = machine_set.configuration.read_text("utf-8")

    assert text.count("<dir>") == 1 + len(machine_set.source_folders)
    assert f"<dir>{machine_set.folder}</dir>" in text
    assert "<include" not in text


# -- found only when it is whole --


def test_a_whole_set_is_found(copied: Path, machine_set: WorkingSet) -> None:
    found = find_working_set()

    assert found is not None
    assert found == WorkingSet(copied, machine_set.fonts)


@pytest.mark.parametrize("name", ["fonts.json", FACES[0].file])
@pytest.mark.usefixtures("machine_set")
def test_a_set_that_lacks_a_file_is_not_found(copied: Path, name: str) -> None:
    (copied / name).unlink()

    assert find_working_set() is None


@pytest.mark.parametrize("text", ["", "{", '"'])
def test_a_set_with_a_spoilt_list_is_not_found(copied: Path, text: str) -> None:
    (copied / "fonts.json").unlink()
    (copied / "fonts.json").write_text(text)

    assert find_working_set() is None


@pytest.mark.parametrize("text", ["[1]", '[{"file": "a.ttf"}]', "{}"])
def test_a_set_with_a_list_of_another_shape_is_not_found(copied: Path, text: str) -> None:
    (copied / "fonts.json").unlink()
    (copied / "fonts.json").write_text(text)

    assert find_working_set() is None


def test_a_set_whose_sources_were_uninstalled_is_not_found(copied: Path) -> None:
    records = json.loads((copied / "fonts.json").read_text("utf-8"))
    (copied / "fonts.json").unlink()
    records[0]["path"] = "/gone.ttc"
    (copied / "fonts.json").write_text(json.dumps(records))

    assert find_working_set() is None


# -- making it --


def test_a_set_is_made_once_and_then_found(cache: Path) -> None:
    steps: list[str] = []

    made = make_working_set(steps.append)

    assert find_working_set() == made
    assert made.folder.parent == cache
    assert len(steps) == 1 + len(FACES)
    assert {file.name for file in made.folder.iterdir()} == {
        "fonts.json",
        "fonts.conf",
        *(face.file for face in FACES),
    }
    assert opened(made)[0].getBestCmap().keys() == _FEW


def test_letters_have_a_gap_in_their_advance_and_keep_their_kerning(
    machine_set: WorkingSet,
) -> None:
    face = hb.Face(hb.Blob.from_file_path(machine_set.folder / machine_set.fonts[0].file))

    def widths(text: str, **features: list[tuple[int, int, int]]) -> list[int]:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(hb.Font(face), buffer, features)
        return [position.x_advance for position in buffer.glyph_positions]

    first, last = [(0, 1, 1)], [(1, 2, 1)]
    kerned, plain = widths("To")
    assert kerned < widths("Tx", kern=[(0, 2, 0)])[0]
    assert widths("To", GAPL=first) == [kerned + 125, plain]
    assert widths("To", GAPR=last) == [kerned, plain + 125]
    assert widths("5", GAPL=first, GAPR=first) == [widths("5")[0] + 250]
    assert widths("国", GAPL=first) == [1000]


@pytest.mark.usefixtures("cache")
def test_the_same_source_makes_the_same_set() -> None:
    first = [font.sha256 for font in make_working_set().fonts]
    time.sleep(1.1)  # fonts tell time in seconds

    assert [font.sha256 for font in make_working_set().fonts] == first


def test_adjacent_marks_share_their_white(cache: Path) -> None:
    made = make_working_set()
    face = hb.Face(hb.Blob.from_file_path(made.folder / made.fonts[0].file))

    def width(text: str) -> float:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.language = "zh-CN"
        hb.shape(hb.Font(face), buffer, {"chws": True})
        return sum(position.x_advance for position in buffer.glyph_positions) / face.upem

    assert cache.is_dir()
    assert width("国国") == 2.0
    assert width("》、《") == 2.0
    assert width("）。") == width("。”") == width("（《") == 1.5
    assert width("国。国") == 3.0


def test_a_set_that_could_not_be_made_leaves_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(fonts, "_cut", fail)

    with pytest.raises(OSError, match="no space"):
        make_working_set()

    assert list(cache.iterdir()) == []


# -- what the machine lacks --


@pytest.mark.usefixtures("cache")
def test_a_machine_without_fontconfig_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))

    with pytest.raises(MachineProblem) as caught:
        make_working_set()

    assert "fontconfig" in caught.value.message
    assert "jianbao doctor" in str(caught.value.hint)


@pytest.mark.usefixtures("cache")
def test_a_machine_without_the_fonts_is_told_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = "/usr/share/fonts/DejaVuSans.ttf|0|DejaVu Sans|Book"
    monkeypatch.setenv("PATH", program(tmp_path / "programs", answer))

    with pytest.raises(MachineProblem) as caught:
        make_working_set()

    assert "Noto Serif CJK SC Regular" in caught.value.message


def test_a_cache_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(fonts.CACHE_VARIABLE, str(tmp_path / "file"))

    with pytest.raises(MachineProblem) as caught:
        make_working_set()

    assert fonts.CACHE_VARIABLE in str(caught.value.hint)


def test_our_own_fontconfig_file_does_not_hide_the_sources(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fonts.conf").write_text("<fontconfig/>")
    monkeypatch.setenv("FONTCONFIG_FILE", os.fspath(tmp_path / "fonts.conf"))

    assert make_working_set().folder.parent == cache
