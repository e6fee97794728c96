// The keys of the native schema, told apart by length first.
#ifndef TIDEWATCH_FIELDS_H
#define TIDEWATCH_FIELDS_H

#include <cstring>
#include <string_view>

#include "Inlining.h"

namespace tidewatch {

enum class Key {
    unknown, ignored, id, kind, time, unit, model, score, value, label, scores, weight, variant, version, features,
    known_at, revision
};

inline bool equals(std::string_view key, const char *name) { return std::memcmp(key.data(), name, key.size()) == 0; }

TIDEWATCH_INLINE Key classify(std::string_view key) {
    switch (key.size()) {
    case 2: return equals(key, "id") ? Key::id : Key::unknown;
    case 4:
        if (equals(key, "kind")) return Key::kind;
        if (equals(key, "time")) return Key::time;
        return equals(key, "unit") ? Key::unit : Key::unknown;
    case 5:
        if (equals(key, "model")) return Key::model;
        if (equals(key, "score")) return Key::score;
        if (equals(key, "label")) return Key::label;
        return equals(key, "value") ? Key::value : Key::unknown;
    case 6:
        if (equals(key, "scores")) return Key::scores;
        return equals(key, "weight") ? Key::weight : Key::unknown;
    case 7:
        if (equals(key, "version")) return Key::version;
        if (equals(key, "variant")) return Key::variant;
        // Part of the schema, read by nobody yet.
        return equals(key, "segment") || equals(key, "ranking") ? Key::ignored : Key::unknown;
    case 8:
        if (equals(key, "features")) return Key::features;
        if (equals(key, "known_at")) return Key::known_at;
        if (equals(key, "revision")) return Key::revision;
        return Key::unknown;
    default: return Key::unknown;
    }
}

}  // namespace tidewatch

#endif
