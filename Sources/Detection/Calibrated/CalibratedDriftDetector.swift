public import Statistics

/// Watches the columns of one model version for drift and keeps a false-alarm budget.
///
/// It is fed each closed pane once, in order of time. Panes are collected to disjoint *evidence intervals* of at least
/// the minimum sample; each interval is measured against the tolerance null (`ColumnEvidenceModel`), its e-values go into
/// one Shiryaev–Roberts e-detector per column, and a column alarms when its evidence reaches the average run length that
/// the budget grants it: panes per period · columns/(alarms · share). So all columns together raise no more false alarms
/// than the budget says, whatever the columns have to do with each other.
///
/// Another reference than before starts everything afresh. Versions of one model share a budget: the caller passes each
/// its share. The encoding holds the whole state; a restored detector goes on exactly as the one that was saved.
public struct CalibratedDriftDetector: Sendable, Equatable {
    public let model: String
    public let version: String
    public private(set) var settings: DriftDetectorSettings
    /// The id of the reference that the evidence speaks about.
    public private(set) var reference: String
    var calibration: DetectorCalibration
    var columns: [ColumnEvidenceState]
    var interval: EvidenceInterval?
    private var lastEnd: Int64?
    /// Follows from all else.
    var compiled: CompiledReference
    /// Whether verdicts say the smallest change that would be found; not part of the state.
    var statesDetectableEffects = true

    /// - Parameters:
    ///   - chunks: the reference's rows in order of time, where that is known. Analytic calibration then allows for
    ///     events that depend on each other; empirical calibration needs them.
    ///   - judgedUntilMicroseconds: panes that end by then are ignored.
    public init(
        model: String, version: String, settings: DriftDetectorSettings, reference: ReferenceProfile,
        chunks: ReferenceChunks? = nil, judgedUntilMicroseconds: Int64? = nil
    ) {
        self.model = model
        self.version = version
        self.settings = settings
        self.reference = reference.id
        lastEnd = judgedUntilMicroseconds
        calibration = DetectorCalibration(settings: settings, reference: reference, chunks: chunks)
        columns = reference.allColumns.map { _ in ColumnEvidenceState() }
        compiled = CompiledReference(reference, settings: settings, calibration: calibration)
    }

    /// The end of the newest pane taken, microseconds since 1970 UTC.
    public var judgedUntilMicroseconds: Int64? { lastEnd }

    /// Whether these settings can be put in force without losing the evidence: those it was measured by are the same.
    public func accepts(_ settings: DriftDetectorSettings) -> Bool {
        settings.calibration == self.settings.calibration && settings.smallest == self.settings.smallest
            && settings.minimumSample == self.settings.minimumSample
            && (settings.calibration != .empirical
                || (settings.columns == self.settings.columns && settings.excluded == self.settings.excluded))
    }

    /// Puts settings in force that `accepts(_:)` says yes to: another budget, other columns, another severity.
    public mutating func adopt(_ settings: DriftDetectorSettings) {
        precondition(accepts(settings), "evidence measured otherwise cannot be kept")
        self.settings = settings
    }

    /// The same calibration with nothing judged and no evidence yet, under settings that `accepts(_:)` says yes to.
    func restarted(with settings: DriftDetectorSettings) -> CalibratedDriftDetector {
        var fresh = self
        fresh.adopt(settings)
        fresh.columns = columns.map { _ in ColumnEvidenceState() }
        fresh.interval = nil
        fresh.lastEnd = nil
        return fresh
    }

    /// Under settings that `accepts(_:)` says no to, no evidence yet. How far the reference's events depend on each other is
    /// known all the same, and its rows, to learn it again from, may be gone; ranks are of one interval and no other.
    /// - Returns: `nil` where nothing can be kept.
    func remeasured(with settings: DriftDetectorSettings) -> CalibratedDriftDetector? {
        guard settings.calibration == .analytic, self.settings.calibration == .analytic else { return nil }
        var fresh = self
        fresh.settings = settings
        fresh.columns = columns.map { _ in ColumnEvidenceState() }
        fresh.interval = nil
        fresh.compiled = CompiledReference()
        return fresh
    }

    /// Takes what another detector of the same reference knows of its rows, where that was learned from other chunks than
    /// this one's. Evidence begins afresh, unless what was learned is the same; panes that were judged stay judged.
    /// - Returns: whether evidence begins afresh.
    mutating func relearn(as fresh: CalibratedDriftDetector) -> Bool {
        guard fresh.reference == reference, let source = fresh.calibration.learnedFrom,
            source != calibration.learnedFrom
        else { return false }
        let isRanked = calibration.empirical != nil || fresh.calibration.empirical != nil
        if !isRanked, fresh.calibration.dispersions == calibration.dispersions {
            calibration.learnedFrom = source
            return false
        }
        let judged = lastEnd
        self = fresh
        lastEnd = judged
        return true
    }

