public import Statistics
import Windowing

/// Watches what turns out to be true: the actual classes or numbers of one model version against those of its reference,
/// by the rules that columns are watched by.
///
/// Outcomes are counted in the pane in which their pair became complete, final when that pane closes; nothing is judged
/// again when later labels come. Labels that come early need not be distributed as those that come late, so the panes of
/// the first `settlingMicroseconds` after the version's first pair, in which only quick labels are in, are left out. From
/// then on each pane holds quick labels of new and slow labels of old predictions.
///
/// Without a reference it learns one from the first panes after that which together hold enough pairs. The numbers of a
/// regression are a sample of each pane (`OutcomeSample`). After a restore, call `adopt(_:)` with the rules of the configuration.
public struct OutcomeMonitor: Codable, Sendable, Equatable {
    /// The classes; empty for a regression.
    public let names: [String]
    public let settlingMicroseconds: Int64
    public private(set) var wantedPairs: Int64
    public private(set) var reference: ReferenceProfile?
    /// The end of the newest pane taken, microseconds since 1970 UTC.
    public private(set) var takenUntilMicroseconds: Int64?
    /// The start of the first pane that is judged, microseconds since 1970 UTC; `nil` while there is none.
    public private(set) var judgedFromMicroseconds: Int64?
    private var settledMicroseconds: Int64?
    private var learning = OutcomeHistory()
    private var rules: MonitorRules
    private var monitor: ModelMonitor

    public init(
        model: String, version: String, task: ModelTask, rules: MonitorRules, wantedPairs: Int64,
        settlingMicroseconds: Int64
    ) {
        names = task.outcomeNames ?? []
        self.wantedPairs = wantedPairs
        self.settlingMicroseconds = settlingMicroseconds
        self.rules = rules
        monitor = ModelMonitor(model: model, version: version, rules: MonitorRules(drift: [], performance: []))
    }

    /// The end of the newest sliding window judged, microseconds since 1970 UTC.
    public var windowsJudgedUntilMicroseconds: Int64? { monitor.driftJudgedUntilMicroseconds }

    /// Puts the rules in force.
    public mutating func adopt(_ rules: MonitorRules) {
        self.rules = rules
        if let column = reference?.columns.first?.name { monitor.adopt(rules.ofOutcomes(named: column)) }
    }

    /// Begins anew, on the same reference if there is one.
    public mutating func restart(rules: MonitorRules) {
        self.rules = rules
        monitor.restart(
            rules: reference?.columns.first.map { rules.ofOutcomes(named: $0.name) }
                ?? MonitorRules(drift: [], performance: []))
        (takenUntilMicroseconds, judgedFromMicroseconds, settledMicroseconds) = (nil, nil, nil)
        learning = OutcomeHistory()
    }

    /// Takes the reference of the version's own training data; one that is there already stays.
    public mutating func learn(_ history: OutcomeHistory, paneMicroseconds: Int64, beside features: [String]) {
        guard reference == nil, history.total > 0 else { return }
        let column = ModelColumn.outcome.name(beside: features)
        let profile = profile(of: history, column: column)
        reference = profile
        learning = OutcomeHistory()
        monitor.adopt(rules.ofOutcomes(named: column))
        guard history.tellsTime else { return }
        monitor.prepare(
            reference: profile,
            chunks: Self.chunks(history, on: profile, paneMicroseconds: paneMicroseconds))
    }

    /// Learns anew how far outcomes depend on each other, where the reference is that of this history and its times are
    /// known now. For after a restart.
    public mutating func relearn(_ history: OutcomeHistory, paneMicroseconds: Int64, beside features: [String]) {
        guard let reference, history.tellsTime, history.total > 0,
            profile(of: history, column: ModelColumn.outcome.name(beside: features)).id == reference.id
        else { return }
        _ = monitor.relearn(
            reference: reference, chunks: Self.chunks(history, on: reference, paneMicroseconds: paneMicroseconds))
    }

