/// Actual classes or numbers pane by pane: what a reference of outcomes is made from.
public struct OutcomeHistory: Codable, Sendable, Equatable {
    public struct Pane: Codable, Sendable, Equatable {
        /// Inclusive, microseconds since 1970 UTC.
        public var startMicroseconds: Int64
        /// In the order of `ModelTask.outcomeNames`; empty for a regression.
        public var counts: [Int64]
        /// Of a regression: finite numbers; absent of classes.
        public var numbers: [Double]?

        public init(startMicroseconds: Int64, counts: [Int64]) {
            self.startMicroseconds = startMicroseconds
            self.counts = counts
        }

        /// Numbers that are not finite are left out.
        public init(startMicroseconds: Int64, numbers: [Double]) {
            self.init(startMicroseconds: startMicroseconds, counts: [])
            self.numbers = numbers.filter(\.isFinite)
        }

        /// How many there are.
        public var total: Int64 { counts.reduce(0, &+) &+ Int64(numbers?.count ?? 0) }
    }

    public var panes: [Pane]
    /// Whether the panes are stretches of time; else they are one heap, and tell nothing of how outcomes depend on each
    /// other.
    public var tellsTime: Bool

    public init(panes: [Pane] = [], tellsTime: Bool = true) {
        self.panes = panes
        self.tellsTime = tellsTime
    }

    /// All panes together; empty without any, and for a regression.
    public var counts: [Int64] {
        panes.dropFirst().reduce(panes.first?.counts ?? []) { sum, pane in zip(sum, pane.counts).map { $0 &+ $1 } }
    }

    /// All numbers of a regression.
    public var numbers: [Double] { panes.flatMap { $0.numbers ?? [] } }

    public var total: Int64 { panes.reduce(0) { $0 &+ $1.total } }
}
