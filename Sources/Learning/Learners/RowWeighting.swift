import Statistics

/// How much each row counts: its sample weight times its class weight.
struct RowWeighting {
    private let problem: LearningProblem
    /// By the number XGBoost knows a class by; only of balanced classes.
    private let weightOfClass: [Float: Double]
    private let given: [Double]
    private let matcher: ClassMatcher

    /// - Parameter target: of the training table, on whose classes balanced weights depend.
    init(_ problem: LearningProblem, target: EncodedTarget) throws(LearningError) {
        if problem.task == .regression, problem.classWeights != .none {
            throw LearningError(
                .invalidParameter, "there are class weights, but the target is a number",
                advice: "Leave them out, or name a column of sample weights.")
        }
        self.problem = problem
        var weightOfClass: [Float: Double] = [:]
        var labels: [String] = []
        var given: [Double] = []
        switch problem.classWeights {
        case .none: break
        case .balanced:
            let counts = Dictionary(target.labels.map { ($0, 1) }, uniquingKeysWith: +)
            for (label, count) in counts {
                weightOfClass[label] = Double(target.labels.count) / Double(counts.count * count)
            }
        case .given(let weights):
            labels = weights.keys.sorted()
            for label in labels {
                let weight = weights[label] ?? 1
                guard weight >= 0, Float(weight).isFinite else {
                    throw LearningError(
                        .invalidParameter, "the weight of the class \"\(label)\" is \(weight)",
                        advice: "Give a finite number of 0 or more.")
                }
                given.append(weight)
            }
        }
        self.weightOfClass = weightOfClass
        self.given = given
        matcher = ClassMatcher(classes: labels)
    }

    /// One per row of a table that has a target in every row; `nil` if all count 1.
    /// - Throws: `LearningError`: `.unknownColumn`; `.invalidInput` for a weight below 0 or not finite, or if nothing is
    ///   left that counts.
    func weights(_ table: Table, target: EncodedTarget) throws(LearningError) -> [Float]? {
        guard problem.weight != nil || problem.classWeights != .none else { return nil }
        var weights = [Double](repeating: 1, count: table.rowCount)
        if let name = problem.weight { try weigh(&weights, by: table.column(named: name)) }
        switch problem.classWeights {
        case .none: break
        case .balanced: for row in weights.indices { weights[row] *= weightOfClass[target.labels[row]] ?? 1 }
        case .given:
            let classes = matcher.indices(of: try table.column(named: problem.target))
            for row in weights.indices where classes[row] >= 0 { weights[row] *= given[classes[row]] }
        }
        guard weights.contains(where: { $0 > 0 }) else {
            throw LearningError(
                .invalidInput, "all \(weights.count) rows weigh 0", advice: "Give some of them a weight above 0.")
        }
        return weights.map { Float($0) }
    }

    private func weigh(_ weights: inout [Double], by column: TableColumn) throws(LearningError) {
        for row in weights.indices {
            guard let text = column.text(at: row) else { continue }
            let weight = column.number(at: row)
            guard weight >= 0, Float(weight).isFinite else {
                throw LearningError(
                    .invalidInput, "the weight \"\(column.name)\" is \"\(text)\" in row \(row + 1)",
                    advice: "A weight must be a finite number of 0 or more; leave the cell empty for 1.")
            }
            weights[row] = weight
        }
    }
}
