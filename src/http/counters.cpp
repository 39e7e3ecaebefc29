// Sums of what the threads counted.
#include "http/counters.hpp"

namespace propusk::http {

void LaneCounters::add_to(ServerCounters& sum) const {
  for (std::size_t i = 0; i < routes.size(); ++i) {
    for (std::size_t kind = 0; kind < routes[i].answers.size(); ++kind)
      sum.routes[i].answers[kind] += routes[i].answers[kind].value();
    sum.routes[i].waited += routes[i].waited.value();
    sum.routes[i].waited_microseconds += routes[i].waited_microseconds.value();
  }
  sum.connections_opened += opened.value();
  sum.connections_closed += closed.value();
  sum.connections_refused += refused.value();
  sum.bad_requests += bad_requests.value();
  sum.deadlines += deadlines.value();
  sum.untrusted_forwarded += untrusted_forwarded.value();
  sum.outages += outages.value();
  sum.bugs += bugs.value();
}

}  // namespace propusk::http
