#!/usr/bin/env python3
"""Writes octet/_tables.py and the stubs octet/*.pyi from docs/schema, which the program makes of include/octet/fields. With
--check: says what would change, and exits with 1."""

import json
import pathlib
import sys

here = pathlib.Path(__file__).parent
schemas = here.parent / "docs" / "schema"

head = '"""Made by python/generate.py from docs/schema."""\n'
verbs = {  # options, report, arguments in front of them
    "quantize": ("quantize-options", "QuantizeReport", "model: Model, output: Path | None = None, *, data: Data = None, progress: Progress = None"),
    "parity": ("parity-options", "ParityReport", "reference: Model | Arrays, candidate: Model, *, data: Data = None, progress: Progress = None"),
    "bench": ("bench-options", "BenchReport", "baseline: Model, candidate: Model, *, data: Data = None, progress: Progress = None"),
    "predict": ("predict-options", "dict[str, Any]", "model: Model, data: Data = None, *, progress: Progress = None"),
    "inspect": ("plan-options", "Inspection", "model: Model, *"),
    "sensitivity": ("sensitivity-options", "SensitivityReport", "model: Model, *, data: Data = None, progress: Progress = None"),
    "export": ("export-options", "ExportReport", "model: Model, output: Path | None = None, *, data: Data = None, progress: Progress = None"),
    "version": ("runtime-options", "VersionInfo", "*"),
}
documents = {
    "QuantizeReport": "quantize-report",
    "ParityReport": "parity-report",
    "BenchReport": "bench-report",
    "Inspection": "inspection",
    "SensitivityReport": "sensitivity-report",
    "ExportReport": "export-report",
    "VersionInfo": "version",
}


def read(name):
    return json.loads((schemas / f"{name}.json").read_text())


def options(schema, within=()):
    """(name, structs around it, its schema), outer ones first: they win over inner ones of the same name."""
    inner = []
    for name, one in schema["properties"].items():
        if one.get("type") == "object" and "properties" in one:
            yield name, within, {"type": "object"}
            inner.append((name, one))
        else:
            yield name, within, one
    for name, one in inner:
        yield from options(one, (*within, name))


def chosen(verb):
    out = {}
    for name, within, schema in options(read(verbs[verb][0])):
        if name not in ("files", "data"):  # given as data=, an argument of its own
            out.setdefault(name, (within, schema))
    return out


def annotation(schema, names):
    if "anyOf" in schema:
        kinds = [one for one in schema["anyOf"] if "enum" not in one]
        return " | ".join("None" if one.get("type") == "null" else annotation(one, names) for one in kinds)
    if "$ref" in schema:
        return "Mapping[str, Any] | Record | None"
    kind = schema.get("type")
    if kind == "array":
        return f"list[{annotation(schema.get('items', {}), names)}]"
    if kind == "object":
        if "properties" in schema:
            return names(schema)
        if "additionalProperties" in schema:
            return f"dict[str, {annotation(schema['additionalProperties'], names)}]"
        return "Mapping[str, Any] | None"
    return {"string": "str", "boolean": "bool", "integer": "int", "number": "float"}.get(kind, "Any")


def numbers(schema, name, found):
    if any(one.get("enum") == ["nan", "inf", "-inf"] for one in schema.get("anyOf", [])):
        found.add(name)
    for one in schema.get("anyOf", []):
        numbers(one, name, found)
    if "items" in schema:
        numbers(schema["items"], name, found)
    for key, one in schema.get("properties", {}).items():
        numbers(one, key, found)


def tables():
    found = set()
    for name in documents.values():
        numbers(read(name), "", found)
    lines = [head, "", "# The options of each verb, and which structs they lie in.", "OPTIONS = {"]
    for verb in verbs:
        lines.append(f'    "{verb}": {{')
        for name, (within, _) in sorted(chosen(verb).items()):
            lines.append(f'        "{name}": {within!r},'.replace("'", '"'))
        lines.append("    },")
    lines += ["}", "", '# Fields that are numbers, also when they are "nan" or "inf".', "NUMBERS = frozenset(", "    {"]
    lines += [f'        "{name}",' for name in sorted(found)]
    lines += ["    }", ")", ""]
    return "\n".join(lines)


