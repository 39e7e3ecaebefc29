// Bounds that all form decoders keep.
#pragma once
#include <cstddef>

namespace propusk::http {

constexpr std::size_t form_field_limit = 1000;  // Django's DATA_UPLOAD_MAX_NUMBER_FIELDS

}  // namespace propusk::http
