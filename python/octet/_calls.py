"""The verbs: a request out of Python's arguments, a call that Ctrl-C can stop, a typed report."""

import ctypes
import json
import os
import threading

from . import _inputs, _library, _options, _runtime, reports
from ._errors import Error


class _Call:
    """One call of the library. The GIL is released while it runs (ctypes), and the main thread waits where Python can
    hear a signal: the call itself then runs in a thread of its own."""

    def __init__(self, verb, progress=None):
        self.verb = verb
        self.library = _library.load()
        self.keep = []
        self.request = _library.Request(struct_size=ctypes.sizeof(_library.Request))
        self.stop = ctypes.c_int(0)
        self.request.stop = ctypes.pointer(self.stop)
        self.failure = None
        if progress is not None:
            self.request.progress = self._told(progress)

    def _told(self, progress):
        def tell(now, _user):
            try:
                answer = progress(now.contents.stage.decode(), now.contents.done, now.contents.total or None)
            except BaseException as failure:  # raised again by run()
                self.failure = failure
                return 1
            return 1 if answer is False else 0

        function = _library.ProgressFunction(tell)
        self.keep.append(function)
        return function

    def model(self, model, candidate=None):
        _inputs.fill_model(self.request.model, model, self.keep)
        if candidate is not None:
            _inputs.fill_model(self.request.candidate, candidate, self.keep)

    def data(self, data):
        """Tensors go into the request, paths are handed back for the options."""
        paths, arrays = _inputs.split(data)
        self.request.data, self.request.data_count = _inputs.tensors(arrays, self.keep)
        return paths

    def recorded(self, answers):
        self.request.recorded, self.request.recorded_count = _inputs.tensors(answers, self.keep)

    def output(self, path):
        self.request.output = None if path is None else os.fsencode(path)

    def options(self, given, paths=(), **more):
        nested = {**_options.nest(self.verb, given), **more}
        if paths:
            nested.setdefault("data", {})["files"] = list(paths)
        runtime = nested if self.verb == "version" else nested.setdefault("runtime", {})
        if self.verb == "inspect":
            nested.pop("runtime")
        elif not runtime.get("library"):
            runtime["library"] = _runtime.library()
            _runtime.forbid_telemetry()
        self.request.options = json.dumps(nested).encode()

    def run(self):
        function = getattr(self.library, "octet_" + self.verb)
        box = []

        def work():
            box.append(function(ctypes.byref(self.request)))

        if threading.current_thread() is threading.main_thread():
            thread = threading.Thread(target=work, name="octet", daemon=True)
            thread.start()
            interrupted = None
            while thread.is_alive():
                try:
                    thread.join()
                except BaseException as signal:  # KeyboardInterrupt, or what a signal's handler raised
                    self.stop.value = 1
                    interrupted = interrupted or signal
            if interrupted is not None:
                for result in box:
                    self.library.octet_free(result)
                raise interrupted
        else:
            work()
        if self.failure is not None:
            self.library.octet_free(box[0])
            raise self.failure
        return _Result(self.library, box[0])


def _hint(code):
    if code != "runtime_missing" or _runtime.library():
        return ""
    return "; the short way: pip install 'onnxruntime>=1.19'"


class _Result:
    """Freed at the end of the with statement."""

    def __init__(self, library, handle):
        self.library, self.handle = library, handle

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.library.octet_free(self.handle)

    def text(self):
        """The JSON as it is; raises like report()."""
        self.report(reports.Report)
        return self.library.octet_json(self.handle).decode()

    def report(self, kind):
        code = self.library.octet_code(self.handle)
        document = json.loads(self.library.octet_json(self.handle).decode())
        if code == 2:
            error = document["error"]
            if error["code"] == "cancelled":
                raise InterruptedError(error["message"])
            raise Error(error["code"], error["message"] + _hint(error["code"]))
        return kind(document, code, self._bytes())

    def _bytes(self):
        size = ctypes.c_size_t()
        data = self.library.octet_bytes(self.handle, ctypes.byref(size))
        return ctypes.string_at(data, size.value) if data else None

    def arrays(self):
        tensors = ctypes.POINTER(_library.Tensor)()
        count = self.library.octet_tensors(self.handle, ctypes.byref(tensors))
        return {tensors[i].name.decode(): _inputs.array_of(tensors[i]) for i in range(count)}


def quantize(model, output=None, *, data=None, progress=None, **options):
    call = _Call("quantize", progress)
    call.model(model)
    call.output(output)
    call.options(options, call.data(data))
    with call.run() as result:
        return result.report(reports.QuantizeReport)


def parity(reference, candidate, *, data=None, progress=None, shard=None, **options):
    call = _Call("parity", progress)
    is_model = isinstance(reference, (str, bytes, bytearray, memoryview, os.PathLike)) or hasattr(
        reference, "SerializeToString"
    )
    if is_model:
        call.model(reference, candidate)
    else:
        _inputs.fill_model(call.request.candidate, candidate, call.keep)
        call.recorded(_inputs.split(reference)[1])
    call.options(options, call.data(data), **({} if shard is None else {"shard": str(shard)}))
    with call.run() as result:
        return result.report(reports.ParityReport) if shard is None else result.text()


def merge_parity(shards):
    call = _Call("merge_parity")
    texts = [one if isinstance(one, str) else one.read_text() for one in shards]
    call.request.options = json.dumps({"shards": texts}).encode()
    with call.run() as result:
        return result.report(reports.ParityReport)


def bench(baseline, candidate, *, data=None, progress=None, **options):
    call = _Call("bench", progress)
    call.model(baseline, candidate)
    call.options(options, call.data(data))
    with call.run() as result:
        return result.report(reports.BenchReport)


def predict(model, data=None, *, progress=None, **options):
    call = _Call("predict", progress)
    call.model(model)
    call.options(options, call.data(data))
    with call.run() as result:
        result.report(reports.Report)
        return result.arrays()


def inspect(model, **options):
    call = _Call("inspect")
    call.model(model)
    call.options(options)
    with call.run() as result:
        return result.report(reports.Inspection)


def sensitivity(model, *, data=None, progress=None, **options):
    call = _Call("sensitivity", progress)
    call.model(model)
    call.options(options, call.data(data))
    with call.run() as result:
        return result.report(reports.SensitivityReport)


def export(model, output=None, *, data=None, progress=None, **options):
    call = _Call("export", progress)
    call.model(model)
    call.output(output)
    call.options(options, call.data(data))
    with call.run() as result:
        return result.report(reports.ExportReport)


def version(**options):
    call = _Call("version")
    call.options(options)
    with call.run() as result:
        return result.report(reports.VersionInfo)
