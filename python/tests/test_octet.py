"""The package from outside: python -m unittest, with OCTET_EXAMPLES naming examples/. Tests that need NumPy, ONNX or ONNX
Runtime are skipped without."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from importlib.util import find_spec

import octet
from octet import _runtime

digits = pathlib.Path(os.environ.get("OCTET_EXAMPLES", "examples")) / "digits"
needs_numpy = unittest.skipUnless(find_spec("numpy"), "no numpy")
needs_onnx = unittest.skipUnless(find_spec("onnx"), "no onnx")
needs_runtime = unittest.skipUnless(_runtime.library() and find_spec("numpy"), "no ONNX Runtime or no numpy")


def rows(count=None):
    import numpy

    return numpy.load(digits / "test_rows.npy")[:count]


class Folder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)


class Import(unittest.TestCase):
    def test_loads_neither_numpy_nor_the_library(self):
        code = "import sys, octet; print(sorted({'numpy', 'onnx', 'onnxruntime', 'ctypes'} & set(sys.modules)))"
        self.assertEqual(subprocess.check_output([sys.executable, "-c", code], text=True), "[]\n")

    def test_knows_its_names(self):
        self.assertTrue({"quantize", "quantize_dynamic", "Error"} <= set(dir(octet)))
        with self.assertRaises(AttributeError):
            octet.nonsense

    def test_has_the_library_s_version(self):
        self.assertEqual(octet.version().version, octet.__version__)


class WithoutData(Folder):
    def test_quantize_gives_bytes_where_no_output_is_named(self):
        report = octet.quantize(digits / "digits.onnx", prove=False)
        self.assertTrue(report.ok and report.written)
        self.assertEqual(len(report.model_bytes), report.bytes_after)
        self.assertLess(report.bytes_after * 2, report.bytes_before)

    def test_quantize_writes_the_same_from_bytes_as_from_a_path(self):
        output = self.folder / "made.onnx"
        octet.quantize((digits / "digits.onnx").read_bytes(), output, prove=False)
        report = octet.quantize(str(digits / "digits.onnx"), prove=False)
        self.assertEqual(output.read_bytes(), report.model_bytes)

    def test_a_plan_goes_round(self):
        plan = octet.inspect(digits / "digits.onnx", target="avx2").plan
        report = octet.quantize(digits / "digits.onnx", plan=plan, prove=False)
        self.assertEqual(report.plan.target, "avx2")
        self.assertEqual(len(report.plan.decisions), len(plan.decisions))

    def test_nothing_to_quantize_is_no_and_no_exception(self):
        report = octet.quantize(digits / "digits.onnx", exclude=["*"], storage="float32", prove=False)
        self.assertFalse(report.ok or report.written)
        with self.assertRaises(octet.Refused) as caught:
            report.check()
        self.assertIs(caught.exception.report, report)

    def test_errors_have_codes_and_speak_python(self):
        with self.assertRaises(octet.Error) as caught:
            octet.inspect(b"no model")
        self.assertEqual(caught.exception.code, "invalid_model")
        with self.assertRaisesRegex(octet.Error, 'exclude "nonsense" matches no node'):
            octet.inspect(digits / "digits.onnx", exclude=["nonsense"])
        with self.assertRaisesRegex(TypeError, "did you mean 'target'"):
            octet.quantize(digits / "digits.onnx", targt="avx2")
        with self.assertRaisesRegex(TypeError, "a model is a path"):
            octet.inspect(3)

    def test_reports_show_themselves_and_escape_what_models_say(self):
        report = octet.inspect(digits / "digits.onnx")
        self.assertIn("<table>", report._repr_html_())
        self.assertIn("Inspection(", repr(report))
        hostile = octet.reports.Inspection({"model": "<script>alert(1)</script>"})
        self.assertNotIn("<script>", hostile._repr_html_())

    def test_progress_can_stop_and_can_raise(self):
        with self.assertRaises(InterruptedError):
            octet.quantize(digits / "digits.onnx", progress=lambda *now: False, prove=False)

        def fail(*_):
            raise ZeroDivisionError

        with self.assertRaises(ZeroDivisionError):
            octet.quantize(digits / "digits.onnx", progress=fail, prove=False)


@needs_runtime
class WithRuntime(Folder):
    def test_quantize_parity_bench_and_predict_take_arrays(self):
        made = octet.quantize(digits / "digits.onnx", data=rows(), speed_seconds=0)
        self.assertEqual(made.gate.status, "passed")
        parity = octet.parity(digits / "digits.onnx", made.model_bytes, data=rows())
        self.assertTrue(parity.ok and parity.passed)
        self.assertEqual(parity.rows, len(rows()))
        bench = octet.bench(digits / "digits.onnx", made.model_bytes, data=rows(), seconds=0.05, min_runs=4, warmup_seconds=0)
        self.assertGreater(bench.batches[0].baseline.p50_us, 0)
        self.assertIn("faster" if bench.verdict == "faster" else bench.verdict, bench._repr_html_())

    def test_predictions_are_arrays_and_a_reference(self):
        answers = octet.predict(digits / "digits.onnx", rows(7))
        self.assertEqual(answers["probabilities"].shape, (7, 10))
        self.assertTrue(octet.parity(answers, digits / "digits.onnx", data=rows(7)).passed)
        answers["probabilities"] = answers["probabilities"][:, ::-1]
        self.assertFalse(octet.parity(answers, digits / "digits.onnx", data=rows(7)).ok)

    def test_files_are_data_too(self):
        report = octet.parity(
            digits / "sklearn_probabilities.npy", digits / "digits.onnx", data=digits / "test_rows.npy"
        )
        self.assertTrue(report.passed)
        self.assertEqual(report.files[-1].role, "data")

    def test_sensitivity_ranks_layers(self):
        report = octet.sensitivity(digits / "digits.onnx", data=rows(32), seconds=5)
        errors = [layer.error for layer in report.layers]
        self.assertEqual(errors, sorted(errors, reverse=True))

    def test_an_infinite_number_is_one(self):
        report = octet.parity(digits / "digits.onnx", digits / "digits.onnx", data=rows(3))
        self.assertEqual(report.outputs[-1].sqnr_db, float("inf"))

    @needs_onnx
    def test_a_model_proto_is_a_model(self):
        import onnx

        model = onnx.load(str(digits / "digits.onnx"))
        self.assertTrue(octet.quantize(model, data=rows(8), speed_seconds=0).ok)

    def test_shares_merge_to_the_whole(self):
        made = octet.quantize(digits / "digits.onnx", data=rows(), speed_seconds=0, gate=False).model_bytes

        def parity(**more):
            return octet.parity(digits / "digits.onnx", made, data=digits / "test_rows.npy", **more)

        shares = [parity(shard=f"{i}/7") for i in (3, 1, 2, 7, 6, 4, 5)]
        self.assertEqual(octet.merge_parity(shares).to_dict(), parity().to_dict())
        with self.assertRaisesRegex(octet.Error, "share 3/7 is missing"):
            octet.merge_parity(shares[1:])

    def test_calls_run_side_by_side(self):
        results = []

        def work():
            results.append(octet.parity(digits / "digits.onnx", digits / "digits.onnx", data=rows()).passed)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [True] * 4)

    def test_ctrl_c_ends_a_call(self):
        code = (
            "import octet, numpy, sys\n"
            "rows = numpy.zeros((2000, 64), 'f4')\n"
            "print('begun', flush=True)\n"
            "try:\n"
            f"    octet.bench({str(digits / 'digits.onnx')!r}, {str(digits / 'digits.onnx')!r}, data=rows, seconds=600)\n"
            "except KeyboardInterrupt:\n"
            "    print('ended', flush=True)\n"
        )
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        self.assertEqual(process.stdout.readline(), "begun\n")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.communicate(timeout=60)[0], "ended\n")


@needs_runtime
class QuantizeDynamic(Folder):
    def test_takes_the_peer_s_arguments(self):
        output = self.folder / "made.onnx"
        self.assertIsNone(
            octet.quantize_dynamic(
                str(digits / "digits.onnx"), str(output), op_types_to_quantize=["MatMul", "Gather"], per_channel=True,
                weight_type="QInt8", extra_options={"MatMulConstBOnly": True, "WeightSymmetric": True},
            )
        )
        self.assertIn("com.microsoft.DynamicQuantizeMatMul", octet.inspect(output).operators.keys())

    def test_leaves_out_what_is_excluded(self):
        output = self.folder / "made.onnx"
        octet.quantize_dynamic(digits / "digits.onnx", output, nodes_to_exclude=["MatMul1"])
        self.assertNotIn("com.microsoft.DynamicQuantizeMatMul", octet.inspect(output).operators.keys())

    def test_writes_a_copy_where_no_operator_is_meant(self):
        output = self.folder / "made.onnx"
        octet.quantize_dynamic(digits / "digits.onnx", output, op_types_to_quantize=["LSTM"])
        self.assertEqual(output.read_bytes(), (digits / "digits.onnx").read_bytes())

    def test_refuses_options_that_are_not_known(self):
        for extra in ({"MatMulConstBOnl": True}, {"SmoothQuant": True}, {"WeightSymmetric": False}):
            with self.assertRaises(octet.Error):
                octet.quantize_dynamic(digits / "digits.onnx", self.folder / "made.onnx", extra_options=extra)
        with self.assertRaisesRegex(octet.Error, "weight_type"):
            octet.quantize_dynamic(digits / "digits.onnx", self.folder / "made.onnx", weight_type="QInt4")


class Selectors(unittest.TestCase):
    def test_names_mean_themselves(self):
        from octet._quantize_dynamic import _exactly

        self.assertEqual(_exactly(["a", "/m/a", "/m/", "a*", "op:b"]), ["a", "/m/a", "/^/m/$/", "/^a\\*$/", "/^op:b$/"])


if __name__ == "__main__":
    unittest.main()
