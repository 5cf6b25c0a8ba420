"""onnxruntime.quantization.quantize_dynamic's arguments, carried out by Octet.

Names, order and defaults are the same. Differences, all on the side of care: a node name that no node has is an error, so
is an option that is not listed here, and a model whose answers differ too much from the float model's is not written
(octet.Refused; quantize() has tolerances). Gemm nodes go with "MatMul", as there. Subgraphs are always quantized."""

import os
import re

from . import _calls
from ._errors import Error

_types = {"qint8": "int8", "int8": "int8", "quint8": "uint8", "uint8": "uint8", "3": "int8", "2": "uint8"}
_together = {"MatMul": ("MatMul", "Gemm")}

# Values that are what Octet does anyway.
_extra = {
    "MatMulConstBOnly": lambda value, kind: value is True,
    "EnableSubgraph": lambda value, kind: value is True,
    "ForceQuantizeNoInputCheck": lambda value, kind: value is False,
    "ActivationSymmetric": lambda value, kind: value is False,
    "WeightSymmetric": lambda value, kind: value is (kind == "int8"),
    "DefaultTensorType": lambda value, kind: True,
}


def _weight_type(given):
    name = str(getattr(given, "name", given)).lower().rsplit(".", 1)[-1]
    if name not in _types:
        raise Error("invalid_argument", f"weight_type is {given!r}; QInt8 and QUInt8 are known")
    return _types[name]


def _check_extra(options, kind):
    for name, value in (options or {}).items():
        if name not in _extra:
            from difflib import get_close_matches

            near = get_close_matches(name, _extra, 1)
            raise Error("invalid_argument", f"extra_options[{name!r}] is not known{'; did you mean ' + repr(near[0]) + '?' if near else ''}")
        if not _extra[name](value, kind):
            raise Error("unsupported", f"extra_options[{name!r}] = {value!r}: Octet does not do that; leave it out")


def _exactly(names):
    """Selectors that mean these names and nothing else."""
    special = re.compile(r"^op:|^/.+/$|[*?\[]")
    return ["/^" + re.escape(name) + "$/" if special.search(name) else name for name in names or ()]


def quantize_dynamic(
    model_input,
    model_output,
    op_types_to_quantize=None,
    per_channel=False,
    reduce_range=False,
    weight_type="QInt8",
    nodes_to_quantize=None,
    nodes_to_exclude=None,
    use_external_data_format=False,
    extra_options=None,
):
    kind = _weight_type(weight_type)
    _check_extra(extra_options, kind)
    planning = {
        "per_channel": bool(per_channel),
        "reduce_range": bool(reduce_range),
        "weight_type": kind,
        "include": _exactly(nodes_to_quantize),
        "exclude": _exactly(nodes_to_exclude),
    }
    if op_types_to_quantize:
        wanted = [one for name in op_types_to_quantize for one in _together.get(name, (name,))]
        present = _calls.inspect(model_input).operators.keys()
        here = [name for name in wanted if name in present]
        if here:
            planning["op_types"] = here
        else:  # there: a copy
            planning.update(include=[], exclude=["*"], storage="float32")
    report = _calls.quantize(
        model_input,
        os.fspath(model_output),
        planning=planning,
        external_data=bool(use_external_data_format),
        allow_unchanged=True,
    )
    report.check()
