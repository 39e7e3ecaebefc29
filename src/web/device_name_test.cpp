// What people call a browser or an app, by what it says of itself.
#include "web/device_name.hpp"

#include <gtest/gtest.h>

namespace propusk::web {
namespace {

TEST(DeviceName, NamesTheBrowserThatItIsAndNotThoseThatItNames) {
  const std::pair<std::string_view, const char*> known[] = {
      {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
       "Chrome, Linux"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Windows"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
       "YaBrowser/25.8 Safari/537.36",
       "Yandex Browser, Windows"},
      {"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0",
       "Edge, Windows"},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
       "Safari/605.1.15",
       "Safari, macOS"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 "
       "Mobile/15E148 Safari/604.1",
       "Chrome, iPhone"},
      {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0 "
       "Mobile Safari/537.36",
       "Samsung Internet, Android"},
  };
  for (const auto& [user_agent, name] : known) EXPECT_EQ(device_name(user_agent), name);
}

TEST(DeviceName, NamesAnAppByItsProduct) {
  EXPECT_EQ(device_name("okhttp/4.12.0"), "okhttp 4.12.0");
  EXPECT_EQ(device_name("Wallet/2.1 (Android 15)"), "Wallet 2.1");
  EXPECT_EQ(device_name("curl/7.88.1"), "curl 7.88.1");
}

TEST(DeviceName, IsShortWhateverItIsMadeOf) {
  EXPECT_EQ(device_name(""), "");
  EXPECT_EQ(device_name("Mozilla/5.0"), "");
  EXPECT_EQ(device_name("Mozilla/5.0 (Windows NT 10.0)"), "Windows");
  EXPECT_EQ(device_name(std::string(200, 'x')).size(), 40U);
  EXPECT_EQ(device_name(" leading"), "");
}

}  // namespace
}  // namespace propusk::web
