/// What carries a verdict: for drift the columns of the window, for a fall in performance the segments it fell in and the
/// columns that moved with it.
public struct VerdictAttribution: Codable, Sendable, Equatable {
    /// `nil` where drift is not known: no window of predictions has been judged yet.
    public var columns: ColumnAttribution?
    /// Of the verdict's own column; `nil` for performance, and where its importance is not known.
    public var importance: Double?
    /// `nil` for drift, and while no earlier window is known to compare with.
    public var fall: PerformanceFall?

    public init(columns: ColumnAttribution? = nil, importance: Double? = nil, fall: PerformanceFall? = nil) {
        self.columns = columns
        self.importance = importance
        self.fall = fall
    }
}

/// Which columns carry a window's drift: evidence × importance.
public struct ColumnAttribution: Codable, Sendable, Equatable {
    public struct Part: Codable, Sendable, Equatable {
        public var column: String
        /// The verdict's value.
        public var value: Double
        /// `nil` where all columns weigh alike.
        public var importance: Double?
        /// w·d / Σ w·d over the drifted columns; `nil` where the sum is 0: none of them matters to the model.
        public var share: Double?

        public init(column: String, value: Double, importance: Double?, share: Double?) {
            self.column = column
            self.value = value
            self.importance = importance
            self.share = share
        }
    }

    /// The most that are named.
    public static let maximumParts = 5

    /// What the drift was measured by: `psi`, `divergence`.
    public var statistic: String
    /// Where the importances come from.
    public var weights: ColumnWeights.Source
    /// Columns that have drifted, and columns that could be judged.
    public var drifted: Int
    public var judged: Int
    /// The sum of the drifted columns' importances; `nil` where all columns weigh alike.
    public var driftedImportance: Double?
    /// Largest share first, then largest value, then by name; at most `maximumParts`.
    public var parts: [Part]

    public init(
        statistic: String, weights: ColumnWeights.Source, drifted: Int, judged: Int, driftedImportance: Double?,
        parts: [Part]
    ) {
        self.statistic = statistic
        self.weights = weights
        self.drifted = drifted
        self.judged = judged
        self.driftedImportance = driftedImportance
        self.parts = parts
    }
}

/// How far a metric has fallen since the version's first full window, and in which segments.
public struct PerformanceFall: Codable, Sendable, Equatable {
    public struct Part: Codable, Sendable, Equatable {
        /// `region=north`.
        public var segment: String
        /// Of the whole's fall; above 1 where other segments got better.
        public var share: Double
        /// Of the window's pairs.
        public var pairShare: Double
        /// The segment's metric in the first window and now; `nil` where it had no pairs.
        public var before: Double?
        public var now: Double?

        public init(segment: String, share: Double, pairShare: Double, before: Double?, now: Double?) {
            self.segment = segment
            self.share = share
            self.pairShare = pairShare
            self.before = before
            self.now = now
        }
    }

    /// The most segments that are named.
    public static let maximumParts = 5

    /// The first window, microseconds since 1970 UTC.
    public var windowStart: Int64
    public var windowEnd: Int64
    /// The metric in it.
    public var before: Double
    /// By how much it is worse now; not above 0 where it is not.
    public var fall: Double
    /// Whether the shares add up exactly: for metrics that are means over pairs.
    public var isExact: Bool
    /// Segments that were compared; 0 where the model is not looked at in segments.
    public var compared: Int
    /// Those that carry clearly more of the fall than they have of the pairs, largest share first; at most `maximumParts`.
    public var parts: [Part]

    public init(
        windowStart: Int64, windowEnd: Int64, before: Double, fall: Double, isExact: Bool, compared: Int, parts: [Part]
    ) {
        self.windowStart = windowStart
        self.windowEnd = windowEnd
        self.before = before
        self.fall = fall
        self.isExact = isExact
        self.compared = compared
        self.parts = parts
    }
}