    private func profile(of history: OutcomeHistory, column: String) -> ReferenceProfile {
        names.isEmpty
            ? ReferenceProfile(outcomes: history.numbers, column: column)
            : ReferenceProfile(outcomes: history.counts, names: names, column: column)
    }

    private static func chunks(
        _ history: OutcomeHistory, on profile: ReferenceProfile, paneMicroseconds: Int64
    ) -> ReferenceChunks {
        ReferenceChunks(
            paneMicroseconds: paneMicroseconds,
            chunks: history.panes.map {
                .init(startMicroseconds: $0.startMicroseconds, summary: $0.summary(on: profile))
            })
    }

    /// Takes the next closed pane of pairs; one that does not end after the last is ignored.
    ///
    /// - Parameters:
    ///   - pane: a window of one pane.
    ///   - features: the columns of the version's reference.
    ///   - share: of the false-alarm budget.
    /// - Returns: a verdict where the pane completes an evidence interval of calibrated detection.
    public mutating func take(
        pane: PerformanceWindow, beside features: [String], share: Double
    ) -> [Verdict] {
        if let taken = takenUntilMicroseconds, pane.endMicroseconds <= taken { return [] }
        takenUntilMicroseconds = pane.endMicroseconds
        guard let content = pane.outcome, content.total > 0 else { return [] }
        let settled = settledMicroseconds ?? pane.startMicroseconds + settlingMicroseconds
        settledMicroseconds = settled
        guard pane.startMicroseconds >= settled else { return [] }
        guard let reference else {
            learning.panes.append(content)
            if learning.total >= wantedPairs {
                learn(
                    learning, paneMicroseconds: pane.endMicroseconds - pane.startMicroseconds, beside: features)
            }
            return []
        }
        if judgedFromMicroseconds == nil { judgedFromMicroseconds = pane.startMicroseconds }
        let window = DriftWindow(
            startMicroseconds: pane.startMicroseconds, endMicroseconds: pane.endMicroseconds,
            summary: content.summary(on: reference))
        return monitor.judge(pane: window, reference: reference, share: share)
    }

    /// Judges a sliding window by fixed limits; no verdicts before there is a reference.
    /// - Parameter window: of panes from `judgedFromMicroseconds` on.
    public mutating func judge(window: PerformanceWindow) -> [Verdict] {
        guard let reference else { return [] }
        return monitor.judge(
            drift: DriftWindow(
                startMicroseconds: window.startMicroseconds, endMicroseconds: window.endMicroseconds,
                summary: window.outcome?.summary(on: reference)),
            reference: reference)
    }
}

extension PerformanceWindow {
    /// What turned out to be true in it.
    fileprivate var outcome: OutcomeHistory.Pane? {
        if let counts = summary?.outcomeCounts { return .init(startMicroseconds: startMicroseconds, counts: counts) }
        return outcomes.map { .init(startMicroseconds: startMicroseconds, numbers: $0.numbers) }
    }
}

extension OutcomeHistory.Pane {
    /// Counted on a reference of the same kind.
    fileprivate func summary(on reference: ReferenceProfile) -> PaneSummary {
        numbers.map { PaneSummary(outcomes: $0, on: reference) } ?? PaneSummary(outcomes: counts, on: reference)
    }
}

extension MonitorRules {
    /// The drift rules that watch the outcome: those that name it, and those for every column.
    func ofOutcomes(named column: String) -> MonitorRules {
        var rules = self
        rules.performance = []
        rules.elsewhere = nil
        rules.drift = drift.filter { $0.columns?.contains(column) ?? ($0.excluded?.contains(column) != true) }
        for index in rules.drift.indices where rules.drift[index].columns != nil {
            rules.drift[index].columns = [column]
        }
        if calibrated?.watches(named: column) == true {
            rules.calibrated?.columns = nil
            rules.calibrated?.excluded = nil
            rules.calibrated?.elsewhere = nil
        } else {
            rules.calibrated = nil
        }
        return rules
    }
}
