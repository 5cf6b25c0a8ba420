"""Float ONNX models in, proven INT8 ONNX models out.

    report = octet.quantize("model.onnx", "model.int8.onnx", data=rows)
    octet.parity("model.onnx", "model.int8.onnx", data=rows).passed

Models are paths, bytes or ModelProtos; data are paths, NumPy arrays, or a dict of arrays by the names of inputs. What the
options mean: docs/python.md. Everything is imported when it is first used.
"""

from ._version import __version__

_places = {
    "quantize": "_calls",
    "parity": "_calls",
    "merge_parity": "_calls",
    "bench": "_calls",
    "predict": "_calls",
    "inspect": "_calls",
    "sensitivity": "_calls",
    "export": "_calls",
    "version": "_calls",
    "quantize_dynamic": "_quantize_dynamic",
    "Error": "_errors",
    "Refused": "_errors",
    "reports": "reports",
}
__all__ = ["__version__", *_places]


def __getattr__(name):
    if name not in _places:
        raise AttributeError(f"module 'octet' has no attribute {name!r}")
    from importlib import import_module

    module = import_module("." + _places[name], __name__)
    value = module if name == _places[name] else getattr(module, name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(__all__)
