/// The few means by which a column's intervals are compared with each other where no law can be assumed: location and
/// spread of a numeric column by ranks, the shares of the ten most frequent categories, of missing, of invalid and of
/// unlisted values. Each is standardised by what a single event of the reference varies; a share that was 0 or 1 there by
/// what (k + ½)/(n + 1) would.
public struct ColumnSignals: Sendable {
    private let signals: [EvidenceSignal]
    /// Of each signal: the change that it speaks of when it rises, and when it falls.
    public let changes: [(rise: ColumnChange, fall: ColumnChange)]
    /// Of each signal: whether it is the location score.
    public let isLocation: [Bool]
    /// Of each signal: whether it is the share of a category.
    public let isCategory: [Bool]
    /// Of each signal: the standard deviation of a single event's share; 1 for scores.
    public let deviations: [Double]

    public init(reference: ColumnReference) {
        var found: [(signal: EvidenceSignal, rise: ColumnChange, fall: ColumnChange)] = []
        var categories: [(signal: EvidenceSignal, name: String, count: Int64)] = []
        for signal in EvidenceSignal.all(of: reference) {
            switch signal.source {
            case .location: found.append((signal, .higherValues, .lowerValues))
            case .spread: found.append((signal, .widerSpread, .narrowerSpread))
            case .missing: found.append((signal, .moreMissing, .fewerMissing))
            case .invalid: found.append((signal, .moreInvalid, .unspecified))
            case .unlisted: found.append((signal, .moreUnlisted, .unspecified))
            case .category(let cell, let name): categories.append((signal, name, reference.counts[cell]))
            case .shape: break
            }
        }
        for category in categories.sorted(by: { $0.count > $1.count }).prefix(10) {
            found.append((category.signal, .moreOf(category: category.name), .lessOf(category: category.name)))
        }
        signals = found.map(\.signal)
        changes = found.map { ($0.rise, $0.fall) }
        isLocation = signals.map { if case .location = $0.source { true } else { false } }
        isCategory = signals.map { if case .category = $0.source { true } else { false } }
        deviations = signals.map(\.smoothedDeviation)
    }

    /// Of each signal: whether it is about values that cannot be used, or are not listed. They may be absent throughout a
    /// reference, whose intervals then say nothing of how they vary.
    public var isExceptional: [Bool] {
        signals.map {
            switch $0.source {
            case .missing, .invalid, .unlisted: true
            case .location, .spread, .shape, .category: false
            }
        }
    }

    /// The standardised means of a window; `nil` for a signal that no event of the window speaks of.
    public func means(_ window: ColumnSummary) -> [Double?] {
        zip(signals, deviations).map { signal, deviation in
            let reading = signal.read(window)
            guard reading.count > 0, deviation > 0 else { return nil }
            return (reading.sum / reading.count - signal.mean) / deviation
        }
    }
}

extension EvidenceSignal {
    /// The deviation of a single event, of a share as if it were (k + ½)/(n + 1).
    fileprivate var smoothedDeviation: Double {
        guard !isScore else { return deviation }
        let share = (mean * rows + 0.5) / (rows + 1)
        return (share * (1 - share)).squareRoot()
    }
}
