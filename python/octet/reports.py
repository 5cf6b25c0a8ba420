"""Reports: the fields of docs/schema as attributes, with types in reports.pyi; `to_dict()` is the JSON."""

from ._tables import NUMBERS


def _made(name, value):
    if isinstance(value, dict):
        return Record(value)
    if isinstance(value, list):
        return [_made(name, one) for one in value]
    if name in NUMBERS and value in ("nan", "inf", "-inf"):
        return float(value)
    return value


class Record:
    """An object of a report."""

    __slots__ = ("_fields", "_made")

    def __init__(self, fields):
        self._fields = fields
        self._made = {}

    def __getattr__(self, name):
        try:
            if name not in self._made:
                self._made[name] = _made(name, self._fields[name])
            return self._made[name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no field {name!r}") from None

    def __getitem__(self, name):
        try:
            return getattr(self, name)
        except AttributeError:
            raise KeyError(name) from None

    def __iter__(self):
        return iter(self._fields)

    def __len__(self):
        return len(self._fields)

    def __contains__(self, name):
        return name in self._fields

    def __eq__(self, other):
        return isinstance(other, Record) and self._fields == other._fields

    __hash__ = None

    def __dir__(self):
        return sorted({*super().__dir__(), *self._fields})

    def keys(self):
        return self._fields.keys()

    def to_dict(self):
        return self._fields

    def __repr__(self):
        inside = ", ".join(
            f"{name}={_made(name, value)!r}"
            for name, value in self._fields.items()
            if not isinstance(value, (dict, list))
        )
        return f"{type(self).__name__}({inside})"

    def _repr_html_(self):
        from ._html import of

        return of(self)


class Report(Record):
    """`ok`: the answer is yes. `model_bytes`: the model made, where no output was named."""

    __slots__ = ("ok", "model_bytes")

    def __init__(self, fields, code=0, model_bytes=None):
        super().__init__(fields)
        self.ok = code == 0
        self.model_bytes = model_bytes

    def check(self):
        """Itself; raises Refused where the answer is no."""
        if not self.ok:
            from ._errors import Refused

            raise Refused(self._why(), self)
        return self

    def _why(self):
        for name in ("detail", "reason"):
            if self._fields.get(name):
                return self._fields[name]
        return "the answer is no"


class QuantizeReport(Report):
    __slots__ = ()


class ParityReport(Report):
    __slots__ = ()


class BenchReport(Report):
    __slots__ = ()


class Inspection(Report):
    __slots__ = ()


class SensitivityReport(Report):
    __slots__ = ()


class ExportReport(Report):
    __slots__ = ()

    def _why(self):
        return self.proof.reason


class VersionInfo(Report):
    __slots__ = ()
