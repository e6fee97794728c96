#include "CSimdJSON.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "BigIntegers.h"
#include "DistinctNames.h"
#include "DocumentCursor.h"
#include "FieldValues.h"
#include "Fields.h"
#include "Inlining.h"
#include "MissingTexts.h"
#include "PaddedBuffer.h"
#include "StructuralCursor.h"

using simdjson::dom::element;
using namespace tidewatch;

namespace {

constexpr size_t maximum_unknown_keys = 16;
constexpr size_t number_text_bytes = 24;
constexpr size_t maximum_bytes = simdjson::SIMDJSON_MAXSIZE_BYTES - simdjson::SIMDJSON_PADDING;

/// Bytes that the strings of a message of `length` bytes take at most, as simdjson's document::allocate has it: `"",` is three
/// bytes, and takes a length of four and a zero.
size_t string_bytes(size_t length) { return 5 * length / 3 + simdjson::SIMDJSON_PADDING; }

}  // namespace

struct td_decoder {
    simdjson::dom::parser parser;
    PaddedBuffer buffer;
    std::string rewritten;
    std::vector<td_feature> features;
    std::vector<td_score> scores;
    td_slice unknown_keys[maximum_unknown_keys];
    DistinctNames feature_names, score_names;
    MissingTexts missing;
    size_t maximum_features;
    /// Texts of numbers that stand for names: id, version, label, variant, unit.
    char number_texts[5][number_text_bytes];

    bool scan(const void *bytes, size_t length, td_event &event);
    td_status parse(const void *bytes, size_t length, td_event &event, element &root);
    template <typename Cursor> td_status walk(Cursor &fields, td_event &event);
    template <typename Cursor> td_status read(Key key, const Value &value, Cursor &fields, td_event &event);
    bool read_scalar(const Value &value, td_scalar &out, int slot, bool accepts_booleans = false);
    void read_feature(std::string_view name, const Value &value, td_feature &out) const;
    template <typename Cursor> td_status read_features(Cursor &fields, td_event &event);
    template <typename Cursor> td_status read_scores(Cursor &fields, td_event &event);
};

static void clear(td_event &event) {
    event = td_event{};
    event.score = absent;
    event.value = absent;
    event.weight = 1;
    event.kind = TD_KIND_ABSENT;
}

static td_status status_of(simdjson::error_code error) {
    switch (error) {
    case simdjson::SUCCESS: return TD_OK;
    case simdjson::UTF8_ERROR: return TD_INVALID_UTF8;
    case simdjson::DEPTH_ERROR: return TD_TOO_DEEP;
    case simdjson::NUMBER_ERROR: return TD_BAD_NUMBER;
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC: return TD_TOO_LARGE;
    default: return TD_NOT_JSON;
    }
}

static td_status check(bool is_good, td_field field, td_event &event) {
    if (is_good) return TD_OK;
    event.bad_field = field;
    return TD_BAD_FIELD;
}

template <typename Cursor>
TIDEWATCH_INLINE td_status td_decoder::read(Key key, const Value &value, Cursor &fields, td_event &event) {
    switch (key) {
    case Key::kind: return read_kind(value, event);
    case Key::id: {
        const bool is_good = read_scalar(value, event.id, 0);
        const bool is_exact = event.id.form != TD_DOUBLE || std::fabs(event.id.number) < exact_integers;
        if (is_good && is_exact) return TD_OK;
        event.bad_field = TD_FIELD_ID;
        return TD_BAD_ID;
    }
    case Key::version: return check(read_scalar(value, event.version, 1), TD_FIELD_VERSION, event);
    case Key::label: {
        const bool is_good = read_scalar(value, event.label, 2, true);
        if (value.kind == Kind::text && missing.contains(value.text)) event.label.form = TD_ABSENT;
        return check(is_good, TD_FIELD_LABEL, event);
    }
    case Key::variant: return check(read_scalar(value, event.variant, 3), TD_FIELD_VARIANT, event);
    case Key::unit: return check(read_scalar(value, event.unit, 4), TD_FIELD_UNIT, event);
    case Key::time: return check(read_time(value, event.time), TD_FIELD_TIME, event);
    case Key::known_at: return check(read_time(value, event.known_at), TD_FIELD_KNOWN_AT, event);
    case Key::score: return check(read_probability(value, event.score), TD_FIELD_SCORE, event);
    case Key::value: return check(read_double(value, event.value, absent), TD_FIELD_VALUE, event);
    case Key::weight:
        return check(read_double(value, event.weight, 1) && event.weight > 0, TD_FIELD_WEIGHT, event);
    case Key::revision: return check(read_revision(value, event.revision), TD_FIELD_REVISION, event);
    case Key::model: return check(read_text(value, event.model), TD_FIELD_MODEL, event);
    case Key::features:
        event.features = nullptr;
        event.feature_count = 0;
        if (value.kind == Kind::null) return TD_OK;
        if (value.kind != Kind::object) return check(false, TD_FIELD_FEATURES, event);
        fields.enter();
        return read_features(fields, event);
    case Key::scores:
        event.scores = nullptr;
        event.score_count = 0;
        if (value.kind == Kind::null) return TD_OK;
        if (value.kind != Kind::object) return check(false, TD_FIELD_SCORES, event);
        fields.enter();
        return read_scores(fields, event);
    default: return TD_OK;
    }
}

