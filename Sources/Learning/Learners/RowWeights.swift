import Statistics

extension LearningProblem {
    /// How much each row counts: its sample weight times the weight of its class.
    ///
    /// - Parameter rows: the rows that have a target.
    /// - Returns: one per entry of `rows`.
    /// - Throws: `LearningError`: `.unknownColumn`, `.invalidInput` for a weight that is negative or not finite,
    ///   `.invalidParameter` for such a class weight, for class weights of a regression, or if every row weighs
    ///   nothing.
    func rowWeights(in table: Table, rows: [Int]) throws(LearningError) -> [Double] {
        var weights = [Double](repeating: 1, count: rows.count)
        if let name = weight {
            let column = try table.column(named: name)
            for (index, row) in rows.enumerated() {
                guard let text = column.text(at: row) else { continue }
                let value = column.number(at: row)
                guard value >= 0, value <= 1e100 else {
                    throw LearningError(
                        .invalidInput, "the weight \"\(name)\" is \"\(text)\" in row \(row + 1)",
                        advice: "A weight must be a finite number, 0 or more; leave the cell empty for 1.")
                }
                weights[index] = value
            }
        }
        if task == .regression {
            guard classWeights == .none else {
                throw LearningError(
                    .invalidParameter, "there are class weights, but the target is a number",
                    advice: "Leave them out, or name a column of sample weights.")
            }
        } else {
            let factors = try classFactors(table.column(named: target), rows: rows)
            for index in weights.indices { weights[index] *= factors[index] }
        }
        guard weights.contains(where: { $0 > 0 }) else {
            throw LearningError(
                .invalidParameter, "every row weighs 0", advice: "Give at least two rows a weight above 0.")
        }
        return weights
    }

    private func classFactors(_ column: TableColumn, rows: [Int]) throws(LearningError) -> [Double] {
        switch classWeights {
        case .none: return [Double](repeating: 1, count: rows.count)
        case .given(let given):
            for (label, value) in given where !(value >= 0 && value <= 1e100) {
                throw LearningError(
                    .invalidParameter, "the weight of class \"\(label)\" is \(value)",
                    advice: "Set it to a finite number, 0 or more.")
            }
            let labels = given.keys.sorted()
            let classes = ClassMatcher(classes: labels).indices(of: column)
            return rows.map { classes[$0] < 0 ? 1 : given[labels[classes[$0]]] ?? 1 }
        case .balanced:
            let names: [String]
            switch task {
            case .binary(let positive): names = [positive]
            case .multiclass(let classes): names = classes
            case .regression: names = []
            }
            let classes = ClassMatcher(classes: names).indices(of: column)
            var counts: [Int: Int] = [:]
            for row in rows { counts[classes[row], default: 0] += 1 }
            return rows.map { row in
                Double(rows.count) / Double(counts.count * counts[classes[row], default: 1])
            }
        }
    }
}
