# Propusk builds with clang-19 only. g++ 12.2 miscompiles temporaries in co_await expressions (a double free).
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR NOT CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 19
   OR CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 20)
  message(FATAL_ERROR
    "Propusk needs clang-19, but CMake found ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} (${CMAKE_CXX_COMPILER}).\n"
    "Why: g++ 12 destroys temporaries of co_await expressions twice, and older clangs lack std::expected with libstdc++ 12.\n"
    "Do: use ./dev build, or configure with a preset (cmake --preset release), which names clang++-19.")
endif()
# Without llvm-19's archiver and ranlib, thin-LTO objects cannot be archived and CMake turns LTO off silently.
foreach(tool ar ranlib)
  find_program(PROPUSK_LLVM_${tool} NAMES llvm-${tool}-19 REQUIRED)
  string(TOUPPER ${tool} upper)
  set(CMAKE_${upper} ${PROPUSK_LLVM_${tool}})
  set(CMAKE_CXX_COMPILER_${upper} ${PROPUSK_LLVM_${tool}})
  set(CMAKE_C_COMPILER_${upper} ${PROPUSK_LLVM_${tool}})
endforeach()
find_program(PROPUSK_LLD NAMES ld.lld-19 REQUIRED)
