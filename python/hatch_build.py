"""Puts the binaries that scripts/wheel made into the wheel, and their platform into its name."""

import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Binaries(BuildHookInterface):
    def initialize(self, version, build_data):
        try:
            platform = os.environ["OCTET_WHEEL_PLATFORM"]
            library = os.environ["OCTET_WHEEL_LIBRARY"]
            program = os.environ["OCTET_WHEEL_PROGRAM"]
        except KeyError as missing:
            raise RuntimeError(f"{missing} is not set: make the wheel with scripts/wheel") from None
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        build_data["force_include"][library] = "octet/liboctet.so.0"
        build_data["force_include"][program] = "octet/bin/octet"
        for name in ("LICENSE", "THIRD_PARTY_NOTICES.md"):
            build_data["force_include"][os.path.join(self.root, "..", name)] = f"octet/{name}"
