// The TLS files, read anew: a running server may still have older ones.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <optional>
#include <string>

#include "base/client_address.hpp"
#include "cli/doctor/checks.hpp"
#include "cli/doctor/file_access.hpp"

namespace propusk::cli::doctor {
namespace {
using std::chrono::days;

/// A renewal that has not come by now has failed: certificates of 90 days are renewed 30 days before their end, those
/// of 45 days 15 (Let's Encrypt's advice: at two thirds of the lifetime).
constexpr days renewal_is_late{14};
constexpr const char* renew = "renew it, then reload the server (systemctl reload propusk)";

template <auto release>
struct Releasing {
  void operator()(auto* object) const { release(object); }
};
using File = std::unique_ptr<BIO, Releasing<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Releasing<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Releasing<EVP_PKEY_free>>;

/// The first of a chain: the server's own.
Certificate certificate_in(const std::string& path) {
  const File file(BIO_new_file(path.c_str(), "r"));
  return Certificate(file ? PEM_read_bio_X509_AUX(file.get(), nullptr, nullptr, nullptr) : nullptr);
}

/// Nobody is there to be asked for a passphrase, here as in the server.
PrivateKey key_in(const std::string& path) {
  const File file(BIO_new_file(path.c_str(), "r"));
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  return PrivateKey(file ? PEM_read_bio_PrivateKey(file.get(), nullptr, no_passphrase, nullptr) : nullptr);
}

Instant instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  return std::chrono::sys_seconds(seconds{::timegm(&parts)});
}

std::string day_of(Instant at) { return fmt::format("{:%Y-%m-%d}", std::chrono::floor<days>(at)); }

bool is_for(X509* certificate, const std::string& host) {
  if (ClientAddress::parse(host)) return X509_check_ip_asc(certificate, host.c_str(), 0) == 1;
  return X509_check_host(certificate, host.data(), host.size(), 0, nullptr) == 1;
}

void judge_lifetime(const std::string& path, X509* certificate, Instant now, Findings& findings) {
  const Instant begin = instant_of(X509_get0_notBefore(certificate)), end = instant_of(X509_get0_notAfter(certificate));
  if (now < begin)
    findings.push_back(error(fmt::format("{} is valid only from {}", path, day_of(begin)),
                             "set the clock of this machine, or use a certificate that is valid"));
  else if (end <= now)
    findings.push_back(error(fmt::format("{} expired on {}", path, day_of(end)), renew));
  else if (end - now < renewal_is_late)
    findings.push_back(warning(fmt::format("{} expires on {}", path, day_of(end)), renew));
}

void judge_key(const config::Settings::Server& server, X509* certificate, uid_t user, Findings& findings) {
  const std::string& path = server.tls_key;
  if (is_open_to_all(path))
    findings.push_back(
        error(path + " is open to every user of this machine", fmt::format("chmod o= {}, and renew the key", path)));
  if (const auto why = why_unreadable(path, user)) {
    findings.push_back(error(*why, "let the user that runs propusk read it (server.tls_key)"));
    return;
  }
  const PrivateKey key = key_in(path);
  if (!key)
    findings.push_back(error(path + " holds no private key in PEM without a passphrase", "name one in server.tls_key"));
  else if (certificate && X509_check_private_key(certificate, key.get()) != 1)
    findings.push_back(error(fmt::format("the key {} does not belong to {}", path, server.tls_certificate),
                             "name the files of one certificate in server.tls_certificate and server.tls_key"));
}

}  // namespace

Findings certificate(const Ward& ward) {
  const config::Settings& settings = ward.installation.settings();
  const auto& server = settings.server;
  if (server.tls_certificate.empty() || server.tls_key.empty()) return {};
  const uid_t user = server_user(ward.installation.data_directory);
  const std::string& path = server.tls_certificate;
  Findings findings;
  const Certificate own = certificate_in(path);
  if (const auto why = why_unreadable(path, user))
    findings.push_back(error(*why, "let the user that runs propusk read it (server.tls_certificate)"));
  else if (!own)
    findings.push_back(error(path + " holds no certificate in PEM", "name the chain in server.tls_certificate"));
  judge_key(server, own.get(), user, findings);
  if (!own) return findings;
  judge_lifetime(path, own.get(), ward.clock.now(), findings);
  const std::string host = host_of(origin_of(settings));
  if (!is_for(own.get(), host))
    findings.push_back(error(fmt::format("{} is not for {}, the host of server.public_origin", path, host),
                             "get a certificate with that name, or write an origin that it has"));
  if (findings.empty())
    findings.push_back(
        fine(fmt::format("{} is for {}, until {}", path, host, day_of(instant_of(X509_get0_notAfter(own.get()))))));
  return findings;
}

}  // namespace propusk::cli::doctor
