# earshot_embed(TARGET NAME FILES…): compiles files into TARGET as `earshot::embedded::NAME()`, a span of {name, bytes}
# declared in core/base/embedded.hpp style; the generated header is <generated>/embedded/NAME.hpp.
function(earshot_embed target name)
  set(out "${CMAKE_BINARY_DIR}/generated/embedded/${name}.cpp")
  set(header "${CMAKE_BINARY_DIR}/generated/embedded/${name}.hpp")
  set(files "")
  foreach(file ${ARGN})
    list(APPEND files "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  endforeach()
  file(WRITE "${header}.in"
       "#pragma once\n#include <span>\n#include \"core/base/embedded.hpp\"\nnamespace earshot::embedded {\nstd::span<const File> ${name}();\n}\n")
  configure_file("${header}.in" "${header}" COPYONLY)
  string(REPLACE ";" "|" packed "${files}")
  add_custom_command(
    OUTPUT "${out}"
    COMMAND "${CMAKE_COMMAND}" "-DOUT=${out}" "-DNAME=${name}" "-DFILES=${packed}" -P "${CMAKE_SOURCE_DIR}/cmake/embed_write.cmake"
    DEPENDS ${files} "${CMAKE_SOURCE_DIR}/cmake/embed_write.cmake"
    VERBATIM)
  target_sources(${target} PRIVATE "${out}")
endfunction()
