public import Statistics

/// Watches one version of one model: turns each window into verdicts and remembers what raising and clearing need.
///
/// Called once per slide with the merged window, in order of the windows' ends. A window that does not end after the
/// last one judged is ignored and gives no verdicts, so that repeating windows after a restart changes nothing.
///
/// Its encoding holds rules and state. After a restore, call `adopt(_:)` with the rules of the configuration.
public struct ModelMonitor: Codable, Sendable, Equatable {
    public let model: String
    public let version: String
    public private(set) var rules: MonitorRules
    /// The id of the reference that the drift states speak about.
    var reference: String?
    private var lastDriftEnd: Int64?
    private var lastPerformanceEnd: Int64?
    /// By detector name and severity; only subjects that were judged have one.
    private var driftStates: [String: ThresholdState] = [:]
    var performanceStates: [String: ThresholdState] = [:]
    /// The end of the newest window whose estimates were judged; absent in older checkpoints.
    var estimatesJudgedUntil: Int64?
    /// Made with the first pane; only with rules that ask for calibrated detection.
    var detector: CalibratedDriftDetector?
    /// Only where drift is judged by segment; absent in checkpoints from before.
    var segmentWatch: SegmentDriftWatch?

    public init(model: String, version: String, rules: MonitorRules) {
        self.model = model
        self.version = version
        self.rules = rules
    }

    public init(
        model: String, version: String, driftRules: [DriftRule], performanceRules: [PerformanceRule],
        minimumDriftSample: Int64, minimumPerformanceSample: Int64
    ) {
        self.init(
            model: model, version: version,
            rules: MonitorRules(
                drift: driftRules, performance: performanceRules, minimumDriftSample: minimumDriftSample,
                minimumPerformanceSample: minimumPerformanceSample))
    }

    /// The end of the newest drift window judged, microseconds since 1970 UTC.
    public var driftJudgedUntilMicroseconds: Int64? { lastDriftEnd }
    /// The end of the newest performance window judged, microseconds since 1970 UTC.
    public var performanceJudgedUntilMicroseconds: Int64? { lastPerformanceEnd }

    /// Puts the rules in force. Subjects that they still speak about keep their state, the others are dropped.
    public mutating func adopt(_ rules: MonitorRules) {
        self.rules = rules
        driftStates = driftStates.filter { rules.isKnownDrift($0.key) }
        let known = Set(rules.performance.map { stateKey(subject(of: $0), $0.severity) })
        // A metric's name holds no "@", which starts the segment.
        performanceStates = performanceStates.filter { known.contains(String($0.key.prefix { $0 != "@" })) }
        adoptCalibrated(rules.calibrated)
        segmentWatch?.adopt(rules)
    }

    /// Judges every column that a rule watches, of all events first and then of each segment that is watched
    /// (`watch(_:)`). One verdict per column and statistic: where several severities watch
    /// the same one, the most severe that is raised speaks, else the mildest.
    ///
    /// Another reference than last time starts the drift states afresh.
    ///
    /// - Parameter segments: the window's parts by the segments' names (`region=north`); what is missing is empty.
    public mutating func judge(
        drift window: DriftWindow, reference: ReferenceProfile, segments: [String: PaneSummary] = [:]
    ) -> [Verdict] {
        if let lastDriftEnd, window.endMicroseconds <= lastDriftEnd { return [] }
        lastDriftEnd = window.endMicroseconds
        if self.reference != reference.id {
            driftStates.removeAll()
            self.reference = reference.id
        }
        var verdicts: [Verdict] = []
        for (rule, evidence) in rules.driftEvidence(of: window, reference: reference) {
            let calibration = ThresholdCalibration(
                limit: rule.limit, maximumPValue: rule.maximumPValue, persistence: rule.persistence)
            verdicts.append(
                decide(
                    evidence, by: calibration, severity: rule.severity, states: \.driftStates,
                    from: window.startMicroseconds, to: window.endMicroseconds))
        }
        return mostTelling(verdicts + judge(segments: segments, of: window, reference: reference))
    }

