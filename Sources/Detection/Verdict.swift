/// The state of one watched number after a window was judged.
public enum VerdictStatus: String, Codable, Sendable, CaseIterable {
    /// The window shows nothing that its rule forbids.
    case ok
    /// The rule's limit was crossed often enough.
    case drift
    /// There were fewer events than the rule's minimum sample.
    case insufficient
    /// There were no events at all.
    case noData = "no_data"
    /// The number could not be computed; the reason says why.
    case error
    /// The reference is still being learned.
    case learning
}

/// Why a verdict is what it is.
public enum VerdictReason: String, Codable, Sendable, CaseIterable {
    case noEvidence = "no_evidence"
    case evidenceWithoutEffect = "evidence_without_effect"
    case effectWithoutEvidence = "effect_without_evidence"
    /// Above the raise level, but not yet in N of M windows.
    case belowPersistence = "below_persistence"
    case evidenceAndEffect = "evidence_and_effect"
    /// Raised before, and not yet back below the clear level.
    case notYetCleared = "not_yet_cleared"
    case cleared
    case tooFewEvents = "too_few_events"
    /// The stream of events began within the window.
    case partialWindow = "partial_window"
    case emptyWindow = "empty_window"
    case notComputable = "not_computable"
    case learningReference = "learning_reference"
    /// No calibration could be had for the column: fixed limits decide, and no budget is kept.
    case uncalibrated
}

/// What a verdict speaks about: one column's drift, that of whole rows, one performance metric, or one check of data
/// quality.
public enum VerdictSubject: Codable, Sendable, Hashable {
    case drift(column: String, statistic: String)
    /// Columns taken together (`MultivariateStatistic`).
    case multivariate(statistic: String)
    case performance(metric: String)
    /// A metric as it is estimated before labels are in.
    case estimate(metric: String)
    /// Without a column: of the events themselves.
    case quality(check: String, column: String?)

    /// `drift/vicprice/psi`, `performance/accuracy` or `quality/missing/age`: the detector's name in alerts, logs and ids.
    public var detector: String {
        switch self {
        case .drift(let column, let statistic): "drift/\(column)/\(statistic)"
        case .multivariate(let statistic): "multivariate/\(statistic)"
        case .performance(let metric): "performance/\(metric)"
        case .estimate(let metric): "estimate/\(metric)"
        case .quality(let check, let column): "quality/\(check)" + (column.map { "/\($0)" } ?? "")
        }
    }
}

/// How much an alert matters.
public enum Severity: String, Codable, Sendable, Comparable {
    case warning, critical

    public static func < (left: Severity, right: Severity) -> Bool {
        left == .warning && right == .critical
    }
}

/// What a detector says of one window, with all that a reader needs to check it.
public struct Verdict: Codable, Sendable, Equatable {
    public var model: String
    public var version: String
    /// The id of the reference profile in force; empty for performance, which is measured without one.
    public var reference: String
    public var subject: VerdictSubject
    /// The part of the events that it speaks about (`region=north`); `nil` for all of them.
    public var segment: String?
    public var status: VerdictStatus
    public var reason: VerdictReason
    public var severity: Severity
    /// The statistic or metric; `nil` when it could not be computed.
    public var value: Double?
    public var pValue: Double?
    /// The value's 95 % interval, where it has one (performance).
    public var low: Double?
    public var high: Double?
    /// The level that had to be crossed to raise.
    public var raiseLevel: Double
    /// The level that has to be crossed back to clear.
    public var clearLevel: Double
    /// Start of the window, inclusive, microseconds since 1970 UTC.
    public var windowStart: Int64
    /// End of the window, exclusive, microseconds since 1970 UTC.
    public var windowEnd: Int64
    /// Events in the window (labelled pairs for performance).
    public var count: Int64
    /// What a calibrated verdict rests on; `nil` for verdicts by fixed limits.
    public var evidence: VerdictEvidence?
    /// Which columns, and for performance which segments, carry it; `nil` unless it is raised.
    public var attribution: VerdictAttribution?
    /// Of performance: the share of the window's predictions whose label had come by its end; `nil` where it is not known.
    public var labelMaturity: Double?

    public init(
        model: String, version: String, reference: String, subject: VerdictSubject, segment: String? = nil,
        status: VerdictStatus, reason: VerdictReason, severity: Severity = .warning, value: Double?,
        pValue: Double? = nil, low: Double? = nil, high: Double? = nil, raiseLevel: Double, clearLevel: Double,
        windowStart: Int64, windowEnd: Int64, count: Int64
    ) {
        self.model = model
        self.version = version
        self.reference = reference
        self.subject = subject
        self.segment = segment
        self.status = status
        self.reason = reason
        self.severity = severity
        self.value = value
        self.pValue = pValue
        self.low = low
        self.high = high
        self.raiseLevel = raiseLevel
        self.clearLevel = clearLevel
        self.windowStart = windowStart
        self.windowEnd = windowEnd
        self.count = count
    }
}

extension Verdict {
    /// The subject's detector, and the segment where there is one: `performance/accuracy@region=north`. The name in
    /// alerts, logs and ids.
    public var detector: String { subject.detector + (segment.map { "@\($0)" } ?? "") }
}
