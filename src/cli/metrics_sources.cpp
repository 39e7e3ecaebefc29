// Reads the plain numbers of every room at scrape time.
#include "cli/metrics_sources.hpp"

#include <string>

namespace propusk::cli {
namespace {
using platform::MetricSink;
using Labels = MetricSink::Labels;

/// The label of a route: its row, or "none" for requests that met no row.
Labels route_labels(const http::Server& server, std::size_t index) {
  const auto routes = server.router().routes();
  if (index >= routes.size()) return {{"method", "any"}, {"route", "none"}};
  const auto& row = routes[index];
  return {{"method", row.method ? std::string(http::method_name(*row.method)) : "any"}, {"route", row.path}};
}

void report_routes(MetricSink& sink, const http::Server& server, const http::ServerCounters& counters) {
  for (std::size_t i = 0; i < counters.routes.size(); ++i) {
    const http::RouteCounters& route = counters.routes[i];
    const Labels labels = route_labels(server, i);
    for (std::size_t status_class = 1; status_class < std::size(route.answers); ++status_class) {
      if (route.answers[status_class] == 0) continue;
      Labels with_code = labels;
      with_code.emplace_back("code", std::to_string(status_class) + "xx");
      sink.counter("propusk_http_requests_total", "Answers by route and class of status.", route.answers[status_class],
                   with_code);
    }
    if (route.waited == 0) continue;
    sink.summary("propusk_http_request_duration_seconds", "Time in handlers that wait for the store or a hash.",
                 route.waited, static_cast<double>(route.waited_microseconds) / 1e6, labels);
  }
}

void report_http(MetricSink& sink, const http::Server& server) {
  const http::ServerCounters counters = server.counters();
  report_routes(sink, server, counters);
  sink.gauge("propusk_http_connections", "Open connections.",
             static_cast<double>(counters.connections_opened - counters.connections_closed));
  sink.counter("propusk_http_connections_refused_total", "Connections beyond the cap.", counters.connections_refused);
  sink.counter("propusk_http_bad_requests_total", "Requests refused by framing, size or syntax.",
               counters.bad_requests);
  sink.counter("propusk_http_deadlines_total", "Connections cut by a deadline in mid-request.", counters.deadlines);
  sink.counter("propusk_http_untrusted_forwarded_total", "X-Forwarded-For from peers that are not trusted.",
               counters.untrusted_forwarded);
  sink.counter("propusk_outages_total", "Requests that met an outage.", counters.outages);
  sink.counter("propusk_bugs_total", "Requests that met a bug.", counters.bugs);
}

void report_store(MetricSink& sink, const stores::Figures& figures) {
  sink.counter("propusk_store_writes_total", "Writes that were committed.", figures.writes);
  sink.summary("propusk_store_commit_duration_seconds", "Durable commits, each of a group of writes.", figures.batches,
               static_cast<double>(figures.commit_micros) / 1e6);
  sink.counter("propusk_store_failed_writes_total", "Writes answered with an outage.", figures.failed_writes);
  sink.counter("propusk_store_skipped_writes_total", "Writes whose deadline had passed in the queue.",
               figures.skipped_writes);
  sink.gauge("propusk_store_write_queue", "Writes that wait.", static_cast<double>(figures.queue_depth));
  sink.gauge("propusk_store_wal_bytes", "Size of the write-ahead log.", static_cast<double>(figures.wal_bytes));
  sink.counter("propusk_store_conflicts_total", "Transactions run again because another did not agree.",
               figures.conflicts);
  sink.counter("propusk_store_reconnects_total", "Connections to the database server that were lost.",
               figures.reconnects);
  sink.counter("propusk_store_resolved_commits_total",
               "Commits whose answer was lost with the connection, and found out afterwards.",
               figures.resolved_commits);
  sink.gauge("propusk_store_connections", "Connections to the database server.", figures.connections);
  sink.gauge("propusk_store_reachable", "1: the database answers, and other nodes are heard from.",
             figures.reachable ? 1 : 0);
  sink.gauge("propusk_store_broken", "1: an fsync failed and nothing is written until a restart.",
             figures.broken ? 1 : 0);
}

void report_outcomes(MetricSink& sink, const char* name, const char* help, const core::OutcomeCounters& counters) {
  sink.counter(name, help, counters.granted(), {{"result", "ok"}});
  for (std::size_t i = 0; i < core::refusal_count; ++i) {
    const auto why = static_cast<core::Refusal>(i);
    if (const std::uint64_t count = counters.refused(why))
      sink.counter(name, help, count, {{"result", std::string(core::refusal_name(why))}});
  }
}

void report_limits(MetricSink& sink, const core::Limits::Counts& counts) {
  const auto refused = [&](const char* limit, std::uint64_t count) {
    sink.counter("propusk_limited_total", "Attempts refused by a limit.", count, {{"limit", limit}});
  };
  refused("sign_in", counts.refused_sign_ins);
  refused("registration", counts.refused_registrations);
  refused("unknown_secret", counts.refused_unknown_secrets);
  refused("mail_request", counts.refused_mail_requests);
  refused("change", counts.refused_changes);
}

void report_providers(MetricSink& sink, const providers::Gateway& gateway) {
  for (const providers::Gateway::Count& count : gateway.counts())
    sink.counter("propusk_provider_answers_total", "What providers were asked about people, by provider and outcome.",
                 count.count, {{"provider", std::string(count.provider)}, {"outcome", std::string(count.outcome)}});
}

void report_mail(MetricSink& sink, const OutboxWorker::Figures& figures) {
  const auto attempts = [&](const char* result, std::uint64_t count) {
    sink.counter("propusk_mail_attempts_total", "Attempts to deliver a mail by result.", count, {{"result", result}});
  };
  attempts("accepted", figures.accepted);
  attempts("refused", figures.refused);
  attempts("delayed", figures.delayed);
  attempts("unreachable", figures.unreachable);
  const auto waiting = [&](const char* state, std::int64_t count) {
    sink.gauge("propusk_mail_queue", "Mails by state, at most 15 seconds old.", static_cast<double>(count),
               {{"state", state}});
  };
  waiting("queued", figures.queued);
  waiting("due", figures.due);
  waiting("dead", figures.dead);
}
}  // namespace

void add_sources(platform::Metrics& metrics, MetricsDeps deps) {
  metrics.add_source([deps](MetricSink& sink) {
    report_http(sink, deps.server);
    report_store(sink, deps.foundations.store->figures());
    report_limits(sink, deps.limits.counts());
    report_outcomes(sink, "propusk_sign_ins_total", "Sign-in attempts by result.", deps.outcomes.sign_ins);
    report_outcomes(sink, "propusk_registrations_total", "Registrations by result.", deps.outcomes.registrations);
    report_outcomes(sink, "propusk_profile_edits_total", "Profile edits by result.", deps.outcomes.profile_edits);
    report_outcomes(sink, "propusk_recoveries_asked_total", "Requests for a recovery mail by result.",
                    deps.outcomes.recoveries_asked);
    report_outcomes(sink, "propusk_recoveries_total", "Completed recoveries by result.", deps.outcomes.recoveries);
    report_outcomes(sink, "propusk_activations_asked_total", "Requests for another activation mail by result.",
                    deps.outcomes.activations_asked);
    report_outcomes(sink, "propusk_activations_total", "Activations by result.", deps.outcomes.activations);
    report_outcomes(sink, "propusk_token_refreshes_total", "Exchanged refresh tokens by result.",
                    deps.outcomes.token_refreshes);
    report_outcomes(sink, "propusk_provider_sign_ins_total", "Sign-ins by a provider by result.",
                    deps.outcomes.provider_sign_ins);
    report_outcomes(sink, "propusk_connections_total", "Connections of accounts to providers by result.",
                    deps.outcomes.connections);
    report_outcomes(sink, "propusk_disconnections_total", "Disconnections of accounts from providers by result.",
                    deps.outcomes.disconnections);
    report_providers(sink, deps.gateway);
    deps.fetcher.report(sink);
    report_mail(sink, deps.worker.figures());
    sink.counter("propusk_log_lost_lines_total", "Log lines that could not be written.", deps.log.lost_lines());
    deps.foundations.hasher.report(sink);
    sink.gauge("propusk_sessions_in_memory", "Live credentials that are checked without the store.",
               static_cast<double>(deps.foundations.live.size()));
  });
}

}  // namespace propusk::cli
