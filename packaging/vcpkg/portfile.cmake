# An overlay port of the source it lies in: vcpkg install octet --overlay-ports=packaging/vcpkg. Only the header of
# onnxruntime is used; the library is loaded at run time.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS -DOCTET_BUILD_TESTS=OFF -DOCTET_INSTALL=ON -DOCTET_ORT_INCLUDE=${CURRENT_INSTALLED_DIR}/include/onnxruntime)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME octet CONFIG_PATH lib/cmake/octet)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE" "${SOURCE_PATH}/THIRD_PARTY_NOTICES.md")
