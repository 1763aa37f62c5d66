"""The cards of the welcome page show what each sample looks like."""

from pathlib import Path

import pytest
from PIL import Image

from desktop.ui.samples import read_samples

SHAPES = {"16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1.0}
LARGEST_BYTES = 40_000


@pytest.mark.parametrize(
    "folder",
    sorted((Path(__file__).parents[2] / "resources" / "samples").iterdir()),
    ids=lambda path: path.name,
)
def test_every_sample_has_a_small_picture_of_its_own_shape(folder: Path) -> None:
    [sample] = [one for one in read_samples(folder.parent) if Path(one.picture).parent == folder]
    picture = Path(sample.picture)
    assert picture.stat().st_size < LARGEST_BYTES
    with Image.open(picture) as image:
        width, height = image.size
    assert max(width, height) == 640
    assert width / height == pytest.approx(SHAPES[sample.aspect], rel=0.01)
