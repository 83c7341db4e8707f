# earshot_folder(NAME SOURCES … LINKS …): one static library per folder, alias earshot::NAME.
function(earshot_folder name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(earshot_${name} STATIC ${ARG_SOURCES})
  add_library(earshot::${name} ALIAS earshot_${name})
  target_include_directories(earshot_${name} PUBLIC "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
  target_link_libraries(earshot_${name} PUBLIC ${ARG_LINKS} PRIVATE earshot::warnings earshot::hardening ${ARG_PRIVATE_LINKS})
endfunction()
