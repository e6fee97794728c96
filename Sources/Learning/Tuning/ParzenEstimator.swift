import Foundation

/// The density of one parameter's values among some trials, as Optuna's TPE estimates it: one kernel per value and one of
/// the prior, which knows nothing (Bergstra, Bardenet, Bengio and Kégl 2011; Watanabe 2023 for the details).
///
/// A number's kernel is a normal distribution cut at the ends of the domain, as wide as the way to its farther neighbour
/// and at least the domain over min(100, kernels + 1); a choice's gives one to its own value and shares the prior's weight
/// among all. Older trials beyond the newest 25 weigh less, linearly.
struct ParzenEstimator {
    private enum Kernels {
        /// `edges` of the domain in the scale of the kernels (logarithmic or not).
        case numbers(means: [Double], deviations: [Double], low: Double, high: Double)
        /// One probability per choice and kernel.
        case choices([[Double]], options: [String])
    }

    private let domain: SearchParameter.Domain
    private let weights: [Double]
    private let kernels: Kernels

    /// - Parameter values: oldest first; each lies in the domain.
    init(_ domain: SearchParameter.Domain, values: [ParameterValue]) {
        self.domain = domain
        let raw = Self.weights(values.count) + [1]
        let sum = raw.reduce(0, +)
        weights = raw.map { $0 / sum }
        switch domain {
        case .choice(let options):
            let count = Double(values.count + 1)
            let shared = 1 / count
            let total = 1 + shared * Double(options.count)
            let own = values.map { value in
                options.map { (shared + ($0 == value.text ? 1 : 0)) / total }
            }
            kernels = .choices(
                own + [options.map { _ in 1 / Double(options.count) }], options: options)
        case .real(let low, let high, let log):
            kernels = Self.numbers(values, low: low, high: high, isLog: log)
        case .integer(let low, let high, let log):
            kernels = Self.numbers(values, low: Double(low) - 0.5, high: Double(high) + 0.5, isLog: log)
        }
    }

    /// 1 for the newest 25, rising to it from 1/n for those before.
    static func weights(_ count: Int) -> [Double] {
        guard count >= 25 else { return Array(repeating: 1, count: count) }
        let older = count - 25
        let first = 1 / Double(count)
        let ramp = (0..<older).map { older == 1 ? first : first + (1 - first) * Double($0) / Double(older - 1) }
        return ramp + Array(repeating: 1, count: 25)
    }

    private static func numbers(_ values: [ParameterValue], low: Double, high: Double, isLog: Bool) -> Kernels {
        let scaled = values.compactMap(\.number).map { isLog ? log($0) : $0 }
        let (low, high) = isLog ? (log(low), log(high)) : (low, high)
        let order = scaled.indices.sorted { (scaled[$0], $0) < (scaled[$1], $1) }
        let fence = [low] + order.map { scaled[$0] } + [high]
        var deviations = [Double](repeating: 0, count: scaled.count)
        let least = (high - low) / min(100, Double(scaled.count) + 2)
        for (place, index) in order.enumerated() {
            var width = max(fence[place + 1] - fence[place], fence[place + 2] - fence[place + 1])
            // The outermost look at their neighbour only, not at the end of the domain.
            if order.count > 1, place == 0 { width = fence[2] - fence[1] }
            if order.count > 1, place == order.count - 1 { width = fence[place + 1] - fence[place] }
            deviations[index] = min(max(width, least), high - low)
        }
        return .numbers(
            means: scaled + [(low + high) / 2], deviations: deviations + [high - low], low: low, high: high)
    }

    // MARK: -

    func sample(using generator: inout some RandomNumberGenerator) -> ParameterValue {
        var rest = Double.random(in: 0..<1, using: &generator)
        var kernel = 0
        while kernel < weights.count - 1, rest >= weights[kernel] {
            rest -= weights[kernel]
            kernel += 1
        }
        switch kernels {
        case .choices(let shares, let options):
            var rest = Double.random(in: 0..<1, using: &generator)
            for (index, share) in shares[kernel].enumerated() {
                if rest < share { return .text(options[index]) }
                rest -= share
            }
            return .text(options[options.count - 1])
        case .numbers(let means, let deviations, let low, let high):
            // At least a third of the draws fall inside: a mean lies in the domain, a deviation is at most its width.
            var drawn = means[kernel]
            for _ in 0..<1_000 {
                let next = means[kernel] + deviations[kernel] * Self.normal(using: &generator)
                if next >= low, next <= high {
                    drawn = next
                    break
                }
            }
            return value(at: drawn)
        }
    }

    /// A place on the kernels' scale as a value of the domain.
    private func value(at place: Double) -> ParameterValue {
        switch domain {
        case .real(let low, let high, let isLog): .number(min(max(isLog ? exp(place) : place, low), high))
        case .integer(let low, let high, let isLog):
            .number(min(max((isLog ? exp(place) : place).rounded(), Double(low)), Double(high)))
        case .choice: preconditionFailure("a choice has no place on a scale")
        }
    }

    /// ln of the density (the probability, of choices and whole numbers) at a value.
    func logDensity(of value: ParameterValue) -> Double {
        let terms: [Double]
        switch kernels {
        case .choices(let shares, let options):
            let index = options.firstIndex { $0 == value.text } ?? 0
            terms = shares.map { log($0[index]) }
        case .numbers(let means, let deviations, let low, let high):
            let number = value.number ?? .nan
            terms = means.indices.map { kernel in
                let (mean, deviation) = (means[kernel], deviations[kernel])
                let inside = Self.mass((low - mean) / deviation, (high - mean) / deviation)
                return logDensity(number, mean, deviation) - log(inside)
            }
        }
        let weighted = zip(terms, weights).map { $0 + log($1) }
        let largest = weighted.max() ?? 0
        return largest.isFinite ? largest + log(weighted.reduce(0) { $0 + exp($1 - largest) }) : largest
    }

    private func logDensity(_ number: Double, _ mean: Double, _ deviation: Double) -> Double {
        switch domain {
        case .integer(_, _, let isLog):
            let (left, right) = (number - 0.5, number + 0.5)
            return log(
                Self.mass(
                    ((isLog ? log(left) : left) - mean) / deviation, ((isLog ? log(right) : right) - mean) / deviation))
        case .real(_, _, let isLog):
            let z = ((isLog ? log(number) : number) - mean) / deviation
            return -z * z / 2 - log(2 * Double.pi) / 2 - log(deviation)
        case .choice: preconditionFailure("a choice has no place on a scale")
        }
    }

    /// P(a < Z < b) of the standard normal distribution, without cancellation in the tails.
    private static func mass(_ a: Double, _ b: Double) -> Double {
        let root = 2.0.squareRoot()
        if a > 0 { return (erfc(a / root) - erfc(b / root)) / 2 }
        if b < 0 { return (erfc(-b / root) - erfc(-a / root)) / 2 }
        return 1 - erfc(-a / root) / 2 - erfc(b / root) / 2
    }

    /// One value of the standard normal distribution (Box and Muller 1958).
    private static func normal(using generator: inout some RandomNumberGenerator) -> Double {
        let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &generator))).squareRoot()
        return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
    }
}
