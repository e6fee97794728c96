/// Panes that were kept as a sample while their version was learning its reference, and are counted on it as that.
struct SampledPanes: Codable, Equatable {
    private struct Part: Codable, Equatable {
        var pane: Int64
        var partition: Int32
        /// Of its events, those that are counted; above 0 and below 1.
        var share: Double
    }

    private var parts: [Part] = []

    var isEmpty: Bool { parts.isEmpty }

    /// Takes what a partition has brought of a pane, in the place of what it brought before.
    mutating func note(_ pane: Int64, partition: Int32, counted: Int, of events: Int64) {
        parts.removeAll { $0.pane == pane && $0.partition == partition }
        guard counted > 0, events > counted else { return }
        parts.append(Part(pane: pane, partition: partition, share: Double(counted) / Double(events)))
    }

    /// The smallest share that is counted of any of these panes; `nil` where all are counted whole.
    func share(of panes: Range<Int64>) -> Double? {
        parts.filter { panes.contains($0.pane) }.map(\.share).min()
    }

    mutating func drop(before pane: Int64) { parts.removeAll { $0.pane < pane } }
}
