// The few values that are derived from settings rather than written down.
#include "config/settings.hpp"

namespace propusk::config {

bool Endpoint::is_loopback() const {
  const auto address = ClientAddress::parse(host);
  return address && address->is_loopback();
}

std::string Endpoint::to_string() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::filesystem::path Settings::Store::file(const std::filesystem::path& data_directory) const {
  const std::string named = url.substr(url.find(':') + 1);
  return data_directory / (named.empty() ? "propusk.db" : named);
}

std::string origin_of(const Settings::Server& server, std::uint16_t port) {
  if (!server.public_origin.empty()) return server.public_origin;
  return (server.tls_certificate.empty() ? "http://" : "https://") + Endpoint{server.listen.host, port}.to_string();
}

std::string link_url(const std::string& setting, const std::string& origin) {
  const std::string path = link_path(setting);
  return path.empty() ? setting : origin + path;
}

std::string link_path(const std::string& setting) {
  if (setting.find("://") != std::string::npos) return "";
  return setting.starts_with('/') ? setting : "/" + setting;
}

std::string mail_from_of(const Settings& settings, std::uint16_t port) {
  if (!settings.mail.from.empty()) return settings.mail.from;
  std::string host = origin_of(settings.server, port);
  host = host.substr(host.find("://") + 3);
  if (settings.server.listen.is_loopback() && settings.server.public_origin.empty()) host = "localhost";
  const auto bracket = host.rfind(']');
  const auto colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
  return "no-reply@" + host.substr(0, colon);
}

std::string site_name_of(const Settings::Server& server, std::uint16_t port) {
  if (!server.site_name.empty()) return server.site_name;
  const std::string origin = origin_of(server, port);
  return origin.substr(origin.find("://") + 3);
}

}  // namespace propusk::config
