include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# octet::octet, for C++, and octet::c (find_package(octet COMPONENTS c)), which wants no other package.
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/octet)
install(TARGETS octet EXPORT octet-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT octet-targets NAMESPACE octet:: DESTINATION ${package})
if(TARGET octet_c)
  install(TARGETS octet_c EXPORT octet-c-targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT octet-c-targets NAMESPACE octet:: DESTINATION ${package})
  configure_file(cmake/octet.pc.in ${PROJECT_BINARY_DIR}/octet.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/octet.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
install(DIRECTORY include/octet DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES include/octet.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(OCTET_BUILD_CLI)
  install(TARGETS octet_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
configure_package_config_file(cmake/octet-config.cmake.in ${PROJECT_BINARY_DIR}/octet-config.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/octet-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/octet-config.cmake ${PROJECT_BINARY_DIR}/octet-config-version.cmake cmake/linked.cmake
  DESTINATION ${package})
install(FILES LICENSE SECURITY.md THIRD_PARTY_NOTICES.md ${PROJECT_BINARY_DIR}/octet.spdx.json
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/octet)