    /// Lets the next reference, even the same, begin everything afresh, with the chunks that are at hand then.
    mutating func forgetReference() {
        reference = ""
        interval = nil
        calibration.forget()
    }

    /// Takes the next closed pane. One that does not end after the last is ignored, so that repeating panes after a
    /// restart changes nothing; a pane without events belongs to no interval.
    ///
    /// - Parameters:
    ///   - pane: a window of one pane.
    ///   - reference: the profile that the pane was counted on.
    ///   - share: of the budget, 0 < share ≤ 1: what versions and segments of the model leave to this detector.
    /// - Returns: one verdict per watched column where the pane completes an interval, else none.
    public mutating func judge(pane: DriftWindow, reference: ReferenceProfile, share: Double = 1) -> [Verdict] {
        if let lastEnd, pane.endMicroseconds <= lastEnd { return [] }
        if reference.id != self.reference {
            let statesDetectableEffects = statesDetectableEffects
            self = CalibratedDriftDetector(model: model, version: version, settings: settings, reference: reference)
            self.statesDetectableEffects = statesDetectableEffects
        } else if compiled.isEmpty {
            compiled = CompiledReference(reference, settings: settings, calibration: calibration)
        }
        lastEnd = pane.endMicroseconds
        let completed = collect(pane)
        guard let completed else { return [] }
        return verdicts(of: completed, reference: reference, share: share)
    }

    /// Adds a pane to the interval under way, and hands out the interval that is complete.
    private mutating func collect(_ pane: DriftWindow) -> EvidenceInterval? {
        let length = pane.endMicroseconds - pane.startMicroseconds
        guard let aligned = calibration.intervalPanes.map({ $0 * length }) else {
            add(pane)
            guard let current = interval, (current.summary?.events ?? 0) >= settings.minimumSample else { return nil }
            interval = nil
            return current
        }
        // A hole in the stream must not join what lies on both sides of it; and where the hole is at the end of a
        // stretch, as every night may be, the next pane is the first to tell that the stretch is over.
        let stretch = pane.startMicroseconds.flooredMultiple(of: aligned)
        let isApart = interval.map { $0.startMicroseconds.flooredMultiple(of: aligned) != stretch } ?? false
        let overdue = isApart ? takeAligned() : nil
        add(pane)
        if let overdue { return overdue }
        // By the stretch of the next pane: panes need not start at multiples of their length.
        return pane.endMicroseconds.flooredMultiple(of: aligned) == stretch ? nil : takeAligned()
    }

    private mutating func add(_ pane: DriftWindow) {
        guard let summary = pane.summary, summary.events > 0 else { return }
        var next = interval ?? EvidenceInterval(startMicroseconds: pane.startMicroseconds, summary: nil)
        next.add(
            summary, endMicroseconds: pane.endMicroseconds,
            paneMicroseconds: pane.endMicroseconds - pane.startMicroseconds)
        interval = next
    }

    /// The interval under way if it holds half of the minimum sample at least: stretches of time differ in their events.
    private mutating func takeAligned() -> EvidenceInterval? {
        defer { interval = nil }
        return (interval?.summary?.events ?? 0) * 2 >= settings.minimumSample ? interval : nil
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.model == right.model && left.version == right.version && left.settings == right.settings
            && left.reference == right.reference && left.calibration == right.calibration
            && left.columns == right.columns && left.interval == right.interval && left.lastEnd == right.lastEnd
    }
}

extension CalibratedDriftDetector: Codable {
    private enum CodingKeys: String, CodingKey {
        case model, version, settings, reference, calibration, columns, interval, lastEnd
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        model = try values.decode(String.self, forKey: .model)
        version = try values.decode(String.self, forKey: .version)
        settings = try values.decode(DriftDetectorSettings.self, forKey: .settings)
        reference = try values.decode(String.self, forKey: .reference)
        calibration = try values.decode(DetectorCalibration.self, forKey: .calibration)
        columns = try values.decode([ColumnEvidenceState].self, forKey: .columns)
        interval = try values.decodeIfPresent(EvidenceInterval.self, forKey: .interval)
        lastEnd = try values.decodeIfPresent(Int64.self, forKey: .lastEnd)
        compiled = CompiledReference()
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(model, forKey: .model)
        try values.encode(version, forKey: .version)
        try values.encode(settings, forKey: .settings)
        try values.encode(reference, forKey: .reference)
        try values.encode(calibration, forKey: .calibration)
        try values.encode(columns, forKey: .columns)
        try values.encodeIfPresent(interval, forKey: .interval)
        try values.encodeIfPresent(lastEnd, forKey: .lastEnd)
    }
}
