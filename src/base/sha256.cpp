#include "base/sha256.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#ifdef OCTET_WITHOUT_LIBCRYPTO
#include "base/plain_sha256.hpp"
#else
#include <openssl/evp.h>
#endif

#include "base/mapped_file.hpp"
#include "octet/error.hpp"

namespace octet::base {
namespace {

std::string hex(std::span<const unsigned char> digest) {
  std::string out;
  for (const unsigned char byte : digest) out += fmt::format("{:02x}", byte);
  return out;
}

#ifdef OCTET_WITHOUT_LIBCRYPTO
class Digest {
 public:
  void add(std::span<const std::byte> bytes) { digest_.add(bytes); }
  std::string finish() { return hex(digest_.finish()); }

 private:
  PlainSha256 digest_;
};
#else
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    check(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void add(std::span<const std::byte> bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }
  std::string finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    check(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1);
    return hex(std::span(digest).first(size));
  }

 private:
  // SHA-256 can be switched off by the system's policy.
  static void check(bool ok) {
    if (!ok) throw Error(ErrorCode::unsupported, "libcrypto gives no SHA-256 on this system");
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};
#endif

}  // namespace

std::string sha256(std::span<const std::byte> bytes) {
  Digest digest;
  digest.add(bytes);
  return digest.finish();
}

FileHash hash_of(const std::filesystem::path& path) {
  constexpr std::size_t piece = std::size_t{8} << 20U;
  const MappedFile file = MappedFile::open(path);
  const std::span<const std::byte> bytes = file.bytes();
  Digest digest;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto part = bytes.subspan(at, std::min(piece, bytes.size() - at));
    digest.add(part);
    file.release(part);
  }
  file.verify();
  return {bytes.size(), digest.finish()};
}

}  // namespace octet::base
