# What `octet --version` says of the build. In a tarball there is no commit.
execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE OCTET_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed OR NOT EXISTS ${PROJECT_SOURCE_DIR}/.git)
  set(OCTET_COMMIT "")
endif()
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/api/version.cpp PROPERTIES COMPILE_DEFINITIONS
  "OCTET_COMMIT=\"${OCTET_COMMIT}\";OCTET_BUILD=\"$<CONFIG>, ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}\"")
