#include "CSimdJSON.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "BigIntegers.h"
#include "Fields.h"
#include "MissingTexts.h"
#include "NameTable.h"

using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;
using tidewatch::Key;

namespace {

constexpr size_t maximum_unknown_keys = 16;
constexpr size_t number_text_bytes = 24;
/// Beyond this not every whole number is a double, so that two ids could become one.
constexpr double exact_integers = 9007199254740992.0;
/// Whole doubles below this are written as integers: 1 and 1.0 are one label.
constexpr double short_integers = 1e15;
constexpr double absent = std::numeric_limits<double>::quiet_NaN();

td_slice slice(std::string_view text) { return td_slice{text.data(), text.size()}; }

/// Memory that grows to what the largest message needed, with the zeroed padding that simdjson reads beyond the end.
struct PaddedBuffer {
    char *bytes = nullptr;
    size_t capacity = 0;

    ~PaddedBuffer() { std::free(bytes); }

    bool copy(const void *source, size_t length) {
        const size_t needed = length + simdjson::SIMDJSON_PADDING;
        if (needed > capacity) {
            const size_t wanted = needed + needed / 2;
            char *larger = static_cast<char *>(std::malloc(wanted));
            if (larger == nullptr) return false;
            std::free(bytes);
            bytes = larger;
            capacity = wanted;
        }
        std::memcpy(bytes, source, length);
        std::memset(bytes + length, 0, simdjson::SIMDJSON_PADDING);
        return true;
    }
};

/// Any number as a double. False for what is no number.
bool number_of(element value, double &out) {
    switch (value.type()) {
    case element_type::DOUBLE: out = value.get_double().value_unsafe(); return true;
    case element_type::INT64: out = static_cast<double>(value.get_int64().value_unsafe()); return true;
    case element_type::UINT64: out = static_cast<double>(value.get_uint64().value_unsafe()); return true;
    default: return false;
    }
}

}  // namespace

struct td_decoder {
    simdjson::dom::parser parser;
    PaddedBuffer buffer;
    std::string rewritten;
    std::vector<td_feature> features;
    std::vector<td_score> scores;
    td_slice unknown_keys[maximum_unknown_keys];
    tidewatch::NameTable names;
    tidewatch::MissingTexts missing;
    size_t maximum_features;
    /// Texts of numbers that stand for names: id, version, label, variant, unit.
    char number_texts[5][number_text_bytes];

    td_status parse(const void *bytes, size_t length, element &root);
    td_status walk(object fields, td_event &event);
    td_status read(Key key, element value, td_event &event);
    bool read_scalar(element value, td_scalar &out, int slot, bool accepts_booleans = false);
    bool read_time(element value, td_time &out);
    bool read_double(element value, double &out, double when_null);
    bool read_probability(element value, double &out);
    bool read_revision(element value, int64_t &out);
    td_status read_features(element value, td_event &event);
    td_status read_scores(element value, td_event &event);
};

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

td_status td_decoder::parse(const void *bytes, size_t length, element &root) {
    if (length > simdjson::SIMDJSON_MAXSIZE_BYTES - simdjson::SIMDJSON_PADDING) return TD_TOO_LARGE;
    const char *start = static_cast<const char *>(bytes);
    if (length >= 3 && std::memcmp(start, "\xEF\xBB\xBF", 3) == 0) {
        start += 3;
        length -= 3;
    }
    if (!buffer.copy(start, length)) return TD_TOO_LARGE;
    simdjson::error_code error = parser.parse(buffer.bytes, length, false).get(root);
    if (error == simdjson::NUMBER_ERROR && tidewatch::mark_big_integers(start, length, rewritten)) {
        if (!buffer.copy(rewritten.data(), rewritten.size())) return TD_TOO_LARGE;
        error = parser.parse(buffer.bytes, rewritten.size(), false).get(root);
    }
    return status_of(error);
}

td_status td_decoder::walk(object fields, td_event &event) {
    for (auto field : fields) {
        const Key key = tidewatch::classify(field.key);
        if (key == Key::unknown) {
            if (event.unknown_key_count < maximum_unknown_keys) unknown_keys[event.unknown_key_count++] = slice(field.key);
            continue;
        }
        const td_status status = read(key, field.value, event);
        if (status != TD_OK) return status;
    }
    event.unknown_keys = unknown_keys;
    return TD_OK;
}

