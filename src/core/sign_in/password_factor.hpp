// PasswordFactor: the one place where a password becomes a proof.
#pragma once
#include <string>

#include "core/accounts/account.hpp"
#include "core/limits/held_place.hpp"
#include "core/sign_in/sign_in.hpp"

namespace propusk::core {

/// A verified password, its place among the limits, and a better hash if the stored one is outdated.
struct VerifiedPassword {
  FirstFactorProof proof;
  HeldPlace place;
  Account account;               ///< as it was read before the hash
  std::string new_hash;          ///< "" if the stored one is current
  bool is_known_device = false;  ///< the account was signed in to from this network or with this software
};

class PasswordFactor {
 public:
  /// Unknown, disabled and passwordless accounts cost the same work as a wrong password and read the same:
  /// bad_credentials; only a right password is told account_disabled, and only where tells_disabled. Refuses limited
  /// and overloaded.
  static Task<Result<VerifiedPassword>> verify(const PasswordAttempt& attempt, const Caller& caller,
                                               const SignInDeps& deps);
  /// The same for the owner of a live credential, who is known: the password is asked for again.
  static Task<Result<VerifiedPassword>> verify_owner(AccountId account, const Secret<>& password, const Caller& caller,
                                                     const SignInDeps& deps);

 private:
  struct Found;
  /// `limits_name` stands for an account that is not there.
  static Task<Result<VerifiedPassword>> check(Found found, std::string limits_name, const Secret<>& typed,
                                              const Caller& caller, const SignInDeps& deps);
};

}  // namespace propusk::core
