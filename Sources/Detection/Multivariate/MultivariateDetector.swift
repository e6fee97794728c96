import Foundation
public import Statistics
import Windowing

/// Watches the rows of one model version as wholes, within its part of the false-alarm budget.
///
/// As `CalibratedDriftDetector` for columns: each closed pane once, in order of time; panes are collected to disjoint
/// evidence intervals of at least the minimum sample; of each a sample of rows is held against the reference's rows by every
/// statistic asked for; the p-value of the tolerance null (`MultivariateResult.tolerancePValue`) becomes an e-value, and each
/// statistic has a Shiryaev–Roberts e-detector of its own, with its share of `MultivariateSettings.budgetShare` of the budget.
///
/// Another reference than before starts everything afresh, without rows until `prepare(reference:rows:)` brings them. The
/// encoding holds the whole state.
public struct MultivariateDetector: Sendable {
    public let model: String
    public let version: String
    public private(set) var settings: MultivariateSettings
    /// The id of the reference that the evidence speaks about, and what there is of its rows.
    public private(set) var reference: String?
    private var rows: MultivariateRows?
    private var states: [String: ColumnEvidenceState] = [:]
    private var interval: RowInterval?
    private var lastEnd: Int64?
    /// Follows from the rows.
    private var compiled: MultivariateReference?

    /// Fixes the frequencies of the kernel and the folds.
    public static let seed: UInt64 = 0x7469_6465

    public init(model: String, version: String, settings: MultivariateSettings) {
        self.model = model
        self.version = version
        self.settings = settings
    }

    /// The end of the newest pane taken, microseconds since 1970 UTC.
    public var judgedUntilMicroseconds: Int64? { lastEnd }

    /// Whether windows can be held against the reference's rows.
    public func isPrepared(for reference: String) -> Bool { self.reference == reference && rows != nil }

    /// Brings the rows of a reference, at most `MultivariateSettings.referenceRows` of which are kept, evenly spaced.
    /// Nothing happens where the reference is the one that the evidence speaks about already, and its rows are here.
    ///
    /// - Parameter rows: in order of time where it is known.
    public mutating func prepare(reference: String, rows: MultivariateRows) {
        guard !isPrepared(for: reference) else { return }
        begin(reference)
        self.rows = rows.thinned(limit: MultivariateSettings.referenceRows)
    }

    /// Puts settings in force. Statistics that are asked for still keep their evidence.
    public mutating func adopt(_ settings: MultivariateSettings) {
        self.settings = settings
        let known = Set(settings.statistics.map(\.rawValue))
        states = states.filter { known.contains($0.key) }
    }

    /// Nothing judged and no evidence yet; the reference's rows stay.
    public mutating func restart() {
        states = [:]
        interval = nil
        lastEnd = nil
    }

    private mutating func begin(_ reference: String) {
        self.reference = reference
        rows = nil
        compiled = nil
        states = [:]
        interval = nil
    }

    /// Takes the next closed pane. One that does not end after the last is ignored; one without events belongs to no
    /// interval.
    ///
    /// - Parameters:
    ///   - reference: the id of the reference that the pane was counted on.
    ///   - share: of the model's budget, 0 < share ≤ 1, of which whole rows spend their part.
    /// - Returns: one verdict per statistic where the pane completes an interval, else none.
    public mutating func judge(
        pane: RowPane, reference: String, share: Double = 1, classification: MultivariateReference.Classification
    ) -> [Verdict] {
        if let lastEnd, pane.endMicroseconds <= lastEnd { return [] }
        lastEnd = pane.endMicroseconds
        if self.reference != reference { begin(reference) }
        guard let rows = pane.rows, pane.events > 0 else { return [] }
        let own = RowInterval(pane, rows: rows)
        if interval == nil { interval = own } else { interval?.add(own) }
        guard let completed = interval, completed.events >= settings.minimumSample else { return [] }
        interval = nil
        return verdicts(of: completed, share: share, classification: classification)
    }

    private mutating func verdicts(
        of interval: RowInterval, share: Double, classification: MultivariateReference.Classification
    ) -> [Verdict] {
        if compiled == nil { compiled = rows.map { MultivariateReference($0, seed: Self.seed) } }
        let bound = settings.budget.averageRunLength(
            paneMicroseconds: interval.paneMicroseconds, detectors: settings.statistics.count,
            share: share * MultivariateSettings.budgetShare)
        let window = interval.rows.features
        return settings.statistics.map { statistic in
            let result =
                compiled?.compare(window, by: statistic, classification: classification)
                ?? MultivariateResult(statistic, status: .noData, method: "the reference's rows are not at hand")
            return verdict(result, of: interval, logBound: log(bound))
        }
    }

    private mutating func verdict(_ result: MultivariateResult, of interval: RowInterval, logBound: Double) -> Verdict {
        var evidence = VerdictEvidence(calibration: .analytic, logBound: logBound)
        let judgement = judge(result, interval, &evidence)
        let level = result.statistic == .domainClassifier ? 0.5 : 0
        var verdict = Verdict(
            model: model, version: version, reference: reference ?? "",
            subject: .multivariate(statistic: result.statistic.rawValue), status: judgement.status,
            reason: judgement.reason, severity: settings.severity, value: result.value,
            pValue: result.tolerancePValue, low: result.low, high: result.high, raiseLevel: level, clearLevel: level,
            windowStart: interval.startMicroseconds, windowEnd: interval.endMicroseconds, count: interval.events)
        verdict.evidence = evidence
        return verdict
    }

    private mutating func judge(
        _ result: MultivariateResult, _ interval: RowInterval, _ evidence: inout VerdictEvidence
    ) -> (status: VerdictStatus, reason: VerdictReason) {
        guard let pValue = result.tolerancePValue else {
            switch result.status {
            case .insufficient: return (.insufficient, .tooFewEvents)
            default: return (.error, .notComputable)
            }
        }
        var state = states[result.statistic.rawValue] ?? ColumnEvidenceState()
        defer { states[result.statistic.rawValue] = state }
        evidence.logEValue = EvidenceCalibrator.logEValue(ofPValue: pValue)
        let carriers = result.columns.prefix(3).map(\.column)
        if state.isRaised {
            let isSeen = state.addWhileRaised(pValue: pValue, logRatios: [], clearAfter: settings.clearAfter)
            guard state.isRaised else { return (.ok, .cleared) }
            if carriers.isEmpty { evidence.change = .unspecified } else { evidence.carriers = carriers }
            return (.drift, isSeen ? .evidenceAndEffect : .notYetCleared)
        }
        let sum = state.add(
            logEValues: [evidence.logEValue ?? 0], weights: [1], panes: interval.panes, logBound: evidence.logBound)
        evidence.logEvidence = sum.logEvidence
        if sum.logEvidence >= evidence.logBound {
            state.raise(cause: .unspecified, alternative: nil)
            if carriers.isEmpty { evidence.change = .unspecified } else { evidence.carriers = carriers }
            return (.drift, .evidenceAndEffect)
        }
        let isEvidentAlone = result.pValue.map { $0 <= 0.001 } ?? false
        return (.ok, isEvidentAlone && pValue > ColumnEvidenceState.remarkable ? .evidenceWithoutEffect : .noEvidence)
    }
}

extension MultivariateDetector: Codable, Equatable {
    private enum CodingKeys: String, CodingKey {
        case model, version, settings, reference, rows, states, interval, lastEnd
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.model == right.model && left.version == right.version && left.settings == right.settings
            && left.reference == right.reference && left.rows == right.rows && left.states == right.states
            && left.interval == right.interval && left.lastEnd == right.lastEnd
    }
}
