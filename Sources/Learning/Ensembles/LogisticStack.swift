import Foundation
import Statistics

/// Logistic regression of the outcome on what the members say: P(class) ∝ exp(intercept + Σ weight · ln(member's
/// probability)), which of two classes is the logistic function of an intercept and weighted log-odds.
///
/// Weights are 0 or more, as in Breiman's *Stacked regressions* (1996): members that say almost the same would otherwise
/// get large weights of opposite signs. The mean loss, plus a ridge of 10⁻⁶ towards the plain mean of the members, is
/// minimised by Newton steps; of each, the quadratic problem with its bounds by coordinate descent.
struct LogisticStack {
    /// With more classes than these there are no intercepts: their second derivatives grow with the square.
    static let maximumIntercepts = 50
    static let clip = 1e-15
    private static let ridge = 1e-6

    private let classes: Int
    /// Per member: row by row, ln of the probability of each class.
    private let logarithms: [[Double]]
    private let labels: [Int]
    /// Of the rows; the sum is 1.
    private let shares: [Double]

    /// - Parameters:
    ///   - said: per member, row by row as in `Predictions.probabilities`; none is NaN.
    ///   - labels: per row the index of its class; of two, 1 is the positive one.
    ///   - weights: of the rows; at least one is above 0.
    init(_ said: [[Double]], labels: [Int], weights: [Double], classes: Int) {
        self.classes = classes
        self.labels = labels
        let total = weights.reduce(0, +)
        shares = weights.map { $0 / total }
        logarithms = said.map { member in
            if classes > 2 || member.count > labels.count { return member.map(Self.logarithm) }
            return member.flatMap { [Self.logarithm(1 - $0), Self.logarithm($0)] }
        }
    }

    static func logarithm(_ probability: Double) -> Double { log(min(max(probability, clip), 1)) }

    /// Weights of the members, then the intercepts of all classes but the first.
    private struct State {
        var values: [Double]
        let members: Int

        var weights: ArraySlice<Double> { values[..<members] }
    }

    /// One weight per member, and one intercept per class, of which the first is 0.
    func fit() -> (weights: [Double], intercepts: [Double]) {
        let members = logarithms.count
        let free = classes <= Self.maximumIntercepts ? classes - 1 : 0
        var state = State(
            values: Array(repeating: 1 / Double(members), count: members) + Array(repeating: 0, count: free),
            members: members)
        var loss = self.loss(state)
        for _ in 0..<100 {
            let (slopes, curvature) = derivatives(state)
            let step = boundedStep(state, slopes, curvature)
            var (share, next, found) = (1.0, state, Double.infinity)
            while share > 1e-9 {
                for index in step.indices { next.values[index] = state.values[index] + share * step[index] }
                found = self.loss(next)
                if found <= loss { break }
                share /= 2
            }
            guard found <= loss else { break }
            let change = step.reduce(0) { max($0, share * $1.magnitude) }
            (state, loss) = (next, found)
            if change < 1e-10 { break }
        }
        // Members that all say the contrary: none is better than another.
        let weights = state.weights.contains { $0 > 0 } ? state.weights.map { max(0, $0) } : nil
        let intercepts = [0] + state.values.dropFirst(members) + Array(repeating: 0, count: classes - 1 - free)
        return (weights ?? Array(repeating: 1 / Double(members), count: members), intercepts)
    }

    /// ln of the sums whose exponentials are proportional to the probabilities of a row.
    private func scores(_ state: State, row: Int, into scores: inout [Double]) {
        for own in 0..<classes {
            var sum = own > 0 && state.values.count > state.members ? state.values[state.members + own - 1] : 0
            for member in 0..<state.members { sum += state.values[member] * logarithms[member][row * classes + own] }
            scores[own] = sum
        }
    }

    private func penalty(_ state: State) -> Double {
        let mean = 1 / Double(state.members)
        return Self.ridge / 2
            * state.values.indices.reduce(0) { sum, index in
                let distance = state.values[index] - (index < state.members ? mean : 0)
                return sum + distance * distance
            }
    }

    private func loss(_ state: State) -> Double {
        var sum = penalty(state)
        var scores = [Double](repeating: 0, count: classes)
        for row in labels.indices where shares[row] > 0 {
            self.scores(state, row: row, into: &scores)
            let most = scores.reduce(-Double.infinity, max)
            let total = scores.reduce(0) { $0 + exp($1 - most) }
            sum += shares[row] * (most + log(total) - scores[labels[row]])
        }
        return sum
    }

    private func derivatives(_ state: State) -> (slopes: [Double], curvature: [[Double]]) {
        let count = state.values.count
        let members = state.members
        let mean = 1 / Double(members)
        var slopes = state.values.indices.map { Self.ridge * (state.values[$0] - ($0 < members ? mean : 0)) }
        var curvature = (0..<count).map { own in (0..<count).map { $0 == own ? Self.ridge : 0 } }
        var scores = [Double](repeating: 0, count: classes)
        // Of one row and class: what each value adds to the score, less its mean over the classes.
        var parts = [Double](repeating: 0, count: count)
        for row in labels.indices where shares[row] > 0 {
            self.scores(state, row: row, into: &scores)
            let most = scores.reduce(-Double.infinity, max)
            for own in 0..<classes { scores[own] = exp(scores[own] - most) }
            let total = scores.reduce(0, +)
            for own in 0..<classes { scores[own] /= total }
            let means = (0..<members).map { member in
                (0..<classes).reduce(0) { $0 + scores[$1] * logarithms[member][row * classes + $1] }
            }
            for own in 0..<classes {
                let share = shares[row] * scores[own]
                for member in 0..<members { parts[member] = logarithms[member][row * classes + own] - means[member] }
                for index in members..<count {
                    parts[index] = (index - members + 1 == own ? 1 : 0) - scores[index - members + 1]
                }
                if own == labels[row] { for index in 0..<count { slopes[index] -= shares[row] * parts[index] } }
                for one in 0..<count {
                    for two in 0...one { curvature[one][two] += share * parts[one] * parts[two] }
                }
            }
        }
        for one in 0..<count { for two in 0..<one { curvature[two][one] = curvature[one][two] } }
        return (slopes, curvature)
    }

    /// The step to the minimum of the quadratic approximation among weights of 0 or more.
    private func boundedStep(_ state: State, _ slopes: [Double], _ curvature: [[Double]]) -> [Double] {
        var step = [Double](repeating: 0, count: slopes.count)
        for _ in 0..<10_000 {
            var change = 0.0
            for own in step.indices {
                let slope = slopes[own] + zip(curvature[own], step).reduce(0) { $0 + $1.0 * $1.1 }
                var next = step[own] - slope / curvature[own][own]
                if own < state.members { next = max(next, -state.values[own]) }
                change = max(change, (next - step[own]).magnitude)
                step[own] = next
            }
            if change < 1e-13 { break }
        }
        return step
    }
}
