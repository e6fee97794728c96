/// A value that a trial gave a parameter.
public enum ParameterValue: Sendable, Equatable, Codable {
    case number(Double)
    case text(String)

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number):
            if let whole = Int64(exactly: number) { try container.encode(whole) } else { try container.encode(number) }
        case .text(let text): try container.encode(text)
        }
    }

    public var number: Double? { if case .number(let number) = self { number } else { nil } }
    public var text: String? { if case .text(let text) = self { text } else { nil } }
}

/// Something to search over.
public struct SearchParameter: Sendable, Equatable, Codable {
    public enum Domain: Sendable, Equatable, Codable {
        /// Any number between the two; `log` where ratios count and not differences.
        case real(low: Double, high: Double, log: Bool = false)
        /// Whole numbers, both ends included.
        case integer(low: Int, high: Int, log: Bool = false)
        case choice([String])

        /// Whether a value is one of the domain's; those of earlier trials may not be, after it was narrowed.
        func contains(_ value: ParameterValue) -> Bool {
            switch (self, value) {
            case (.choice(let options), .text(let text)): options.contains(text)
            case (.real(let low, let high, _), .number(let number)): number >= low && number <= high
            case (.integer(let low, let high, _), .number(let number)):
                number >= Double(low) && number <= Double(high)
            default: false
            }
        }
    }

    /// Another parameter that has to have one of some values for this one to be there.
    public struct Condition: Sendable, Equatable, Codable {
        public var parameter: String
        public var values: [String]

        public init(_ parameter: String, is values: [String]) {
            self.parameter = parameter
            self.values = values
        }
    }

    public var name: String
    public var domain: Domain
    public var condition: Condition?

    public init(_ name: String, _ domain: Domain, if condition: Condition? = nil) {
        self.name = name
        self.domain = domain
        self.condition = condition
    }
}

/// What a search may vary. Parameters are given values in this order; a condition looks back.
public struct SearchSpace: Sendable, Equatable, Codable {
    public let parameters: [SearchParameter]

    /// - Throws: `LearningError(.invalidParameter)` for a name that comes twice, an empty domain, or a condition on
    ///   something that is no choice before it.
    public init(_ parameters: [SearchParameter]) throws(LearningError) {
        var choices: [String: Set<String>] = [:]
        var names: Set<String> = []
        func wrong(_ parameter: SearchParameter, _ what: String) -> LearningError {
            LearningError(
                .invalidParameter, "the search parameter \"\(parameter.name)\" \(what)",
                advice: "Correct the search space.")
        }
        for parameter in parameters {
            guard names.insert(parameter.name).inserted else { throw wrong(parameter, "is named twice") }
            switch parameter.domain {
            case .real(let low, let high, let log):
                guard low.isFinite, high.isFinite, low < high, !log || low > 0 else {
                    throw wrong(parameter, "ranges from \(low) to \(high)")
                }
            case .integer(let low, let high, let log):
                guard low < high, high - low < 1 << 40, !log || low > 0 else {
                    throw wrong(parameter, "ranges from \(low) to \(high)")
                }
            case .choice(let options):
                guard !options.isEmpty, Set(options).count == options.count else {
                    throw wrong(parameter, "chooses from \(options)")
                }
                choices[parameter.name] = Set(options)
            }
            if let condition = parameter.condition {
                guard let known = choices[condition.parameter], known.isSuperset(of: condition.values) else {
                    throw wrong(parameter, "depends on \"\(condition.parameter)\", which has no such choice before it")
                }
            }
        }
        self.parameters = parameters
    }

    /// Whether a parameter is there beside the values given so far.
    func isActive(_ parameter: SearchParameter, beside values: [String: ParameterValue]) -> Bool {
        guard let condition = parameter.condition else { return true }
        guard let text = values[condition.parameter]?.text else { return false }
        return condition.values.contains(text)
    }
}
