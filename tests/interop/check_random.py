"""onnx's checker on what becomes of random graphs: valid before, valid after.

    python check_random.py <test_fuzz>

The program makes 200 graphs and carries out its own plans for them (tests/fuzz/random_plans_test.cpp).
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import onnx


def fault(path: Path) -> str:
    try:
        onnx.checker.check_model(str(path))
    except Exception as error:
        return str(error).splitlines()[0]
    return ""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.argv[1], "--gtest_filter=OwnPlans.*", "--gtest_brief=1"],
            env={**os.environ, "OCTET_KEEP_RESULTS": folder},
            check=True,
        )
        sources = sorted(Path(folder).glob("*.in.onnx"))
        valid = [source for source in sources if not fault(source)]
        failed = 0
        for source in valid:
            found = fault(source.with_name(source.name.replace(".in.", ".out.")))
            if found:
                failed += 1
                print(f"  FAILED random graph {source.name}: {found}")
        print(f"random graphs: {len(valid)} of {len(sources)} are valid, {failed} are not afterwards")
        return 0 if valid and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
