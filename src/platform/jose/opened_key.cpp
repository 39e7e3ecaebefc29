// The table of the algorithms: what makes and what opens a key of each.
#include "platform/jose/opened_key.hpp"

#include <algorithm>
#include <array>

#include "platform/jose/eddsa.hpp"
#include "platform/jose/es256.hpp"
#include "platform/jose/hs256.hpp"

namespace propusk::platform {
namespace {
using core::SigningAlgorithm;

struct Row {
  SigningAlgorithm algorithm;
  Secret<> (*make)(Random&);
  std::unique_ptr<const OpenedKey> (*open)(const Secret<>&);
};
constexpr std::array rows{
    Row{SigningAlgorithm::hs256, make_hs256, open_hs256},
    Row{SigningAlgorithm::es256, make_es256, open_es256},
    Row{SigningAlgorithm::eddsa, make_eddsa, open_eddsa},
};
static_assert(std::ranges::equal(rows, core::signing_algorithms, {}, &Row::algorithm,
                                 &core::SigningAlgorithmRow::algorithm));

const Row& row(SigningAlgorithm algorithm) { return rows.at(static_cast<std::size_t>(algorithm)); }
}  // namespace

Secret<> make_private_key(SigningAlgorithm algorithm, Random& random) { return row(algorithm).make(random); }

std::unique_ptr<const OpenedKey> open_key(SigningAlgorithm algorithm, const Secret<>& private_form) {
  return row(algorithm).open(private_form);
}

}  // namespace propusk::platform
