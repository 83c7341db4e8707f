# The dashboard: built from web/ by node and compiled into earshot::web as `earshot::embedded::web()`, a span of
# {name, bytes} with every file also as .gz and .br. Empty when it is not built; the daemon then serves its plain page.
#
#   EARSHOT_WEB=AUTO  built where node and npm are there and the packages can be had; a warning where not
#   EARSHOT_WEB=ON    an error where not
#   EARSHOT_WEB=OFF   not built
#
# The network is used once, here: `npm ci` installs what web/package-lock.json names, and again only when that changes.
set(EARSHOT_WEB AUTO CACHE STRING "Build the dashboard with npm: AUTO, ON or OFF")
set_property(CACHE EARSHOT_WEB PROPERTY STRINGS AUTO ON OFF)

function(earshot_program_version program out)
  execute_process(COMMAND "${program}" --version OUTPUT_VARIABLE text ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REGEX MATCH "[0-9]+\\.[0-9]+" version "${text}")
  set(${out} "${version}" PARENT_SCOPE)
endfunction()

# earshot_npm_ci(SOURCE FOLDER PROBLEM): installs SOURCE/package-lock.json into FOLDER/node_modules unless that was done.
function(earshot_npm_ci source folder problem)
  set(${problem} "" PARENT_SCOPE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}/package.json" "${source}/package-lock.json")
  file(SHA256 "${source}/package-lock.json" lock)
  set(stamp "${folder}/installed")
  if(EXISTS "${stamp}")
    file(READ "${stamp}" installed)
    if(installed STREQUAL lock)
      return()
    endif()
  endif()
  file(COPY "${source}/package.json" "${source}/package-lock.json" DESTINATION "${folder}")
  execute_process(
    COMMAND "${NPM_PROGRAM}" ci --ignore-scripts --prefer-offline --no-audit --no-fund --fetch-retries=1
    WORKING_DIRECTORY "${folder}" RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said TIMEOUT 300)
  if(NOT code EQUAL 0)
    string(REGEX REPLACE "\n.*" "" said "${said}")
    set(${problem} "npm ci failed (${said})" PARENT_SCOPE)
    return()
  endif()
  file(WRITE "${stamp}" "${lock}")
endfunction()

find_program(NODE_PROGRAM NAMES node nodejs)
find_program(NPM_PROGRAM npm)
set(earshot_web_folder "${CMAKE_BINARY_DIR}/web")
set(earshot_web_problem "")
if(NOT EARSHOT_WEB STREQUAL "OFF")
  if(NOT NODE_PROGRAM OR NOT NPM_PROGRAM)
    set(earshot_web_problem "node or npm is missing (apt install nodejs npm)")
  else()
    earshot_program_version("${NODE_PROGRAM}" node_version)
    earshot_program_version("${NPM_PROGRAM}" npm_version)
    if(node_version VERSION_LESS 18 OR npm_version VERSION_LESS 8)
      set(earshot_web_problem "node ${node_version} and npm ${npm_version} are too old; 18 and 8 are needed")
    else()
      earshot_npm_ci("${CMAKE_SOURCE_DIR}/web" "${earshot_web_folder}" earshot_web_problem)
    endif()
  endif()
  if(NOT earshot_web_problem)
    # Its program is an optional package of its own for every platform; on one without, npm succeeds all the same.
    execute_process(COMMAND "${NODE_PROGRAM}" -e "require('esbuild').transformSync('')"
                    WORKING_DIRECTORY "${earshot_web_folder}" RESULT_VARIABLE code OUTPUT_QUIET ERROR_QUIET)
    if(NOT code EQUAL 0)
      set(earshot_web_problem "esbuild does not run on this machine")
    endif()
  endif()
  if(earshot_web_problem)
    if(EARSHOT_WEB STREQUAL "ON")
      message(FATAL_ERROR "dashboard: ${earshot_web_problem}")
    endif()
    message(WARNING "dashboard: ${earshot_web_problem}; the daemon will serve its plain page instead")
  endif()
endif()

add_library(earshot_web STATIC)
add_library(earshot::web ALIAS earshot_web)
target_include_directories(earshot_web PUBLIC "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
if(EARSHOT_WEB STREQUAL "OFF" OR earshot_web_problem)
  set(EARSHOT_WEB_BUILT OFF)
  earshot_embed(earshot_web web)
else()
  set(EARSHOT_WEB_BUILT ON)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/web/src/*")
  add_custom_command(
    OUTPUT "${earshot_web_folder}/bundled"
    COMMAND "${NODE_PROGRAM}" "${CMAKE_SOURCE_DIR}/web/build.mjs" --out "${earshot_web_folder}/dist" --modules
            "${earshot_web_folder}/node_modules"
    COMMAND "${CMAKE_COMMAND}" -E touch "${earshot_web_folder}/bundled"
    DEPENDS ${sources} "${CMAKE_SOURCE_DIR}/web/build.mjs" "${CMAKE_SOURCE_DIR}/web/index.html" "${CMAKE_SOURCE_DIR}/web/favicon.svg"
            "${earshot_web_folder}/installed"
    COMMENT "Bundling the dashboard"
    VERBATIM)
  earshot_embed_directory(earshot_web web "${earshot_web_folder}/dist" "${earshot_web_folder}/bundled")
endif()
