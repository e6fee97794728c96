// What the fields of an event may hold. False: another type or range than the field's.
#ifndef TIDEWATCH_FIELD_VALUES_H
#define TIDEWATCH_FIELD_VALUES_H

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include "CSimdJSON.h"
#include "Value.h"

namespace tidewatch {

/// Beyond this not every whole number is a double, so that two ids could become one.
inline constexpr double exact_integers = 9007199254740992.0;
/// Whole doubles below this are written as integers: 1 and 1.0 are one label.
inline constexpr double short_integers = 1e15;
inline constexpr double absent = std::numeric_limits<double>::quiet_NaN();

inline td_slice slice(std::string_view text) { return td_slice{text.data(), text.size()}; }

inline td_status read_kind(const Value &value, td_event &event) {
    if (value.kind == Kind::null) {
        event.kind = TD_KIND_ABSENT;
    } else if (value.kind == Kind::text && value.text == "prediction") {
        event.kind = TD_KIND_PREDICTION;
    } else if (value.kind == Kind::text && value.text == "outcome") {
        event.kind = TD_KIND_OUTCOME;
    } else {
        event.bad_field = TD_FIELD_KIND;
        return TD_BAD_KIND;
    }
    return TD_OK;
}

inline bool read_time(const Value &value, td_time &out) {
    out = td_time{{nullptr, 0}, 0, 0, TD_ABSENT};
    switch (value.kind) {
    case Kind::null: return true;
    case Kind::text:
        out.text = slice(value.text);
        out.form = TD_TEXT;
        return true;
    case Kind::integer:
        out.integer = value.integer;
        out.form = TD_INTEGER;
        return true;
    default:
        out.form = TD_DOUBLE;
        return value.read_number(out.number);
    }
}

inline bool read_double(const Value &value, double &out, double when_null) {
    if (value.kind == Kind::null) {
        out = when_null;
        return true;
    }
    return value.read_number(out) && std::isfinite(out);
}

/// What rounding in single precision leaves above 1 is 1.
inline bool read_probability(const Value &value, double &out) {
    if (!read_double(value, out, absent)) return false;
    if (out > 1 && out < 1 + 1e-6) out = 1;
    return std::isnan(out) || (out >= 0 && out <= 1);
}

inline bool read_revision(const Value &value, int64_t &out) {
    double number = 0;
    if (value.kind == Kind::null) {
        out = 0;
        return true;
    }
    if (value.kind == Kind::integer) {
        out = value.integer;
        return out >= 0;
    }
    if (!value.read_number(number) || number != std::trunc(number) || number < 0 || number >= exact_integers) return false;
    out = static_cast<int64_t>(number);
    return true;
}

inline bool read_text(const Value &value, td_slice &out) {
    out = value.kind == Kind::text ? slice(value.text) : td_slice{nullptr, 0};
    return value.kind == Kind::text || value.kind == Kind::null;
}

}  // namespace tidewatch

#endif
