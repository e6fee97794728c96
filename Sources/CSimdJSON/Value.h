// A JSON value as the fields of an event are read from it, however the JSON was walked.
#ifndef TIDEWATCH_VALUE_H
#define TIDEWATCH_VALUE_H

#include <cstdint>
#include <string_view>

namespace tidewatch {

enum class Kind : uint8_t { null, boolean, integer, natural, number, text, object, array };

/// One value; only the member that its kind names is set.
struct Value {
    Kind kind;
    union {
        bool boolean;
        int64_t integer;
        /// Of integers beyond int64.
        uint64_t natural;
        double number;
    };
    /// Unescaped.
    std::string_view text;

    /// Any number as a double. False for what is no number.
    bool read_number(double &out) const {
        switch (kind) {
        case Kind::number: out = number; return true;
        case Kind::integer: out = static_cast<double>(integer); return true;
        case Kind::natural: out = static_cast<double>(natural); return true;
        default: return false;
        }
    }
};

}  // namespace tidewatch

#endif
