public import Statistics

/// Watches the data quality of one version of one model: turns each window into verdicts, column by column, and
/// remembers what raising and clearing need. No column disturbs another.
///
/// Called as `ModelMonitor.judge(drift:reference:)` is, with the same windows. A window that does not end after the last
/// one judged gives no verdicts. After a restore, call `adopt(_:ignoring:)` with the rules of the configuration.
public struct QualityMonitor: Codable, Sendable, Equatable {
    public let model: String
    public let version: String
    public private(set) var rules: [QualityRule]
    /// Features that events may have although the reference does not know them.
    public private(set) var ignored: Set<String>
    /// The id of the reference that the states speak about.
    private var reference: String?
    private var lastEnd: Int64?
    /// The start of the first pane with events since there was none in a whole window; `nil` while there is none.
    private var eventsSince: Int64?
    /// By detector name and severity. For columns of the reference; for unknown features only while they matter.
    private var states: [String: ThresholdState] = [:]
    /// Unknown features that have a state.
    private var watchedUnknown: Set<String> = []

    public init(model: String, version: String, rules: [QualityRule], ignoring ignored: Set<String> = []) {
        self.model = model
        self.version = version
        self.rules = rules
        self.ignored = ignored
    }

    /// The end of the newest window judged, microseconds since 1970 UTC.
    public var judgedUntilMicroseconds: Int64? { lastEnd }

    /// Puts the rules in force. What is raised stays so until a window clears it.
    public mutating func adopt(_ rules: [QualityRule], ignoring ignored: Set<String>) {
        self.rules = rules
        self.ignored = ignored
    }

    /// One verdict per check and column, in the order of the reference's columns, then unknown features, duplicates, and
    /// columns that a rule names and the reference lacks. Of several severities the most severe that is raised speaks.
    ///
    /// Another reference than last time starts the states afresh.
    /// - Parameter slide: From one window to the next, microseconds; `nil` for windows that follow each other.
    public mutating func judge(
        _ window: DriftWindow, reference: ReferenceProfile, slide: Int64? = nil
    ) -> [Verdict] {
        if let lastEnd, window.endMicroseconds <= lastEnd { return [] }
        lastEnd = window.endMicroseconds
        if self.reference != reference.id {
            states.removeAll()
            watchedUnknown.removeAll()
            eventsSince = nil
            self.reference = reference.id
        }
        noteEvents(of: window, slide: slide ?? window.endMicroseconds - window.startMicroseconds)
        precondition(
            window.summary.map { $0.reference == reference.id } ?? true, "a window is judged against its own reference")
        var verdicts: [Verdict] = []
        for (index, column) in reference.columns.enumerated() {
            for rule in rules.applying(to: column.name) {
                guard let summary = window.summary else {
                    verdicts.append(decide(rule, column.name, nil, in: window))
                    continue
                }
                let evidence = QualityEvidence.of(rule, column: column, window: summary.columns[index])
                if let evidence { verdicts.append(decide(rule, column.name, evidence, in: window)) }
            }
        }
        verdicts += judgeUnknown(window, reference: reference)
        for rule in rules.applying(to: nil) {
            let evidence = window.summary.map { summary in
                QualityEvidence(
                    bad: summary.duplicates, of: summary.events + summary.duplicates, maximumShare: rule.maximumShare)
            }
            verdicts.append(decide(rule, nil, evidence, in: window))
        }
        return mostTelling(verdicts + unknownColumns(window, reference: reference))
    }

    private mutating func noteEvents(of window: DriftWindow, slide: Int64) {
        guard window.summary != nil else {
            eventsSince = nil
            return
        }
        eventsSince = eventsSince ?? window.endMicroseconds - slide
    }

    /// Whether the window began before the stream of events did: its few first hours need not hold what its days do.
    private func isPartial(_ window: DriftWindow) -> Bool {
        eventsSince.map { window.startMicroseconds < $0 } ?? true
    }

