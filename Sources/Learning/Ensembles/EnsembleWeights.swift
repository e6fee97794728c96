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
    ///   - weights: of the rows; `nil` if all count alike.
    /// - Throws: `LearningError(.noRows)` if no row has a prediction of every member, an outcome and a weight.
    /// - Precondition: at least one member, one outcome per row.
    public static func fit(
        _ said: [Predictions], labels: TableColumn, weights: [Double]? = nil, task: ModelTask
    ) throws(LearningError) -> [Double] {
        let rows = try EnsembleRows(said, labels: labels, weights: weights, task: task)
        let width = task.width
        switch rows.target {
        case .numbers(let outcomes): return leastSquares(rows, outcomes)
        case .classes(let classes, _):
            let likelihoods = said.map { member in
                rows.indices.map { row in
                    let own =
                        width > 1
                        ? member.probabilities[row * width + classes[row]]
                        : (classes[row] == 1 ? member.probabilities[row] : 1 - member.probabilities[row])
                    return max(own, 1e-15)
                }
            }
            return mixture(likelihoods, rows.weights)
        }
    }

    /// - Parameter outcomes: of all rows of the table.
    static func leastSquares(_ rows: EnsembleRows, _ outcomes: [Double]) -> [Double] {
        let columns = rows.said.map { member in rows.indices.map { member.values[$0] } }
        func product(_ one: [Double], _ two: [Double]) -> Double {
            var sum = 0.0
            for row in one.indices { sum += rows.weights[row] * one[row] * two[row] }
            return sum
        }
        let gram = columns.map { one in columns.map { product(one, $0) } }
        let known = rows.indices.map { outcomes[$0] }
        let right = columns.map { product($0, known) }
        var weights = columns.map { _ in 1 / Double(columns.count) }
        for _ in 0..<100_000 {
            var change = 0.0
            for own in columns.indices where gram[own][own] > 0 {
                let slope = right[own] - zip(gram[own], weights).reduce(0) { $0 + $1.0 * $1.1 }
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
    private static func mixture(_ likelihoods: [[Double]], _ counts: [Double]) -> [Double] {
        let total = counts.reduce(0, +)
        var weights = likelihoods.map { _ in 1 / Double(likelihoods.count) }
        for _ in 0..<500 {
            var shares = [Double](repeating: 0, count: weights.count)
            for row in counts.indices {
                var sum = 0.0
                for member in weights.indices { sum += weights[member] * likelihoods[member][row] }
                let count = counts[row] / sum
                for member in weights.indices { shares[member] += count * weights[member] * likelihoods[member][row] }
            }
            let next = shares.map { $0 / total }
            let change = zip(next, weights).map { ($0 - $1).magnitude }.max() ?? 0
            weights = next
            if change < 1e-9 { break }
        }
        return weights
    }
}

/// The rows that an ensemble can be fitted on.
struct EnsembleRows {
    let said: [Predictions]
    let target: TargetCells
    /// Those with an outcome, a weight and a prediction of every member.
    let indices: [Int]
    /// One per entry of `indices`.
    let weights: [Double]

    init(
        _ said: [Predictions], labels: TableColumn, weights: [Double]?, task: ModelTask
    ) throws(LearningError) {
        precondition(
            !said.isEmpty && said.allSatisfy { $0.rowCount == labels.count }
                && weights?.count ?? labels.count == labels.count, "one outcome and weight per row")
        self.said = said
        target = TargetCells(labels, task: task)
        let width = task.width
        indices = target.known.filter { row in
            weights?[row] != 0 && said.allSatisfy { !$0.numbers[row * width].isNaN }
        }
        guard !indices.isEmpty else {
            throw LearningError(
                .noRows, "no row has an outcome and a prediction of each of \(said.count) members",
                advice: "Give rows that all members were judged on.")
        }
        self.weights = indices.map { weights?[$0] ?? 1 }
    }
}
