// Numbers of JSON, read to the last bit.
#ifndef TIDEWATCH_NUMBERS_H
#define TIDEWATCH_NUMBERS_H

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "Inlining.h"
#include "Value.h"

namespace tidewatch {

inline bool is_digit(char byte) { return static_cast<unsigned char>(byte - '0') < 10; }

/// Eight digits at once: each step adds the neighbours up (D. Lemire, "Quickly parsing eight digits", 2018). Little-endian.
TIDEWATCH_INLINE bool read_eight_digits(const char *start, uint64_t &value) {
    uint64_t word;
    std::memcpy(&word, start, sizeof(word));
    if ((((word + 0x4646464646464646) | (word - 0x3030303030303030)) & 0x8080808080808080) != 0) return false;
    word -= 0x3030303030303030;
    word = word * 10 + (word >> 8);
    word = ((word & 0x000000FF000000FF) * 0x000F424000000064 + ((word >> 16) & 0x000000FF000000FF) * 0x0000271000000001) >> 32;
    value = value * 100000000 + word;
    return true;
}

/// Takes digits into `value`, which wraps around beyond 19 of them. At least eight bytes can be read behind the last.
TIDEWATCH_INLINE const char *read_digits(const char *position, uint64_t &value) {
    while (is_digit(position[7]) && read_eight_digits(position, value)) position += 8;
    uint64_t digit;
    while ((digit = static_cast<unsigned char>(*position) - uint64_t{'0'}) <= 9) {
        value = value * 10 + digit;
        position++;
    }
    return position;
}

/// Reads the number that begins here; returns its end, or nullptr for what is none or what this leaves to simdjson: integers of
/// more than 18 digits, and numbers too large or too small for a normal double.
///
/// Up to 2^53 over a power of ten up to 10^22, both exact, one division rounds correctly (W. D. Clinger, "How to read
/// floating point numbers accurately", 1990). Everything else is from_chars', which rounds correctly too.
/// The bytes end with one that belongs to no number.
TIDEWATCH_INLINE const char *read_number(const char *start, Value &out) {
    static constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    constexpr uint64_t exact = 1ULL << 53;
    const bool is_negative = *start == '-';
    const char *digits = start + (is_negative ? 1 : 0);
    uint64_t value = 0;
    const char *end = read_digits(digits, value);
    ptrdiff_t count = end - digits;
    if (count == 0 || (*digits == '0' && count > 1)) return nullptr;
    bool is_integer = true, has_exponent = false;
    ptrdiff_t decimals = 0;
    if (*end == '.') {
        const char *first = end + 1;
        end = read_digits(first, value);
        decimals = end - first;
        if (decimals == 0) return nullptr;
        count += decimals;
        is_integer = false;
    }
    if (*end == 'e' || *end == 'E') {
        const char *first = end + (end[1] == '+' || end[1] == '-' ? 2 : 1);
        uint64_t exponent = 0;
        end = read_digits(first, exponent);
        if (end == first) return nullptr;
        is_integer = false;
        has_exponent = true;
    }
    if (is_integer) {
        if (count > 18) return nullptr;
        out.kind = Kind::integer;
        out.integer = is_negative ? -static_cast<int64_t>(value) : static_cast<int64_t>(value);
        return end;
    }
    out.kind = Kind::number;
    if (!has_exponent && count <= 19 && value <= exact) {
        // With at most 19 digits there are at most 18 decimals.
        const double magnitude = static_cast<double>(value) / powers[decimals];
        out.number = is_negative ? -magnitude : magnitude;
        return end;
    }
    const auto result = std::from_chars(start, end, out.number);
    return result.ec == std::errc() && result.ptr == end ? end : nullptr;
}

}  // namespace tidewatch

#endif
