"""conan create packaging/conan: Octet out of the source that this recipe lies in."""

import pathlib
import re

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy


class Octet(ConanFile):
    name = "octet"
    description = "Float ONNX models in, proven INT8 ONNX models out"
    license = "Apache-2.0"
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "with_program": [True, False]}
    default_options = {"shared": False, "with_program": True}

    @property
    def _source(self):
        return pathlib.Path(self.recipe_folder).parents[1]

    def set_version(self):
        text = (self._source / "CMakeLists.txt").read_text()
        self.version = re.search(r"project\(octet VERSION ([0-9.]+)", text)[1]

    def export_sources(self):
        for name in ("CMakeLists.txt", "LICENSE", "SECURITY.md", "THIRD_PARTY_NOTICES.md"):
            copy(self, name, self._source, self.export_sources_folder)
        for name in ("capi", "cli", "cmake", "include", "src"):
            copy(self, "*", self._source / name, pathlib.Path(self.export_sources_folder) / name)

    def requirements(self):
        for package in ("bzip2/1.0.8", "fmt/10.2.1", "highway/1.2.0", "lz4/1.9.4", "nlohmann_json/3.11.3", "openssl/3.2.1",
                        "protozero/1.7.1", "xz_utils/5.4.5", "zlib/1.3.1", "onnxruntime/1.18.1"):
            self.requires(package)
        if self.options.with_program:
            self.requires("cli11/2.4.1")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables.update(
            OCTET_BUILD_TESTS=False, OCTET_INSTALL=True, BUILD_SHARED_LIBS=bool(self.options.shared),
            OCTET_BUILD_CLI=bool(self.options.with_program),
        )
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_info(self):
        self.cpp_info.components["cpp"].libs = ["octet++" if self.options.shared else "octet"]
        self.cpp_info.components["cpp"].set_property("cmake_target_name", "octet::octet")
        self.cpp_info.components["c"].libs = ["octet"]
        self.cpp_info.components["c"].set_property("cmake_target_name", "octet::c")
