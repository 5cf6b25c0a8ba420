# The libraries that Octet is linked with: OCTET_LINKED. Used by the build, and installed for who links liboctet.a, so that
# the package knows no folder of the machine it was made on.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(ZLIB)
find_dependency(OpenSSL COMPONENTS Crypto)
find_dependency(BZip2)
find_dependency(LibLZMA)
foreach(name hwy lz4)  # neither comes with a package file everywhere
  if(NOT TARGET octet::${name})
    string(TOUPPER ${name}_LIBRARY variable)
    find_library(${variable} ${name} REQUIRED)
    mark_as_advanced(${variable})
    add_library(octet::${name} UNKNOWN IMPORTED)
    set_target_properties(octet::${name} PROPERTIES IMPORTED_LOCATION "${${variable}}")
  endif()
endforeach()
set(OCTET_LINKED Threads::Threads ZLIB::ZLIB OpenSSL::Crypto BZip2::BZip2 LibLZMA::LibLZMA octet::lz4 octet::hwy
  ${CMAKE_DL_LIBS})
