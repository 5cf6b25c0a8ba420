# octet.spdx.json: what this build of Octet is made of, as SPDX 2.3. Versions are those the build found. The same build of
# the same sources gives the same bytes: its time is that of the sources (SOURCE_DATE_EPOCH), else none is claimed.

# octet_header_version(<variable> <header> <regex with one group for each part>)
function(octet_header_version variable header)
  file(READ ${header} text)
  set(version "")
  foreach(name ${ARGN})
    if(text MATCHES "define ${name} +([0-9]+)")
      list(APPEND version ${CMAKE_MATCH_1})
    endif()
  endforeach()
  list(JOIN version "." version)
  set(${variable} ${version} PARENT_SCOPE)
endfunction()

octet_header_version(protozero_version ${PROTOZERO_INCLUDE}/protozero/version.hpp
  PROTOZERO_VERSION_MAJOR PROTOZERO_VERSION_MINOR PROTOZERO_VERSION_PATCH)
set(hwy_header ${HWY_INCLUDE}/hwy/highway.h)
if(EXISTS ${HWY_INCLUDE}/hwy/base.h)
  file(READ ${HWY_INCLUDE}/hwy/base.h hwy_base)
  if(hwy_base MATCHES "define HWY_MAJOR")  # where newer versions keep it
    set(hwy_header ${HWY_INCLUDE}/hwy/base.h)
  endif()
endif()
octet_header_version(hwy_version ${hwy_header} HWY_MAJOR HWY_MINOR HWY_PATCH)
octet_header_version(ort_api_version ${ORT_INCLUDE}/onnxruntime_c_api.h ORT_API_VERSION)

octet_header_version(lz4_version ${LZ4_INCLUDE}/lz4.h LZ4_VERSION_MAJOR LZ4_VERSION_MINOR LZ4_VERSION_RELEASE)

set(created "1970-01-01T00:00:00Z")
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  string(TIMESTAMP created "%Y-%m-%dT%H:%M:%SZ" UTC)
endif()

set(packages "")
set(relations "")
# octet_component(<id> <version> <licence> <home> <relation to Octet>)
function(octet_component id version licence home relation)
  string(APPEND packages ",
    {\"SPDXID\": \"SPDXRef-${id}\", \"name\": \"${id}\", \"versionInfo\": \"${version}\",
     \"licenseDeclared\": \"${licence}\", \"licenseConcluded\": \"${licence}\", \"copyrightText\": \"NOASSERTION\",
     \"downloadLocation\": \"${home}\", \"filesAnalyzed\": false}")
  string(APPEND relations ",
    {\"spdxElementId\": \"SPDXRef-octet\", \"relationshipType\": \"${relation}\", \"relatedSpdxElement\": \"SPDXRef-${id}\"}")
  set(packages "${packages}" PARENT_SCOPE)
  set(relations "${relations}" PARENT_SCOPE)
endfunction()

octet_component(fmt "${fmt_VERSION}" MIT https://github.com/fmtlib/fmt CONTAINS)
octet_component(nlohmann-json "${nlohmann_json_VERSION}" MIT https://github.com/nlohmann/json CONTAINS)
octet_component(CLI11 "${CLI11_VERSION}" BSD-3-Clause https://github.com/CLIUtils/CLI11 CONTAINS)
octet_component(protozero "${protozero_version}" "BSD-2-Clause AND Apache-2.0" https://github.com/mapbox/protozero CONTAINS)
octet_component(highway "${hwy_version}" Apache-2.0 https://github.com/google/highway DYNAMIC_LINK)
octet_component(zlib "${ZLIB_VERSION_STRING}" Zlib https://zlib.net DYNAMIC_LINK)
if(NOT OCTET_WITHOUT_LIBCRYPTO)
  octet_component(openssl "${OPENSSL_VERSION}" Apache-2.0 https://www.openssl.org DYNAMIC_LINK)
endif()
octet_component(bzip2 "${BZIP2_VERSION_STRING}" bzip2-1.0.6 https://sourceware.org/bzip2 DYNAMIC_LINK)
octet_component(liblzma "${LIBLZMA_VERSION_STRING}" "LicenseRef-public-domain" https://tukaani.org/xz DYNAMIC_LINK)
octet_component(lz4 "${lz4_version}" BSD-2-Clause https://lz4.org DYNAMIC_LINK)
octet_component(onnxruntime "API ${ort_api_version}" MIT https://github.com/microsoft/onnxruntime OPTIONAL_DEPENDENCY_OF)
# The last relation reads the other way round.
string(REPLACE "\"SPDXRef-octet\", \"relationshipType\": \"OPTIONAL_DEPENDENCY_OF\", \"relatedSpdxElement\": \"SPDXRef-onnxruntime\""
  "\"SPDXRef-onnxruntime\", \"relationshipType\": \"OPTIONAL_DEPENDENCY_OF\", \"relatedSpdxElement\": \"SPDXRef-octet\""
  relations "${relations}")

file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/octet.spdx.json @ONLY CONTENT [[{
  "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "octet-@PROJECT_VERSION@",
  "documentNamespace": "https://spdx.org/spdxdocs/octet-@PROJECT_VERSION@",
  "creationInfo": {"created": "@created@", "creators": ["Tool: octet-build"]},
  "packages": [
    {"SPDXID": "SPDXRef-octet", "name": "octet", "versionInfo": "@PROJECT_VERSION@",
     "licenseDeclared": "Apache-2.0", "licenseConcluded": "Apache-2.0", "copyrightText": "NOASSERTION",
     "downloadLocation": "NOASSERTION", "filesAnalyzed": false}@packages@
  ],
  "relationships": [
    {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-octet"}@relations@
  ]
}
]])
