// Visit: one request to a view of the oauth dialect.
#pragma once
#include "dialects/drf/forms.hpp"
#include "dialects/drf/rows.hpp"
#include "dialects/oauth/oauth.hpp"

namespace propusk::oauth {

using drf::Form;
using drf::Rules;

/// Lives in the frame that serves it.
struct Visit : drf::Visit {
  Oauth& oauth;
};

}  // namespace propusk::oauth
