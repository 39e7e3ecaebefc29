# propusk_room(NAME DEPENDS ...): every *.cpp below the folder becomes the static library propusk_NAME;
# every *_test.cpp beside the code goes into the one unit-test binary.
function(propusk_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  add_library(propusk_${name} STATIC ${sources})
  target_include_directories(propusk_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(propusk_${name} PUBLIC ${ROOM_DEPENDS})
  set_property(GLOBAL APPEND PROPERTY PROPUSK_UNIT_TESTS ${tests})
  set_property(GLOBAL APPEND PROPERTY PROPUSK_ROOMS propusk_${name})
endfunction()