bool td_decoder::read_scalar(const Value &value, td_scalar &out, int slot, bool accepts_booleans) {
    out = td_scalar{{nullptr, 0}, 0, TD_ABSENT};
    char *text = number_texts[slot];
    const auto write = [&](auto integer) {
        const auto end = std::to_chars(text, text + number_text_bytes, integer).ptr;
        out.text = td_slice{text, static_cast<size_t>(end - text)};
        out.form = TD_INTEGER;
        return true;
    };
    switch (value.kind) {
    case Kind::null: return true;
    case Kind::text:
        out.text = slice(value.text);
        out.form = out.text.count > 0 ? TD_TEXT : TD_ABSENT;
        return true;
    case Kind::boolean:
        if (!accepts_booleans) return false;
        out.text = slice(value.boolean ? "true" : "false");
        out.form = TD_TEXT;
        return true;
    case Kind::natural: return write(value.natural);
    case Kind::integer: return write(value.integer);
    case Kind::number:
        out.number = value.number;
        if (out.number == std::trunc(out.number) && std::fabs(out.number) < short_integers) {
            return write(static_cast<int64_t>(out.number));
        }
        out.form = TD_DOUBLE;
        return true;
    default: return false;
    }
}

TIDEWATCH_INLINE void td_decoder::read_feature(std::string_view name, const Value &value, td_feature &out) const {
    out = td_feature{name.data(), name.size(), 0, nullptr, 0, TD_TAG_OTHER};
    switch (value.kind) {
    case Kind::text:
        if (missing.contains(value.text)) {
            out.tag = TD_TAG_NULL;
            break;
        }
        out.tag = TD_TAG_STRING;
        out.text = value.text.data();
        out.text_count = value.text.size();
        break;
    case Kind::boolean:
        out.tag = TD_TAG_BOOLEAN;
        out.number = value.boolean ? 1 : 0;
        break;
    case Kind::null: out.tag = TD_TAG_NULL; break;
    default:
        if (value.read_number(out.number)) out.tag = TD_TAG_NUMBER;
    }
}

template <typename Cursor> TIDEWATCH_INLINE td_status td_decoder::read_features(Cursor &fields, td_event &event) {
    const auto name_of = [&](size_t index) {
        return std::string_view(static_cast<const char *>(features[index].name), features[index].name_count);
    };
    size_t count = 0, room = features.size();
    feature_names.start();
    std::string_view name;
    Value value;
    while (fields.next()) {
        const size_t index = feature_names.index(fields, count, name_of, name);
        if (!fields.read(value)) break;
        if (index == count) {
            if (count == room) {
                if (count >= maximum_features) return TD_TOO_MANY_FEATURES;
                room = std::min(maximum_features, 2 * count + 16);
                features.resize(room);
            }
            count += 1;
        }
        read_feature(name, value, features[index]);
    }
    feature_names.finish(count, name_of);
    event.features = features.data();
    event.feature_count = count;
    return TD_OK;
}

template <typename Cursor> TIDEWATCH_INLINE td_status td_decoder::read_scores(Cursor &fields, td_event &event) {
    const auto name_of = [&](size_t index) {
        return std::string_view(static_cast<const char *>(scores[index].label), scores[index].label_count);
    };
    scores.clear();
    score_names.start();
    std::string_view name;
    Value value;
    while (fields.next()) {
        const size_t index = score_names.index(fields, scores.size(), name_of, name);
        if (!fields.read(value)) break;
        td_score score = {name.data(), name.size(), absent};
        if (!read_probability(value, score.score)) return check(false, TD_FIELD_SCORES, event);
        if (index < scores.size()) {
            scores[index] = score;
        } else {
            if (scores.size() >= maximum_features) return TD_TOO_MANY_FEATURES;
            scores.push_back(score);
        }
    }
    score_names.finish(scores.size(), name_of);
    // A null score is an absent one; it had to stay until here, because a later duplicate of it counts.
    scores.erase(
        std::remove_if(scores.begin(), scores.end(), [](const td_score &score) { return std::isnan(score.score); }),
        scores.end());
    event.scores = scores.data();
    event.score_count = scores.size();
    return TD_OK;
}

