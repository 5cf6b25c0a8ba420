// The program under faults: calls that fail or wait, and what a folder holds before and after.
#pragma once

#include <map>
#include <string>

#include "cli/fixture.hpp"
#include "support/sample_models.hpp"

namespace octet::test {

// Every file of a folder with its bytes.
using Snapshot = std::map<std::string, std::string>;

class FaultTest : public ProgramTest {
 protected:
  void SetUp() override {
    if (OCTET_SANITIZED) GTEST_SKIP() << "a library cannot be preloaded under a sanitizer";
    write_file(folder_ / "a.onnx", mlp(256, 192).bytes());
    write_file(folder_ / "b.onnx", mlp(320, 192).bytes());
  }

  // Launches where `fault` happens: see fault.c. The sign lies in a folder of its own.
  [[nodiscard]] Launch with_fault(const std::string& fault) const {
    fs::remove(sign());
    fs::remove(go());
    Launch out = launch();
    out.variables["LD_PRELOAD"] = OCTET_FAULT_LIBRARY;
    out.variables["OCTET_FAULT"] = fault;
    out.variables["OCTET_FAULT_SIGN"] = sign().string();
    return out;
  }
  [[nodiscard]] bool reached() const { return fs::exists(sign()); }
  [[nodiscard]] bool wait_until_reached() const {
    for (int i = 0; i < most_waits && !reached(); ++i) ::usleep(1000);
    return reached();
  }
  void let_go() const { write_file(go(), ""); }

  [[nodiscard]] Snapshot snapshot() const {
    Snapshot out;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      const std::string name = fs::relative(entry.path(), folder_.path()).string();
      out[name] = entry.is_directory() ? "a folder" : read_file(entry.path());
    }
    return out;
  }
  // Without proof: what is under test here is files.
  [[nodiscard]] static Words quantize(const std::string& model, const Words& more = {}) {
    Words out = {"quantize", model, "-o", "o.onnx", "--no-proof"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }
  // What the folder holds after `words` in it; the folder is left as it was before.
  [[nodiscard]] Snapshot after(const Words& words) const {
    const Snapshot before = snapshot();
    (void)must(words);
    Snapshot out = snapshot();
    restore(before);
    return out;
  }
  void restore(const Snapshot& wanted) const {
    for (const auto& [name, bytes] : snapshot()) {
      if (!wanted.contains(name)) fs::remove_all(folder_ / name);
    }
    for (const auto& [name, bytes] : wanted) {
      if (file(name) != bytes) write_file(folder_ / name, bytes);
    }
  }
  [[nodiscard]] static Words names_in(const Snapshot& snapshot) {
    Words out;
    for (const auto& [name, bytes] : snapshot) out.push_back(name);
    return out;
  }

 private:
  [[nodiscard]] fs::path sign() const { return signs_ / "sign"; }
  [[nodiscard]] fs::path go() const { return signs_ / "sign.go"; }
  TemporaryFolder signs_;
};

}  // namespace octet::test
