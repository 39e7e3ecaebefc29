// Outage: the world failed (disk, database, peer). Caught once per request by http/server, never a refusal.
#pragma once
#include <exception>
#include <string>
#include <utility>

namespace propusk {

/// Thrown by stores, platform and providers only. `where` names the component, `cause` what it said; neither may
/// hold a secret, because both are logged.
class Outage : public std::exception {
 public:
  Outage(std::string where, std::string cause)
      : where_(std::move(where)), cause_(std::move(cause)), text_(where_ + ": " + cause_) {}
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] const std::string& cause() const { return cause_; }
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string where_, cause_, text_;
};

}  // namespace propusk
