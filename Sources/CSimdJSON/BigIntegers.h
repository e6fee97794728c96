// simdjson refuses integers that do not fit in 64 bits. JSON allows them, and they are doubles to most readers.
#ifndef TIDEWATCH_BIG_INTEGERS_H
#define TIDEWATCH_BIG_INTEGERS_H

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace tidewatch {

/// Whether the digits from `start` to `end` fit in int64 (behind a minus sign) or uint64.
inline bool fits_in_64_bits(const char *start, const char *end, bool is_negative) {
    int64_t negative;
    uint64_t positive;
    return is_negative ? std::from_chars(start - 1, end, negative).ec == std::errc()
                       : std::from_chars(start, end, positive).ec == std::errc();
}

/// Copies a message, adding `e0` to each integer beyond 64 bits, which makes it a double to the parser.
/// Returns whether there was any. The text may be broken JSON: the parser will say so again.
inline bool mark_big_integers(const char *bytes, size_t length, std::string &out) {
    out.clear();
    bool found = false;
    size_t position = 0;
    while (position < length) {
        const char byte = bytes[position];
        if (byte == '"') {
            size_t end = position + 1;
            while (end < length && bytes[end] != '"') end += bytes[end] == '\\' ? 2 : 1;
            end = end < length ? end + 1 : length;
            out.append(bytes + position, end - position);
            position = end;
        } else if (byte >= '0' && byte <= '9') {
            size_t end = position;
            while (end < length && bytes[end] >= '0' && bytes[end] <= '9') end += 1;
            const bool is_integer = end == length || std::memchr(".eE", bytes[end], 3) == nullptr;
            const size_t digits = end - position;
            if (!is_integer) {
                while (end < length && std::memchr("0123456789.eE+-", bytes[end], 15) != nullptr) end += 1;
            }
            out.append(bytes + position, end - position);
            const bool is_negative = position > 0 && bytes[position - 1] == '-';
            if (is_integer && digits >= 19 && !fits_in_64_bits(bytes + position, bytes + position + digits, is_negative)) {
                out.append("e0");
                found = true;
            }
            position = end;
        } else {
            out.push_back(byte);
            position += 1;
        }
    }
    return found;
}

}  // namespace tidewatch

#endif
