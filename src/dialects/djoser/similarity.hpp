// Which attribute of a user a password is too similar to: Django's UserAttributeSimilarityValidator.
#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace propusk::djoser {

struct UserAttribute {
  std::string_view value;         ///< "" is none
  std::string_view verbose_name;  ///< as the sentence names it
};

/// The verbose name of the first attribute that, as a whole or in one of its words, is at least 0.7 similar to the
/// password by difflib's quick_ratio(), letters of both in lower case (django.contrib.auth.password_validation of 4.2,
/// with its guard against passwords ten times as long). Both are well-formed UTF-8.
std::optional<std::string_view> similar_attribute(std::string_view password, std::span<const UserAttribute> attributes);

}  // namespace propusk::djoser
