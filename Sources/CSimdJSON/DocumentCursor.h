// Walks a document that simdjson has parsed to its end.
#ifndef TIDEWATCH_DOCUMENT_CURSOR_H
#define TIDEWATCH_DOCUMENT_CURSOR_H

#include <string_view>

#include <simdjson.h>

#include "QuotedName.h"
#include "Value.h"

namespace tidewatch {

/// The fields of an object, in order, and those of the objects in it that are entered.
class DocumentCursor {
public:
    explicit DocumentCursor(simdjson::dom::object object) : fields(object) {}

    /// Goes to the next field; false behind the last one of the object.
    bool next() {
        if (!is_inside && fields.next()) return true;
        if (is_inside && entered.next()) return true;
        is_inside = false;
        return false;
    }

    /// The field's name.
    std::string_view name() const { return current().name; }

    const char *name_start() const { return current().name.data(); }

    /// Whether this is the field's name.
    bool is_named(const QuotedName &expected) const { return expected == current().name; }

    /// Reads the field's value.
    bool read(Value &value) const {
        using simdjson::dom::element_type;
        const simdjson::dom::element element = current().element;
        switch (element.type()) {
        case element_type::NULL_VALUE: value.kind = Kind::null; break;
        case element_type::BOOL:
            value.kind = Kind::boolean;
            value.boolean = element.get_bool().value_unsafe();
            break;
        case element_type::INT64:
            value.kind = Kind::integer;
            value.integer = element.get_int64().value_unsafe();
            break;
        case element_type::UINT64:
            value.kind = Kind::natural;
            value.natural = element.get_uint64().value_unsafe();
            break;
        case element_type::DOUBLE:
            value.kind = Kind::number;
            value.number = element.get_double().value_unsafe();
            break;
        case element_type::STRING:
            value.kind = Kind::text;
            value.text = element.get_string().value_unsafe();
            break;
        case element_type::OBJECT: value.kind = Kind::object; break;
        case element_type::ARRAY: value.kind = Kind::array; break;
        }
        return true;
    }

    /// Enters the object that `read` has just given: its fields come next, then those behind it.
    void enter() {
        entered = Fields(fields.element.get_object().value_unsafe());
        is_inside = true;
    }

private:
    struct Fields {
        simdjson::dom::object::iterator position{}, end{};
        std::string_view name;
        simdjson::dom::element element;

        Fields() = default;
        explicit Fields(simdjson::dom::object object) : position(object.begin()), end(object.end()) {}

        bool next() {
            if (!(position != end)) return false;
            name = position.key();
            element = position.value();
            ++position;
            return true;
        }
    };

    Fields fields, entered;
    bool is_inside = false;

    const Fields &current() const { return is_inside ? entered : fields; }
};

}  // namespace tidewatch

#endif
