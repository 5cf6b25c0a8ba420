"""liboctet.so by ctypes: include/octet.h, struct by struct."""

import ctypes
import os
import threading
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_size_t, c_uint64, c_void_p

API_VERSION = 1


class Model(Structure):
    _fields_ = [("path", c_char_p), ("bytes", c_void_p), ("size", c_size_t)]


class Tensor(Structure):
    _fields_ = [
        ("name", c_char_p),
        ("type", c_char_p),
        ("shape", POINTER(c_int64)),
        ("rank", c_size_t),
        ("data", c_void_p),
        ("size_bytes", c_size_t),
        ("strings", POINTER(c_char_p)),
        ("keys", POINTER(c_char_p)),
    ]


class Progress(Structure):
    _fields_ = [("stage", c_char_p), ("done", c_uint64), ("total", c_uint64), ("is_bytes", c_int)]


ProgressFunction = CFUNCTYPE(c_int, POINTER(Progress), c_void_p)


class Request(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("options", c_char_p),
        ("model", Model),
        ("candidate", Model),
        ("output", c_char_p),
        ("data", POINTER(Tensor)),
        ("data_count", c_size_t),
        ("recorded", POINTER(Tensor)),
        ("recorded_count", c_size_t),
        ("progress", ProgressFunction),
        ("user", c_void_p),
        ("stop", POINTER(c_int)),
    ]


_loaded = None
_lock = threading.Lock()


def place():
    """$OCTET_LIBRARY for who develops Octet, else the wheel's own."""
    return os.environ.get("OCTET_LIBRARY") or os.path.join(os.path.dirname(__file__), "liboctet.so.0")


def load():
    global _loaded
    with _lock:
        if _loaded is None:
            try:
                library = ctypes.CDLL(place())
            except OSError as error:
                raise ImportError(f"octet's library cannot be loaded: {error}") from None
            if library.octet_api_version() < API_VERSION:
                raise ImportError(f"{place()} is older than this package; install both from one wheel")
            for verb in "quantize parity merge_parity bench predict inspect sensitivity export version".split():
                function = getattr(library, "octet_" + verb)
                function.restype = c_void_p
                function.argtypes = [POINTER(Request)]
            library.octet_code.argtypes = [c_void_p]
            library.octet_json.argtypes = [c_void_p]
            library.octet_json.restype = c_char_p
            library.octet_bytes.argtypes = [c_void_p, POINTER(c_size_t)]
            library.octet_bytes.restype = c_void_p
            library.octet_tensors.argtypes = [c_void_p, POINTER(POINTER(Tensor))]
            library.octet_tensors.restype = c_size_t
            library.octet_free.argtypes = [c_void_p]
            _loaded = library
        return _loaded