static td_status check(bool is_good, td_field field, td_event &event) {
    if (is_good) return TD_OK;
    event.bad_field = field;
    return TD_BAD_FIELD;
}

td_status td_decoder::read(Key key, element value, td_event &event) {
    switch (key) {
    case Key::kind: {
        if (value.is_null()) {
            event.kind = TD_KIND_ABSENT;
            return TD_OK;
        }
        std::string_view kind;
        event.bad_field = TD_FIELD_KIND;
        if (value.get_string().get(kind) != simdjson::SUCCESS) return TD_BAD_KIND;
        if (kind != "prediction" && kind != "outcome") return TD_BAD_KIND;
        event.bad_field = TD_FIELD_NONE;
        event.kind = kind == "outcome" ? TD_KIND_OUTCOME : TD_KIND_PREDICTION;
        return TD_OK;
    }
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
        if (value.is_string() && missing.contains(value.get_string().value_unsafe())) event.label.form = TD_ABSENT;
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
    case Key::model: {
        event.model = td_slice{nullptr, 0};
        if (value.is_null()) return TD_OK;
        std::string_view name;
        if (value.get_string().get(name) != simdjson::SUCCESS) return check(false, TD_FIELD_MODEL, event);
        event.model = slice(name);
        return TD_OK;
    }
    case Key::features: return read_features(value, event);
    case Key::scores: return read_scores(value, event);
    default: return TD_OK;
    }
}

bool td_decoder::read_scalar(element value, td_scalar &out, int slot, bool accepts_booleans) {
    out = td_scalar{{nullptr, 0}, 0, TD_ABSENT};
    char *text = number_texts[slot];
    switch (value.type()) {
    case element_type::NULL_VALUE: return true;
    case element_type::STRING: {
        out.text = slice(value.get_string().value_unsafe());
        out.form = out.text.count > 0 ? TD_TEXT : TD_ABSENT;
        return true;
    }
    case element_type::BOOL:
        if (!accepts_booleans) return false;
        out.text = slice(value.get_bool().value_unsafe() ? "true" : "false");
        out.form = TD_TEXT;
        return true;
    case element_type::UINT64: {
        const auto end = std::to_chars(text, text + number_text_bytes, value.get_uint64().value_unsafe()).ptr;
        out.text = td_slice{text, static_cast<size_t>(end - text)};
        out.form = TD_INTEGER;
        return true;
    }
    case element_type::INT64:
    case element_type::DOUBLE: {
        int64_t integer;
        if (value.is_int64()) {
            integer = value.get_int64().value_unsafe();
        } else {
            out.number = value.get_double().value_unsafe();
            if (out.number != std::trunc(out.number) || std::fabs(out.number) >= short_integers) {
                out.form = TD_DOUBLE;
                return true;
            }
            integer = static_cast<int64_t>(out.number);
        }
        const auto end = std::to_chars(text, text + number_text_bytes, integer).ptr;
        out.text = td_slice{text, static_cast<size_t>(end - text)};
        out.form = TD_INTEGER;
        return true;
    }
    default: return false;
    }
}

bool td_decoder::read_time(element value, td_time &out) {
    out = td_time{{nullptr, 0}, 0, 0, TD_ABSENT};
    switch (value.type()) {
    case element_type::NULL_VALUE: return true;
    case element_type::STRING:
        out.text = slice(value.get_string().value_unsafe());
        out.form = TD_TEXT;
        return true;
    case element_type::INT64:
        out.integer = value.get_int64().value_unsafe();
        out.form = TD_INTEGER;
        return true;
    default:
        out.form = TD_DOUBLE;
        return number_of(value, out.number);
    }
}

/* What rounding in single precision leaves above 1 is 1. */
bool td_decoder::read_probability(element value, double &out) {
    if (!read_double(value, out, absent)) return false;
    if (out > 1 && out < 1 + 1e-6) out = 1;
    return std::isnan(out) || (out >= 0 && out <= 1);
}

bool td_decoder::read_double(element value, double &out, double when_null) {
    if (value.is_null()) {
        out = when_null;
        return true;
    }
    return number_of(value, out) && std::isfinite(out);
}

bool td_decoder::read_revision(element value, int64_t &out) {
    double number = 0;
    if (value.is_null()) {
        out = 0;
        return true;
    }
    if (value.is_int64()) {
        out = value.get_int64().value_unsafe();
        return out >= 0;
    }
    if (!number_of(value, number) || number != std::trunc(number) || number < 0 || number >= exact_integers) return false;
    out = static_cast<int64_t>(number);
    return true;
}

