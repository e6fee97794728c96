/* A few C functions over simdjson: one call copies a message, reads it and walks its top-level object once. */
#ifndef TIDEWATCH_CSIMDJSON_H
#define TIDEWATCH_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What became of a message. The numbers are the contract with Sources/Events/RejectionReason+Shim.swift. */
enum td_status {
    TD_OK = 0,
    TD_NOT_JSON = 1,
    TD_NOT_AN_OBJECT = 2,
    TD_INVALID_UTF8 = 3,
    TD_TOO_DEEP = 4,
    TD_BAD_NUMBER = 5,
    TD_TOO_LARGE = 6,
    TD_TOO_MANY_FEATURES = 7,
    TD_MISSING_KIND = 8,
    TD_BAD_KIND = 9,
    TD_MISSING_ID = 10,
    TD_BAD_ID = 11,
    TD_BAD_FIELD = 12
};

/* Top-level fields by number, for td_event.bad_field. */
enum td_field {
    TD_FIELD_NONE = 0,
    TD_FIELD_ID = 1,
    TD_FIELD_KIND = 2,
    TD_FIELD_TIME = 3,
    TD_FIELD_UNIT = 4,
    TD_FIELD_MODEL = 5,
    TD_FIELD_SCORE = 6,
    TD_FIELD_VALUE = 7,
    TD_FIELD_LABEL = 8,
    TD_FIELD_SCORES = 9,
    TD_FIELD_WEIGHT = 10,
    TD_FIELD_VERSION = 11,
    TD_FIELD_FEATURES = 12,
    TD_FIELD_KNOWN_AT = 13,
    TD_FIELD_REVISION = 14,
    TD_FIELD_VARIANT = 15
};

/* Kinds of an event. */
enum td_kind { TD_KIND_PREDICTION = 0, TD_KIND_OUTCOME = 1, TD_KIND_ABSENT = 2 };

/* Forms of a scalar. TD_DOUBLE has no text: the caller writes it in its own one form. */
enum td_form { TD_ABSENT = 0, TD_TEXT = 1, TD_INTEGER = 2, TD_DOUBLE = 3 };

/* Kinds of a feature's value. */
enum td_tag { TD_TAG_NUMBER = 0, TD_TAG_STRING = 1, TD_TAG_BOOLEAN = 2, TD_TAG_NULL = 3, TD_TAG_OTHER = 4 };

/* Bytes of a string, unescaped; not owned. */
typedef struct td_slice {
    const void *_Nullable start;
    size_t count;
} td_slice;

/* A name or a label: `text` is set for TD_TEXT and TD_INTEGER, `number` for TD_DOUBLE. */
typedef struct td_scalar {
    td_slice text;
    double number;
    uint8_t form;
} td_scalar;

/* A time: `text` for TD_TEXT, `integer` for TD_INTEGER, `number` for TD_DOUBLE. */
typedef struct td_time {
    td_slice text;
    int64_t integer;
    double number;
    uint8_t form;
} td_time;

/* One feature; same layout as Events.FeatureEntry, which checks it. */
typedef struct td_feature {
    const void *_Nonnull name;
    size_t name_count;
    double number;
    const void *_Nullable text;
    size_t text_count;
    uint8_t tag;
} td_feature;

/* One class score; same layout as Events.ScoreEntry, which checks it. */
typedef struct td_score {
    const void *_Nonnull label;
    size_t label_count;
    double score;
} td_score;

/* One event. All slices are valid until the next td_decode with the same decoder. */
typedef struct td_event {
    td_scalar id;
    td_scalar version;
    td_scalar label;
    td_scalar variant;
    td_scalar unit;
    td_slice model;
    td_time time;
    td_time known_at;
    double score;  /* NaN: absent */
    double value;  /* NaN: absent */
    double weight; /* 1: absent */
    int64_t revision;
    const td_feature *_Nullable features;
    size_t feature_count;
    const td_score *_Nullable scores;
    size_t score_count;
    const td_slice *_Nullable unknown_keys;
    size_t unknown_key_count;
    td_slice strings; /* all strings lie in here, but those that are written out of numbers */
    uint8_t is_in_place; /* whether `strings` are the message, byte by byte; else they were unescaped one by one */
    uint8_t kind;
    uint8_t bad_field; /* the td_field behind TD_BAD_FIELD, TD_BAD_ID, TD_BAD_KIND */
} td_event;

typedef struct td_decoder td_decoder;

/* Features (and class scores) beyond `maximum_features` make a message TD_TOO_MANY_FEATURES. NULL: no memory. */
td_decoder *_Nullable td_decoder_create(size_t maximum_features);
/* Adds a text, not empty, that stands for null in features and labels; blanks and tabs around it do not count. False: no
   memory. The empty text always stands for null there. */
int32_t td_decoder_add_missing(td_decoder *_Nonnull decoder, const void *_Nonnull text, size_t count);
void td_decoder_destroy(td_decoder *_Nullable decoder);

/* Decodes one message of any bytes. `event` is valid only for TD_OK, `event->bad_field` also for the TD_BAD_ ones. */
int32_t td_decode(td_decoder *_Nonnull decoder, const void *_Nonnull bytes, size_t length, td_event *_Nonnull event);

#ifdef __cplusplus
}
#endif

#endif
