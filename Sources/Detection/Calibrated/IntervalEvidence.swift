import Foundation
import Statistics

/// What one interval shows of one column, from whichever calibration.
struct IntervalEvidence {
    var calibration: DriftCalibration
    /// Per part of the mixture.
    var logEValues: [Double]
    var weights: [Double]
    /// Per alternative, against the reference itself.
    var logRatios: [Double]
    var pValue: Double?
    var plainPValue: Double?
    var value: Double?
    var tolerance: Double
    var changes: [ColumnChange]
    /// Of each alternative, the milder one of its kind.
    var milder: [Int] = []

    static func analytic(_ measured: ColumnEvidence, _ model: ColumnEvidenceModel) -> IntervalEvidence {
        IntervalEvidence(
            calibration: .analytic, logEValues: measured.logEValues, weights: model.weights,
            logRatios: measured.logRatios, pValue: measured.pValue, plainPValue: measured.plainPValue,
            value: measured.divergence, tolerance: model.tolerance, changes: model.changes, milder: model.milder)
    }

    /// ln of the mixture's e-value: the weighted mean of its parts'.
    var logEValue: Double? {
        let parts = zip(logEValues, weights).filter { $0.1 > 0 }.map { $0.0 + log($0.1) }
        guard let largest = parts.max() else { return nil }
        return largest + log(parts.reduce(0) { $0 + exp($1 - largest) })
    }

    /// The next milder alternative is refuted before an alarm is cleared: the one that raised it may overstate the
    /// drift, and would then be refuted while half of the drift is still there.
    func alternativeToRefute(_ part: Int) -> Int? { part < milder.count ? milder[part] : nil }

    /// Why there is no alarm.
    var calmReason: VerdictReason {
        if let value, value > tolerance { return .effectWithoutEvidence }
        if let plainPValue, plainPValue <= 0.001 { return .evidenceWithoutEffect }
        return .noEvidence
    }
}
