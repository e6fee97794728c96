import Foundation

/// The smallest change that a column's watch sees.
public enum DetectableEffect: Codable, Sendable, Equatable {
    /// A shift of the mean by so many standard deviations of the reference.
    case shift(deviations: Double)
    /// So much of the probability moving into one category, the worst of the categories watched by themselves.
    case share(Double)
}

extension ColumnEvidenceModel {
    /// The smallest change that, beginning now, is found within so many windows in at least half of all cases: the one
    /// with which the mean log evidence of the best alternative reaches the bound by then. The median of a sum that is
    /// about normal is its mean, and what the other parts of the mixture add only helps. That the baseline takes up some
    /// of the change is counted in.
    ///
    /// - Parameters:
    ///   - samples: events of the column per window.
    ///   - logBound: the natural logarithm of the average run length.
    ///   - seen: events that the baseline has seen.
    /// - Returns: `nil` where not even three standard deviations, or all of the probability, would show.
    public func detectableEffect(
        samples: Double, windows: Int, logBound: Double, seen: Double = 0
    ) -> DetectableEffect? {
        func isFound(_ shares: [Double]) -> Bool {
            let means = signals.map { $0.mean(shares) }
            return alternatives.contains { alternative in
                means[alternative.signal].map { grows(alternative, to: logBound, $0, samples, windows, seen) } ?? false
            }
        }
        if reference.kind == .numeric {
            let size = smallest(upTo: 3) { size in [size, -size].allSatisfy { isFound(shifted(by: $0)) } }
            return size.map { .shift(deviations: $0) }
        }
        var worst = 0.0
        for case .category(let cell, _) in signals.map(\.source) {
            let share = Double(reference.counts[cell]) / Double(reference.present)
            guard let size = smallest(upTo: 1 - share, where: { isFound(moved(to: cell, by: $0)) }) else { return nil }
            worst = max(worst, size)
        }
        return worst > 0 ? .share(worst) : nil
    }

    /// Whether the mean log evidence of an alternative reaches the bound at some window.
    private func grows(
        _ alternative: EvidenceAlternative, to logBound: Double, _ mean: Double, _ samples: Double, _ windows: Int,
        _ seen: Double
    ) -> Bool {
        let signal = signals[alternative.signal]
        let standardized = signal.deviation > 0 ? (mean - signal.mean) / signal.deviation : 0
        let reading = SignalReading(
            sum: mean * samples, count: samples, standardized: standardized * samples)
        var evidence = log(alternative.weight)
        for window in 0..<windows {
            let baseline = estimate(
                alternative.signal, sum: Double(window) * reading.standardized,
                count: seen + Double(window) * samples)
            evidence += alternative.logEValue(
                reading, baseline: baseline, dispersion: dispersion.ofSignal(alternative.signal))
            if evidence >= logBound { return true }
        }
        return false
    }

    private func smallest(upTo largest: Double, where isFound: (Double) -> Bool) -> Double? {
        var (low, high) = (0.0, largest)
        guard high > 0, isFound(high) else { return nil }
        for _ in 0..<20 {
            let middle = (low + high) / 2
            if isFound(middle) { high = middle } else { low = middle }
        }
        return high
    }

    private func moved(to cell: Int, by size: Double) -> [Double] {
        let total = Double(reference.present)
        let share = Double(reference.counts[cell]) / total
        return reference.counts.enumerated().map { index, count in
            index == cell
                ? share + size : Double(count) / total * (1 - share - size) / max(1 - share, .leastNormalMagnitude)
        }
    }

    /// The shares of the cells after every value has moved: on a grid by its distribution function, linear within a cell.
    /// Discrete values keep their places: their shares are tilted by exp(t·x) until the mean has moved as far.
    private func shifted(by deviations: Double) -> [Double] {
        let total = Double(reference.present)
        let shares = reference.counts.map { Double($0) / total }
        switch reference.binning {
        case .grid(let edges, _):
            let line = [reference.minimum ?? edges[0]] + edges + [reference.maximum ?? edges[edges.count - 1]]
            var sums = [0.0]
            for share in shares { sums.append(sums[sums.count - 1] + share) }
            let distance = deviations * reference.standardDeviation
            let moved = edges.map { Self.interpolate(line, sums, at: $0 - distance) }
            return zip(moved + [1], [0] + moved).map { $0 - $1 }
        case .discrete(let values):
            return tilted(values, shares, toMeanShift: deviations)
        case .categories: return shares
        }
    }

    private static func interpolate(_ line: [Double], _ sums: [Double], at place: Double) -> Double {
        if place <= line[0] { return 0 }
        if place >= line[line.count - 1] { return 1 }
        var (low, high) = (0, line.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if line[middle] <= place { low = middle } else { high = middle }
        }
        let width = line[high] - line[low]
        return width > 0 ? sums[low] + (sums[high] - sums[low]) * (place - line[low]) / width : sums[high]
    }

    private func tilted(_ values: [Double], _ shares: [Double], toMeanShift deviations: Double) -> [Double] {
        let scores = values.map { ($0 - reference.mean) / max(reference.standardDeviation, .leastNormalMagnitude) }
        func tilted(_ tilt: Double) -> [Double] {
            let weights = zip(scores, shares).map { exp(tilt * $0) * $1 }
            let sum = weights.reduce(0, +)
            return weights.map { $0 / sum }
        }
        var (low, high) = (-20.0, 20.0)
        for _ in 0..<40 {
            let middle = (low + high) / 2
            let mean = zip(tilted(middle), scores).reduce(0) { $0 + $1.0 * $1.1 }
            if mean < deviations { low = middle } else { high = middle }
        }
        return tilted(high) + [0]
    }
}

extension EvidenceSignal {
    /// The mean of the signal when usable values have these shares; `nil` for signals about other values.
    func mean(_ shares: [Double]) -> Double? {
        switch source {
        case .location(let scores), .spread(let scores), .shape(let scores):
            zip(scores, shares).reduce(0) { $0 + $1.0 * $1.1 }
        case .category(let cell, _): shares[cell]
        case .unlisted(let cells): cells.reduce(0) { $0 + shares[$1] }
        case .missing, .invalid: nil
        }
    }
}
