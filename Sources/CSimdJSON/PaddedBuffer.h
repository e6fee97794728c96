// A message's copy, as simdjson reads it.
#ifndef TIDEWATCH_PADDED_BUFFER_H
#define TIDEWATCH_PADDED_BUFFER_H

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <simdjson.h>

namespace tidewatch {

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

}  // namespace tidewatch

#endif
