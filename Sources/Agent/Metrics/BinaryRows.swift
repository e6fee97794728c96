import Learning
import Statistics

/// Decisions and scores of a binary model.
struct BinaryRows: MetricsRows {
    let usable: [Int]
    private let labels: [Bool]
    private let scores: [Double]?
    private let decisions: [Bool]
    private let positive: String
    private let negative: String
    private let costs: CostMatrix?

    init(_ table: MetricsTable) throws {
        let options = table.options
        let labels = table.labels(try table.column(options.label, option: "--label"))
        let predicted = try options.prediction.map { table.labels(try table.column($0, option: "--prediction")) }
        let positive = try Self.positive(labels, predicted, options)
        let isPositive = Self.matcher(positive)
        guard options.scores.count <= 1 else {
            throw MetricsError("--score: a binary task has one column of scores, that of P(\(positive))")
        }
        let scores = try options.scores.first.map { try table.numbers($0, option: "--score") }
        guard scores != nil || predicted != nil else {
            throw MetricsError("a binary task needs --score, --prediction or both: what did the model say?")
        }
        if let predicted, !predicted.contains(where: { $0.map(isPositive) ?? false }),
            let example = predicted.lazy.compactMap(\.self).first(where: { !labels.contains($0) })
        {
            throw MetricsError(
                "--prediction: \"\(example)\" is no label of \"\(options.label)\"; for a score, give --score")
        }
        usable = labels.indices.filter { row in
            labels[row] != nil && !(scores?[row].isNaN ?? false) && (predicted.map { $0[row] != nil } ?? true)
        }
        self.labels = labels.map { $0.map(isPositive) ?? false }
        self.scores = scores
        decisions =
            predicted?.map { $0.map(isPositive) ?? false } ?? scores?.map { $0 >= options.threshold } ?? []
        self.positive = positive
        let others = Self.distinctLabels(labels).filter { !isPositive($0) }
        // Several other labels are one class here, and none of them names it.
        negative = others.count == 1 ? others.first ?? "" : "not \(positive)"
        costs = try options.costs.map { values in
            guard let matrix = CostMatrix(classes: 2, values: values) else {
                throw MetricsError(
                    "--cost takes four numbers: true negative, false positive, false negative, true positive")
            }
            return matrix
        }
    }

    /// The label asked for, else `1`, `true` or `yes`, else the last of the two.
    ///
    /// Where one label is all that happened, a day without fraud say, what was predicted has its say; and 0, false or no
    /// alone are the negatives of something that did not happen.
    private static func positive(
        _ labels: [String?], _ predicted: [String?]?, _ options: MetricsOptions
    ) throws -> String {
        let happened = distinctLabels(labels)
        let both = happened.union(distinctLabels(predicted ?? []))
        let distinct = happened.count == 1 && both.count == 2 ? both : happened
        let shown = distinct.sorted().prefix(10).joined(separator: ", ")
        if let asked = options.positive {
            if let found = distinct.first(where: matcher(asked)) { return found }
            if happened.count == 1 { return asked }
            throw MetricsError(
                "--positive: no row of \"\(options.label)\" has the label \"\(asked)\"; it has: \(shown)")
        }
        guard distinct.count <= 2 else {
            throw MetricsError("\"\(options.label)\" has \(distinct.count) labels (\(shown)); say which is --positive")
        }
        let usual = distinct.sorted().first { opposites.values.contains($0.lowercased()) }
        guard let chosen = usual ?? distinct.max() else {
            throw MetricsError("no row has a label in \"\(options.label)\"")
        }
        return distinct.count == 1 ? opposites[chosen.lowercased()] ?? chosen : chosen
    }

    private static let opposites = ["0": "1", "false": "true", "no": "yes", "negative": "positive"]

    private static func distinctLabels(_ labels: [String?]) -> Set<String> {
        labels.reduce(into: Set<String>()) { if let label = $1, $0.count < 1_000 { $0.insert(label) } }
    }

    /// Whether a label is the one named, `true` and `1` being the same.
    private static func matcher(_ name: String) -> (String) -> Bool {
        func canonical(_ text: String) -> String {
            switch text.lowercased() {
            case "true", "1", "1.0": "1"
            case "false", "0", "0.0": "0"
            default: text
            }
        }
        let wanted = canonical(name)
        return { canonical($0) == wanted }
    }

    func confusion(_ rows: [Int]) -> BinaryConfusion {
        ExactMetrics.confusionMatrix(predicted: rows.map { decisions[$0] }, actual: rows.map { labels[$0] })
    }

    private func sample(_ rows: [Int]) -> BinarySample {
        BinarySample(
            labels: rows.map { labels[$0] }, scores: scores.map { scores in rows.map { scores[$0] } },
            predicted: rows.map { decisions[$0] })
    }

    func metrics(_ rows: [Int]) -> [MetricsReport.Named] {
        let sample = sample(rows)
        var found = named(sample.metrics)
        if let costs, let confusion = sample.confusion {
            found.append(("business_value", costs.value(of: confusion)))
        }
        return found
    }

    func fill(_ report: inout MetricsReport) {
        let sample = sample(usable)
        report.positive = positive
        report.classes = [negative, positive]
        report.confusion = sample.confusion?.classes
        report.curve = sample.curve
        report.calibration = sample.calibration
        guard let scores, !sample.calibration.isEmpty else { return }
        var shares = (negative: [Double](repeating: 0, count: 20), positive: [Double](repeating: 0, count: 20))
        for row in usable {
            let bin = min(19, Int(scores[row] * 20))
            if labels[row] { shares.positive[bin] += 1 } else { shares.negative[bin] += 1 }
        }
        let (negatives, positives) = (shares.negative.reduce(0, +), shares.positive.reduce(0, +))
        report.scoreShares = (
            shares.negative.map { $0 / max(1, negatives) }, shares.positive.map { $0 / max(1, positives) }
        )
    }
}
