import Foundation

/// Builds the alternatives of a column from its signals.
struct AlternativeBank {
    let reference: ColumnReference
    let smallest: SmallestEffects
    let minimumSample: Int64
    private(set) var alternatives: [EvidenceAlternative] = []

    init(reference: ColumnReference, smallest: SmallestEffects, minimumSample: Int64) {
        self.reference = reference
        self.smallest = smallest
        self.minimumSample = minimumSample
    }

    /// Tilts of a score: about the shift, in standard deviations, that each finds fastest.
    private static let shifts = [0.05, 0.1, 0.2, 0.4, 0.8]
    private static let spreads = [0.1, 0.25, 0.6]
    private static let shapes = [0.15, 0.5]
    private static let shares = [0.05, 0.1, 0.25, 0.6]
    private static let odds = [1.25, 1.8, 4]
    /// A share with at least so many reference rows on either side is as good as normal, and gets a baseline.
    static let fewestForBaseline = 100.0

    mutating func add(_ signal: EvidenceSignal, index: Int, dispersion: Double) {
        switch signal.source {
        case .location(let scores):
            tilt(index, weighted(scores), Self.shifts, .higherValues, .lowerValues, weight: 0.5)
        case .spread(let scores):
            tilt(index, weighted(scores), Self.spreads, .widerSpread, .narrowerSpread, weight: 0.2)
        case .shape(let scores):
            tilt(index, weighted(scores), Self.shapes, .otherShape, .otherShape, weight: 0.1)
        case .category(_, let name):
            let own = reference.counts.count {
                Double($0) >= EvidenceSignal.smallestOwnShare * Double(reference.present)
            }
            share(
                index, signal, dispersion, up: .moreOf(category: name), down: .lessOf(category: name),
                weight: 0.6 / Double(max(1, own)))
        case .unlisted(let cells): unlisted(index, cells, dispersion)
        case .missing: share(index, signal, dispersion, up: .moreMissing, down: .fewerMissing, weight: 0.1)
        case .invalid: share(index, signal, dispersion, up: .moreInvalid, down: nil, weight: 0.03)
        }
    }

    private func weighted(_ scores: [Double]) -> [(score: Double, share: Double)] {
        zip(scores, reference.counts).map { ($0, Double($1) / Double(reference.present)) }
    }

    private mutating func tilt(
        _ index: Int, _ scores: [(score: Double, share: Double)], _ sizes: [Double], _ up: ColumnChange,
        _ down: ColumnChange, weight: Double
    ) {
        for (sign, change) in [(1.0, up), (-1.0, down)] {
            for size in sizes {
                alternatives.append(
                    .tilted(
                        signal: index, by: sign * size, scores: scores, weight: weight / 2 / Double(sizes.count),
                        change: change))
            }
        }
    }

    private mutating func share(
        _ index: Int, _ signal: EvidenceSignal, _ dispersion: Double, up: ColumnChange, down: ColumnChange?,
        weight: Double
    ) {
        let (share, total) = (signal.mean, signal.rows)
        if let down, share * total >= Self.fewestForBaseline, (1 - share) * total >= Self.fewestForBaseline {
            let scores = [
                (score: (1 - share) / signal.deviation, share: share),
                (score: -share / signal.deviation, share: 1 - share),
            ]
            tilt(index, scores, Self.shares, up, down, weight: weight)
            return
        }
        let bounds = ToleranceTests.shareBounds(count: share * total, of: total, dispersion: dispersion)
        addShares(index, from: max(bounds.upperBound, share + smallest.share), share, weight / 2, up, \.self)
        // A fall from next to nothing cannot be seen.
        let lower = min(bounds.lowerBound, share - smallest.share)
        guard let down, lower * Double(minimumSample) >= 1 else { return }
        addShares(index, from: lower, share, weight / 2, down) { 1 / $0 }
    }

    /// What the reference does not list is there all the same. The mass of values seen fewer than t times is best
    /// guessed by t times the number seen exactly t times (Good 1953, *The population frequencies of species*; t = 1
    /// where all values are listed). The tolerance is that guess with its own error on top.
    private mutating func unlisted(_ index: Int, _ cells: [Int], _ dispersion: Double) {
        let known = cells.reduce(0) { $0 + reference.counts[$1] }
        let listed = reference.counts.enumerated().filter { !cells.contains($0.offset) && $0.element > 0 }.map(
            \.element)
        let least = known > 0 ? listed.min() ?? 1 : 1
        let (here, above) = (listed.count { $0 == least }, known > 0 ? listed.count { $0 == least + 1 } : 0)
        let guess = Double(known) + Double(least) * Double(here) + Double(least + 1) * Double(above)
        let total = Double(reference.present)
        let error = BaselineEstimate.standardErrors * Double(least) * Double(here + above).squareRoot() / total
        let bounds = ToleranceTests.shareBounds(count: min(guess, total), of: total, dispersion: dispersion)
        let bound = max(bounds.upperBound, min(1, guess / total) + smallest.share) + error
        addShares(index, from: bound, Double(known) / total, 0.15, .moreUnlisted, \.self)
    }

    private mutating func addShares(
        _ index: Int, from bound: Double, _ share: Double, _ weight: Double, _ change: ColumnChange,
        _ factor: (Double) -> Double
    ) {
        guard bound > 0, bound < 0.999 else { return }
        for odds in Self.odds {
            alternatives.append(
                .share(
                    signal: index, from: bound, odds: factor(odds), share: share,
                    weight: weight / Double(Self.odds.count), change: change))
        }
    }
}
