"""Which ONNX Runtime is used: $OCTET_ORT, else the one pip installed, found without importing it."""

import glob
import os


def library():
    """"" where there is none: then the system's is searched, and the message says what to do."""
    named = os.environ.get("OCTET_ORT")
    if named:
        return named
    from importlib.util import find_spec

    try:
        found = find_spec("onnxruntime")
    except (ImportError, ValueError):
        found = None
    for folder in (found.submodule_search_locations or []) if found else []:
        libraries = sorted(glob.glob(os.path.join(folder, "capi", "libonnxruntime.so*")))
        if libraries:
            return libraries[0]
    return ""


def forbid_telemetry():
    """ONNX Runtime reports to its makers unless this is said before it is loaded."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
