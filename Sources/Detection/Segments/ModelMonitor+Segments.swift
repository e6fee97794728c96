import Statistics
public import Windowing

/// Drift of the segments of one version: each against the reference's own rows of that segment, by the rules and the
/// calibration that the whole is judged by.
///
/// The false-alarm budget is shared: where segments are judged the whole has one half of it, and the segments share the
/// other evenly. Which segments those are follows from the reference alone, so the shares never change while it is in
/// force.
extension ModelMonitor {
    /// The id of the reference whose segments are watched; `nil` where none are.
    public var segmentReference: String? { segmentWatch?.reference }

    /// Watches the segments of a reference. Where they are watched already the state of those that have not changed is
    /// kept.
    public mutating func watch(_ segments: SegmentDriftWatch) {
        segmentWatch = segmentWatch.map(segments.keepingState) ?? segments
    }

    /// After a restart: lets go of segments that the configuration no longer makes. Those that it makes now and did not
    /// make before need the reference's rows again.
    public mutating func keepSegments(of settings: SegmentSettings) {
        segmentWatch = segmentWatch?.keeping(settings)
    }

    /// The parts of the budget that are the whole's and each segment's.
    func budgetShares(_ reference: ReferenceProfile) -> (whole: Double, segment: Double) {
        guard let watch = segmentWatch, watch.reference == reference.id else { return (1, 0) }
        let judged = watch.judgedCount(rules)
        return judged == 0 ? (1, 0) : (0.5, 0.5 / Double(judged))
    }

    /// Judges every column of every segment that a rule watches, in a sliding window.
    /// - Parameter parts: the window's part of each segment by its name; a missing one is empty.
    mutating func judge(
        segments parts: [String: PaneSummary], of window: DriftWindow, reference: ReferenceProfile
    ) -> [Verdict] {
        guard !rules.drift.isEmpty, segmentReference == reference.id else { return [] }
        var verdicts: [Verdict] = []
        for index in 0..<(segmentWatch?.segments.count ?? 0) {
            segmentWatch?.segments[index].compile(on: reference)
            guard let segment = segmentWatch?.segments[index] else { continue }
            let isJudged = segment.hasReference(minimumSample: rules.minimumSegmentSample)
            var part = window
            part.summary = parts[segment.name]
            let evidence = rules.driftEvidence(
                of: part, reference: isJudged ? segment.profile ?? reference : reference, leavingOut: segment.column,
                minimumSample: isJudged ? rules.minimumSegmentSample : .max)
            for (rule, shown) in evidence {
                let calibration = ThresholdCalibration(
                    limit: rule.limit, maximumPValue: rule.maximumPValue, persistence: rule.persistence)
                verdicts.append(
                    decide(
                        shown, by: calibration, severity: rule.severity, segment: segment.name,
                        states: \.[statesOfSegment: index], from: window.startMicroseconds, to: window.endMicroseconds))
            }
        }
        return verdicts
    }

    /// Shows a closed pane's parts to the segments' calibrated detectors.
    /// - Parameter share: of the budget, for each segment.
    mutating func judge(
        segments parts: [String: PaneSummary], ofPane pane: DriftWindow, reference: ReferenceProfile, share: Double
    ) -> [Verdict] {
        guard segmentReference == reference.id else { return [] }
        return (0..<(segmentWatch?.segments.count ?? 0)).flatMap { index -> [Verdict] in
            segmentWatch?.segments[index].compile(on: reference)
            guard let segment = segmentWatch?.segments[index],
                let settings = segmentWatch?.settings(of: segment, rules: rules)
            else { return [] }
            let name = segment.name
            let isJudged = segment.hasReference(minimumSample: rules.minimumSegmentSample)
            var part = pane
            part.summary = parts[name]
            let found =
                isJudged
                ? judge(segment: index, pane: part, settings: settings, share: share)
                : unjudged(segment: index, pane: part, settings: settings)
            return found.map { verdict in
                var named = verdict
                named.model = model
                named.version = version
                named.reference = reference.id
                named.segment = name
                return named
            }
        }
    }

    private mutating func judge(
        segment index: Int, pane: DriftWindow, settings: DriftDetectorSettings, share: Double
    ) -> [Verdict] {
        guard let profile = segmentWatch?.segments[index].profile else { return [] }
        if segmentWatch?.segments[index].detector == nil {
            segmentWatch?.segments[index].detector = CalibratedDriftDetector(
                model: model, version: version, settings: settings, reference: profile)
        }
        // Working it out for every column of every segment would take longer than all the rest.
        segmentWatch?.segments[index].detector?.statesDetectableEffects = false
        return segmentWatch?.segments[index].detector?.judge(pane: pane, reference: profile, share: share) ?? []
    }

    /// Too few rows in the reference: said of each column whenever as many events have come as are judged together.
    private mutating func unjudged(
        segment index: Int, pane: DriftWindow, settings: DriftDetectorSettings
    ) -> [Verdict] {
        guard
            let found = segmentWatch?.segments[index].unjudged.add(
                pane.summary?.events ?? 0, startMicroseconds: pane.startMicroseconds,
                minimumSample: settings.minimumSample)
        else { return [] }
        return (settings.columns ?? []).map { column in
            Verdict(
                model: model, version: version, reference: "",
                subject: .drift(column: column, statistic: CalibratedDriftDetector.statistic), status: .insufficient,
                reason: .tooFewEvents, severity: settings.severity, value: nil, raiseLevel: 0, clearLevel: 0,
                windowStart: found.startMicroseconds, windowEnd: pane.endMicroseconds, count: found.events)
        }
    }

    fileprivate subscript(statesOfSegment index: Int) -> [String: ThresholdState] {
        get { segmentWatch?.segments[index].states ?? [:] }
        set { segmentWatch?.segments[index].states = newValue }
    }
}
