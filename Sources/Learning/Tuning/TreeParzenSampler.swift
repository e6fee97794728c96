import Foundation
import Statistics

/// Proposes values by the Tree-structured Parzen Estimator (Bergstra et al. 2011), parameter by parameter, as Optuna's
/// `TPESampler` with its defaults: among 24 candidates drawn from the density of the good trials, the one with the highest
/// ratio to the density of the others.
struct TreeParzenSampler {
    /// Trials that are drawn at random first.
    var startupTrials = 10
    var candidates = 24
    var higherIsBetter: Bool
    var seed: UInt64

    /// The values of trial `number`, after the given ones. They depend on these and the seed alone, so that a search
    /// that is taken up again goes on as it would have.
    func propose(_ space: SearchSpace, number: Int, after trials: [Trial]) -> [String: ParameterValue] {
        // Each trial has numbers of its own: a stream begun at a number drawn from that of the seed.
        var streams = SplitMix(seed: seed ^ (UInt64(number) &* 0xD134_2543_DE82_EF95))
        var generator = SplitMix(seed: streams.next())
        let told = trials.filter { $0.state != .failed }
        let isStartup = told.count < startupTrials
        let (good, rest) = isStartup ? ([], []) : split(told)
        var values: [String: ParameterValue] = [:]
        for parameter in space.parameters where space.isActive(parameter, beside: values) {
            values[parameter.name] =
                isStartup
                ? Self.random(parameter.domain, &generator)
                : proposal(parameter, good, rest, &generator)
        }
        return values
    }

    private func proposal(
        _ parameter: SearchParameter, _ good: [Trial], _ rest: [Trial], _ generator: inout SplitMix
    ) -> ParameterValue {
        func values(_ trials: [Trial]) -> [ParameterValue] {
            trials.compactMap { $0.values[parameter.name] }.filter(parameter.domain.contains)
        }
        let below = ParzenEstimator(parameter.domain, values: values(good))
        let above = ParzenEstimator(parameter.domain, values: values(rest))
        var best = below.sample(using: &generator)
        var ratio = below.logDensity(of: best) - above.logDensity(of: best)
        for _ in 1..<candidates {
            let next = below.sample(using: &generator)
            let found = below.logDensity(of: next) - above.logDensity(of: next)
            if found > ratio { (best, ratio) = (next, found) }
        }
        return best
    }

    /// The best tenth (rounded up, at most 25) and the others, both in the order of their numbers. Complete trials come
    /// before pruned ones, of which those come first that lasted longer, then those that stood better.
    func split(_ trials: [Trial]) -> (good: [Trial], rest: [Trial]) {
        let count = min(Int((0.1 * Double(trials.count)).rounded(.up)), 25)
        func loss(_ trial: Trial) -> Double {
            guard let mean = trial.mean, !mean.isNaN else { return .infinity }
            return higherIsBetter ? -mean : mean
        }
        let order = trials.sorted { one, two in
            if one.state != two.state { return one.state == .complete }
            if one.state == .pruned, one.scores.count != two.scores.count {
                return one.scores.count > two.scores.count
            }
            return (loss(one), one.number) < (loss(two), two.number)
        }
        let numbers = Set(order.prefix(count).map(\.number))
        let ordered = trials.sorted { $0.number < $1.number }
        return (ordered.filter { numbers.contains($0.number) }, ordered.filter { !numbers.contains($0.number) })
    }

    static func random(_ domain: SearchParameter.Domain, _ generator: inout SplitMix) -> ParameterValue {
        switch domain {
        case .choice(let options): .text(options[Int.random(in: options.indices, using: &generator)])
        case .real(let low, let high, let isLog):
            .number(
                isLog
                    ? min(max(exp(Double.random(in: log(low)...log(high), using: &generator)), low), high)
                    : Double.random(in: low...high, using: &generator))
        case .integer(let low, let high, let isLog):
            .number(
                isLog
                    ? min(
                        max(
                            exp(Double.random(in: log(Double(low) - 0.5)...log(Double(high) + 0.5), using: &generator))
                                .rounded(), Double(low)), Double(high))
                    : Double(Int.random(in: low...high, using: &generator)))
        }
    }
}
