import Foundation
import Statistics

/// What one column's intervals usually look like, learned from the reference's own intervals: no law is assumed.
///
/// Each signal of the column (`ColumnSignals`) loses its seasonal profile and what follows from the interval before (an
/// AR(1) step); the distance of an interval is the root of the sum of the squares of what is left, each in units of its
/// spread in the reference. The p-value is the distance's conformal rank among the reference's own, (1 + #≥)/(1 + N)
/// (Vovk, Gammerman, Shafer 2005, *Algorithmic Learning in a Random World*), computed with each interval held out.
struct EmpiricalColumn: Codable, Sendable, Equatable {
    struct Signal: Codable, Sendable, Equatable {
        var profile: SeasonalProfile
        /// The lag-1 correlation of what the profile leaves.
        var correlation: Double
        /// Standard deviation of what the step from the interval before leaves, in the reference; what cannot be used or
        /// is not listed varies by chance at least, were it never seen there.
        var deviation: Double
        /// What is not yet an effect.
        var smallest: Double
    }

    private(set) var signals: [Signal]
    /// Of the reference's intervals, ascending.
    private(set) var distances: [Double]
    /// The largest autocorrelation left, over signals and lags.
    private(set) var dependence: Double
    /// Of the last interval judged.
    private var lastResiduals: [Double?] = []
    private var lastStart: Int64?

    /// The deviation of a signal of which the reference says too little: no interval is far from what is expected.
    static let unknownDeviation = Double.greatestFiniteMagnitude

    struct Judgement: Equatable {
        var pValue: Double
        var distance: Double
        /// The signal farthest from what was expected, and whether it lies above.
        var signal: Int
        var isRise: Bool
    }

    /// - Parameters:
    ///   - means: per interval, per signal; `nil` where no event of the interval speaks of the signal.
    ///   - starts: of the intervals, ascending.
    ///   - smallest: of each signal, what is not yet an effect.
    ///   - leastDeviations: of each signal.
    init(
        means: [[Double?]], starts: [Int64], intervalMicroseconds: Int64, smallest: [Double], leastDeviations: [Double]
    ) {
        signals = []
        var steps: [[Double?]] = []
        let span = (starts.last ?? 0) - (starts.first ?? 0) + intervalMicroseconds
        let cycles = SeasonalProfile.cycles(span: span, interval: intervalMicroseconds)
        for index in smallest.indices {
            let places = means.indices.filter { means[$0][index] != nil }
            let (profile, heldOut) = SeasonalProfile.fit(
                places.compactMap { means[$0][index] }, times: places.map { starts[$0] }, cycles: cycles)
            let correlation = min(0.99, max(-0.99, Autocorrelation.of(heldOut, lag: 1)))
            var rests = [Double?](repeating: nil, count: means.count)
            for (place, rest) in zip(places, heldOut) { rests[place] = rest }
            let left = rests.indices.map { place -> Double? in
                let isNext = place > 0 && starts[place] - starts[place - 1] == intervalMicroseconds
                return rests[place].map { Self.step($0, after: isNext ? rests[place - 1] : nil, correlation) }
            }
            let known = left.compactMap(\.self)
            let deviation = (known.reduce(0) { $0 + $1 * $1 } / Double(max(1, known.count))).squareRoot()
            signals.append(
                Signal(
                    profile: profile, correlation: correlation,
                    deviation: max(deviation, leastDeviations[index], .leastNormalMagnitude), smallest: smallest[index])
            )
            steps.append(left)
        }
        let spreads = signals.map(\.deviation)
        let found = means.indices.map { place in
            steps.indices.reduce(0) { $0 + Self.square((steps[$1][place] ?? 0) / spreads[$1]) }.squareRoot()
        }
        distances = found.sorted()
        let perDay = Int(SeasonalProfile.day / intervalMicroseconds)
        let lags = Set([1, 2, 3] + (perDay > 1 ? [perDay] : []))
        dependence =
            (steps.map { $0.compactMap(\.self) }
            .flatMap { step in lags.map { Autocorrelation.of(step, lag: $0).magnitude } }
            + [Autocorrelation.of(found, lag: 1).magnitude]).max() ?? 1
    }

    /// Judges the next interval and remembers it.
    /// - Parameter means: per signal; `nil` for one that no event of the interval speaks of.
    /// - Returns: `nil` where no event speaks of any signal, or the signals are not those of the reference's intervals.
    mutating func judge(means: [Double?], start: Int64, intervalMicroseconds: Int64) -> Judgement? {
        guard means.count == signals.count, means.contains(where: { $0 != nil }) else { return nil }
        let isNext = lastStart.map { start - $0 == intervalMicroseconds } ?? false
        var residuals: [Double?] = []
        var judgement = Judgement(pValue: 1, distance: 0, signal: 0, isRise: true)
        var largest = -1.0
        for (index, signal) in signals.enumerated() {
            guard let mean = means[index] else {
                residuals.append(nil)
                continue
            }
            let rest = mean - signal.profile.expected(at: start)
            let step = Self.step(rest, after: isNext ? lastResiduals[index] : nil, signal.correlation)
            let effect = max(0, step.magnitude - signal.smallest) / signal.deviation
            judgement.distance += effect * effect
            if effect > largest {
                largest = effect
                (judgement.signal, judgement.isRise) = (index, step > 0)
            }
            residuals.append(rest)
        }
        judgement.distance = judgement.distance.squareRoot()
        judgement.pValue = pValue(of: judgement.distance)
        lastResiduals = residuals
        lastStart = start
        return judgement
    }

    private func pValue(of distance: Double) -> Double {
        var (low, high) = (0, distances.count)
        while low < high {
            let middle = (low + high) / 2
            if distances[middle] < distance { low = middle + 1 } else { high = middle }
        }
        return Double(1 + distances.count - low) / Double(1 + distances.count)
    }

    /// How far a signal must move for good, so that its intervals have this p-value at least every other time; `nil`
    /// where the reference is too short for such a p-value or does not know the signal.
    func effect(ofSignal index: Int, pValue: Double) -> Double? {
        let rank = Int((pValue * Double(1 + distances.count)).rounded(.down)) - 1
        guard rank >= 0, rank < distances.count else { return nil }
        let distance = distances[distances.count - 1 - rank]
        let signal = signals[index]
        guard signal.deviation < Self.unknownDeviation else { return nil }
        return (distance * signal.deviation + signal.smallest) / max(0.01, 1 - signal.correlation)
    }

    /// After a gap nothing is known of the interval before: the rest is scaled to the spread of a step.
    private static func step(_ rest: Double, after last: Double?, _ correlation: Double) -> Double {
        if let last { return rest - correlation * last }
        return rest * (1 - correlation * correlation).squareRoot()
    }

    private static func square(_ value: Double) -> Double { value * value }
}

enum Autocorrelation {
    /// Σ xₜxₜ₊ₖ/Σ xₜ² about their mean; 0 for a constant or fewer than k + 2 values.
    static func of(_ values: [Double], lag: Int) -> Double {
        guard values.count > lag + 1 else { return 0 }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        guard squares > 0 else { return 0 }
        return zip(values, values.dropFirst(lag)).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } / squares
    }
}