td_status td_decoder::read_features(element value, td_event &event) {
    features.clear();
    names.start();
    event.features = nullptr;
    event.feature_count = 0;
    if (value.is_null()) return TD_OK;
    object entries;
    if (value.get_object().get(entries) != simdjson::SUCCESS) return check(false, TD_FIELD_FEATURES, event);
    for (auto field : entries) {
        td_feature feature = {field.key.data(), field.key.size(), 0, nullptr, 0, TD_TAG_OTHER};
        switch (field.value.type()) {
        case element_type::STRING: {
            const std::string_view text = field.value.get_string().value_unsafe();
            if (missing.contains(text)) {
                feature.tag = TD_TAG_NULL;
                break;
            }
            feature.tag = TD_TAG_STRING;
            feature.text = text.data();
            feature.text_count = text.size();
            break;
        }
        case element_type::BOOL:
            feature.tag = TD_TAG_BOOLEAN;
            feature.number = field.value.get_bool().value_unsafe() ? 1 : 0;
            break;
        case element_type::NULL_VALUE: feature.tag = TD_TAG_NULL; break;
        default:
            if (number_of(field.value, feature.number)) feature.tag = TD_TAG_NUMBER;
        }
        const auto matches = [&](size_t other) {
            return features[other].name_count == feature.name_count
                && std::memcmp(features[other].name, feature.name, feature.name_count) == 0;
        };
        const size_t index = names.add(field.key.data(), field.key.size(), features.size(), matches);
        if (index < features.size()) {
            features[index] = feature;
        } else {
            if (features.size() >= maximum_features) return TD_TOO_MANY_FEATURES;
            features.push_back(feature);
        }
    }
    event.features = features.data();
    event.feature_count = features.size();
    return TD_OK;
}

td_status td_decoder::read_scores(element value, td_event &event) {
    scores.clear();
    names.start();
    event.scores = nullptr;
    event.score_count = 0;
    if (value.is_null()) return TD_OK;
    object entries;
    if (value.get_object().get(entries) != simdjson::SUCCESS) return check(false, TD_FIELD_SCORES, event);
    for (auto field : entries) {
        td_score score = {field.key.data(), field.key.size(), absent};
        if (!read_probability(field.value, score.score)) return check(false, TD_FIELD_SCORES, event);
        const auto matches = [&](size_t other) {
            return scores[other].label_count == score.label_count
                && std::memcmp(scores[other].label, score.label, score.label_count) == 0;
        };
        const size_t index = names.add(field.key.data(), field.key.size(), scores.size(), matches);
        if (index < scores.size()) {
            scores[index] = score;
        } else {
            if (scores.size() >= maximum_features) return TD_TOO_MANY_FEATURES;
            scores.push_back(score);
        }
    }
    // A null score is an absent one; it had to stay until here, because a later duplicate of it counts.
    scores.erase(
        std::remove_if(scores.begin(), scores.end(), [](const td_score &score) { return std::isnan(score.score); }),
        scores.end());
    event.scores = scores.data();
    event.score_count = scores.size();
    return TD_OK;
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

const void *td_strings(const td_decoder *decoder) { return decoder->parser.doc.string_buf.get(); }

/* As simdjson's document::allocate has it: `"",` is three bytes, and takes a length of four and a zero. */
size_t td_string_bytes(size_t length) { return 5 * length / 3 + simdjson::SIMDJSON_PADDING; }

int32_t td_decode(td_decoder *decoder, const void *bytes, size_t length, td_event *event) try {
    *event = td_event{};
    event->score = absent;
    event->value = absent;
    event->weight = 1;
    event->kind = TD_KIND_ABSENT;
    element root;
    td_status status = decoder->parse(bytes, length, root);
    if (status != TD_OK) return status;
    object fields;
    if (root.get_object().get(fields) != simdjson::SUCCESS) return TD_NOT_AN_OBJECT;
    status = decoder->walk(fields, *event);
    if (status != TD_OK) return status;
    if (event->kind == TD_KIND_ABSENT) return TD_MISSING_KIND;
    return event->id.form == TD_ABSENT ? TD_MISSING_ID : TD_OK;
} catch (...) {
    // Only memory can run out here: simdjson reports everything else as a code.
    return TD_TOO_LARGE;
}
