# Compiler and linker flags: language level, warnings, hardening, and the sanitizer chosen by the preset.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(PROPUSK_SANITIZE "" CACHE STRING "sanitizers of this build: address,undefined or thread or fuzzer-no-link,address")

add_compile_options(-Wall -Wextra -Werror -Wnon-virtual-dtor -Wimplicit-fallthrough -Wno-c23-extensions)  # c23: #embed
add_compile_options(-fstack-protector-strong -fcf-protection=full -fno-omit-frame-pointer -gline-tables-only)
add_link_options(-fuse-ld=lld-19 -pie -Wl,-z,relro,-z,now,-z,noexecstack)

if(PROPUSK_SANITIZE)
  add_compile_options(-fsanitize=${PROPUSK_SANITIZE} -fno-sanitize-recover=all -O1)
  add_link_options(-fsanitize=${PROPUSK_SANITIZE})
else()
  add_compile_definitions(_FORTIFY_SOURCE=3)   # glibc's checks need an optimising build without a sanitizer
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  include(CheckIPOSupported)
  check_ipo_supported(RESULT lto_works OUTPUT lto_reason LANGUAGES CXX)
  if(NOT lto_works)
    message(FATAL_ERROR "The release build needs LTO and it does not work here: ${lto_reason}\nDo: install llvm-19 and lld-19.")
  endif()
  add_compile_options(-flto=thin)
  add_link_options(-flto=thin -Wl,--thinlto-cache-dir=${CMAKE_BINARY_DIR}/lto-cache -Wl,--gc-sections)
endif()
