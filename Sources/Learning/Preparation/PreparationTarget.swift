import Statistics

/// The target as the steps that look at it want it.
enum PreparationTarget {
    /// NaN where the row has no target.
    case numbers([Double])
    /// Indices into the labels, -1 where the row has none (or one that is no class). Binary: 1 is the positive one.
    case classes([Int32], labels: [String])

    /// - Throws: `.unknownColumn`, `.targetMissing`.
    init(_ columns: WorkingColumns, problem: LearningProblem) throws(LearningError) {
        guard columns.has(problem.target) else {
            throw LearningError(
                .unknownColumn, "there is no target column \"\(problem.target)\"",
                advice: "A step of the preparation learns from the target: give training rows with it.")
        }
        let column = try columns.column(problem.target)
        switch problem.task {
        case .regression:
            let numbers = column.numbers().map { $0.isFinite ? $0 : .nan }
            self = .numbers(numbers)
        case .binary(let positive):
            let found = ClassMatcher(classes: [positive]).indices(of: column)
            self = .classes(
                found.map { $0 == ClassMatcher.missing ? -1 : ($0 == 0 ? 1 : 0) }, labels: ["", positive])
        case .multiclass(let classes):
            let found = ClassMatcher(classes: classes).indices(of: column)
            self = .classes(found.map { Int32(max(-1, $0)) }, labels: classes)
        }
        guard (0..<columns.rowCount).contains(where: { has(row: $0) }) else {
            throw LearningError(
                .targetMissing, "no row has a target in \"\(problem.target)\"",
                advice: "A step of the preparation learns from the target: give training rows with it.")
        }
    }

    func has(row: Int) -> Bool {
        switch self {
        case .numbers(let numbers): !numbers[row].isNaN
        case .classes(let codes, _): codes[row] >= 0
        }
    }

    /// Columns of numbers whose means stand for the target: the target itself, whether a row is positive, or, with
    /// more classes, whether a row is of each class.
    func indicators() -> [(label: String?, values: [Double])] {
        switch self {
        case .numbers(let numbers): return [(nil, numbers)]
        case .classes(let codes, let labels):
            if labels.count == 2, labels[0].isEmpty { return [(nil, codes.map { $0 < 0 ? .nan : Double($0) })] }
            return labels.enumerated().map { index, label in
                (label, codes.map { $0 < 0 ? .nan : ($0 == Int32(index) ? 1 : 0) })
            }
        }
    }
}
