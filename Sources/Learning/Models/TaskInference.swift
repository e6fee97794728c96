public import Statistics

/// Which task a target speaks of, and why.
public struct TaskInference: Sendable, Equatable {
    public let task: ModelTask
    /// In words, for the report.
    public let reason: String

    /// The most classes that are taken for such.
    public static let maximumClasses = 100

    private static let usualPositives = ["1", "true", "yes", "y", "positive"]

    /// Two labels: binary, positive being `1`, `true` or `yes`, else the rarer of the two (ties: the last by name). Text,
    /// or up to 10 different whole numbers: multiclass. Other numbers: regression.
    /// - Parameter positive: the label of the positive class, if it is known.
    /// - Throws: `LearningError`: `.targetMissing`; `.oneClassTarget`; `.invalidTarget` for text with more than 100 labels;
    ///   `.unknownLabel` if no row has the positive label.
    public init(_ column: TableColumn, positive: String? = nil) throws(LearningError) {
        var counts: [String: Int] = [:]
        for row in 0..<column.count { if let text = column.text(at: row) { counts[text, default: 0] += 1 } }
        let labels = try Self.labels(counts, column)
        if let positive {
            try self.init(positive: positive, labels: labels, name: column.name)
        } else if labels.count == 2 {
            let usual = labels.first { Self.usualPositives.contains($0.lowercased()) }
            let rare = labels.max { (counts[$1] ?? 0, $0) < (counts[$0] ?? 0, $1) } ?? labels[1]
            self.init(
                task: .binary(positive: usual ?? rare),
                reason: "\"\(column.name)\" has two values; positive is \"\(usual ?? rare)\""
                    + (usual == nil ? ", the rarer one" : ""))
        } else if case .numeric(let numbers) = column.values {
            let isWhole = numbers.allSatisfy { !$0.isFinite || $0 == $0.rounded() }
            if isWhole, labels.count <= 10 {
                self.init(classes: labels, "\"\(column.name)\" has \(labels.count) different whole numbers, at most 10")
            } else {
                self.init(
                    task: .regression, reason: "\"\(column.name)\" holds numbers, \(labels.count) different ones")
            }
        } else if labels.count <= Self.maximumClasses {
            self.init(classes: labels, "\"\(column.name)\" holds text with \(labels.count) values")
        } else {
            throw LearningError(
                .invalidTarget, "the target \"\(column.name)\" holds text with \(labels.count) different values",
                advice: "Name a target of at most \(Self.maximumClasses) classes, or a numeric one.")
        }
    }

    /// The task that was asked for, with the classes that the target has.
    /// - Parameter kind: `binary`, `multiclass` or `regression`.
    public init(_ column: TableColumn, kind: String, positive: String? = nil) throws(LearningError) {
        switch kind {
        case "regression": self.init(task: .regression, reason: "asked for")
        case "multiclass":
            let counts = (0..<column.count).reduce(into: [String: Int]()) { counts, row in
                if let text = column.text(at: row) { counts[text, default: 0] += 1 }
            }
            self.init(classes: try Self.labels(counts, column), "asked for")
        default:
            let found = try TaskInference(column, positive: positive)
            guard case .binary = found.task else {
                throw LearningError(
                    .invalidTarget, "a binary target has two values, and \"\(column.name)\" has more",
                    advice: "Say which label is positive, or choose another task.")
            }
            self = found
        }
    }

    private init(task: ModelTask, reason: String) {
        self.task = task
        self.reason = reason
    }

    private init(classes: [String], _ reason: String) {
        self.init(task: .multiclass(classes: classes), reason: reason)
    }

    private init(positive: String, labels: [String], name: String) throws(LearningError) {
        let matcher = ClassMatcher(classes: [positive])
        guard labels.contains(where: { matcher.index(of: $0) == 0 }) else {
            throw LearningError(
                .unknownLabel, "no row of \"\(name)\" has the positive label \"\(positive)\"",
                advice: "It has: \(labels.prefix(10).joined(separator: ", ")).")
        }
        self.init(task: .binary(positive: positive), reason: "the positive label \"\(positive)\" was given")
    }

    /// The labels in order: of numbers, or of text.
    private static func labels(_ counts: [String: Int], _ column: TableColumn) throws(LearningError) -> [String] {
        guard !counts.isEmpty else {
            throw LearningError(
                .targetMissing, "every cell of the target \"\(column.name)\" is missing",
                advice: "Wait until outcomes have arrived, or name another target.")
        }
        guard counts.count > 1 else {
            throw LearningError(
                .oneClassTarget, "the target \"\(column.name)\" is \"\(counts.keys.first ?? "")\" in every row",
                advice: "At least two different values are needed: take more rows.")
        }
        return counts.keys.sorted { one, two in
            guard column.kind == .numeric, let left = NumberText.number(one), let right = NumberText.number(two) else {
                return one < two
            }
            return left < right
        }
    }
}