    /// Features that the reference does not know, in the window or raised before.
    private mutating func judgeUnknown(_ window: DriftWindow, reference: ReferenceProfile) -> [Verdict] {
        guard let summary = window.summary else { return [] }
        let present = summary.unknownFeatures.counts.map(\.name).filter { !ignored.contains($0) }
        var verdicts: [Verdict] = []
        for name in Set(present).union(watchedUnknown).sorted() {
            // A name that may have been left out among too many others: nothing is known of it.
            guard let events = summary.unknownFeatures.events(with: name) else { continue }
            for rule in rules.applying(to: name) where rule.check == .schema {
                let evidence = QualityEvidence(
                    bad: min(events, summary.events), of: summary.events, maximumShare: rule.maximumShare)
                verdicts.append(decide(rule, name, evidence, in: window))
            }
            if events > 0 {
                watchedUnknown.insert(name)
            } else {
                watchedUnknown.remove(name)
                for severity in [Severity.warning, .critical] {
                    states[stateKey(subject(.schema, name), severity)] = nil
                }
            }
        }
        return verdicts
    }

    /// A rule about a column that is nowhere must not look like one that finds nothing.
    private func unknownColumns(_ window: DriftWindow, reference: ReferenceProfile) -> [Verdict] {
        let known = Set(reference.columns.map(\.name))
        return rules.flatMap { rule in
            (rule.columns ?? []).filter { !known.contains($0) && !watchedUnknown.contains($0) }.map { name in
                verdict(
                    rule, name, .error, .notComputable, value: nil, pValue: nil, count: window.summary?.events ?? 0,
                    in: window)
            }
        }
    }

    private mutating func decide(
        _ rule: QualityRule, _ column: String?, _ evidence: QualityEvidence?, in window: DriftWindow
    ) -> Verdict {
        guard let evidence, evidence.count > 0 else {
            return verdict(rule, column, .noData, .emptyWindow, value: nil, pValue: nil, count: 0, in: window)
        }
        guard evidence.count >= rule.minimumSample else {
            return verdict(
                rule, column, .insufficient, .tooFewEvents, value: nil, pValue: nil, count: evidence.count, in: window)
        }
        if rule.check == .constant, isPartial(window) {
            return verdict(
                rule, column, .insufficient, .partialWindow, value: nil, pValue: nil, count: evidence.count, in: window)
        }
        let calibration = ThresholdCalibration(
            limit: .above(raise: rule.maximumShare, clear: rule.maximumShare), maximumPValue: rule.maximumPValue,
            persistence: rule.persistence)
        let pValue = evidence.pValue
        let key = stateKey(subject(rule.check, column), rule.severity)
        let judgement = states[key, default: ThresholdState()]
            .judge(value: evidence.value, pValue: pValue, by: calibration)
        return verdict(
            rule, column, judgement.status, judgement.reason, value: evidence.value, pValue: pValue,
            count: evidence.count, in: window)
    }

    private func verdict(
        _ rule: QualityRule, _ column: String?, _ status: VerdictStatus, _ reason: VerdictReason, value: Double?,
        pValue: Double?, count: Int64, in window: DriftWindow
    ) -> Verdict {
        Verdict(
            model: model, version: version, reference: reference ?? "", subject: subject(rule.check, column),
            status: status, reason: reason, severity: rule.severity, value: value, pValue: pValue,
            raiseLevel: rule.maximumShare, clearLevel: rule.maximumShare, windowStart: window.startMicroseconds,
            windowEnd: window.endMicroseconds, count: count)
    }

    private func subject(_ check: QualityCheck, _ column: String?) -> VerdictSubject {
        .quality(check: check.rawValue, column: column)
    }
}

extension Verdict {
    /// Whether it says more than that a check found nothing.
    public var isTelling: Bool {
        switch (status, reason) {
        case (.drift, _), (.error, _), (_, .cleared), (_, .belowPersistence): true
        default: false
        }
    }
}