def classes(name, schema, base, done, out):
    def inner_name(field):
        return "".join(word.capitalize() for word in field.split("_"))

    fields = []
    for field, one in schema["properties"].items():
        def named(found, field=field):
            made = f"{name}{inner_name(field)}" if base == "Report" else f"{name}_{inner_name(field)}"
            if made not in done:
                done.add(made)
                classes(made, found, "Record", done, out)
            return made

        if "const" in one:
            kind = "int"
        else:
            kind = annotation(one, named)
        fields.append(f"    {field}: {kind}")
    out.append("\n".join([f"class {name}({base}):", *fields]))


def report_stubs():
    out, done = [], set()
    for name, document in documents.items():
        schema = read(document)
        if name in ("QuantizeReport", "Inspection"):
            plan = schema["properties"].get("plan", {})
            assert plan.get("type") == "object", "a plan is an object"
        classes(name, schema, "Report", done, out)
    start = head + '''
from collections.abc import Iterator, Mapping
from typing import Any

class Record:
    def __init__(self, fields: Mapping[str, Any]) -> None: ...
    def __getitem__(self, name: str) -> Any: ...
    def __getattr__(self, name: str) -> Any: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def __contains__(self, name: object) -> bool: ...
    def keys(self) -> Any: ...
    def to_dict(self) -> dict[str, Any]: ...
    def _repr_html_(self) -> str: ...

class Report(Record):
    ok: bool
    model_bytes: bytes | None
    def check(self) -> Report: ...
'''
    return start + "\n" + "\n\n".join(out) + "\n"


def default(schema):
    value = schema.get("default")
    return "..." if isinstance(value, (list, dict)) or value is None and "$ref" in schema else repr(value).replace("'", '"')


def call_stubs():
    lines = [
        head,
        "from collections.abc import Callable, Iterable, Mapping",
        "from os import PathLike",
        "from typing import Any, Union",
        "",
        "from . import reports as reports",
        "from .reports import BenchReport, ExportReport, Inspection, ParityReport, QuantizeReport, Record, Report",
        "from .reports import SensitivityReport, VersionInfo",
        "",
        "__version__: str",
        "Path = Union[str, PathLike[str]]",
        "Model = Union[Path, bytes, bytearray, memoryview, Any]  # Any: onnx.ModelProto",
        "Arrays = Union[Mapping[str, Any], Iterable[Any], Any]  # of NumPy",
        "Data = Union[None, Path, Iterable[Path], Arrays]",
        "Progress = Union[None, Callable[[str, int, Union[int, None]], Any]]  # False stops the call",
        "",
        "class Error(RuntimeError):",
        "    code: str",
        "    def __init__(self, code: str, message: str) -> None: ...",
        "",
        "class Refused(Error):",
        "    report: Report",
        "    def __init__(self, message: str, report: Report) -> None: ...",
        "",
    ]
    for verb, (_, report, front) in verbs.items():
        lines.append(f"def {verb}(")
        lines += [f"    {one}," for one in front.split(", ") if "[" not in one] if "dict[" not in front else []
        for name, (_, schema) in chosen(verb).items():
            lines.append(f"    {name}: {annotation(schema, lambda found: 'Record')} = {default(schema)},")
        if verb == "parity":
            lines.append("    shard: str | None = None,")  # "3/16": the share, as the text that merge_parity takes
            report = "ParityReport | Any"
        lines.append(f") -> {report}: ...")
    lines += [
        "def merge_parity(shards: Iterable[str | PathLike[str]]) -> ParityReport: ...",
        "def quantize_dynamic(",
        "    model_input: Model,",
        "    model_output: Path,",
        "    op_types_to_quantize: Iterable[str] | None = None,",
        "    per_channel: bool = False,",
        "    reduce_range: bool = False,",
        '    weight_type: Any = "QInt8",',
        "    nodes_to_quantize: Iterable[str] | None = None,",
        "    nodes_to_exclude: Iterable[str] | None = None,",
        "    use_external_data_format: bool = False,",
        "    extra_options: Mapping[str, Any] | None = None,",
        ") -> None: ...",
        "",
    ]
    return "\n".join(lines)


def main():
    made = {"_tables.py": tables(), "reports.pyi": report_stubs(), "__init__.pyi": call_stubs()}
    stale = []
    for name, text in made.items():
        path = here / "octet" / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text)
    if "--check" in sys.argv and stale:
        sys.exit(f"{', '.join(stale)} no longer say what docs/schema says: run python/generate.py")


main()