template <typename Cursor> TIDEWATCH_INLINE td_status td_decoder::walk(Cursor &fields, td_event &event) {
    Value value;
    while (fields.next()) {
        const std::string_view name = fields.name();
        const Key key = classify(name);
        if (!fields.read(value)) break;
        if (key == Key::unknown) {
            if (event.unknown_key_count < maximum_unknown_keys) unknown_keys[event.unknown_key_count++] = slice(name);
            continue;
        }
        const td_status status = read(key, value, fields, event);
        if (status != TD_OK) return status;
    }
    event.unknown_keys = unknown_keys;
    return TD_OK;
}

/* Reads the message by its structural characters alone, as nearly every event can be. False: it is to be parsed, which says
   what is wrong with it, if anything is. */
bool td_decoder::scan(const void *bytes, size_t length, td_event &event) {
    if (std::memchr(bytes, '\\', length) != nullptr) return false;
    if (!buffer.copy(bytes, length)) return false;
    if (parser.capacity() < length && parser.allocate(length + length / 2 + 1024) != simdjson::SUCCESS) return false;
    auto &stages = *parser.implementation;
    const auto *text = reinterpret_cast<const uint8_t *>(buffer.bytes);
    if (stages.stage1(text, length, simdjson::stage1_mode::regular) != simdjson::SUCCESS) return false;
    StructuralCursor fields(
        buffer.bytes, stages.structural_indexes.get(), stages.n_structural_indexes);
    event.strings = td_slice{buffer.bytes, length};
    event.is_in_place = 1;
    return walk(fields, event) == TD_OK && fields.is_complete();
}

td_status td_decoder::parse(const void *bytes, size_t length, td_event &event, element &root) {
    const char *start = static_cast<const char *>(bytes);
    if (length >= 3 && std::memcmp(start, "\xEF\xBB\xBF", 3) == 0) {
        start += 3;
        length -= 3;
    }
    if (!buffer.copy(start, length)) return TD_TOO_LARGE;
    simdjson::error_code error = parser.parse(buffer.bytes, length, false).get(root);
    if (error == simdjson::NUMBER_ERROR && mark_big_integers(start, length, rewritten)) {
        if (!buffer.copy(rewritten.data(), rewritten.size())) return TD_TOO_LARGE;
        error = parser.parse(buffer.bytes, rewritten.size(), false).get(root);
    }
    event.strings = td_slice{parser.doc.string_buf.get(), string_bytes(length)};
    return status_of(error);
}

td_decoder *td_decoder_create(size_t maximum_features) {
    td_decoder *decoder = new (std::nothrow) td_decoder();
    if (decoder != nullptr) decoder->maximum_features = maximum_features;
    return decoder;
}

int32_t td_decoder_add_missing(td_decoder *decoder, const void *text, size_t count) try {
    decoder->missing.add(std::string_view(static_cast<const char *>(text), count));
    return 1;
} catch (...) {
    // Only memory can run out here.
    return 0;
}

void td_decoder_destroy(td_decoder *decoder) { delete decoder; }

int32_t td_decode(td_decoder *decoder, const void *bytes, size_t length, td_event *event) try {
    if (length > maximum_bytes) return TD_TOO_LARGE;
    clear(*event);
    if (!decoder->scan(bytes, length, *event)) {
        clear(*event);
        element root;
        td_status status = decoder->parse(bytes, length, *event, root);
        if (status != TD_OK) return status;
        simdjson::dom::object object;
        if (root.get_object().get(object) != simdjson::SUCCESS) return TD_NOT_AN_OBJECT;
        DocumentCursor fields(object);
        status = decoder->walk(fields, *event);
        if (status != TD_OK) return status;
    }
    if (event->kind == TD_KIND_ABSENT) return TD_MISSING_KIND;
    return event->id.form == TD_ABSENT ? TD_MISSING_ID : TD_OK;
} catch (...) {
    // Only memory can run out here: simdjson reports everything else as a code.
    return TD_TOO_LARGE;
}
