/// What share of a model's columns had drifted when, until pairs have come as far.
///
/// Retrainings are decided where pairs end, because only then the rows to train on are known. Predictions may be ahead of
/// them by a stream's delay, and by how much differs between a run and its repetition: the decision at a boundary takes
/// the share of that boundary and not the newest.
struct DriftedShares: Codable, Equatable {
    private struct Entry: Codable, Equatable {
        var atMicroseconds: Int64
        var share: Double
    }

    /// The most boundaries that are kept; beyond it the oldest are forgotten.
    private static let maximumEntries = 10_000

    private var entries: [Entry] = []

    /// Boundaries come in order of time.
    mutating func add(_ share: Double, atMicroseconds: Int64) {
        entries.append(Entry(atMicroseconds: atMicroseconds, share: share))
        if entries.count > Self.maximumEntries { entries.removeFirst(entries.count - Self.maximumEntries) }
    }

    /// The newest share by a moment; `nil` before the first. Forgets what is older.
    mutating func take(by microseconds: Int64) -> Double? {
        guard let index = entries.lastIndex(where: { $0.atMicroseconds <= microseconds }) else { return nil }
        entries.removeFirst(index)
        return entries[0].share
    }

    /// The first moment after another one at which the share was measured.
    func nextMicroseconds(after microseconds: Int64) -> Int64? {
        entries.first { $0.atMicroseconds > microseconds }?.atMicroseconds
    }
}
