// Walks a message by simdjson's list of its structural characters, without building a document.
#ifndef TIDEWATCH_STRUCTURAL_CURSOR_H
#define TIDEWATCH_STRUCTURAL_CURSOR_H

#include <cstdint>
#include <cstring>
#include <string_view>

#include "Inlining.h"
#include "Numbers.h"
#include "QuotedName.h"
#include "Value.h"

namespace tidewatch {

/// The fields of a message that is an object of scalars and of objects that are entered: what nearly every event is. It gives
/// what a parsed document would, or else it fails, and the message is to be parsed.
///
/// simdjson's first stage has checked that the text is UTF-8 and that its strings end and hold no control characters, and has
/// listed where strings, other scalars and the characters `{}[]:,` begin. What is left to check is their order, and
/// the scalars. Texts point into the message, so that it may hold no backslash.
class StructuralCursor {
public:
    /// - bytes: the message with at least 16 bytes of zeros behind it.
    /// - starts: `count` positions in it, then its length.
    StructuralCursor(const char *bytes, const uint32_t *starts, uint32_t count)
        : bytes(bytes), starts(starts), count(count), has_failed(count == 0 || bytes[starts[0]] != '{') {}

    /// Goes to the next field; false behind the last one of the object, and after a failure.
    TIDEWATCH_INLINE bool next() {
        // An object that was not entered is left to the document's walk.
        if (has_failed || value_is_open) return fail();
        char mark = at(position);
        if (mark == '}') {
            position++;
            is_first = false;
            return false;
        }
        if (!is_first) {
            if (mark != ',') return fail();
            position++;
            mark = at(position);
        }
        is_first = false;
        if (mark != '"' || at(position + 1) != ':') return fail();
        return true;
    }

    /// The field's name.
    TIDEWATCH_INLINE std::string_view name() const { return text(); }

    TIDEWATCH_INLINE const char *name_start() const { return bytes + starts[position] + 1; }

    /// Whether this is the field's name. Its colon comes next.
    TIDEWATCH_INLINE bool is_named(const QuotedName &expected) const {
        return expected.is_at(name_start(), bytes + starts[position + 1]);
    }

    /// Reads the field's value; false for one that is left to the document's walk.
    TIDEWATCH_INLINE bool read(Value &value) {
        position += 2;
        return read_scalar(value) || fail();
    }

    /// Enters the object that `read` has just given: its fields come next, then those behind it.
    TIDEWATCH_INLINE void enter() {
        value_is_open = false;
        is_first = true;
    }

    /// Whether all of the message was walked, and is what its walk gave.
    bool is_complete() const { return !has_failed && !value_is_open && position == count; }

private:
    const char *bytes;
    const uint32_t *starts;
    uint32_t count;
    uint32_t position = 1;
    bool has_failed;
    bool is_first = true;
    bool value_is_open = false;

    /// A structural character; a zero behind the last one.
    char at(uint32_t position) const { return bytes[starts[position]]; }

    bool fail() {
        has_failed = true;
        return false;
    }

    static bool is_blank(char byte) { return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r'; }

    /// The string that begins here: only blanks stand between its end and what comes next.
    TIDEWATCH_INLINE std::string_view text() const {
        const char *start = bytes + starts[position] + 1;
        const char *end = bytes + starts[position + 1] - 1;
        while (is_blank(*end)) end--;
        return std::string_view(start, static_cast<size_t>(end - start));
    }

    /// Whether a scalar that is no string ends where it has to.
    bool ends(const char *end) const { return end == bytes + starts[position + 1] || is_blank(*end); }

    TIDEWATCH_INLINE bool read_scalar(Value &value) {
        const char *start = bytes + starts[position];
        switch (*start) {
        case '"':
            value.kind = Kind::text;
            value.text = text();
            break;
        case '{':
            value.kind = Kind::object;
            value_is_open = true;
            break;
        case 't':
            value.kind = Kind::boolean;
            value.boolean = true;
            if (std::memcmp(start, "true", 4) != 0 || !ends(start + 4)) return false;
            break;
        case 'f':
            value.kind = Kind::boolean;
            value.boolean = false;
            if (std::memcmp(start, "false", 5) != 0 || !ends(start + 5)) return false;
            break;
        case 'n':
            value.kind = Kind::null;
            if (std::memcmp(start, "null", 4) != 0 || !ends(start + 4)) return false;
            break;
        default: {
            const char *end = read_number(start, value);
            if (end == nullptr || !ends(end)) return false;
        }
        }
        position++;
        return true;
    }
};

}  // namespace tidewatch

#endif
