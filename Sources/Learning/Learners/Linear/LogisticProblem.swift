import Foundation

/// The elastic-net logistic objective per unit of weight, in the units of a `LinearDesign`, and its minimum by proximal
/// Newton steps (Lee, Sun and Saunders 2014): each minimises the quadratic model with the penalty, then a line search.
///
/// One output is the logistic loss of y = 1; more are the softmax over as many classes.
struct LogisticProblem {
    let design: LinearDesign
    let outputs: Int
    /// Per row 0 or 1 (one output), or the index of its class.
    let labels: [Int]
    /// Their sum is 1.
    let weights: [Double]
    /// Per coefficient, output by output.
    let l1: [Double]
    let l2: [Double]

    private static let halvings = 40

    func solve(
        tolerance: Double, maximumIterations: Int, control: TrainingControl
    ) throws(LearningError) -> (solution: [Double], convergence: LinearConvergence) {
        var solution = [Double](repeating: 0, count: outputs * design.width)
        var state = evaluate(solution)
        var convergence = LinearConvergence(isConverged: false, iterations: 0, slope: .infinity)
        while true {
            try control.check()
            let gradient = design.sums(state.residuals, outputs: outputs)
            convergence.slope = slope(solution, gradient)
            convergence.isConverged = convergence.slope <= tolerance
            control.progress(
                min(Double(convergence.iterations) / Double(maximumIterations), 1),
                "step \(convergence.iterations), slope \(convergence.slope)")
            if convergence.isConverged || convergence.iterations == maximumIterations { break }
            let hessian = try hessian(state.probabilities, control: control)
            let linear = zip(QuadraticProblem.product(hessian, solution), gradient).map { $0 - $1 }
            let model = QuadraticProblem(hessian: hessian, linear: linear, l1: l1, l2: l2)
            let inner = max(min(convergence.slope, 1) * 1e-3, tolerance * 0.1)
            let minimum = try model.solve(
                from: solution, tolerance: inner, maximumSweeps: maximumIterations, control: control
            ).solution
            convergence.iterations += 1
            guard let next = search(from: solution, objective: state.objective, toward: minimum, gradient) else {
                break
            }
            (solution, state) = next
        }
        return (solution, convergence)
    }

    /// Halves the step until the objective falls enough; `nil` if rounding leaves nothing to gain.
    private func search(
        from solution: [Double], objective: Double, toward minimum: [Double], _ gradient: [Double]
    ) -> (solution: [Double], state: State)? {
        var expected = penalty(minimum) - penalty(solution)
        for index in solution.indices { expected += gradient[index] * (minimum[index] - solution[index]) }
        var step = 1.0
        for _ in 0..<Self.halvings {
            let next = solution.indices.map { solution[$0] + step * (minimum[$0] - solution[$0]) }
            let found = evaluate(next)
            if found.objective <= objective + 1e-4 * step * expected + 1e-15 * max(1, objective) {
                return next == solution ? nil : (next, found)
            }
            step /= 2
        }
        return nil
    }

    private func penalty(_ solution: [Double]) -> Double {
        var sum = 0.0
        for index in solution.indices {
            sum += l1[index] * abs(solution[index]) + l2[index] * solution[index] * solution[index] / 2
        }
        return sum
    }

    /// The greatest distance from 0 of the objective's subgradient.
    private func slope(_ solution: [Double], _ gradient: [Double]) -> Double {
        var greatest = 0.0
        for (index, value) in solution.enumerated() {
            let smooth = gradient[index] + l2[index] * value
            let distance =
                value == 0 ? max(abs(smooth) - l1[index], 0) : abs(smooth + (value > 0 ? l1[index] : -l1[index]))
            greatest = max(greatest, distance)
        }
        return greatest
    }

    private struct State {
        var objective: Double
        /// Rows × outputs.
        var probabilities: [Double]
        /// weight × (probability − outcome), rows × outputs.
        var residuals: [Double]
    }

    private func evaluate(_ solution: [Double]) -> State {
        var scores = design.scores(solution, outputs: outputs)
        var residuals = scores
        var loss = 0.0
        for row in 0..<design.rows {
            let weight = weights[row]
            if outputs == 1 {
                let score = scores[row]
                let tail = exp(-abs(score))
                loss += weight * (max(score, 0) - (labels[row] == 1 ? score : 0) + log1p(tail))
                scores[row] = score >= 0 ? 1 / (1 + tail) : tail / (1 + tail)
                residuals[row] = weight * (scores[row] - Double(labels[row]))
            } else {
                let range = (row * outputs)..<((row + 1) * outputs)
                let own = scores[row * outputs + labels[row]]
                loss += weight * (Softmax.apply(&scores, range) - own)
                for index in range { residuals[index] = weight * scores[index] }
                residuals[row * outputs + labels[row]] -= weight
            }
        }
        return State(objective: loss + penalty(solution), probabilities: scores, residuals: residuals)
    }

    /// Of the loss; blocks of one pair of outputs each.
    private func hessian(_ probabilities: [Double], control: TrainingControl) throws(LearningError) -> [Double] {
        if outputs == 1 {
            let factors = weights.indices.map { weights[$0] * probabilities[$0] * (1 - probabilities[$0]) }
            return try design.products(factors, control: control)
        }
        let width = design.width
        let size = outputs * width
        var hessian = [Double](repeating: 0, count: size * size)
        for first in 0..<outputs {
            for second in 0...first {
                let factors = weights.indices.map { row in
                    let own = probabilities[row * outputs + first]
                    return weights[row] * own * ((first == second ? 1 : 0) - probabilities[row * outputs + second])
                }
                let block = try design.products(factors, control: control)
                for row in 0..<width {
                    for column in 0..<width {
                        let value = block[row * width + column]
                        hessian[(first * width + row) * size + second * width + column] = value
                        hessian[(second * width + column) * size + first * width + row] = value
                    }
                }
            }
        }
        return hessian
    }
}

/// Scores to probabilities.
enum Softmax {
    /// In place, over the given range.
    /// - Returns: the logarithm of the sum of the exponentials.
    @discardableResult
    static func apply(_ scores: inout [Double], _ range: Range<Int>) -> Double {
        var greatest = -Double.infinity
        for index in range { greatest = max(greatest, scores[index]) }
        var sum = 0.0
        for index in range {
            scores[index] = exp(scores[index] - greatest)
            sum += scores[index]
        }
        for index in range { scores[index] /= sum }
        return greatest + log(sum)
    }
}
