import Foundation
public import Statistics

extension EnsembleModel {
    /// What members say, together. - Precondition: at least one, of the same rows.
    public static func combined(_ said: [Predictions], _ combination: Combination) -> Predictions {
        let numbers =
            switch combination {
            case .weighted(let weights): sums(said, weights)
            case .vote: votes(said)
            case .logistic(let weights, let intercepts): logistic(said, weights, intercepts)
            }
        return Predictions(
            task: said[0].task, numbers: numbers, negativeLabel: said[0].negativeLabel, alignment: said[0].alignment)
    }

    private static func sums(_ said: [Predictions], _ weights: [Double]) -> [Double] {
        var numbers = [Double](repeating: 0, count: said[0].numbers.count)
        for (member, weight) in zip(said, weights) where weight > 0 {
            for (index, number) in member.numbers.enumerated() { numbers[index] += weight * number }
        }
        return numbers
    }

    private static func votes(_ said: [Predictions]) -> [Double] {
        var numbers = [Double](repeating: 0, count: said[0].numbers.count)
        let width = said[0].task.width
        let share = 1 / Double(said.count)
        for member in said {
            if width == 1 {
                for (row, score) in member.numbers.enumerated() { numbers[row] += score >= 0.5 ? share : 0 }
            } else {
                for (row, chosen) in member.predictedClasses().enumerated() where chosen >= 0 {
                    numbers[row * width + chosen] += share
                }
            }
        }
        return numbers
    }

    /// A row of which a member says nothing stays without an answer.
    private static func logistic(_ said: [Predictions], _ weights: [Double], _ intercepts: [Double]) -> [Double] {
        let width = said[0].task.width
        var numbers = [Double](repeating: 0, count: said[0].numbers.count)
        let members = zip(said, weights).filter { $0.1 > 0 }.map { (numbers: $0.0.numbers, weight: $0.1) }
        for row in 0..<said[0].rowCount {
            let cells = (row * width)..<((row + 1) * width)
            if members.contains(where: { $0.numbers[cells.lowerBound].isNaN }) {
                for cell in cells { numbers[cell] = .nan }
                continue
            }
            if width == 1 {
                let odds = members.reduce(intercepts[1] - intercepts[0]) { sum, member in
                    let score = member.numbers[row]
                    return sum + member.weight * (LogisticStack.logarithm(score) - LogisticStack.logarithm(1 - score))
                }
                numbers[row] = 1 / (1 + exp(-odds))
                continue
            }
            let scores = cells.map { cell in
                members.reduce(intercepts[cell - cells.lowerBound]) {
                    $0 + $1.weight * LogisticStack.logarithm($1.numbers[cell])
                }
            }
            let most = scores.reduce(-Double.infinity, max)
            let total = scores.reduce(0) { $0 + exp($1 - most) }
            for (cell, score) in zip(cells, scores) { numbers[cell] = exp(score - most) / total }
        }
        return numbers
    }
}

extension EnsembleModel.Combination {
    /// Learns how members are best combined, from what they say of rows that they were not trained on: a linear model of
    /// their numbers, a logistic one of their probabilities, each with weights of 0 or more.
    /// - Parameters:
    ///   - said: one per member, of the same rows; rows in which one is NaN are left out.
    ///   - weights: of the rows; `nil` if all count alike.
    /// - Throws: `LearningError(.noRows)` if no row has a prediction of every member, an outcome and a weight.
    /// - Precondition: at least one member, one outcome per row.
    public static func stacked(
        _ said: [Predictions], labels: TableColumn, weights: [Double]? = nil, task: ModelTask
    ) throws(LearningError) -> EnsembleModel.Combination {
        let rows = try EnsembleRows(said, labels: labels, weights: weights, task: task)
        switch rows.target {
        case .numbers(let outcomes): return .weighted(EnsembleWeights.leastSquares(rows, outcomes))
        case .classes(let classes, let count):
            let width = task.width
            let stack = LogisticStack(
                said.map { member in
                    rows.indices.flatMap { member.probabilities[($0 * width)..<(($0 + 1) * width)] }
                }, labels: rows.indices.map { classes[$0] }, weights: rows.weights, classes: count)
            let found = stack.fit()
            return .logistic(weights: found.weights, intercepts: found.intercepts)
        }
    }

    /// What each member counts; of a vote one each.
    func weights(members: Int) -> [Double] {
        switch self {
        case .vote: Array(repeating: 1, count: members)
        case .weighted(let weights), .logistic(let weights, _): weights
        }
    }

    /// The same of some members.
    func keeping(_ members: [Int]) -> EnsembleModel.Combination {
        switch self {
        case .vote: .vote
        case .weighted(let weights): .weighted(members.map { weights[$0] })
        case .logistic(let weights, let intercepts):
            .logistic(weights: members.map { weights[$0] }, intercepts: intercepts)
        }
    }
}
