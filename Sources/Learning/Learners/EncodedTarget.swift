import Statistics

/// The target column as XGBoost wants it.
struct EncodedTarget {
    /// The rows that have a target; the others cannot be learned from.
    let rows: [Int]
    /// One per entry of `rows`.
    let labels: [Float]
    /// Binary: the most frequent label that is not the positive one (ties by name); else empty.
    let negativeLabel: String
    /// XGBoost's `base_score`, a single number: the mean, or the share of positives.
    let baseScore: Float
    private let task: ModelTask

    /// - Parameter allowsOneClass: for a validation table, which is only watched.
    init(_ column: TableColumn, task: ModelTask, allowsOneClass: Bool = false) throws(LearningError) {
        guard column.count > 0 else {
            throw LearningError(.noRows, "the table has no rows", advice: "Give at least two rows with a target.")
        }
        guard column.missingCount < column.count else {
            throw LearningError(
                .targetMissing, "every cell of the target \"\(column.name)\" is missing",
                advice: "Wait until outcomes have arrived, or name another target.")
        }
        switch task {
        case .regression: try self.init(regression: column)
        case .binary(let positive): try self.init(binary: column, positive: positive, allowsOneClass)
        case .multiclass(let classes): try self.init(multiclass: column, classes: classes, allowsOneClass)
        }
    }

    private init(
        rows: [Int], labels: [Float], negativeLabel: String = "", baseScore: Float, task: ModelTask
    ) {
        self.rows = rows
        self.labels = labels
        self.negativeLabel = negativeLabel
        self.baseScore = baseScore
        self.task = task
    }

    /// `baseScore` where rows count differently.
    /// - Throws: `LearningError(.oneClassTarget)` if only one of two classes weighs anything.
    func baseScore(weights: [Float]) throws(LearningError) -> Float {
        if case .multiclass = task { return baseScore }
        let total = weights.reduce(0) { $0 + Double($1) }
        let mean = zip(labels, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) } / total
        guard task == .regression || (mean > 0 && mean < 1) else {
            throw LearningError(
                .oneClassTarget, "only one of the two classes has any weight", advice: "Give both a weight above 0.")
        }
        return Float(mean)
    }

    private init(regression column: TableColumn) throws(LearningError) {
        var rows: [Int] = []
        var labels: [Float] = []
        var sum = 0.0
        for row in 0..<column.count {
            let value = column.number(at: row)
            guard Float(value).isFinite else {
                guard let text = column.text(at: row) else { continue }
                throw LearningError(
                    .invalidTarget, "the target \"\(column.name)\" is \"\(text)\" in row \(row + 1)",
                    advice: "A regression target must be a finite number; leave the cell empty if it is not known.")
            }
            rows.append(row)
            labels.append(Float(value))
            sum += value
        }
        self.init(rows: rows, labels: labels, baseScore: Float(sum / Double(rows.count)), task: .regression)
    }

    private init(binary column: TableColumn, positive: String, _ allowsOneClass: Bool) throws(LearningError) {
        let classes = ClassMatcher(classes: [positive]).indices(of: column)
        let rows = classes.indices.filter { classes[$0] != ClassMatcher.missing }
        let labels = rows.map { Float(classes[$0] == 0 ? 1 : 0) }
        let positives = labels.count { $0 == 1 }
        guard allowsOneClass || (positives > 0 && positives < labels.count) else {
            throw LearningError(
                .oneClassTarget,
                "of \(labels.count) rows \(positives) have the positive label \"\(positive)\" in \"\(column.name)\"",
                advice: "Both classes are needed: take more rows, or correct the positive label.")
        }
        var counts: [String: Int] = [:]
        for row in rows where classes[row] != 0 { counts[column.text(at: row) ?? "", default: 0] += 1 }
        let negative = counts.min { (-$0.value, $0.key) < (-$1.value, $1.key) }?.key ?? ""
        self.init(
            rows: rows, labels: labels, negativeLabel: negative, baseScore: Float(positives) / Float(labels.count),
            task: .binary(positive: positive))
    }

    private init(multiclass column: TableColumn, classes: [String], _ allowsOneClass: Bool) throws(LearningError) {
        let indices = ClassMatcher(classes: classes).indices(of: column)
        if let row = indices.firstIndex(of: ClassMatcher.unknown) {
            throw LearningError(
                .unknownLabel,
                "the target \"\(column.name)\" is \"\(column.text(at: row) ?? "")\" in row \(row + 1), which is none of the classes \(classes)",
                advice: "Add it to the classes, or leave such rows out.")
        }
        let rows = indices.indices.filter { indices[$0] >= 0 }
        guard allowsOneClass || Set(rows.map { indices[$0] }).count > 1 else {
            throw LearningError(
                .oneClassTarget, "all \(rows.count) rows have one and the same class in \"\(column.name)\"",
                advice: "At least two classes are needed: take more rows.")
        }
        self.init(
            rows: rows, labels: rows.map { Float(indices[$0]) }, baseScore: 0.5, task: .multiclass(classes: classes))
    }
}
