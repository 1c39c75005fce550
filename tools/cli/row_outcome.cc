// SPDX-License-Identifier: MIT

#include "tools/cli/row_outcome.h"

#include <nlohmann/json.hpp>

namespace heddle::cli {

std::string Pack(const RowOutcome& outcome) {
  const nlohmann::json fields = {{"is_good", outcome.is_good},
                                 {"executions", outcome.executions},
                                 {"extra_executions", outcome.extra_executions},
                                 {"text", outcome.text},
                                 {"json", outcome.json},
                                 {"refusal", outcome.refusal}};
  return fields.dump();
}

RowOutcome Unpack(const std::string& packed) {
  const nlohmann::json fields = nlohmann::json::parse(packed);
  return {.is_good = fields["is_good"],
          .executions = fields["executions"],
          .extra_executions = fields["extra_executions"],
          .text = fields["text"],
          .json = fields["json"],
          .refusal = fields["refusal"]};
}

}  // namespace heddle::cli
