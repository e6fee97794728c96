/// What may stand at a key. The one description that validation, suggestions, the JSON Schema and the documentation share.
indirect enum ConfigurationShape: Sendable {
    case text(TextRule)
    /// A class label: text, or a number or boolean taken as its text.
    case label
    case integer(ClosedRange<Int64>)
    case number(NumberRange)
    case boolean
    /// Microseconds.
    case duration(ClosedRange<Int64>)
    case bytes(ClosedRange<Int64>)
    case choice([String])
    /// RFC 3339; microseconds since 1970 UTC.
    case time
    case list(of: ConfigurationShape, minimum: Int)
    case table([ConfigurationKey], rules: [ConfigurationRule])
    /// Any keys, each with one value: by default a text, number or boolean that is taken as its text.
    case properties(of: ConfigurationShape = .label, rules: [ConfigurationRule])

    /// What a message says is expected.
    var expectation: String {
        switch self {
        case .text(let rule): rule.expectation
        case .label: "a label"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): range.expectation
        case .boolean: "true or false"
        case .duration(let range):
            "a duration (500ms, 10s, 5m, 2h, 7d) from \(UnitText.describe(microseconds: range.lowerBound)) to "
                + UnitText.describe(microseconds: range.upperBound)
        case .bytes(let range):
            "a size (512KiB, 1MiB) from \(UnitText.describe(bytes: range.lowerBound)) to "
                + UnitText.describe(bytes: range.upperBound)
        case .choice(let names): "one of " + names.joined(separator: ", ")
        case .time: "a time such as 2026-11-22T10:00:00Z"
        case .list(let item, let minimum): (minimum > 0 ? "a list, not empty, of " : "a list of ") + item.plural
        case .table(let keys, _): "a table with the keys " + keys.map(\.name).joined(separator: ", ")
        case .properties(let item, _): "a table of names and " + (item.isNumber ? "numbers" : "values")
        }
    }

    private var isNumber: Bool { if case .number = self { true } else { false } }

    private var plural: String {
        switch self {
        case .text: "texts"
        case .label: "labels"
        case .table: "tables"
        default: "values"
        }
    }

    /// The keys of a table, or of the tables in a list.
    var keys: [ConfigurationKey] {
        switch self {
        case .table(let keys, _): keys
        case .list(let item, _): item.keys
        default: []
        }
    }
}

/// A key of a table.
struct ConfigurationKey: Sendable {
    var name: String
    var shape: ConfigurationShape
    var isRequired = false
    /// YAML that stands for an absent key; `{}` fills a table with its own keys' defaults. `nil`: absent stays absent.
    var defaultText: String?
    /// One or two sentences: meaning and unit.
    var documentation: String

    init(
        _ name: String, _ shape: ConfigurationShape, required: Bool = false, default defaultText: String? = nil,
        _ documentation: String
    ) {
        self.name = name
        self.shape = shape
        self.isRequired = required
        self.defaultText = defaultText
        self.documentation = documentation
    }
}

/// What a text must look like.
struct TextRule: Sendable {
    /// The whole text, as a regular expression that JSON Schema understands too.
    var pattern: String
    var expectation: String

    static let any = TextRule(pattern: "^[^\\u0000]+$", expectation: "a text, not empty")
    static let topic = TextRule(
        pattern: "^[A-Za-z0-9._-]{1,249}$",
        expectation: "a Kafka topic (letters, digits, '.', '_' and '-', at most 249)")
    static let modelName = TextRule(
        pattern: "^[^@\\u0000-\\u001f ]([^@\\u0000-\\u001f]{0,198}[^@\\u0000-\\u001f ])?$",
        expectation: "a model's name (at most 200 characters, without '@')")
    static let budget = TextRule(
        pattern: "^[1-9][0-9]{0,5} per ([1-9][0-9]* ?)?(m|h|d|w|minutes?|hours?|days?|weeks?|months?|years?)$",
        expectation: "a number of alarms and a time, such as 1 per 30d or 2 per week")
    static let webAddress = TextRule(
        pattern: "^https?://[^\\s/?#]+[^\\s]*$", expectation: "an address that starts with https:// or http://")
}

/// The numbers allowed at a key.
struct NumberRange: Sendable {
    var lower: Double = -.greatestFiniteMagnitude
    var upper: Double = .greatestFiniteMagnitude
    /// Whether the bound itself is not allowed.
    var excludesLower = false
    var excludesUpper = false

    static let any = NumberRange()
    static let notNegative = NumberRange(lower: 0)
    /// (0, 1].
    static let share = NumberRange(lower: 0, upper: 1, excludesLower: true)
    /// (0, 1).
    static let properFraction = NumberRange(lower: 0, upper: 1, excludesLower: true, excludesUpper: true)

    func contains(_ value: Double) -> Bool {
        value.isFinite && (excludesLower ? value > lower : value >= lower)
            && (excludesUpper ? value < upper : value <= upper)
    }

    var expectation: String {
        var parts: [String] = []
        if lower > -.greatestFiniteMagnitude { parts.append((excludesLower ? "above " : "at least ") + plain(lower)) }
        if upper < .greatestFiniteMagnitude { parts.append((excludesUpper ? "below " : "at most ") + plain(upper)) }
        return parts.isEmpty ? "a number" : "a number " + parts.joined(separator: " and ")
    }

    private func plain(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}

/// A check across the keys of one table.
typealias ConfigurationRule = @Sendable (CheckedTable) -> [ConfigurationProblem]
