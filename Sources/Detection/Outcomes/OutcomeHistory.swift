/// Actual classes pane by pane: what a reference of outcomes is made from.
public struct OutcomeHistory: Codable, Sendable, Equatable {
    public struct Pane: Codable, Sendable, Equatable {
        /// Inclusive, microseconds since 1970 UTC.
        public var startMicroseconds: Int64
        /// In the order of `ModelTask.outcomeNames`.
        public var counts: [Int64]

        public init(startMicroseconds: Int64, counts: [Int64]) {
            self.startMicroseconds = startMicroseconds
            self.counts = counts
        }
    }

    public var panes: [Pane]
    /// Whether the panes are stretches of time; else they are one heap, and tell nothing of how outcomes depend on each
    /// other.
    public var tellsTime: Bool

    public init(panes: [Pane] = [], tellsTime: Bool = true) {
        self.panes = panes
        self.tellsTime = tellsTime
    }

    /// All panes together; empty without any.
    public var counts: [Int64] {
        panes.dropFirst().reduce(panes.first?.counts ?? []) { sum, pane in zip(sum, pane.counts).map { $0 &+ $1 } }
    }

    public var total: Int64 { panes.reduce(0) { $0 &+ $1.counts.reduce(0, &+) } }
}
