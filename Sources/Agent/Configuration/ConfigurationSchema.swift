/// The key table as documents: what editors and check-jsonschema read, and what people read.
public enum ConfigurationSchema {
    /// `config/tidewatch.schema.json`: JSON Schema 2020-12. It knows every key, type and range; checks across keys
    /// (levels, divisors, topics) are `check-config`'s alone.
    public static func jsonSchema() -> String {
        var entries: [(key: String, value: JSONText)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text("Tidewatch configuration")),
            ("description", .text("Made from the key table in Sources/Agent/Configuration; do not edit.")),
        ]
        entries += schema(of: ConfigurationKeys.root)
        return JSONText.object(entries).written() + "\n"
    }

    private static func schema(of shape: ConfigurationShape) -> [(key: String, value: JSONText)] {
        switch shape {
        case .text(let rule):
            // A text may take its value, or a part of it, from the environment.
            [("type", .text("string")), ("pattern", .text("\(rule.pattern)|\\$\\{"))]
        case .label:
            [("type", .list([.text("string"), .text("number"), .text("boolean")]))]
        case .integer(let range):
            [
                ("type", .text("integer")), ("minimum", .integer(range.lowerBound)),
                ("maximum", .integer(range.upperBound)),
            ]
        case .number(let range):
            [("type", .text("number"))] + bounds(of: range)
        case .boolean:
            [("type", .text("boolean"))]
        case .duration:
            [("type", .text("string")), ("pattern", .text(UnitText.durationPattern))]
        case .bytes(let range):
            [
                ("type", .list([.text("string"), .text("integer")])), ("pattern", .text(UnitText.sizePattern)),
                ("minimum", .integer(range.lowerBound)), ("maximum", .integer(range.upperBound)),
            ]
        case .choice(let names):
            [("enum", .list(names.map { .text($0) }))]
        case .time:
            [("type", .text("string")), ("format", .text("date-time"))]
        case .list(let item, let minimum):
            [("type", .text("array")), ("minItems", .integer(Int64(minimum))), ("items", .object(schema(of: item)))]
        case .table(let keys, _):
            table(keys)
        case .properties(let item, _):
            [
                ("type", .list([.text("object"), .text("null")])),
                ("additionalProperties", .object(schema(of: item))),
            ]
        }
    }

    private static func table(_ keys: [ConfigurationKey]) -> [(key: String, value: JSONText)] {
        let required = keys.filter(\.isRequired).map { JSONText.text($0.name) }
        // `agent:` with every key commented out is an empty table.
        let type: JSONText =
            required.isEmpty ? .list([.text("object"), .text("null")]) : .text("object")
        var entries: [(key: String, value: JSONText)] = [("type", type), ("additionalProperties", .boolean(false))]
        if !required.isEmpty { entries.append(("required", .list(required))) }
        let properties = keys.map { key in (key: key.name, value: JSONText.object(property(key))) }
        return entries + [("properties", .object(properties))]
    }

    private static func property(_ key: ConfigurationKey) -> [(key: String, value: JSONText)] {
        var entries: [(key: String, value: JSONText)] = [("description", .text(key.documentation))]
        if let text = key.defaultText, text != "{}", let node = ConfigurationChecker.defaultNode(text) {
            entries.append(("default", json(node)))
        }
        return entries + schema(of: key.shape)
    }

    private static func bounds(of range: NumberRange) -> [(key: String, value: JSONText)] {
        var entries: [(key: String, value: JSONText)] = []
        if range.lower > -.greatestFiniteMagnitude {
            entries.append((range.excludesLower ? "exclusiveMinimum" : "minimum", .number(range.lower)))
        }
        if range.upper < .greatestFiniteMagnitude {
            entries.append((range.excludesUpper ? "exclusiveMaximum" : "maximum", .number(range.upper)))
        }
        return entries
    }

    private static func json(_ node: ConfigurationNode) -> JSONText {
        switch node.content {
        case .list(let items): return .list(items.map(json))
        case .table(let entries): return .object(entries.map { ($0.key, json($0.value)) })
        case .scalar(let text, _):
            switch node.scalarKind {
            case .boolean(let flag): return .boolean(flag)
            case .integer(let integer): return .integer(integer)
            case .number(let number): return .number(number)
            case .null: return .null
            default: return .text(text)
            }
        }
    }
}
