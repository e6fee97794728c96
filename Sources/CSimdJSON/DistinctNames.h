// The names of an object's fields, each once.
#ifndef TIDEWATCH_DISTINCT_NAMES_H
#define TIDEWATCH_DISTINCT_NAMES_H

#include <cstddef>
#include <string_view>
#include <vector>

#include "Inlining.h"
#include "NameTable.h"
#include "QuotedName.h"

namespace tidewatch {

/// Producers keep their order: while an object's names are those of the object before, in its order, they differ from each
/// other as those did, and nothing is looked up.
class DistinctNames {
public:
    void start() {
        expected = before.size();
        has_looked_up = false;
    }

    /// The name of the field, and the index of the entry that has this name already, or else `count`, the number of
    /// entries so far. `name_of(i)` is the name of the entry with index i.
    template <typename Cursor, typename NameOf>
    TIDEWATCH_INLINE size_t index(const Cursor &fields, size_t count, const NameOf &name_of, std::string_view &name) {
        if (count < expected && fields.is_named(before[count])) {
            name = std::string_view(fields.name_start(), before[count].length());
            return count;
        }
        name = fields.name();
        return look_up(name, count, name_of);
    }

    /// After the object: remembers its names.
    template <typename NameOf>
    TIDEWATCH_INLINE void finish(size_t count, const NameOf &name_of) {
        if (has_looked_up) remember(count, name_of);
    }

private:
    std::vector<QuotedName> before;
    /// How many of them may still come: none once another name has come.
    size_t expected = 0;
    NameTable table;
    /// Whether the table holds the names of this object.
    bool has_looked_up = false;

    template <typename NameOf>
    __attribute__((noinline)) size_t look_up(std::string_view name, size_t count, const NameOf &name_of) {
        if (!has_looked_up) {
            has_looked_up = true;
            expected = 0;
            table.start();
            for (size_t known = 0; known < count; known++) add(name_of(known), known, name_of);
        }
        return add(name, count, name_of);
    }

    template <typename NameOf>
    size_t add(std::string_view name, size_t index, const NameOf &name_of) {
        return table.add(name.data(), name.size(), index, [&](size_t other) { return name_of(other) == name; });
    }

    template <typename NameOf>
    __attribute__((noinline)) void remember(size_t count, const NameOf &name_of) {
        before.resize(count);
        for (size_t index = 0; index < count; index++) before[index] = QuotedName(name_of(index));
    }
};

}  // namespace tidewatch

#endif
