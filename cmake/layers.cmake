# octet_add_layers(<layers.txt>) makes an object library octet_<folder> for every line, and the library octet of all of
# them: liboctet.a, or liboctet++.so with BUILD_SHARED_LIBS (liboctet.so is the C library's, capi/CMakeLists.txt). The C++
# interface changes from version to version, so its SONAME names two numbers. octet_add_unit_tests() makes one test program per folder from the *_test.cpp beside the sources.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/layers.txt)

function(octet_add_layers file)
  file(STRINGS ${file} lines REGEX "^[a-z]+:")
  add_library(octet)
  add_library(octet::octet ALIAS octet)
  get_target_property(type octet TYPE)
  if(type STREQUAL "SHARED_LIBRARY")
    set_target_properties(octet PROPERTIES OUTPUT_NAME octet++ VERSION ${PROJECT_VERSION}
      SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  endif()
  set(folders "")
  foreach(line ${lines})
    string(REGEX REPLACE ":.*" "" folder "${line}")
    list(APPEND folders ${folder})
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${folder}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "_(test|bench)\\.cpp$")
    if(NOT sources)
      continue()
    endif()
    add_library(octet_${folder} OBJECT ${sources})
    target_include_directories(octet_${folder} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
    target_include_directories(octet_${folder} SYSTEM PRIVATE ${PROTOZERO_INCLUDE} ${HWY_INCLUDE} ${ORT_INCLUDE}
      ${LZ4_INCLUDE})
    target_compile_definitions(octet_${folder} PRIVATE FMT_HEADER_ONLY=1 OCTET_VERSION="${PROJECT_VERSION}"
      $<$<BOOL:${OCTET_WITHOUT_LIBCRYPTO}>:OCTET_WITHOUT_LIBCRYPTO>)
    target_link_libraries(octet_${folder} PRIVATE octet_build_flags nlohmann_json::nlohmann_json fmt::fmt-header-only
      ${OCTET_LINKED})
    target_sources(octet PRIVATE $<TARGET_OBJECTS:octet_${folder}>)
  endforeach()
  target_include_directories(octet PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
  target_link_libraries(octet PRIVATE $<BUILD_INTERFACE:octet_build_flags>
    PRIVATE ${OCTET_LINKED})
  target_compile_features(octet PUBLIC cxx_std_20)
  set(OCTET_FOLDERS ${folders} PARENT_SCOPE)
endfunction()

function(octet_test_settings target)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_include_directories(${target} SYSTEM PRIVATE ${PROTOZERO_INCLUDE} ${HWY_INCLUDE} ${ORT_INCLUDE})
  target_compile_definitions(${target} PRIVATE FMT_HEADER_ONLY=1 OCTET_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE octet octet_build_flags GTest::gtest_main GTest::gmock
    nlohmann_json::nlohmann_json fmt::fmt-header-only)
endfunction()

function(octet_add_unit_tests)
  find_package(GTest REQUIRED)
  include(GoogleTest)
  foreach(folder ${OCTET_FOLDERS})
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${folder}/*_test.cpp)
    if(sources)
      add_executable(test_${folder} ${sources})
      octet_test_settings(test_${folder})
      gtest_discover_tests(test_${folder} TEST_PREFIX "${folder}/" DISCOVERY_TIMEOUT 60)
    endif()
  endforeach()
endfunction()
