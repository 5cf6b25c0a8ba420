"""The octet command: the program that lies in this package, told which ONNX Runtime pip installed."""

import os
import sys


def main():
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "octet")
    if not os.environ.get("OCTET_ORT"):
        from ._runtime import library

        found = library()
        if found:
            os.environ["OCTET_ORT"] = found
    try:
        os.execv(program, ["octet", *sys.argv[1:]])
    except OSError as error:
        sys.exit(f"octet: {program}: {error.strerror}; install the wheel again: pip install --force-reinstall octet-onnx")


if __name__ == "__main__":
    main()
