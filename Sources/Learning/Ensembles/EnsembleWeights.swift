import Foundation
public import Statistics

/// How much each member of an ensemble counts, fitted on rows that the members were not trained on.
public enum EnsembleWeights {
    /// Weights of 0 or more, one per member.
    ///
    /// Regression: least squares (non-negative: Lawson and Hanson 1974; Breiman 1996, *Stacked regressions*), by coordinate
    /// descent. Classes: the mixture of the members under which the outcomes are likeliest, by expectation maximisation
    /// (Dempster, Laird and Rubin 1977); they sum to 1.
    /// - Parameters:
    ///   - said: one per member, of the same rows; rows in which one is NaN are left out.
    /// - Throws: `LearningError(.noRows)` if no row has a prediction of every member and an outcome.
    /// - Precondition: at least one member, one outcome per row.
    public static func fit(
        _ said: [Predictions], labels: TableColumn, task: ModelTask
    ) throws(LearningError) -> [Double] {
        precondition(!said.isEmpty && said.allSatisfy { $0.rowCount == labels.count }, "one outcome per row")
        let target = TargetCells(labels, task: task)
        let width = task.width
        let rows = target.known.filter { row in said.allSatisfy { !$0.numbers[row * width].isNaN } }
        guard !rows.isEmpty else {
            throw LearningError(
                .noRows, "no row has an outcome and a prediction of each of \(said.count) members",
                advice: "Give rows that all members were judged on.")
        }
        switch target {
        case .numbers(let outcomes):
            return leastSquares(said.map { member in rows.map { member.values[$0] } }, rows.map { outcomes[$0] })
        case .classes(let classes, _):
            return mixture(
                said.map { member in
                    rows.map { row in
                        let own =
                            width > 1
                            ? member.probabilities[row * width + classes[row]]
                            : (classes[row] == 1 ? member.probabilities[row] : 1 - member.probabilities[row])
                        return max(own, 1e-15)
                    }
                })
        }
    }

    private static func leastSquares(_ columns: [[Double]], _ outcomes: [Double]) -> [Double] {
        func product(_ one: [Double], _ two: [Double]) -> Double { zip(one, two).reduce(0) { $0 + $1.0 * $1.1 } }
        let gram = columns.map { one in columns.map { product(one, $0) } }
        let right = columns.map { product($0, outcomes) }
        var weights = columns.map { _ in 1 / Double(columns.count) }
        for _ in 0..<100_000 {
            var change = 0.0
            for own in columns.indices where gram[own][own] > 0 {
                let slope = right[own] - product(gram[own], weights)
                let next = max(0, weights[own] + slope / gram[own][own])
                change = max(change, (next - weights[own]).magnitude)
                weights[own] = next
            }
            if change < 1e-12 { break }
        }
        // Members that all say 0, or that all stand on the wrong side of it: none is better than another.
        return weights.contains { $0 > 0 } ? weights : columns.map { _ in 1 / Double(columns.count) }
    }

    /// - Parameter likelihoods: per member and row, what it gave to what happened.
    private static func mixture(_ likelihoods: [[Double]]) -> [Double] {
        let rows = likelihoods[0].count
        var weights = likelihoods.map { _ in 1 / Double(likelihoods.count) }
        for _ in 0..<500 {
            var shares = [Double](repeating: 0, count: weights.count)
            for row in 0..<rows {
                var sum = 0.0
                for member in weights.indices { sum += weights[member] * likelihoods[member][row] }
                for member in weights.indices { shares[member] += weights[member] * likelihoods[member][row] / sum }
            }
            let next = shares.map { $0 / Double(rows) }
            let change = zip(next, weights).map { ($0 - $1).magnitude }.max() ?? 0
            weights = next
            if change < 1e-9 { break }
        }
        return weights
    }
}
