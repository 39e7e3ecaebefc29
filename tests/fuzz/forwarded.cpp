// Fuzzes the walk over forwarded addresses: strangers are never believed.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bug.hpp"
#include "http/cross_site.hpp"
#include "http/forwarded.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace propusk;
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const std::vector<Network> trusted = {Network::parse("10.0.0.0/8").value()};
  const auto proxy = ClientAddress::parse("10.0.0.1").value(), stranger = ClientAddress::parse("192.0.2.1").value();
  http::Request request;
  request.headers = {{"X-Forwarded-For", input},
                     {"X-Forwarded-Proto", input},
                     {"Origin", input},
                     {"Referer", input},
                     {"Sec-Purpose", input}};

  (void)http::origin_of({proxy, false}, trusted, request.headers);
  require(http::origin_of({stranger, false}, trusted, request.headers).address == stranger,
          "strangers speak for themselves only");
  require(!http::origin_of({stranger, false}, trusted, request.headers).is_secure,
          "strangers do not choose the scheme");

  const http::CrossSiteGate gate{"https://id.example", {}, true};
  if (!input.empty() && input != "https://id.example" && input.size() < 18)
    require(http::is_cross_site(gate, request), "foreign origins are seen");
  (void)http::is_prefetch(request);
  std::string agent;
  http::assign_user_agent(agent, input);
  require(agent.size() <= 200, "user agents are cut");
  return 0;
}
