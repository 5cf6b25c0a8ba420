"""The version of CMakeLists.txt; a test compares them."""

__version__ = "0.1.0"
