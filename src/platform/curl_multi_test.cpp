// Transfers of libcurl on an io_context: they end, they end in time, and they may be abandoned.
#include "platform/curl_multi.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <thread>

namespace propusk::platform {
namespace {
namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

/// Accepts one connection, reads a little, writes an answer and hangs up; with no answer it waits for the client.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : listener_(context_, {asio::ip::address_v4::loopback(), 0}) {
    thread_ = std::thread([this, answer = std::move(answer)] {
      Tcp::socket client = listener_.accept();
      char bytes[1024];
      boost::system::error_code error;
      client.read_some(asio::buffer(bytes), error);
      if (answer.empty()) client.read_some(asio::buffer(bytes), error);
      asio::write(client, asio::buffer(answer), error);
    });
  }
  ~OneAnswer() { thread_.join(); }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(listener_.local_endpoint().port()) + "/";
  }

 private:
  asio::io_context context_;
  Tcp::acceptor listener_;
  std::thread thread_;
};

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* text) {
  static_cast<std::string*>(text)->append(bytes, size * count);
  return size * count;
}

struct Outcome {
  std::optional<CURLcode> code;
  std::string body;
};
Task<void> fetch(CurlMulti& multi, std::string url, milliseconds patience, Outcome& outcome) {
  CurlTransfer transfer(multi, "http");
  curl_easy_setopt(transfer.handle(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(transfer.handle(), CURLOPT_WRITEFUNCTION, &append);
  curl_easy_setopt(transfer.handle(), CURLOPT_WRITEDATA, &outcome.body);
  outcome.code = co_await transfer.perform(std::chrono::steady_clock::now() + patience);
}

Outcome fetch_now(std::string url, milliseconds patience = std::chrono::minutes{1}) {
  asio::io_context context{1};
  CurlMulti multi(context);
  Outcome outcome;
  asio::co_spawn(context, fetch(multi, std::move(url), patience, outcome), asio::detached);
  while (!outcome.code && context.run_one() > 0) {
  }
  return outcome;
}

TEST(CurlMultiTest, a_transfer_runs_to_its_end) {
  OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
  const Outcome outcome = fetch_now(server.url());
  EXPECT_EQ(outcome.code, CURLE_OK);
  EXPECT_EQ(outcome.body, "hello");
}

TEST(CurlMultiTest, many_transfers_run_beside_each_other) {
  asio::io_context context{1};
  CurlMulti multi(context);
  std::vector<std::unique_ptr<OneAnswer>> servers;
  std::vector<Outcome> outcomes(20);
  for (Outcome& outcome : outcomes) {
    servers.push_back(std::make_unique<OneAnswer>("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    asio::co_spawn(context, fetch(multi, servers.back()->url(), std::chrono::minutes{1}, outcome), asio::detached);
  }
  const auto is_done = [](const Outcome& outcome) { return outcome.code.has_value(); };
  while (!std::ranges::all_of(outcomes, is_done) && context.run_one() > 0) {
  }
  for (const Outcome& outcome : outcomes) EXPECT_EQ(outcome.body, "ok");
}

TEST(CurlMultiTest, nobody_there_is_an_error) {
  EXPECT_EQ(fetch_now("http://127.0.0.1:1/").code, CURLE_COULDNT_CONNECT);
}

TEST(CurlMultiTest, another_protocol_is_refused) {
  EXPECT_EQ(fetch_now("file:///etc/passwd").code, CURLE_UNSUPPORTED_PROTOCOL);
}

TEST(CurlMultiTest, a_silent_server_costs_no_more_than_the_deadline) {
  OneAnswer server("");
  EXPECT_EQ(fetch_now(server.url(), milliseconds{200}).code, CURLE_OPERATION_TIMEDOUT);
}

TEST(CurlMultiTest, what_is_under_way_may_be_abandoned) {
  OneAnswer server("");
  Outcome outcome;
  {
    asio::io_context context{1};
    CurlMulti multi(context);
    asio::co_spawn(context, fetch(multi, server.url(), std::chrono::minutes{1}, outcome), asio::detached);
    for (int events = 0; events < 4; ++events) context.run_one_for(milliseconds{50});
  }
  EXPECT_FALSE(outcome.code);
}

}  // namespace
}  // namespace propusk::platform
