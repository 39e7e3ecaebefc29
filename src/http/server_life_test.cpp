// The life of a server: start, deadlines, caps, drain, TLS.
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <filesystem>
#include <future>

#include "base/bug.hpp"
#include "base/outage.hpp"
#include "http/testing/echo_dialect.hpp"
#include "http/testing/raw_client.hpp"

namespace propusk::http {
namespace {

using testing::EchoServer;
using testing::RawClient;
using namespace std::chrono_literals;

constexpr std::string_view get_plain = "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view get_wait = "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n";

ServerSettings threads(unsigned count) {
  ServerSettings settings;
  settings.threads = count;
  return settings;
}

TEST(ServerStart, NamesThePlaceThatIsTaken) {
  for (unsigned count : {1U, 2U}) {
    EchoServer first(threads(count));
    ServerSettings settings = threads(count);
    settings.port = first.server.port();
    try {
      const EchoServer second(std::move(settings));
      FAIL() << "two servers on one port";
    } catch (const Outage& outage) {
      EXPECT_NE(std::string(outage.what()).find("127.0.0.1:" + std::to_string(first.server.port())), std::string::npos)
          << outage.what();
    }
  }
}

TEST(ServerStart, RunsTheStartHookInEveryThread) {
  std::atomic<int> started = 0;
  ServerSettings settings = threads(3);
  settings.on_thread_start = [&] { ++started; };
  {
    EchoServer echo(std::move(settings));
    EXPECT_EQ(RawClient(echo.server.port()).ask(get_plain).status, 200);
  }
  EXPECT_EQ(started, 3);
}

TEST(ServerStart, SharesAnInheritedSocketAmongItsThreads) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_EQ(::listen(socket, 16), 0);
  {
    ServerSettings settings = threads(2);
    settings.inherited_socket = socket;
    EchoServer echo(std::move(settings));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(RawClient(echo.server.port()).ask(get_plain).status, 200);
    EXPECT_TRUE(echo.server.drain());
    EXPECT_TRUE(RawClient(echo.server.port()).is_connected()) << "the queue belongs to whoever lent the socket";
  }
  ::close(socket);
}

TEST(ServerDeadlines, AnswerSlowHeadersAndBodies) {
  EchoServer echo;
  RawClient slow_head(echo.server.port()), slow_body(echo.server.port());
  slow_head.send("GET /plain HTTP/1.1\r\nHo");
  slow_body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na");
  RawClient probe(echo.server.port());
  while (echo.server.counters().connections_opened < 3) probe.ask(get_plain);

  echo.clock.advance(16s);
  EXPECT_EQ(slow_head.read().status, 408);
  EXPECT_TRUE(slow_head.is_closed());
  EXPECT_TRUE(slow_body.is_silent());

  echo.clock.advance(15s);
  EXPECT_EQ(slow_body.read().status, 408);
  EXPECT_TRUE(slow_body.is_closed());
  EXPECT_EQ(echo.server.counters().deadlines, 2U);
}

TEST(ServerDeadlines, CloseIdleConnectionsSilently) {
  EchoServer echo;
  RawClient used(echo.server.port()), unused(echo.server.port());
  EXPECT_EQ(used.ask(get_plain).status, 200);
  while (echo.server.counters().connections_opened < 2) used.ask(get_plain);

  used.send("\r\n");  // begins no request
  echo.clock.advance(20s);
  EXPECT_TRUE(unused.is_closed());
  EXPECT_EQ(used.ask(get_plain).status, 200);
  echo.clock.advance(76s);
  EXPECT_TRUE(used.is_closed());
  EXPECT_EQ(echo.server.counters().deadlines, 0U);
}

TEST(ServerDeadlines, CutClientsThatDoNotRead) {
  EchoServer echo;
  RawClient lazy(echo.server.port());
  const std::string target(15'000, 'x');
  std::string requests;
  for (int i = 0; i < 2000; ++i) requests += "GET /plain?" + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
  const timeval moment{0, 200'000};
  ::setsockopt(lazy.socket(), SOL_SOCKET, SO_SNDTIMEO, &moment, sizeof moment);
  lazy.send(requests);  // ends when both directions are full

  RawClient probe(echo.server.port());
  echo.clock.advance(31s);
  while (echo.server.counters().connections_closed == 0) EXPECT_EQ(probe.ask(get_plain).status, 200);
}

TEST(ServerCap, RefusesConnectionsBeyondIt) {
  ServerSettings settings;
  settings.connections = 2;
  EchoServer echo(std::move(settings));
  RawClient first(echo.server.port()), second(echo.server.port());
  EXPECT_EQ(first.ask(get_plain).status, 200);
  EXPECT_EQ(second.ask(get_plain).status, 200);

  RawClient third(echo.server.port());
  const auto refused = third.read();
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.has("Retry-After: 1\r\n"));
  EXPECT_TRUE(refused.has("Connection: close\r\n"));

  EXPECT_EQ(first.ask(get_plain).status, 200);
  EXPECT_EQ(echo.server.counters().connections_refused, 1U);
}

class ServerDrain : public ::testing::TestWithParam<unsigned> {
 protected:
  EchoServer echo{threads(GetParam())};
};
INSTANTIATE_TEST_SUITE_P(Threads, ServerDrain, ::testing::Values(1U, 2U));

TEST_P(ServerDrain, FinishesWhatIsInFlightAndQueued) {
  RawClient waiting(echo.server.port()), idle(echo.server.port());
  EXPECT_EQ(idle.ask(get_plain).status, 200);
  waiting.send(std::string(get_wait) + std::string(get_plain));
  echo.dialect.await_waiters(1);

  auto drained = std::async(std::launch::async, [this] { return echo.server.drain(); });
  EXPECT_TRUE(idle.is_closed());
  echo.dialect.open_gate();

  const auto in_flight = waiting.read(), queued = waiting.read();
  EXPECT_EQ(in_flight.body, "waited for /wait");
  EXPECT_EQ(queued.body, "/plain");
  EXPECT_FALSE(in_flight.has("Connection: close"));
  EXPECT_TRUE(queued.has("Connection: close"));
  EXPECT_TRUE(waiting.is_closed());
  EXPECT_TRUE(drained.get());
  EXPECT_FALSE(RawClient(echo.server.port()).is_connected());
}

TEST_P(ServerDrain, LosesNoAcceptedRequest) {
  constexpr int clients = 4;
  std::atomic<int> lost = 0, answered = 0, joined = 0;
  std::vector<std::future<void>> users;
  for (int i = 0; i < clients; ++i) {
    users.push_back(std::async(std::launch::async, [&] {
      RawClient client(echo.server.port());
      lost += client.ask(get_plain).status != 200;
      ++joined;
      for (bool is_kept = true; is_kept;) {
        const auto answer = client.ask(get_plain);
        is_kept = answer.status == 200 && !answer.has("Connection: close");
        answer.status == 200 ? ++answered : ++lost;
      }
    }));
  }
  while (joined < clients || answered < 200)
    RawClient(echo.server.port()).ask("GET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  EXPECT_TRUE(echo.server.drain());

  for (auto& user : users) user.get();
  EXPECT_EQ(lost, 0);
}

TEST(ServerDrainDeadline, EndsWhatDoesNotEnd) {
  ServerSettings settings;
  settings.drain_deadline = 1s;
  EchoServer echo(std::move(settings));
  RawClient stuck(echo.server.port());
  stuck.send(get_wait);
  echo.dialect.await_waiters(1);

  EXPECT_FALSE(echo.server.drain());
  EXPECT_TRUE(stuck.is_closed());
  echo.dialect.open_gate();
}

TEST(ServerStop, EndsWithHandlersStillWaiting) {
  EchoServer echo(threads(2));
  RawClient stuck(echo.server.port());
  stuck.send(get_wait);
  echo.dialect.await_waiters(1);

  echo.server.stop();
  echo.server.stop();
}

/// A self-signed certificate for `name`, in a directory that goes away.
class TlsFilesOf {
 public:
  TlsFilesOf() {
    std::string pattern = std::filesystem::temp_directory_path() / "propusk-tls-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  ~TlsFilesOf() { std::filesystem::remove_all(directory_); }
  void write(const char* name) {
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* const subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_sign(certificate, key, EVP_sha256());
    std::FILE* file = std::fopen(files().certificate.c_str(), "w");
    PEM_write_X509(file, certificate);
    std::fclose(file);
    file = std::fopen(files().key.c_str(), "w");
    PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  [[nodiscard]] TlsFiles files() const { return {directory_ / "certificate.pem", directory_ / "key.pem"}; }

 private:
  std::filesystem::path directory_;
};

/// A TLS client over a raw one.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int version = 0) : raw_(port), context_(SSL_CTX_new(TLS_client_method())) {
    if (version) SSL_CTX_set_max_proto_version(context_, version);
    if (version) SSL_CTX_set_min_proto_version(context_, version);
    if (version == TLS1_1_VERSION) SSL_CTX_set_cipher_list(context_, "ALL:@SECLEVEL=0");
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, raw_.socket());
    is_connected_ = SSL_connect(ssl_) == 1;
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  [[nodiscard]] bool is_connected() const { return is_connected_; }
  std::string server_name() {
    X509* const certificate = SSL_get1_peer_certificate(ssl_);
    char name[64] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
    X509_free(certificate);
    return name;
  }
  std::string ask(std::string_view request) {
    std::string answer;
    SSL_write(ssl_, request.data(), static_cast<int>(request.size()));
    while (answer.find("\r\n\r\n") == std::string::npos) {
      char bytes[4096];
      const int count = SSL_read(ssl_, bytes, sizeof bytes);
      if (count <= 0) break;
      answer.append(bytes, static_cast<std::size_t>(count));
    }
    return answer;
  }

 private:
  RawClient raw_;
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  bool is_connected_ = false;
};

class ServerTls : public ::testing::Test {
 protected:
  ServerTls() { files.write("first.example"); }
  ServerSettings settings() const {
    ServerSettings settings;
    settings.tls = files.files();
    return settings;
  }
  TlsFilesOf files;
};

TEST_F(ServerTls, ServesSecurely) {
  EchoServer echo(settings());
  TlsClient client(echo.server.port());

  EXPECT_EQ(client.server_name(), "first.example");
  EXPECT_NE(client.ask("GET /who HTTP/1.1\r\nHost: a\r\n\r\n").find("127.0.0.1 secure"), std::string::npos);
  EXPECT_EQ(client.ask(get_plain).substr(0, 15), "HTTP/1.1 200 OK");
  EXPECT_FALSE(TlsClient(echo.server.port(), TLS1_1_VERSION).is_connected());
  EXPECT_TRUE(TlsClient(echo.server.port(), TLS1_2_VERSION).is_connected());
}

TEST_F(ServerTls, ReloadsForNewConnectionsOnly) {
  EchoServer echo(settings());
  TlsClient before(echo.server.port());

  files.write("second.example");
  EXPECT_EQ(echo.server.reload_tls(), std::nullopt);

  EXPECT_EQ(TlsClient(echo.server.port()).server_name(), "second.example");
  EXPECT_EQ(before.ask(get_plain).substr(0, 15), "HTTP/1.1 200 OK");
}

TEST_F(ServerTls, KeepsTheOldFilesWhenTheNewOnesAreBroken) {
  EchoServer echo(settings());

  std::filesystem::resize_file(files.files().certificate, 10);
  const auto problem = echo.server.reload_tls();

  ASSERT_TRUE(problem);
  EXPECT_NE(problem->find(files.files().certificate), std::string::npos);
  EXPECT_EQ(TlsClient(echo.server.port()).server_name(), "first.example");
}

TEST_F(ServerTls, RefusesToStartWithoutUsableFiles) {
  ServerSettings broken = settings();
  broken.tls->key = "/nonexistent";

  EXPECT_THROW(EchoServer(std::move(broken)), Outage);
}

TEST_F(ServerTls, CutsSlowHandshakes) {
  EchoServer echo(settings());
  RawClient silent(echo.server.port());
  while (echo.server.counters().connections_opened < 1) TlsClient(echo.server.port()).ask(get_plain);

  echo.clock.advance(16s);

  EXPECT_TRUE(silent.is_closed());
}

TEST_F(ServerTls, DrainsInFlightRequests) {
  EchoServer echo(settings());
  TlsClient client(echo.server.port());
  auto answer = std::async(std::launch::async, [&] { return client.ask(get_wait); });
  echo.dialect.await_waiters(1);

  auto drained = std::async(std::launch::async, [&] { return echo.server.drain(); });
  while (RawClient(echo.server.port()).is_connected()) std::this_thread::yield();
  echo.dialect.open_gate();

  EXPECT_NE(answer.get().find("Connection: close"), std::string::npos);
  EXPECT_TRUE(drained.get());
}

}  // namespace
}  // namespace propusk::http
