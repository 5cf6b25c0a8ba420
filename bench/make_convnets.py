"""Writes convolutional networks of the shapes people run, with drawn weights: for times, not for what a trained one loses.

    python bench/make_convnets.py [--into FOLDER] [--only NAME ...]

Batch normalisation is folded, as exporters write networks. Weights are drawn so that activations keep their size.
"""

import argparse
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

from make_models import DEFAULT_FOLDER, Writer


class Net(Writer):
    """A writer that knows how many channels each value has."""

    def __init__(self, seed: int, channels: int):
        super().__init__(seed)
        self.channels = {"x": channels}

    def conv(self, x: str, out: int, kernel, stride: int = 1, groups: int = 1, pad: int | None = None) -> str:
        sizes = [kernel, kernel] if isinstance(kernel, int) else list(kernel)
        fan_in = self.channels[x] // groups * int(np.prod(sizes))
        number = len(self.nodes)
        values = self.rng.standard_normal((out, self.channels[x] // groups, *sizes), dtype=np.float32)
        weight = self.constant(values * np.float32((2 / fan_in) ** 0.5), f"w{number}")
        pads = [k // 2 if pad is None else pad for k in sizes] * 2
        y = self.node("Conv", x, weight, self.vector(out, 0, 0.05, f"b{number}"), kernel_shape=sizes,
                      strides=[stride] * len(sizes), pads=pads, group=groups)
        self.channels[y] = out
        return y

    def then(self, op: str, *inputs: str, **attributes) -> str:
        y = self.node(op, *inputs, **attributes)
        self.channels[y] = sum(self.channels[i] for i in inputs) if op == "Concat" else self.channels[inputs[0]]
        return y

    def relu(self, x: str) -> str:
        return self.then("Relu", x)

    def silu(self, x: str) -> str:
        return self.then("Mul", x, self.then("Sigmoid", x))

    def half(self, x: str, y: str) -> str:
        """A residual sum, kept from growing."""
        return self.then("Add", x, y)

    def pool(self, x: str, kernel: int, stride: int, pad: int) -> str:
        return self.then("MaxPool", x, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4)

    def head(self, x: str, classes: int) -> str:
        flat = self.node("Flatten", self.node("GlobalAveragePool", x))
        weight = self.matrix(self.channels[x], classes, self.channels[x] ** -0.5, "head.w")
        return self.node("Gemm", flat, weight, self.vector(classes, 0, 0.1, "head.b"))

    def finish(self, path: Path, y: str, shape: list) -> None:
        self.nodes.append(helper.make_node("Identity", [y], ["y"], name="y"))
        self.save(path, [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
                  [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])


def resnet(path: Path, blocks: list, bottleneck: bool) -> None:
    net = Net(3, 3)
    x = net.pool(net.relu(net.conv("x", 64, 7, 2)), 3, 2, 1)
    for stage, count in enumerate(blocks):
        width = 64 << stage
        for block in range(count):
            stride = 2 if stage > 0 and block == 0 else 1
            if bottleneck:
                y = net.relu(net.conv(x, width, 1))
                y = net.relu(net.conv(y, width, 3, stride))
                y = net.conv(y, 4 * width, 1)
            else:
                y = net.conv(net.relu(net.conv(x, width, 3, stride)), width, 3)
            if stride != 1 or net.channels[x] != net.channels[y]:
                x = net.conv(x, net.channels[y], 1, stride)
            x = net.relu(net.half(y, x))
    net.finish(path, net.head(x, 1000), [1, 3, 224, 224])


def mobilenet_v2(path: Path) -> None:
    net = Net(4, 3)
    clip = [net.constant(np.float32(0), "zero"), net.constant(np.float32(6), "six")]

    def relu6(x: str) -> str:
        y = net.node("Clip", x, *clip)
        net.channels[y] = net.channels[x]
        return y

    x = relu6(net.conv("x", 32, 3, 2))
    for expand, out, count, stride in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
                                       (6, 160, 3, 2), (6, 320, 1, 1)]:
        for i in range(count):
            wide = net.channels[x] * expand
            y = relu6(net.conv(x, wide, 1)) if expand > 1 else x
            y = relu6(net.conv(y, wide, 3, stride if i == 0 else 1, groups=wide))
            y = net.conv(y, out, 1)
            x = net.half(x, y) if i > 0 else y
    net.finish(path, net.head(relu6(net.conv(x, 1280, 1)), 1000), [1, 3, 224, 224])


def yolo(path: Path, width: int) -> None:
    """A detector in the style of YOLOv8: C2f blocks, SiLU, a pyramid, one head a level."""
    net = Net(5, 3)

    def c2f(x: str, out: int, count: int, shortcut: bool) -> str:
        x = net.silu(net.conv(x, out, 1))
        left, right = f"{x}_left", f"{x}_right"
        net.nodes.append(helper.make_node("Split", [x], [left, right], name=left, axis=1))
        net.channels[left] = net.channels[right] = out // 2
        parts = [left, right]
        for _ in range(count):
            y = net.silu(net.conv(net.silu(net.conv(parts[-1], out // 2, 3)), out // 2, 3))
            parts.append(net.half(parts[-1], y) if shortcut else y)
        return net.silu(net.conv(net.then("Concat", *parts, axis=1), out, 1))

    def up(x: str) -> str:
        scales = net.constant(np.float32([1, 1, 2, 2]), f"scales{len(net.nodes)}")
        y = net.node("Resize", x, "", scales, mode="nearest")
        net.channels[y] = net.channels[x]
        return y

    def down(x: str, out: int) -> str:
        return net.silu(net.conv(x, out, 3, 2))

    x = c2f(down(down("x", width), 2 * width), 2 * width, 1, True)
    p3 = c2f(down(x, 4 * width), 4 * width, 2, True)
    p4 = c2f(down(p3, 8 * width), 8 * width, 2, True)
    p5 = c2f(down(p4, 16 * width), 16 * width, 1, True)
    n4 = c2f(net.then("Concat", up(p5), p4, axis=1), 8 * width, 1, False)
    n3 = c2f(net.then("Concat", up(n4), p3, axis=1), 4 * width, 1, False)
    n4 = c2f(net.then("Concat", down(n3, 4 * width), n4, axis=1), 8 * width, 1, False)
    n5 = c2f(net.then("Concat", down(n4, 8 * width), p5, axis=1), 16 * width, 1, False)
    heads = []
    for level in (n3, n4, n5):
        boxes = net.conv(net.silu(net.conv(net.silu(net.conv(level, 64, 3)), 64, 3)), 64, 1)
        classes = net.conv(net.silu(net.conv(net.silu(net.conv(level, 80, 3)), 80, 3)), 80, 1)
        joined = net.then("Concat", boxes, classes, axis=1)
        heads.append(net.node("Reshape", joined, net.constant(np.int64([1, 144, -1]), f"flat{level}")))
    net.finish(path, net.node("Concat", *heads, axis=2), [1, 3, 320, 320])


def unet(path: Path) -> None:
    net = Net(6, 3)

    def twice(x: str, out: int) -> str:
        return net.relu(net.conv(net.relu(net.conv(x, out, 3)), out, 3))

    kept, x = [], "x"
    for out in (32, 64, 128, 256):
        x = twice(x, out)
        kept.append(x)
        x = net.pool(x, 2, 2, 0)
    x = twice(x, 512)
    for skip in reversed(kept):
        scales = net.constant(np.float32([1, 1, 2, 2]), f"scales{len(net.nodes)}")
        y = net.node("Resize", x, "", scales, mode="nearest")
        net.channels[y] = net.channels[x]
        x = twice(net.then("Concat", net.conv(y, net.channels[skip], 1), skip, axis=1), net.channels[skip])
    net.finish(path, net.conv(x, 4, 1), [1, 3, 256, 256])


def wav2vec(path: Path) -> None:
    """The convolutional front end of a speech model, one second of sound."""
    net = Net(7, 1)
    x = "x"
    for kernel, stride in [(10, 5), (3, 2), (3, 2), (3, 2), (3, 2), (2, 2), (2, 2)]:
        x = net.relu(net.conv(x, 512, [kernel], stride, pad=0))
    net.finish(path, x, [1, 1, 16000])


def tcn(path: Path) -> None:
    net = Net(8, 80)
    x = net.relu(net.conv("x", 256, [1]))
    for _ in range(6):
        x = net.relu(net.half(net.conv(net.relu(net.conv(x, 256, [5])), 256, [5]), x))
    net.finish(path, net.conv(x, 64, [1]), [1, 80, 400])


NETS = {
    "resnet18": lambda path: resnet(path, [2, 2, 2, 2], False),
    "resnet50": lambda path: resnet(path, [3, 4, 6, 3], True),
    "mobilenet_v2": mobilenet_v2,
    "yolo_n": lambda path: yolo(path, 16),
    "yolo_s": lambda path: yolo(path, 32),
    "unet": unet,
    "wav2vec_front": wav2vec,
    "tcn": tcn,
}


def ensure(name: str, folder: Path = DEFAULT_FOLDER) -> Path:
    path = folder / f"{name}.onnx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        NETS[name](path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--only", nargs="+", choices=NETS, default=list(NETS))
    arguments = parser.parse_args()
    for name in arguments.only:
        print(ensure(name, arguments.into))


if __name__ == "__main__":
    main()
