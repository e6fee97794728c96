// A name that is looked for where it is expected.
#ifndef TIDEWATCH_QUOTED_NAME_H
#define TIDEWATCH_QUOTED_NAME_H

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "Inlining.h"

namespace tidewatch {

/// A name and the quote behind it, as JSON has it. Its first eight bytes are compared as a word: most names have no more.
class QuotedName {
public:
    QuotedName() = default;

    explicit QuotedName(std::string_view name) : text(name) {
        text.push_back('"');
        const size_t count = std::min(text.size(), sizeof(word));
        std::memcpy(&word, text.data(), count);
        std::memset(&mask, 0xFF, count);
    }

    /// Bytes of the name without its quote.
    TIDEWATCH_INLINE size_t length() const { return text.size() - 1; }

    /// Whether the name and a quote stand between `start` and `end`. At least eight bytes can be read from `start`.
    TIDEWATCH_INLINE bool is_at(const char *start, const char *end) const {
        uint64_t found;
        std::memcpy(&found, start, sizeof(found));
        if (((found ^ word) & mask) != 0) return false;
        if (text.size() <= sizeof(word)) return true;
        return text.size() <= static_cast<size_t>(end - start) && std::memcmp(start, text.data(), text.size()) == 0;
    }

    bool operator==(std::string_view name) const {
        return name.size() + 1 == text.size() && std::memcmp(name.data(), text.data(), name.size()) == 0;
    }

private:
    std::string text;
    uint64_t word = 0;
    uint64_t mask = 0;
};

}  // namespace tidewatch

#endif
