"""The reference: ONNX Runtime's own `quantize_dynamic`, with its defaults, in a process of its own.

    python bench/quantize_dynamic.py model.onnx model.int8.onnx [--per-channel] [--uint8]

Prints one line of JSON: seconds to import the package, seconds to quantize, and the peak resident memory of the process.
"""

import argparse
import json
import logging
import resource
import time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--per-channel", action="store_true")
    parser.add_argument("--uint8", action="store_true", help="uint8 weights: the way around a missing int8 ConvInteger")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)

    started = time.perf_counter()
    from onnxruntime.quantization import QuantType, quantize_dynamic

    imported = time.perf_counter()
    quantize_dynamic(arguments.input, arguments.output, per_channel=arguments.per_channel,
                     weight_type=QuantType.QUInt8 if arguments.uint8 else QuantType.QInt8)
    finished = time.perf_counter()
    print(json.dumps({
        "import_seconds": round(imported - started, 4),
        "quantize_seconds": round(finished - imported, 4),
        "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }))


if __name__ == "__main__":
    main()
