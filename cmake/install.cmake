include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS octet EXPORT octet-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/octet DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT octet-targets NAMESPACE octet:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/octet)
if(OCTET_BUILD_CLI)
  install(TARGETS octet_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
configure_package_config_file(cmake/octet-config.cmake.in ${CMAKE_BINARY_DIR}/octet-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/octet)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/octet-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/octet-config.cmake ${CMAKE_BINARY_DIR}/octet-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/octet)
install(FILES LICENSE SECURITY.md THIRD_PARTY_NOTICES.md ${CMAKE_BINARY_DIR}/octet.spdx.json
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/octet)
