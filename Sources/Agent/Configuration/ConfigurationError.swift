/// One mistake in a configuration.
public struct ConfigurationProblem: Error, Sendable, Equatable, Codable, CustomStringConvertible {
    /// Where it is: `models[0].window.slide`; empty for the file as a whole.
    public var keyPath: String
    /// Line in the file, from 1; `nil` for an override and for the file as a whole.
    public var line: Int?
    /// What is wrong and what is expected. Never shows the value of an environment variable.
    public var message: String
    /// What to write instead: a key, a value or a command-line argument.
    public var suggestion: String?

    public init(keyPath: String, line: Int?, message: String, suggestion: String? = nil) {
        self.keyPath = keyPath
        self.line = line
        self.message = message
        self.suggestion = suggestion
    }

    public var description: String {
        let place = keyPath.isEmpty ? "" : "\(keyPath): "
        let advice = suggestion.map { "; try: \($0)" } ?? ""
        return place + message + advice
    }
}

/// All that is wrong with a configuration, in the order of the file.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, as it was named.
    public let path: String
    /// At least one, ordered by line.
    public let problems: [ConfigurationProblem]

    public init(path: String, problems: [ConfigurationProblem]) {
        self.path = path
        self.problems = problems.enumerated().sorted { left, right in
            (left.element.line ?? .max, left.offset) < (right.element.line ?? .max, right.offset)
        }.map(\.element)
    }

    /// One line for each problem: `file:line: key path: what; try: what to write instead`.
    public var description: String {
        problems.map { problem in
            let line = problem.line.map { ":\($0)" } ?? ""
            return "\(path)\(line): \(problem)"
        }.joined(separator: "\n")
    }
}
