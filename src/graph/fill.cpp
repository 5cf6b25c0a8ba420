#include "graph/fill.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>

#include "base/parallel.hpp"
#include "octet/error.hpp"

namespace octet::graph {
namespace {

constexpr std::size_t copy_chunk = std::size_t{4} << 20U;

// The memory of every new tensor, by index.
std::vector<std::span<std::byte>> place_tensors(const Overlay& overlay, const Layout& layout,
                                                std::span<std::byte> model,
                                                std::span<std::byte> data) {
  std::vector<std::span<std::byte>> out(overlay.tensors().size());
  const auto place = [&](const std::vector<Placed>& pieces, std::span<std::byte> memory) {
    for (const Placed& p : pieces) {
      if (p.piece.tensor != onnx::Piece::not_a_tensor)
        out[p.piece.tensor] = memory.subspan(p.offset, p.piece.size_bytes);
    }
  };
  place(layout.model, model);
  place(layout.data, data);
  return out;
}

struct Task {
  std::uint64_t bytes = 0;
  std::function<void()> run;
};

void add_copies(const Graph& graph, const std::vector<Placed>& pieces, std::span<std::byte> memory,
                const FillOptions& options, std::vector<Task>& tasks) {
  for (const Placed& p : pieces) {
    if (p.piece.tensor != onnx::Piece::not_a_tensor) continue;
    if (p.piece.copied.data() == nullptr) {
      if (!p.piece.fresh.empty())
        std::memcpy(memory.data() + p.offset, p.piece.fresh.data(), p.piece.fresh.size());
      continue;
    }
    for (std::size_t at = 0; at < p.piece.copied.size(); at += copy_chunk) {
      const onnx::Bytes from =
          p.piece.copied.subspan(at, std::min(copy_chunk, p.piece.copied.size() - at));
      const std::span<std::byte> to = memory.subspan(p.offset + at, from.size());
      tasks.push_back({from.size(), [&graph, &options, from, to] {
                         std::memcpy(to.data(), from.data(), from.size());
                         graph.release(from);
                         if (options.release) options.release(to);
                       }});
    }
  }
}

void release_piece(const Graph& graph, const Fill& fill, std::size_t shard) {
  const std::size_t begin = shard * fill.source_piece;
  if (fill.source_piece == 0 || begin >= fill.source.size()) return;
  graph.release(
      fill.source.subspan(begin, std::min(fill.source_piece, fill.source.size() - begin)));
}

void add_fills(const Overlay& overlay, const std::vector<std::span<std::byte>>& memory,
               const FillOptions& options, std::vector<Task>& tasks) {
  for (const Fill& fill : overlay.fills()) {
    auto out = std::make_shared<std::vector<std::span<std::byte>>>();
    std::uint64_t bytes = 0;
    for (const TensorIndex tensor : fill.tensors) {
      out->push_back(memory[tensor]);
      bytes += memory[tensor].size();
    }
    auto left = std::make_shared<std::atomic<std::size_t>>(fill.shards);
    for (std::size_t shard = 0; shard < fill.shards; ++shard) {
      tasks.push_back({bytes / fill.shards, [&overlay, &fill, &options, out, left, shard] {
                         fill.run(shard, *out);
                         release_piece(overlay.graph(), fill, shard);
                         if (--*left != 0) return;
                         overlay.graph().release(fill.source);
                         if (!options.release) return;
                         for (const std::span<std::byte> tensor : *out) options.release(tensor);
                       }});
    }
  }
}

}  // namespace

void fill(const Overlay& overlay, const Layout& layout, std::span<std::byte> model,
          std::span<std::byte> data, const FillOptions& options) {
  const std::vector<std::span<std::byte>> memory = place_tensors(overlay, layout, model, data);
  std::vector<Task> tasks;
  add_copies(overlay.graph(), layout.model, model, options, tasks);
  add_copies(overlay.graph(), layout.data, data, options, tasks);
  add_fills(overlay, memory, options, tasks);

  std::uint64_t total = 0;
  for (const Task& task : tasks) total += task.bytes;
  std::mutex progress_mutex;
  std::uint64_t done = 0;
  base::parallel_for(tasks.size(), options.threads, [&](std::size_t i) {
    tasks[i].run();
    if (!options.progress) return;
    const std::lock_guard lock(progress_mutex);
    done += tasks[i].bytes;
    if (!options.progress(done, total)) throw Error(ErrorCode::cancelled, "stopped on request");
  });
}

}  // namespace octet::graph
