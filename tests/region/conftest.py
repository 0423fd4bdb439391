from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data():
    folder = Path(__file__).parents[2].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of public data (../shared/data) is absent")
    return folder
