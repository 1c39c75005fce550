// SPDX-License-Identifier: MIT

#include "heddle/report/result_json.h"

#include "heddle/base/check.h"

namespace heddle {

using Json = nlohmann::ordered_json;

static Json BoundJson(uint32_t bound) {
  return bound == kUnbounded ? Json(nullptr) : Json(bound);
}

// Names may hold any bytes; JSON is UTF-8.
static std::string Utf8(const std::string& text) {
  const Json quoted(text);
  const std::string dumped = quoted.dump(-1, ' ', true, Json::error_handler_t::replace);
  return Json::parse(dumped).get<std::string>();
}

static Json Texts(const std::vector<std::string>& texts) {
  Json array = Json::array();
  for (const std::string& text : texts) array.push_back(Utf8(text));
  return array;
}

static Json OrNull(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(Utf8(text));
}

static Json StoppedByJson(StoppedBy stopped_by) {
  switch (stopped_by) {
    case StoppedBy::kNothing:
      return nullptr;
    case StoppedBy::kExecutions:
      return "executions";
    case StoppedBy::kTime:
      return "time";
    case StoppedBy::kFailure:
      return "failure";
  }
  return nullptr;
}

static Json FindingJson(const Finding& finding, const std::string& bug) {
  const Failure& failure = finding.failure;
  Json json;
  json["kind"] = FailureKindName(failure.kind);
  json["property"] = OrNull(failure.property);
  json["title"] = Utf8(failure.title);
  json["objects"] = Texts(failure.objects);
  json["tasks"] = Texts(failure.tasks);
  json["bug"] = OrNull(bug);
  json["schedule"] = ScheduleText(finding.schedule);
  json["execution"] = finding.execution;
  json["preemptions"] = finding.preemptions;
  json["faults"] = finding.faults;
  json["steps"] = finding.steps;
  return json;
}

Json ResultJson(const ExplorationResult& result, const RowVerdict& row) {
  HEDDLE_CHECK(row.bug_of_finding.empty() || row.bug_of_finding.size() == result.findings.size())
      << "a row names " << row.bug_of_finding.size() << " bugs for " << result.findings.size()
      << " findings";
  Json json;
  json["name"] = Utf8(result.name);
  json["strategy"] = result.strategy;
  json["seed"] = result.seed;
  json["params"] = Json::object();
  for (const auto& [name, value] : result.parameters) json["params"][Utf8(name)] = value;
  json["executions"] = result.executions;
  json["extra_executions"] = result.extra_executions;
  json["steps"] = result.steps;
  json["seconds"] = result.seconds;
  json["exhausted"] = result.exhausted;
  json["stopped_by"] = StoppedByJson(result.stopped_by);
  json["bounds"] = {{"preemptions", BoundJson(result.bounds.preemptions)},
                    {"faults", BoundJson(result.bounds.faults)}};
  json["bugs"] = Texts(row.bugs);
  json["failures"] = Json::array();
  for (size_t i = 0; i < result.findings.size(); ++i) {
    const std::string bug = row.bug_of_finding.empty() ? "" : row.bug_of_finding[i];
    json["failures"].push_back(FindingJson(result.findings[i], bug));
  }
  json["warnings"] = Texts(result.warnings);
  if (!row.verdict) return json;
  json["expected"] = Json::array();
  for (const RowVerdict::Expected& expected : row.expected) {
    json["expected"].push_back({{"kind", expected.kind}, {"bug", expected.bug}});
  }
  json["verdict"] = *row.verdict;
  return json;
}

}  // namespace heddle
