/* Debian's librdkafka-dev (2.0.2) and its mock cluster; below, only what Swift cannot call. */
#ifndef TIDEWATCH_CRDKAFKA_SHIM_H
#define TIDEWATCH_CRDKAFKA_SHIM_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <malloc.h>

/* Buffers of this many bytes and more come from the system and go back to it at once; so does the top of the heap. */
static inline void tidewatch_return_memory_from(int bytes) {
    mallopt(M_MMAP_THRESHOLD, bytes);
    mallopt(M_TRIM_THRESHOLD, bytes);
}

/* Enqueues a copy of key and value. NULL key or value is absent; `headers` belongs to the library on success only. */
static inline rd_kafka_resp_err_t tidewatch_rdkafka_produce(
    rd_kafka_t *client, const char *topic, int32_t partition, const void *key, size_t key_length, const void *value,
    size_t value_length, int64_t timestamp_milliseconds, rd_kafka_headers_t *headers, void *opaque) {
    if (headers)
        return rd_kafka_producev(
            client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_KEY(key, key_length), RD_KAFKA_V_VALUE((void *)value, value_length),
            RD_KAFKA_V_TIMESTAMP(timestamp_milliseconds), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(opaque),
            RD_KAFKA_V_END);
    return rd_kafka_producev(
        client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(key, key_length), RD_KAFKA_V_VALUE((void *)value, value_length),
        RD_KAFKA_V_TIMESTAMP(timestamp_milliseconds), RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
}

#endif
