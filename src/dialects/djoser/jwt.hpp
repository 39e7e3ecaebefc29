// JWTs are written here; they are read wherever an Authorization header is (dialects/drf).
#pragma once
#include <string>

#include "dialects/djoser/djoser.hpp"
#include "dialects/drf/jwt.hpp"

namespace propusk::djoser {

using drf::Jwt;
using drf::JwtType;

std::string write_jwt(const Djoser& djoser, const Jwt& jwt);
/// An access token of the sign-in, with a fresh id.
std::string write_access_jwt(const Djoser& djoser, core::AccountId account, const Secret<>& sign_in);

}  // namespace propusk::djoser
