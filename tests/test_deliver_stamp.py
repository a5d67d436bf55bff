"""Marks in PDFs: placed once, set for each reader, found again."""

from __future__ import annotations

import io
import subprocess
from typing import TYPE_CHECKING

import outloud
import pdfua
import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workspaces import make_workspace

from jianbao.deliver.keys import Key, Keyring, open_keyring
from jianbao.deliver.letters.reader_codes import ALPHABET, find_codes, reader_code, whose
from jianbao.deliver.letters.stamp import place_marks
from jianbao.deliver.letters.trace import trace
from jianbao.errors import UsageProblem
from jianbao.pipeline import Press, build, check
from jianbao.press.fonts import find_working_set, make_working_set
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from jianbao.deliver.letters.stamp import MarkedPdf

KEY = Key("A", bytes(32))
CODE = reader_code(KEY, "2025-04", "17")


@pytest.fixture(scope="module")
def face() -> bytes:
    """The font of marks."""
    fonts = find_working_set() or make_working_set()
    return (fonts.folder / "JianbaoHei-Regular.ttf").read_bytes()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The PDF of the smallest issue."""
    from workspaces import TODAY  # noqa: PLC0415  (a constant)

    root = make_workspace(tmp_path_factory.mktemp("printed")).resolve()
    workspace, folder = Workspace(root), root / "issues" / "2025-04"
    today: date = TODAY
    built = build(check(workspace, folder, today), workspace, folder, Press(output=root / "out"))
    assert built.folder is not None
    return (built.folder / built.artifacts[0]).read_bytes()


@pytest.fixture(scope="module")
def marked(printed: bytes, face: bytes) -> MarkedPdf:
    """With the places for a code."""
    return place_marks(printed, face)


def test_a_copy_differs_in_the_bytes_of_its_code_alone(marked: MarkedPdf) -> None:
    copy = marked.copy_for(CODE)

    differing = {n for n, (a, b) in enumerate(zip(marked.content, copy, strict=True)) if a != b}
    assert len(marked.marks) == 2
    assert differing <= {n for mark in marked.marks for n in range(mark.start, mark.end)}
    assert copy.count(CODE.encode()) == 2


def test_the_same_pdf_gets_the_same_marks(printed: bytes, face: bytes, marked: MarkedPdf) -> None:
    assert place_marks(printed, face) == marked


def test_every_page_shows_the_code(printed: bytes, marked: MarkedPdf) -> None:
    before, after = pypdfium2.PdfDocument(printed), pypdfium2.PdfDocument(marked.copy_for(CODE))

    texts = [page.get_textpage().get_text_range() for page in after]
    assert len(texts) == len(before)
    assert all(f"仅供收件人阅读　编号 {CODE}" in text for text in texts)
    for page, text in zip(before, texts, strict=True):
        assert page.get_textpage().get_text_range().split() == [
            word for word in text.split() if word not in {"仅供收件人阅读", "编号", CODE}
        ]


def test_qpdf_finds_nothing_wrong(tmp_path: Path, marked: MarkedPdf) -> None:
    (tmp_path / "copy.pdf").write_bytes(marked.copy_for(CODE))

    ran = subprocess.run(
        ["qpdf", "--check", "copy.pdf"], cwd=tmp_path, capture_output=True, check=False
    )

    assert (ran.returncode, ran.stderr) == (0, b"")


def _elements(element: pikepdf.Object) -> list[str]:
    """Kinds of the elements below ``element``, in reading order."""
    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    below = [kind for kid in kids if isinstance(kid, pikepdf.Dictionary) for kind in _elements(kid)]
    return [str(element.get("/S", "")), *below]


def test_a_screen_reader_passes_over_the_mark(printed: bytes, marked: MarkedPdf) -> None:
    with (
        pikepdf.open(io.BytesIO(printed)) as before,
        pikepdf.open(io.BytesIO(marked.copy_for(CODE))) as after,
    ):
        assert after.Root.MarkInfo == before.Root.MarkInfo
        assert _elements(after.Root.StructTreeRoot) == _elements(before.Root.StructTreeRoot)
        for page in after.pages:
            operators = [str(i.operator) for i in pikepdf.parse_content_stream(page)]
            assert operators.count("BDC") + operators.count("BMC") == operators.count("EMC")
            assert operators.count("q") == operators.count("Q")
            *_, tag, _, _, drawn, _, _ = pikepdf.parse_content_stream(page)
            assert [str(tag.operands[0]), str(drawn.operands[0])] == ["/Artifact", "/JianbaoMark"]


def test_linters_of_tagged_pdfs_find_no_more_in_a_copy(
    tmp_path: Path, printed: bytes, marked: MarkedPdf
) -> None:
    found = []
    for number, content in enumerate((printed, marked.copy_for(CODE))):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(content)
        loud, report = outloud.check(str(file)), pdfua.validate(str(file))
        found.append([f.rule for f in loud.findings] + [f.rule_id for f in report.findings])

    assert found[0] == found[1]


def test_the_longest_code_is_whole(marked: MarkedPdf) -> None:
    code = "-".join(["WWWW"] * 4)

    first = pypdfium2.PdfDocument(marked.copy_for(code))[0]

    assert code in first.get_textpage().get_text_range()


def test_what_is_no_pdf_is_not_marked(face: bytes) -> None:
    with pytest.raises(UsageProblem, match="PDF 打不开"):
        place_marks(b"no pdf", face)


def test_a_code_of_another_length_is_a_mistake_of_ours(marked: MarkedPdf) -> None:
    with pytest.raises(ValueError, match="19 characters"):
        marked.copy_for("SHORT")


# -- tracing --


def test_a_copy_is_traced(marked: MarkedPdf) -> None:
    assert trace(marked.copy_for(CODE)) == (CODE,)


@pytest.mark.parametrize(
    "options",
    [
        ["--linearize"],
        ["--object-streams=disable", "--recompress-flate", "--stream-data=uncompress"],
        ["--encrypt", "", "owner", "256", "--"],
        ["--empty", "--pages", "in.pdf", "2-3", "--"],
    ],
)
def test_a_copy_that_was_saved_anew_is_traced(
    tmp_path: Path, marked: MarkedPdf, options: list[str]
) -> None:
    (tmp_path / "in.pdf").write_bytes(marked.copy_for(CODE))
    source = [] if "--empty" in options else ["in.pdf"]
    subprocess.run(["qpdf", *source, *options, "out.pdf"], cwd=tmp_path, check=True)

    assert trace((tmp_path / "out.pdf").read_bytes()) == (CODE,)


def test_a_copy_whose_metadata_was_removed_is_traced_by_its_pages(marked: MarkedPdf) -> None:
    with pikepdf.open(io.BytesIO(marked.copy_for(CODE))) as document:
        del document.Root.Metadata
        output = io.BytesIO()
        document.save(output)

    assert trace(output.getvalue()) == (CODE,)


def test_a_pdf_without_a_mark_has_none(printed: bytes) -> None:
    assert trace(printed) == ()


@given(st.text(), st.text())
def test_codes_are_told_apart(campaign: str, reader: str) -> None:
    code = reader_code(KEY, campaign, reader)

    assert find_codes(code) == (code,)
    assert reader_code(Key("B", bytes(31) + b"1"), campaign, reader)[0] == "B"
    assert list(whose(code, Keyring((KEY,)), [(campaign, reader + "1"), (campaign, reader)])) == [
        (campaign, reader)
    ]


@given(st.integers(0, 15), st.sampled_from(ALPHABET))
def test_a_sign_that_is_mistyped_is_noticed(place: int, sign: str) -> None:
    signs = CODE.replace("-", "")
    typed = signs[:place] + sign + signs[place + 1 :]

    assert find_codes(typed) == ((CODE,) if typed == signs else ())


@given(st.integers(0, 14))
def test_signs_that_are_swapped_are_noticed(place: int) -> None:
    signs = CODE.replace("-", "")
    typed = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]

    assert find_codes(typed) == ((CODE,) if typed == signs else ())


@pytest.mark.parametrize(
    "typed", [CODE.lower(), CODE.replace("-", ""), CODE.replace("-", " – "), f"编号：{CODE}。"]
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert find_codes(typed) == (CODE,)


# -- keys --


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    made = open_keyring(tmp_path / "below" / "delivery.keys")

    assert open_keyring(tmp_path / "below" / "delivery.keys") == made
    assert (tmp_path / "below" / "delivery.keys").stat().st_mode & 0o777 == 0o600
    assert "secret" not in repr(made)


def test_a_new_key_leaves_the_old_one_to_answer(tmp_path: Path) -> None:
    file = tmp_path / "delivery.keys"
    (old,) = open_keyring(file).keys
    with file.open("a") as opened:
        opened.write(f"B {'0f' * 32}\n")

    keys = open_keyring(file)

    assert (keys.current.id, keys.find("A"), keys.find("C")) == ("B", old, None)


@pytest.mark.parametrize("text", ["", "A 12\n", f"I {'0f' * 32}\n", f"A {'0f' * 32}\n" * 2])
def test_a_file_that_holds_no_keys_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "delivery.keys"
    file.write_text(text)
    file.chmod(0o600)

    with pytest.raises(UsageProblem, match="读不懂"):
        open_keyring(file)


def test_keys_that_others_can_read_are_refused(tmp_path: Path) -> None:
    open_keyring(tmp_path / "delivery.keys")
    (tmp_path / "delivery.keys").chmod(0o644)

    with pytest.raises(UsageProblem, match="别人也能读"):
        open_keyring(tmp_path / "delivery.keys")
