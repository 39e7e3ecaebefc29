// FakePerson: whom the providers of tests know, and what a token or code is worth by its name alone.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/tls_upstream.hpp"

namespace propusk::testing {

/// As the provider keeps them; "" is left out of its answers.
struct FakePerson {
  std::string id, username{}, email{}, first_name{}, last_name{};
  std::string hosted_domain{};  ///< Google's `hd`
  bool is_verified = true;      ///< the provider has proved the address
};

struct FakeToken {
  FakePerson person;
  std::string client{};  ///< to which it was issued
};

/// `good7` was issued to `own_client` and is of the person 7, whose address is `good7@` and `domain`; `theirs7` was
/// issued to another application; `noemail7` is of somebody without an address. Nothing for other names.
std::optional<FakeToken> token_by_name(std::string_view name, const std::string& own_client, const std::string& domain);

/// What a provider does wrong for a token of this name: `down`, `garbage`, `nosubject`, `huge`, `slow`, `redirect`.
/// Nothing for other names.
std::optional<UpstreamAnswer> misbehaviour(std::string_view name);

}  // namespace propusk::testing
