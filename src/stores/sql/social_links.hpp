// SocialLinks: the port of connections to people at providers as SQL.
#pragma once
#include "core/social/social_link_store.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::sql {

/// Contracts: core/social/social_link_store.hpp.
class SocialLinks final : public core::SocialLinkStore {
 public:
  explicit SocialLinks(Connection& connection) : connection_(connection) {}

  [[nodiscard]] std::optional<core::SocialLink> find(std::string_view provider,
                                                     std::string_view subject) const override;
  [[nodiscard]] std::vector<core::SocialLink> list(core::AccountId account) const override;
  bool insert(const core::SocialLink& link) override;
  void note_told(const core::SocialLink& link) override;
  bool erase(std::string_view provider, std::string_view subject) override;

 private:
  Connection& connection_;
};

}  // namespace propusk::sql
