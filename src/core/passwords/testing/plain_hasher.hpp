// PlainHasher: writes passwords down behind a mark, for tests of what happens around a hash.
#pragma once
#include <string>

#include "core/passwords/password_hasher.hpp"

namespace propusk::core::testing {

class PlainHasher final : public PasswordHasher {
 public:
  Task<Result<std::string>> hash(Secret<> password, const Caller&) override { co_return "plain$" + password.reveal(); }
  Task<Result<bool>> verify(Secret<> password, std::string phc, const Caller&) override {
    co_return phc == "plain$" + password.reveal();
  }
  [[nodiscard]] const std::string& decoy() const override { return decoy_; }
  [[nodiscard]] bool is_outdated(const std::string&) const override { return false; }

 private:
  std::string decoy_ = "plain$";
};

}  // namespace propusk::core::testing
