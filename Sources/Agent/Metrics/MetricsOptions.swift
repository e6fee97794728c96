import Foundation

/// What `tidewatch metrics` was asked.
public struct MetricsOptions: Sendable {
    /// What the table's predictions are.
    public enum Task: String, Sendable, CaseIterable {
        case auto, binary, multiclass, regression, ranking
    }

    public var path: String
    /// The column with what happened; of a ranking, with the relevance.
    public var label: String
    /// The column with what was predicted: a class or a number.
    public var prediction: String?
    /// The columns with scores: one column of P(positive) or of ranking scores, or `class=column` for each of several
    /// classes.
    public var scores: [String]
    public var task: Task
    /// The label that counts as positive; `nil` to find it.
    public var positive: String?
    /// From this score on a row counts as predicted positive, where no prediction is given.
    public var threshold: Double
    /// The column that says which rows belong to one ranked list.
    public var query: String?
    /// Places of a ranked list that count; `nil` for all.
    public var places: Int?
    /// The quantile that a regression forecasts, for its pinball loss.
    public var quantile: Double
    /// Performance is also given per value of these columns.
    public var segments: [String]
    /// Fairness is judged between the values of these columns.
    public var protected: [String]
    /// Values of true negatives, false positives, false negatives, true positives.
    public var costs: [Double]?
    /// text, json or html.
    public var format: String
    public var outputPath: String?
    public var isQuiet: Bool

    public init(
        path: String, label: String, prediction: String? = nil, scores: [String] = [], task: Task = .auto,
        positive: String? = nil, threshold: Double = 0.5, query: String? = nil, places: Int? = nil,
        quantile: Double = 0.5, segments: [String] = [], protected: [String] = [], costs: [Double]? = nil,
        format: String = "text", outputPath: String? = nil, isQuiet: Bool = false
    ) {
        self.path = path
        self.label = label
        self.prediction = prediction
        self.scores = scores
        self.task = task
        self.positive = positive
        self.threshold = threshold
        self.query = query
        self.places = places
        self.quantile = quantile
        self.segments = segments
        self.protected = protected
        self.costs = costs
        self.format = format
        self.outputPath = outputPath
        self.isQuiet = isQuiet
    }

    /// Reads `--cost`: the values of a true negative, a false positive, a false negative and a true positive.
    /// - Throws: `CommandStop` with exit code 2 for what is not four numbers.
    public static func costs(_ text: String) throws(CommandStop) -> [Double] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
            String($0).trimmingCharacters(in: .whitespaces)
        }
        let order = "true negative, false positive, false negative, true positive, such as --cost 0,-1,-5,10"
        guard parts.count == 4 else {
            let found = parts.count == 1 ? "1 value" : "\(parts.count) values"
            throw .badInput("--cost takes four numbers and \"\(text)\" has \(found): \(order)")
        }
        return try parts.map { part throws(CommandStop) in
            guard let value = Double(part), value.isFinite else {
                throw .badInput("--cost takes four numbers and \"\(part)\" in \"\(text)\" is none: \(order)")
            }
            return value
        }
    }
}

/// A question that the table cannot answer: what is wrong, and what to write instead.
struct MetricsError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
