import Foundation

/// A mean over the events of a column by which a change would show: of a score of the value, or of being in a cell.
struct EvidenceSignal: Sendable {
    enum Source: Sendable, Equatable {
        /// A score per cell, with mean 0 and variance 1 in the reference; over the usable values.
        case location([Double])
        case spread([Double])
        case shape([Double])
        /// Over the usable values.
        case category(cell: Int, name: String)
        case unlisted(cells: [Int])
        /// Over all values.
        case missing, invalid
    }

    let source: Source
    /// Of a single event of the reference.
    let mean: Double
    let deviation: Double
    /// Rows of the reference that it is about.
    let rows: Double

    /// Of values by their rank, not of being in a cell.
    var isScore: Bool {
        switch source {
        case .location, .spread, .shape: true
        case .category, .unlisted, .missing, .invalid: false
        }
    }

    init(source: Source, reference: ColumnReference) {
        self.source = source
        let (sum, count) = Self.sum(source, reference.countsAsWindow)
        rows = count
        switch source {
        case .location, .spread, .shape: (mean, deviation) = (0, 1)
        case .category, .unlisted, .missing, .invalid:
            let share = count > 0 ? sum / count : 0
            (mean, deviation) = (share, (share * (1 - share)).squareRoot())
        }
    }

    func read(_ window: ColumnSummary) -> SignalReading {
        let (sum, count) = Self.sum(source, window)
        return SignalReading(
            sum: sum, count: count, standardized: deviation > 0 ? (sum - count * mean) / deviation : 0)
    }

    /// Σ over the events, and their number.
    private static func sum(_ source: Source, _ window: ColumnSummary) -> (sum: Double, count: Double) {
        switch source {
        case .location(let scores), .spread(let scores), .shape(let scores):
            var sum = 0.0
            var count: Int64 = 0
            for (score, events) in zip(scores, window.counts) {
                sum += score * Double(events)
                count &+= events
            }
            return (sum, Double(count))
        case .category(let cell, _): return (Double(window.counts[cell]), Double(window.present))
        case .unlisted(let cells):
            return (Double(cells.reduce(0) { $0 &+ window.counts[$1] }), Double(window.present))
        case .missing: return (Double(window.missing), Double(window.total))
        case .invalid: return (Double(window.invalid &+ window.violations), Double(window.total))
        }
    }
}

extension EvidenceSignal {
    /// A category needs this share of the reference for a signal of its own, so that there are at most fifty. Choosing
    /// by frequency flatters the chosen; that matters where very many are about as frequent as the last one chosen.
    static let smallestOwnShare = 0.02

    /// The signals of a column, those that mean something in its reference.
    static func all(of reference: ColumnReference) -> [EvidenceSignal] {
        guard reference.total > 0 else { return [] }
        var sources: [Source] = [.missing, .invalid]
        if reference.present > 0 {
            switch reference.binning {
            case .grid, .discrete:
                let scores = RankScores(reference)
                sources += zip(scores.components, [Source.location, Source.spread, Source.shape]).map { $1($0) }
            case .categories(let names):
                sources += ownCategories(reference, names)
            }
            let rest = reference.unlistedCells.sorted()
            if !rest.isEmpty, reference.kind != .boolean { sources.append(.unlisted(cells: rest)) }
        }
        return sources.map { EvidenceSignal(source: $0, reference: reference) }
    }

    /// Where there are two only, more of one is less of the other.
    private static func ownCategories(_ reference: ColumnReference, _ names: [String]) -> [Source] {
        let smallest = smallestOwnShare * Double(reference.present)
        let own = names.indices.filter { Double(reference.counts[$0]) >= smallest }
        let chosen = names.count == 2 ? Array(names.indices.suffix(1)) : own
        return chosen.map { .category(cell: $0, name: names[$0]) }
    }
}

/// Scores of a numeric column's cells by rank: the Legendre polynomials of degree one to three of the middle rank u,
/// standardised in the reference (Neyman 1937, *"Smooth" test for goodness of fit*). The first moves with the location,
/// the second with the spread, the third with the skew; being bounded, they don't mind heavy tails.
private struct RankScores {
    private(set) var components: [[Double]] = []

    init(_ reference: ColumnReference) {
        // Values that the reference does not list have no rank: their score is 0, and they have a signal of their own.
        let rest = reference.unlistedCells
        let total = Double(reference.present)
        var below = 0.0
        var ranks: [Double] = []
        for count in reference.counts {
            ranks.append((below + Double(count) / 2) / total)
            below += Double(count)
        }
        let shares = reference.counts.map { Double($0) / total }
        let distinct = reference.counts.count { $0 > 0 }
        let polynomials: [(Double) -> Double] = [
            { 2 * $0 - 1 }, { 6 * $0 * $0 - 6 * $0 + 1 }, { ((20 * $0 - 30) * $0 + 12) * $0 - 1 },
        ]
        for polynomial in polynomials.prefix(max(0, distinct - 1)) {
            let raw = ranks.map(polynomial)
            let mean = zip(raw, shares).reduce(0) { $0 + $1.0 * $1.1 }
            let variance = zip(raw, shares).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 }
            guard variance > 1e-9 else { return }
            components.append(
                raw.enumerated().map { rest.contains($0) ? 0 : ($1 - mean) / variance.squareRoot() })
        }
    }
}
