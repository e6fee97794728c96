public import Statistics

extension ModelMonitor {
    /// The end of the newest pane judged by calibrated detection, microseconds since 1970 UTC.
    public var paneJudgedUntilMicroseconds: Int64? { detector?.judgedUntilMicroseconds }

    /// Shows a closed pane to calibrated drift detection (`CalibratedDriftDetector`), each pane once and in order; apart
    /// from `judge(drift:reference:)`, which judges sliding windows by fixed limits.
    ///
    /// - Parameters:
    ///   - pane: a window of one pane.
    ///   - chunks: the reference's own rows in order of time, if known; looked at when the reference is new.
    ///   - segments: the pane's parts by the segments' names; what is missing is empty. The segments that are watched
    ///     (`watch(_:)`) have their share of the budget (`ModelMonitor+Segments.swift`).
    ///   - share: the part of the budget left to this version, 0 < share ≤ 1. While two versions of a model are watched
    ///     each gets a half, say: the budget is the model's.
    /// - Returns: one verdict per watched column where the pane completes an evidence interval, of the whole and then of
    ///   each segment; none without `MonitorRules.calibrated`, or with its calibration `threshold`.
    public mutating func judge(
        pane: DriftWindow, reference: ReferenceProfile, chunks: ReferenceChunks? = nil, share: Double = 1,
        segments: [String: PaneSummary] = [:]
    ) -> [Verdict] {
        prepare(reference: reference, chunks: chunks)
        if let judged = detector?.judgedUntilMicroseconds, pane.endMicroseconds <= judged { return [] }
        let shares = budgetShares(reference)
        let whole = detector?.judge(pane: pane, reference: reference, share: share * shares.whole) ?? []
        return whole
            + judge(segments: segments, ofPane: pane, reference: reference, share: share * shares.segment)
    }

    /// Learns from a reference's chunks while they are at hand; without it the first pane begins without them. Nothing
    /// happens where the reference is the one that the evidence speaks about already.
    public mutating func prepare(reference: ReferenceProfile, chunks: ReferenceChunks?) {
        guard let settings = rules.calibrated, settings.calibration != .threshold, detector?.reference != reference.id
        else { return }
        // Panes that were judged on another reference must not be judged again.
        let judged = detector?.judgedUntilMicroseconds
        detector = CalibratedDriftDetector(
            model: model, version: version, settings: settings, reference: reference, chunks: chunks,
            judgedUntilMicroseconds: judged)
    }

    /// Learns anew from the rows of the reference that the evidence speaks about, where they are at hand and say more or
    /// something else than those of before: the table's times are known now, say. For after a restart.
    /// - Returns: whether evidence begins afresh.
    public mutating func relearn(reference: ReferenceProfile, chunks: ReferenceChunks) -> Bool {
        guard let settings = rules.calibrated, settings.calibration != .threshold, detector?.reference == reference.id
        else { return false }
        let fresh = CalibratedDriftDetector(
            model: model, version: version, settings: settings, reference: reference, chunks: chunks)
        return detector?.relearn(as: fresh) ?? false
    }

    /// Whether what was learned from the reference's rows (dependence, seasons, ranks) was given up, because the settings or
    /// the panes are others: it has to be learned again, from rows that may be gone.
    public var hasForgottenReference: Bool { detector?.reference == "" }

    /// Begins anew, with nothing judged and no evidence. What was learned from the reference's own rows stays: they may be
    /// gone by now, and others in their place would say something of another time.
    public mutating func restart(rules: MonitorRules) {
        let known = detector
        let segments = segmentWatch
        self = ModelMonitor(model: model, version: version, rules: rules)
        segmentWatch = segments
        segmentWatch?.restart(rules: rules)
        guard let known, let settings = rules.calibrated, known.accepts(settings) else { return }
        detector = known.restarted(with: settings)
    }

    /// Panes are of another length from now on: the evidence of those before does not speak of them, and neither do ranks
    /// among the reference's own. How far events depend on each other is known all the same. Panes that were judged stay
    /// judged.
    public mutating func forgetPanes() {
        segmentWatch?.forgetPanes()
        guard let current = detector else { return }
        if let kept = current.remeasured(with: current.settings) {
            detector = kept
        } else {
            detector?.forgetReference()
        }
    }

    /// Evidence that was measured by other settings is dropped; how far the reference's events depend on each other is not.
    mutating func adoptCalibrated(_ settings: DriftDetectorSettings?) {
        guard let settings, let current = detector else {
            detector = nil
            return
        }
        if current.accepts(settings) {
            detector?.adopt(settings)
        } else if let kept = current.remeasured(with: settings) {
            detector = kept
        } else if settings.calibration == .threshold {
            detector = nil
        } else {
            // Panes that were judged stay judged.
            detector?.forgetReference()
        }
    }
}
