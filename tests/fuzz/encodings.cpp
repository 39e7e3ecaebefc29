// Fuzzes decoders and addresses: what is decoded encodes to the same value, what is parsed prints and parses again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bug.hpp"
#include "base/client_address.hpp"
#include "base/encoding.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace propusk;
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  if (const auto decoded = from_hex(input)) require(from_hex(to_hex(*decoded)) == decoded, "hex round-trips");
  if (const auto decoded = from_base64url(input))
    require(from_base64url(to_base64url(*decoded)) == decoded, "base64url round-trips");
  if (const auto value = from_base36(input)) require(from_base36(to_base36(*value)) == value, "base36 round-trips");
  if (const auto value = from_base62(input)) require(from_base62(to_base62(*value)) == value, "base62 round-trips");
  if (const auto address = ClientAddress::parse(input))
    require(ClientAddress::parse(address->to_string()) == address, "an address prints as itself");
  if (const auto network = Network::parse(input))
    require(network->contains(network->address), "a network holds itself");
  return 0;
}
