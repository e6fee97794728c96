/// Panes that were kept as a sample while their version was learning its reference, and are counted on it as that.
struct SampledPanes: Codable, Equatable {
    /// By pane and partition: of its events, those that are counted, above 0 and below 1.
    private var shares: [Int: [Int: Double]] = [:]

    var isEmpty: Bool { shares.isEmpty }

    /// Takes what a partition has brought of a pane.
    mutating func note(_ pane: Int64, partition: Int32, counted: Int, of events: Int64) {
        guard counted > 0, events > counted else { return }
        shares[Int(pane), default: [:]][Int(partition)] = Double(counted) / Double(events)
    }

    /// The smallest share that is counted of any of these panes; `nil` where all are counted whole.
    func share(of panes: Range<Int64>) -> Double? {
        shares.filter { panes.contains(Int64($0.key)) }.flatMap(\.value.values).min()
    }

    mutating func drop(before pane: Int64) { shares = shares.filter { $0.key >= pane } }
}
