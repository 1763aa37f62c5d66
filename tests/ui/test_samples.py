from pathlib import Path

from desktop.ui.samples import read_samples


def test_samples_are_read_from_their_front_matter(tmp_path: Path) -> None:
    folder = tmp_path / "pythagoras"
    folder.mkdir()
    text = '---\ntitle: "Pythagoras, moved"\ndescription: A proof.\naspect: 9:16\n---\n\n## One\n'
    (folder / "storyboard.md").write_text(text, encoding="utf-8")
    (folder / "poster.jpg").write_bytes(b"")
    (sample,) = read_samples(tmp_path)
    assert (sample.title, sample.description, sample.aspect) == (
        "Pythagoras, moved", "A proof.", "9:16",
    )  # fmt: skip
    assert sample.picture == str(folder / "poster.jpg")


def test_a_sample_without_a_title_is_named_after_its_folder(tmp_path: Path) -> None:
    (tmp_path / "fair_coin").mkdir()
    (tmp_path / "fair_coin" / "storyboard.md").write_text("## One\n", encoding="utf-8")
    assert [sample.title for sample in read_samples(tmp_path)] == ["Fair coin"]


def test_no_samples_is_no_error(tmp_path: Path) -> None:
    assert read_samples(tmp_path / "missing") == ()
