/// The few means by which a column's intervals are compared with each other where no law can be assumed: location and
/// spread of a numeric column by ranks, the shares of the ten most frequent categories, the share of missing values.
/// Each is standardised by what a single event of the reference varies.
public struct ColumnSignals: Sendable {
    private let signals: [EvidenceSignal]
    /// Of each signal: the change that it speaks of when it rises, and when it falls.
    public let changes: [(rise: ColumnChange, fall: ColumnChange)]
    /// Of each signal: whether it is the location score.
    public let isLocation: [Bool]
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
            case .category(let cell, let name): categories.append((signal, name, reference.counts[cell]))
            case .shape, .unlisted, .invalid: break
            }
        }
        for category in categories.sorted(by: { $0.count > $1.count }).prefix(10) {
            found.append((category.signal, .moreOf(category: category.name), .lessOf(category: category.name)))
        }
        let usable = found.filter { $0.signal.deviation > 0 }
        signals = usable.map(\.signal)
        changes = usable.map { ($0.rise, $0.fall) }
        isLocation = usable.map { if case .location = $0.signal.source { true } else { false } }
        deviations = signals.map(\.deviation)
    }

    /// The standardised means of a window; `nil` where one of them has no event, or the column no signal.
    public func means(_ window: ColumnSummary) -> [Double]? {
        guard !signals.isEmpty else { return nil }
        var means: [Double] = []
        for signal in signals {
            let reading = signal.read(window)
            guard reading.count > 0 else { return nil }
            means.append(reading.standardized / reading.count)
        }
        return means
    }
}
