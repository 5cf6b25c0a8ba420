#include <gtest/gtest.h>

#include "octet/error.hpp"

namespace octet {
namespace {

TEST(OneLine, LeavesTextOfEveryScriptAsItIs) {
  for (const char* text : {"", "plain", "Größe", "重み", "вес", "🙂 \xf0\x9d\x94\xb8", "a\\b"})
    EXPECT_EQ(one_line(text), text);
}

TEST(OneLine, WritesWhatDrivesATerminalByteByByte) {
  EXPECT_EQ(one_line("a\nb\x1b[2Jc\x7f"), "a\\x0ab\\x1b[2Jc\\x7f");
  EXPECT_EQ(one_line("\xc2\x9b"
                     "2J\xc2\x80"),
            "\\xc2\\x9b2J\\xc2\\x80");  // C1 as UTF-8
  EXPECT_EQ(one_line(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(OneLine, WritesWhatTurnsTheDirectionOfWritingByteByByte) {
  EXPECT_EQ(one_line("\xe2\x80\xae"
                     "x"),
            "\\xe2\\x80\\xaex");                           // U+202E
  EXPECT_EQ(one_line("\xe2\x81\xa6"), "\\xe2\\x81\\xa6");  // U+2066
  EXPECT_EQ(one_line("\xe2\x80\x8f"), "\\xe2\\x80\\x8f");  // U+200F
  EXPECT_EQ(one_line("\xd8\x9c"), "\\xd8\\x9c");           // U+061C
  EXPECT_EQ(one_line("\xe2\x80\xa8"), "\\xe2\\x80\\xa8");  // U+2028
}

TEST(OneLine, WritesBytesThatAreNotUtf8AsTheyAre) {
  EXPECT_EQ(one_line("\xff"), "\\xff");
  EXPECT_EQ(one_line("\x9bJ"), "\\x9bJ");                  // C1 as a byte
  EXPECT_EQ(one_line("\xc3"), "\\xc3");                    // cut short
  EXPECT_EQ(one_line("\xc0\x9b"), "\\xc0\\x9b");           // overlong
  EXPECT_EQ(one_line("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
  EXPECT_EQ(one_line("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(MessageLine, CutsNamesThatAreLongerThanALine) {
  const std::string name = std::string(5000, 'a') + std::string(100, 'z');
  const std::string line = message_line("model.onnx: node \"" + name + "\" is odd");
  EXPECT_LT(line.size(), 260U);
  EXPECT_EQ(line.rfind("model.onnx: node \"aaa", 0), 0U);
  EXPECT_NE(line.find("…"), std::string::npos);
  EXPECT_NE(line.find("zzz\" is odd"), std::string::npos);
}

TEST(MessageLine, CutsBetweenCharacters) {
  std::string name;
  for (int i = 0; i < 300; ++i) name += "é";
  for (int shift = 0; shift < 3; ++shift) {
    const std::string line = message_line(std::string(static_cast<std::size_t>(shift), 'x') + name);
    EXPECT_EQ(one_line(line), line);
  }
}

TEST(MessageLine, IsNeverLongerThanAPage) {
  std::string words;
  for (int i = 0; i < 5000; ++i) words += "word ";
  EXPECT_LT(std::string(Error(ErrorCode::io, words).what()).size(), 2010U);
}

}  // namespace
}  // namespace octet
