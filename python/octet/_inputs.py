"""What a caller may give (paths, bytes, ModelProtos, arrays) as the structs of octet.h. NumPy is imported only for arrays,
and ONNX never."""

import ctypes
import os
from collections.abc import Mapping

from . import _library
from ._errors import Error


def fill_model(struct, model, keep):
    """`keep` holds what the struct points to."""
    if isinstance(model, (str, os.PathLike)):
        struct.path = os.fsencode(model)
        return
    if hasattr(model, "SerializeToString"):  # a ModelProto of onnx
        model = model.SerializeToString()
    if not isinstance(model, (bytes, bytearray, memoryview)):
        raise TypeError(f"a model is a path, bytes or a ModelProto, not {type(model).__name__}")
    data = model if isinstance(model, bytes) else bytes(model)
    keep.append(data)
    struct.bytes = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p)
    struct.size = len(data)


def _text(array):
    words = [one.encode() if isinstance(one, str) else bytes(one) for one in array.reshape(-1).tolist()]
    return (ctypes.c_char_p * len(words))(*words)


def _fill_tensor(struct, name, value, keep):
    import numpy

    if type(value).__module__.split(".")[0] == "torch":
        value = value.detach().cpu().numpy()
    array = numpy.asarray(value)
    shape = (ctypes.c_int64 * max(array.ndim, 1))(*array.shape)
    keep.append(shape)
    struct.name = name.encode() if name else None
    struct.shape, struct.rank = shape, array.ndim
    if array.dtype.kind in "OUS":
        struct.type = b"string"
        struct.strings = _text(array)
        keep.append(struct.strings)
        return
    if array.dtype.kind not in "biufc" and array.dtype.name != "bfloat16":
        raise TypeError(f"an array of {array.dtype} cannot be fed to a model")
    array = numpy.ascontiguousarray(array.astype(array.dtype.newbyteorder("="), copy=False)).reshape(array.shape)
    keep.append(array)
    struct.type = array.dtype.name.encode()
    struct.data, struct.size_bytes = array.ctypes.data, array.nbytes


def _is_path(value):
    return isinstance(value, (str, os.PathLike))


def split(data):
    """(paths, [(name, array)]) of what a caller gives as data."""
    if data is None:
        return [], []
    if _is_path(data):
        return [os.fspath(data)], []
    if isinstance(data, Mapping):
        return [], list(data.items())
    if isinstance(data, (list, tuple)) and data:
        if all(map(_is_path, data)):
            return [os.fspath(one) for one in data], []
        if any(map(_is_path, data)):
            raise TypeError("data are paths or arrays, not both")
        if all(hasattr(one, "__array__") for one in data):
            return [], [(None, one) for one in data]
    return [], [(None, data)]


def tensors(arrays, keep):
    if not arrays:
        return None, 0
    structs = (_library.Tensor * len(arrays))()
    for struct, (name, value) in zip(structs, arrays):
        _fill_tensor(struct, name, value, keep)
    keep.append(structs)
    return structs, len(arrays)


def array_of(tensor):
    """A tensor of a result as a NumPy array of its own."""
    try:
        import numpy
    except ImportError:
        raise Error("unsupported", "predictions are NumPy arrays: pip install numpy") from None
    shape = tuple(tensor.shape[i] for i in range(tensor.rank))
    name = tensor.type.decode()
    if name == "string":
        count = int(numpy.prod(shape, dtype=numpy.int64))
        words = [tensor.strings[i].decode(errors="replace") for i in range(count)]
        return numpy.array(words, dtype=object).reshape(shape)
    data = ctypes.string_at(tensor.data, tensor.size_bytes) if tensor.size_bytes else b""
    if name == "bfloat16":  # NumPy has none: the upper half of a float32
        wide = numpy.frombuffer(data, dtype=numpy.uint16).astype(numpy.uint32) << 16
        return wide.view(numpy.float32).reshape(shape)
    return numpy.frombuffer(data, dtype=name).reshape(shape).copy()
