import Statistics

/// How much each row counts: its sample weight times the weight of its class.
struct RowWeights {
    private enum ClassFactors {
        case none
        /// By the number that the encoded target knows a class by.
        case balanced([Float: Double])
        /// By label, in the form in which a cell may have it; a label that is not named counts 1.
        case given(ClassMatcher, [Double])
    }

    private let problem: LearningProblem
    private let factors: ClassFactors

    /// - Parameter target: of the training table, on whose classes balanced weights depend.
    /// - Throws: `LearningError(.invalidParameter)` for a class weight below 0 or not finite, or class weights of a
    ///   regression.
    init(_ problem: LearningProblem, target: EncodedTarget) throws(LearningError) {
        if problem.task == .regression, problem.classWeights != .none {
            throw LearningError(
                .invalidParameter, "there are class weights, but the target is a number",
                advice: "Leave them out, or name a column of sample weights.")
        }
        self.problem = problem
        switch problem.classWeights {
        case .none: factors = .none
        case .balanced:
            let counts = Dictionary(target.labels.map { ($0, 1) }, uniquingKeysWith: +)
            factors = .balanced(counts.mapValues { Double(target.labels.count) / Double(counts.count * $0) })
        case .given(let weights):
            let labels = weights.keys.sorted()
            for label in labels {
                guard let weight = weights[label], weight >= 0, Float(weight).isFinite else {
                    throw LearningError(
                        .invalidParameter, "the weight of the class \"\(label)\" is \(weights[label] ?? .nan)",
                        advice: "Give a finite number of 0 or more.")
                }
            }
            factors = .given(ClassMatcher(classes: labels), labels.map { weights[$0] ?? 1 })
        }
    }

    /// One per row of the table that has a target, in the order of `target.rows`; `nil` if all count 1.
    /// - Parameter target: of this table, which may be another than the training table.
    /// - Throws: as `samples`; `LearningError(.invalidInput)` if every row weighs nothing.
    func weights(of table: Table, target: EncodedTarget) throws(LearningError) -> [Double]? {
        let samples = try Self.samples(problem.weight, of: table, rows: target.rows)
        if samples == nil, case .none = factors { return nil }
        var weights = samples ?? [Double](repeating: 1, count: target.rows.count)
        switch factors {
        case .none: break
        case .balanced(let factors):
            for index in weights.indices { weights[index] *= factors[target.labels[index]] ?? 1 }
        case .given(let matcher, let given):
            let classes = matcher.indices(of: try table.column(named: problem.target))
            for (index, row) in target.rows.enumerated() where classes[row] >= 0 {
                weights[index] *= given[classes[row]]
            }
        }
        try Self.check(weights)
        return weights
    }

    /// The sample weights of some rows; a missing cell counts 1.
    /// - Parameter column: its name; `nil` if all rows count 1, and so is the answer.
    /// - Throws: `LearningError`: `.unknownColumn`; `.invalidInput` for a weight below 0 or not finite.
    static func samples(
        _ column: String?, of table: Table, rows: [Int]
    ) throws(LearningError) -> [Double]? {
        guard let column else { return nil }
        let cells = try table.column(named: column)
        var weights = [Double](repeating: 1, count: rows.count)
        for (index, row) in rows.enumerated() {
            let weight = cells.number(at: row)
            if weight >= 0, Float(weight).isFinite {
                weights[index] = weight
            } else if let text = cells.text(at: row) {
                throw LearningError(
                    .invalidInput, "the weight \"\(column)\" is \"\(text)\" in row \(row + 1)",
                    advice: "A weight must be a finite number of 0 or more; leave the cell empty for 1.")
            }
        }
        return weights
    }

    /// - Throws: `LearningError(.invalidInput)` if every row weighs nothing.
    static func check(_ weights: [Double]) throws(LearningError) {
        guard weights.isEmpty || weights.contains(where: { $0 > 0 }) else {
            throw LearningError(
                .invalidInput, "all \(weights.count) rows weigh 0", advice: "Give some of them a weight above 0.")
        }
    }
}
