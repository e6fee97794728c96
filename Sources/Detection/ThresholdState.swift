/// The memory of one threshold: whether it is raised, and the last M judged windows.
///
/// Raised when N of the last M judged windows, the present one among them, count; once raised it stays until the value
/// is on the good side of the clear level. Windows without a number are not shown to it.
public struct ThresholdState: Codable, Equatable, Sendable {
    public private(set) var isRaised = false
    /// Whether each of the last windows counted, oldest first; at most M.
    private var recent: [Bool] = []

    public init() {}

    /// Judges the next window and remembers it.
    ///
    /// - Parameters:
    ///   - value: the statistic or metric of the window; finite.
    ///   - pValue: its p-value, where the statistic has one.
    ///   - interval: its 95 % interval, where it has one.
    mutating func judge(
        value: Double, pValue: Double?, interval: ClosedRange<Double>? = nil, by calibration: ThresholdCalibration
    ) -> (status: VerdictStatus, reason: VerdictReason) {
        let effect = calibration.hasEffect(value)
        let evidence = calibration.hasEvidence(pValue, interval: interval)
        remember(effect && evidence, of: calibration.persistence.of)
        if isRaised {
            return whileRaised(counts: effect && evidence, isCleared: calibration.limit.isCleared(by: value))
        }
        guard effect && evidence else {
            if effect { return (.ok, .effectWithoutEvidence) }
            // Without a p-value rule there is no evidence apart from the effect.
            return (.ok, evidence && calibration.maximumPValue != nil ? .evidenceWithoutEffect : .noEvidence)
        }
        guard recent.count(where: { $0 }) >= calibration.persistence.required else { return (.ok, .belowPersistence) }
        isRaised = true
        return (.drift, .evidenceAndEffect)
    }

    private mutating func whileRaised(
        counts: Bool, isCleared: Bool
    ) -> (status: VerdictStatus, reason: VerdictReason) {
        if counts { return (.drift, .evidenceAndEffect) }
        guard isCleared else { return (.drift, .notYetCleared) }
        isRaised = false
        // The windows of the past episode must not help to raise the next one.
        recent.removeAll()
        return (.ok, .cleared)
    }

    private mutating func remember(_ counts: Bool, of size: Int) {
        recent.append(counts)
        // More than one too many when the configuration has made M smaller since.
        if recent.count > size { recent.removeFirst(recent.count - size) }
    }
}
