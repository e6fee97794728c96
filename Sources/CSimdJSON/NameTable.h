// Finds names that an object holds twice, at a few nanoseconds a name whatever the object's size.
#ifndef TIDEWATCH_NAME_TABLE_H
#define TIDEWATCH_NAME_TABLE_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace tidewatch {

/// Open addressing with linear probing. Slots carry the number of the object they belong to, so that starting a new
/// object clears nothing.
class NameTable {
public:
    NameTable() : slots(64) {}

    void start() {
        count = 0;
        if (++generation == 0) {
            slots.assign(slots.size(), Slot{});
            generation = 1;
        }
    }

    /// The index that this name was added with, or `index` itself if the name is new. `matches(i)` says whether the
    /// entry with index i has this name.
    template <typename Matches>
    size_t add(const char *name, size_t length, size_t index, const Matches &matches) {
        if ((count + 1) * 2 > slots.size()) grow();
        const uint64_t hash = hash_of(name, length);
        size_t position = home(hash);
        while (slots[position].generation == generation) {
            if (slots[position].hash == hash && matches(slots[position].index)) return slots[position].index;
            position = (position + 1) & (slots.size() - 1);
        }
        slots[position] = Slot{hash, static_cast<uint32_t>(index), generation};
        count += 1;
        return index;
    }

private:
    struct Slot {
        uint64_t hash = 0;
        uint32_t index = 0;
        uint32_t generation = 0;
    };

    std::vector<Slot> slots;
    size_t count = 0;
    uint32_t generation = 0;

    size_t home(uint64_t hash) const { return static_cast<size_t>(hash >> 32) & (slots.size() - 1); }

    void grow() {
        std::vector<Slot> old(slots.size() * 2);
        old.swap(slots);
        for (const Slot &slot : old) {
            if (slot.generation != generation) continue;
            size_t position = home(slot.hash);
            while (slots[position].generation == generation) position = (position + 1) & (slots.size() - 1);
            slots[position] = slot;
        }
    }

    static uint64_t load(const char *bytes, size_t length) {
        uint64_t word = 0;
        if (length >= 8) {
            std::memcpy(&word, bytes, 8);
        } else if (length >= 4) {
            uint32_t low, high;
            std::memcpy(&low, bytes, 4);
            std::memcpy(&high, bytes + length - 4, 4);
            word = low | static_cast<uint64_t>(high) << 32;
        } else if (length > 0) {
            word = static_cast<uint8_t>(bytes[0]) | static_cast<uint64_t>(static_cast<uint8_t>(bytes[length / 2])) << 8
                | static_cast<uint64_t>(static_cast<uint8_t>(bytes[length - 1])) << 16;
        }
        return word;
    }

    static uint64_t hash_of(const char *bytes, size_t length) {
        constexpr uint64_t odd = 0x9E3779B97F4A7C15u;
        uint64_t hash = length * odd;
        while (length > 8) {
            hash = (hash ^ load(bytes, 8)) * odd;
            hash ^= hash >> 29;
            bytes += 8;
            length -= 8;
        }
        hash = (hash ^ load(bytes, length)) * odd;
        return hash ^ (hash >> 29);
    }
};

}  // namespace tidewatch

#endif
