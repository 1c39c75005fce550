// SPDX-License-Identifier: MIT

#include "heddle/memory/site_table.h"

#include <doctest/doctest.h>

#include <deque>
#include <set>
#include <string>

namespace heddle {
namespace {

TEST_CASE("names of equal text are one site, whatever their addresses") {
  SiteTable sites;
  const std::string one = "l2cap_conn";
  const std::string other = "l2cap_conn";
  REQUIRE(one.c_str() != other.c_str());
  CHECK(sites.Find(one.c_str()) == sites.Find(other.c_str()));
  CHECK(sites.Find("l2cap_chan") != sites.Find(one.c_str()));
  CHECK(sites.size() == 2);
  CHECK(std::string(sites.Name(sites.Find("l2cap_chan"))) == "l2cap_chan");
}

TEST_CASE("occurrences are counted per site, from 1, and anew in each execution") {
  SiteTable sites;
  const SiteId conn = sites.Find("conn");
  const SiteId chan = sites.Find("chan");
  CHECK(sites.NextOccurrence(conn) == 1);
  CHECK(sites.NextOccurrence(conn) == 2);
  CHECK(sites.NextOccurrence(chan) == 1);
  sites.Reset();
  CHECK(sites.NextOccurrence(conn) == 1);
}

TEST_CASE("a thousand names keep their sites while the table grows") {
  SiteTable sites;
  std::deque<std::string> names;
  for (int i = 0; i < 1000; ++i) names.push_back("site" + std::to_string(i));
  std::set<SiteId> seen;
  for (const std::string& name : names) seen.insert(sites.Find(name.c_str()));
  CHECK(seen.size() == 1000);
  for (const std::string& name : names) CHECK(sites.Name(sites.Find(name.c_str())) == name);
  CHECK(sites.size() == 1000);
}

}  // namespace
}  // namespace heddle
