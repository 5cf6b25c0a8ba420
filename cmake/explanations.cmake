# Compiles two pages in, so that `octet explain` says what their tables say.
foreach(page forms guide/troubleshooting)
  get_filename_component(name ${page} NAME)
  file(READ ${PROJECT_SOURCE_DIR}/docs/${page}.md OCTET_PAGE_${name})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/${page}.md)
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/cmake/explanation_pages.cpp.in ${PROJECT_BINARY_DIR}/cli/explanation_pages.cpp @ONLY)
target_sources(${program} PRIVATE ${PROJECT_BINARY_DIR}/cli/explanation_pages.cpp)
