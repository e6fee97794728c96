import Foundation
import Statistics

/// What a column's watch remembers from interval to interval.
struct ColumnEvidenceState: Codable, Sendable, Equatable {
    /// One detector per part of the evidence mixture; empty before the first interval and while raised.
    private(set) var detectors: [ShiryaevRoberts] = []
    /// What intervals without an alarm have added up to; outlives alarms.
    var baseline = ColumnBaseline()
    private(set) var isRaised = false
    /// What raised it.
    private(set) var cause: ColumnChange?
    /// The alternative whose likelihood ratio has to be taken back; `nil` where none raised the alarm.
    private var alternative: Int?
    /// A cumulative sum: how far the likelihood speaks for the reference, against that alternative, since the alarm.
    private var takenBack = 0.0
    /// Unremarkable intervals in a row.
    private var quietIntervals = 0
    /// Without a calibration: whether each of the last intervals was beyond the limit; absent in older checkpoints.
    private var recentlyBeyond: [Bool]?

    /// An interval whose p-value is at most this is not unremarkable.
    static let remarkable = 0.1
    /// ln 100: so much more likely under the reference than under the alternative.
    static let convincing = 4.605
    /// How many of the last intervals must be beyond a fixed limit, where there is no calibration: one alone is chance too
    /// often.
    static let persistence = Persistence(required: 2, of: 3)

    /// Adds an interval's evidence.
    /// - Parameters:
    ///   - panes: how many panes it took.
    ///   - logBound: of an alarm.
    ///   - unnamed: the part that cannot say what has changed, if there is one.
    /// - Returns: ln M of the mixture, and the part that explains it best: the one that weighs most, but one that names a
    ///   change where that alone reaches the bound.
    mutating func add(
        logEValues: [Double], weights: [Double], panes: Int, logBound: Double, unnamed: Int? = nil
    ) -> (logEvidence: Double, strongest: Int) {
        if detectors.count != logEValues.count {
            detectors = Array(repeating: ShiryaevRoberts(), count: logEValues.count)
        }
        var strongest = (part: 0, value: -Double.infinity)
        var named = strongest
        var parts: [Double] = []
        for index in logEValues.indices {
            detectors[index].add(logEValue: logEValues[index], weight: Double(max(1, panes)))
            guard weights[index] > 0, let value = detectors[index].logValue else { continue }
            parts.append(value + log(weights[index]))
            let part = (part: index, value: parts[parts.count - 1])
            if part.value > strongest.value { strongest = part }
            if index != unnamed, part.value > named.value { named = part }
        }
        guard strongest.value.isFinite else { return (0, 0) }
        let sum = parts.reduce(0) { $0 + exp($1 - strongest.value) }
        return (strongest.value + log(sum), named.value >= logBound ? named.part : strongest.part)
    }

    /// The bound was reached: evidence ends here, and what follows is to take the alarm back.
    mutating func raise(cause: ColumnChange, alternative: Int?) {
        isRaised = true
        self.cause = cause
        self.alternative = alternative
        takenBack = 0
        quietIntervals = 0
        detectors = []
    }

    /// An interval while raised. Cleared after `clearAfter` unremarkable intervals in a row if the likelihood ratio, too,
    /// has come back: a weak drift has unremarkable intervals all the time. Evidence then starts afresh.
    /// - Returns: whether the interval shows the drift still.
    mutating func addWhileRaised(pValue: Double?, logRatios: [Double], clearAfter: Int) -> Bool {
        let isRemarkable = pValue.map { $0 <= Self.remarkable } ?? false
        quietIntervals = isRemarkable ? 0 : quietIntervals + 1
        var isTakenBack = true
        if let alternative, alternative < logRatios.count {
            takenBack = max(0, takenBack - logRatios[alternative])
            isTakenBack = takenBack >= Self.convincing
        }
        if quietIntervals >= clearAfter, isTakenBack { clear() }
        return isRemarkable
    }

    private mutating func clear() {
        let known = baseline
        self = ColumnEvidenceState()
        baseline = known
    }

    /// Judges by fixed levels, where there is no calibration: raised when ``persistence`` of the last intervals are beyond
    /// the limit, the present one among them; cleared after `clearAfter` in a row at the clear level or on its good side.
    mutating func judge(uncalibrated value: Double, by limit: Limit, clearAfter: Int) {
        if isRaised {
            quietIntervals = limit.isCleared(by: value) ? quietIntervals + 1 : 0
            // The intervals of the past episode must not help to raise the next one.
            if quietIntervals >= clearAfter { clear() }
            return
        }
        let isBeyond = limit.isExceeded(by: value)
        let recent = ((recentlyBeyond ?? []) + [isBeyond]).suffix(Self.persistence.of)
        recentlyBeyond = Array(recent)
        guard isBeyond, recent.count(where: { $0 }) >= Self.persistence.required else { return }
        raise(cause: .unspecified, alternative: nil)
        recentlyBeyond = nil
    }
}
