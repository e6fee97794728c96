public import Statistics

/// When a model is retrained. Times are event time, microseconds.
public struct RetrainingPolicy: Sendable, Equatable {
    /// A metric that must not fall below a value.
    public struct PerformanceFloor: Sendable, Equatable {
        public var metric: PerformanceMetric
        public var below: Double

        public init(metric: PerformanceMetric, below: Double) {
            self.metric = metric
            self.below = below
        }
    }

    public var isEnabled: Bool
    public var performanceFloor: PerformanceFloor?
    /// Retrain when more than this share of the judged columns has drifted.
    public var driftedShareAbove: Double?
    /// Retrain when the last run is this long ago.
    public var scheduleMicroseconds: Int64?
    /// No run sooner than this after the last one ended, or after a rollback.
    public var cooldownMicroseconds: Int64
    /// Labelled rows that a run needs.
    public var minimumRows: Int

    public init(
        isEnabled: Bool = true, performanceFloor: PerformanceFloor? = nil, driftedShareAbove: Double? = nil,
        scheduleMicroseconds: Int64? = nil, cooldownMicroseconds: Int64, minimumRows: Int
    ) {
        self.isEnabled = isEnabled
        self.performanceFloor = performanceFloor
        self.driftedShareAbove = driftedShareAbove
        self.scheduleMicroseconds = scheduleMicroseconds
        self.cooldownMicroseconds = cooldownMicroseconds
        self.minimumRows = minimumRows
    }
}

/// Why a run starts.
public enum RetrainingTrigger: Sendable, Equatable, Codable, CustomStringConvertible {
    case performanceBelow(PerformanceMetric, value: Double, floor: Double)
    case driftedShareAbove(share: Double, limit: Double)
    case schedule
    case onDemand

    /// The trigger's name in lineage and events.
    public var name: String {
        switch self {
        case .performanceBelow: "performance_below"
        case .driftedShareAbove: "drifted_share_above"
        case .schedule: "schedule"
        case .onDemand: "on_demand"
        }
    }

    public var description: String {
        switch self {
        case .performanceBelow(let metric, let value, let floor):
            "\(metric.rawValue) \(rounded(value)) is below \(rounded(floor))"
        case .driftedShareAbove(let share, let limit):
            "\(percent(share)) % of the columns have drifted, more than \(percent(limit)) %"
        case .schedule: "the schedule says so"
        case .onDemand: "somebody asked for it"
        }
    }

    /// One decimal tells 8 of 28 columns from 9.
    private func percent(_ share: Double) -> String { rounded((share * 1_000).rounded() / 10) }

    private func rounded(_ value: Double) -> String {
        guard abs(value) < 1e9 else { return String(value) }
        let scaled = (value * 1_000).rounded() / 1_000
        return scaled == scaled.rounded() ? String(Int(scaled)) : String(scaled)
    }
}

/// Why no run starts.
public enum RetrainingSkip: String, Sendable, CaseIterable {
    case disabled
    case nothingDue = "nothing_due"
    case alreadyRunning = "already_running"
    case coolingDown = "cooling_down"
    case tooFewRows = "too_few_rows"
}

/// What the planner says.
public enum RetrainingDecision: Sendable, Equatable {
    case start(RetrainingTrigger)
    case skip(RetrainingSkip)
}

/// What the planner looks at.
public struct RetrainingInputs: Sendable {
    /// Event time now.
    public var nowMicroseconds: Int64
    /// Share of the judged columns that have drifted, in the newest window; `nil` before the first.
    public var driftedShare: Double?
    /// The newest value of each metric whose window held enough pairs.
    public var metrics: [PerformanceMetric: Double]
    /// Labelled rows at hand.
    public var rows: Int

    public init(
        nowMicroseconds: Int64, driftedShare: Double?, metrics: [PerformanceMetric: Double], rows: Int
    ) {
        self.nowMicroseconds = nowMicroseconds
        self.driftedShare = driftedShare
        self.metrics = metrics
        self.rows = rows
    }
}