    /// Judges every metric that a rule watches, as `judge(drift:reference:)` does for columns: of all pairs first, then
    /// of each segment, by the same rules.
    ///
    /// - Parameter segments: the window's parts by their names (`region=north`), in the order of the verdicts.
    public mutating func judge(
        performance window: PerformanceWindow, segments: [(name: String, summary: PerformanceSummary?)] = []
    ) -> [Verdict] {
        if let lastPerformanceEnd, window.endMicroseconds <= lastPerformanceEnd { return [] }
        lastPerformanceEnd = window.endMicroseconds
        var verdicts: [Verdict] = []
        for (segment, summary) in [(nil, window.summary)] + segments.map({ ($0.name as String?, $0.summary) }) {
            var part = window
            part.summary = summary
            for (rule, evidence) in rules.performanceEvidence(of: part) {
                let calibration = ThresholdCalibration(
                    limit: rule.limit, persistence: rule.persistence, asksForInterval: rule.evidence == .interval)
                verdicts.append(
                    decide(
                        evidence, by: calibration, severity: rule.severity, segment: segment,
                        states: \.performanceStates, from: window.startMicroseconds, to: window.endMicroseconds))
            }
        }
        return mostTelling(verdicts)
    }

    mutating func decide(
        _ evidence: Evidence, by calibration: ThresholdCalibration, severity: Severity, segment: String? = nil,
        states: WritableKeyPath<ModelMonitor, [String: ThresholdState]>, from start: Int64, to end: Int64
    ) -> Verdict {
        let judgement: (status: VerdictStatus, reason: VerdictReason)
        if let absence = evidence.absence {
            judgement = (absence.status, absence.reason)
        } else if let value = evidence.value {
            let key = stateKey(evidence.subject, severity, segment: segment)
            judgement = self[keyPath: states][key, default: ThresholdState()]
                .judge(value: value, pValue: evidence.pValue, interval: evidence.interval, by: calibration)
        } else {
            preconditionFailure("evidence holds a value or says why not")
        }
        return Verdict(
            model: model, version: version, reference: evidence.subject.needsReference ? reference ?? "" : "",
            subject: evidence.subject, segment: segment,
            status: judgement.status, reason: judgement.reason, severity: severity, value: evidence.value,
            pValue: evidence.pValue, low: evidence.low, high: evidence.high, raiseLevel: calibration.limit.raise,
            clearLevel: calibration.limit.clear, windowStart: start, windowEnd: end, count: evidence.count)
    }
}

extension MonitorRules {
    /// Whether a rule may speak about the subject of this key. A column named by no rule is known when a rule for all
    /// columns has its statistic: the next window tells whether the reference still has it.
    func isKnownDrift(_ key: String) -> Bool {
        drift.contains { rule in
            let ending = "/\(rule.statistic.rawValue)#\(rule.severity.rawValue)"
            guard let columns = rule.columns else { return key.hasSuffix(ending) }
            return columns.contains { key == "drift/\($0)\(ending)" }
        }
    }
}

extension VerdictSubject {
    /// Performance is measured without a reference. Naming the one in force would make the verdict depend on when it was
    /// spoken.
    fileprivate var needsReference: Bool {
        switch self {
        case .drift, .multivariate, .quality: true
        case .performance, .estimate: false
        }
    }
}

/// Statistic and severity never hold a `/` or `#`, so keys are unique whatever a column is called.
func stateKey(_ subject: VerdictSubject, _ severity: Severity, segment: String? = nil) -> String {
    "\(subject.detector)#\(severity.rawValue)" + (segment.map { "@\($0)" } ?? "")
}

private func subject(of rule: PerformanceRule) -> VerdictSubject {
    rule.isEstimated ? .estimate(metric: rule.metric.rawValue) : .performance(metric: rule.metric.rawValue)
}

/// One verdict per subject and segment, in order of first appearance.
func mostTelling(_ verdicts: [Verdict]) -> [Verdict] {
    var kept: [Verdict] = []
    var position: [String: Int] = [:]
    for verdict in verdicts {
        guard let known = position[verdict.detector] else {
            position[verdict.detector] = kept.count
            kept.append(verdict)
            continue
        }
        if tellsMore(verdict, than: kept[known]) { kept[known] = verdict }
    }
    return kept
}

private func tellsMore(_ verdict: Verdict, than other: Verdict) -> Bool {
    if (verdict.status == .drift) != (other.status == .drift) { return verdict.status == .drift }
    return verdict.status == .drift ? verdict.severity > other.severity : verdict.severity < other.severity
}
