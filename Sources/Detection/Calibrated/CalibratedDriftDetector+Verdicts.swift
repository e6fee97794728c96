import Foundation
import Statistics

extension CalibratedDriftDetector {
    /// One verdict per watched column, in the reference's order; then one for each column that the settings name and
    /// the reference lacks.
    mutating func verdicts(of interval: EvidenceInterval, reference: ReferenceProfile, share: Double) -> [Verdict] {
        guard let summary = interval.summary else { return [] }
        precondition(summary.reference == reference.cellsIdentifier, "a pane is judged against its own reference")
        let all = reference.allColumns
        let watched = all.indices.filter { settings.watches(all[$0]) }
        let bound = settings.budget.averageRunLength(
            paneMicroseconds: interval.paneMicroseconds, detectors: max(1, watched.count), share: share)
        var verdicts = watched.map { index in
            let judged = judge(column: index, of: summary.columns[index], in: interval, logBound: log(bound))
            return verdict(all[index].name, judged, interval)
        }
        let known = Set(all.map(\.name) + (settings.elsewhere ?? []))
        for name in settings.columns ?? [] where !known.contains(name) {
            let absent = ColumnJudgement(
                status: .error, reason: .notComputable,
                evidence: VerdictEvidence(calibration: settings.calibration, logBound: log(bound)))
            verdicts.append(verdict(name, absent, interval))
        }
        return verdicts
    }

    private mutating func judge(
        column: Int, of window: ColumnSummary, in interval: EvidenceInterval, logBound: Double
    ) -> ColumnJudgement {
        let model = compiled.models[column]
        let baseline = columns[column].baseline
        let measured = model.measure(window, baseline: baseline)
        guard settings.calibration == .empirical else {
            let judgement = decide(column, .analytic(measured, model), interval, logBound) { compiled in
                compiled.detectable(
                    column: column, samples: Double(window.total), seen: baseline.events, logBound: logBound)
            }
            if !columns[column].isRaised { measured.add(to: &columns[column].baseline) }
            return judgement
        }
        let length = interval.paneMicroseconds * (calibration.intervalPanes ?? 1)
        guard
            let judgement = calibration.empirical?[column]?.judge(
                means: compiled.signals[column].means(window),
                start: interval.startMicroseconds.flooredMultiple(of: length), intervalMicroseconds: length)
        else {
            return uncalibrated(column, measured, logBound)
        }
        let changes = compiled.signals[column].changes[judgement.signal]
        let part = IntervalEvidence(
            calibration: .empirical, logEValues: [EvidenceCalibrator.logEValue(ofPValue: judgement.pValue)],
            weights: [1], logRatios: [], pValue: judgement.pValue, plainPValue: measured.plainPValue,
            value: measured.divergence, tolerance: model.tolerance,
            changes: [judgement.isRise ? changes.rise : changes.fall])
        let empirical = calibration.empirical?[column]
        return decide(column, part, interval, logBound) { compiled in
            empirical?.detectable(compiled.signals[column], logBound: logBound)
        }
    }

    private mutating func decide(
        _ column: Int, _ part: IntervalEvidence, _ interval: EvidenceInterval, _ logBound: Double,
        detectable: (inout CompiledReference) -> DetectableEffect?
    ) -> ColumnJudgement {
        var evidence = VerdictEvidence(calibration: part.calibration, logEValue: part.logEValue, logBound: logBound)
        if statesDetectableEffects { evidence.detectable = detectable(&compiled) }
        var judgement = ColumnJudgement(
            status: .ok, reason: part.calmReason, evidence: evidence, value: part.value, pValue: part.pValue,
            tolerance: part.tolerance)
        if columns[column].isRaised {
            let cause = columns[column].cause
            let isSeen = columns[column].addWhileRaised(
                pValue: part.pValue, logRatios: part.logRatios, clearAfter: settings.clearAfter)
            guard columns[column].isRaised else {
                judgement.reason = .cleared
                return judgement
            }
            judgement.evidence.change = cause
            (judgement.status, judgement.reason) = (.drift, isSeen ? .evidenceAndEffect : .notYetCleared)
            return judgement
        }
        let sum = columns[column].add(
            logEValues: part.logEValues, weights: part.weights, panes: interval.panes, logBound: logBound,
            unnamed: part.changes.lastIndex(of: .unspecified))
        judgement.evidence.logEvidence = sum.logEvidence
        judgement.evidence.change = part.changes[sum.strongest]
        if sum.logEvidence >= logBound {
            columns[column].raise(
                cause: part.changes[sum.strongest], alternative: part.alternativeToRefute(sum.strongest))
            (judgement.status, judgement.reason) = (.drift, .evidenceAndEffect)
        } else if part.pValue == nil, part.logEValues.allSatisfy({ $0 == 0 }) {
            (judgement.status, judgement.reason) = (.insufficient, .tooFewEvents)
        }
        return judgement
    }

    /// Without a calibration the classic limits of the PSI, which for small changes is the divergence, are all there is.
    private static let uncalibratedLimit = Limit.above(raise: 0.2, clear: 0.1)

    private mutating func uncalibrated(
        _ column: Int, _ measured: ColumnEvidence, _ logBound: Double
    ) -> ColumnJudgement {
        let evidence = VerdictEvidence(calibration: .threshold, logBound: logBound)
        guard let value = measured.divergence else {
            return ColumnJudgement(status: .insufficient, reason: .tooFewEvents, evidence: evidence)
        }
        let limit = Self.uncalibratedLimit
        columns[column].judge(uncalibrated: value, by: limit, clearAfter: settings.clearAfter)
        return ColumnJudgement(
            status: columns[column].isRaised ? .drift : .ok, reason: .uncalibrated, evidence: evidence, value: value,
            pValue: measured.plainPValue, tolerance: limit.raise, clear: limit.clear)
    }

    private func verdict(_ column: String, _ judged: ColumnJudgement, _ interval: EvidenceInterval) -> Verdict {
        var verdict = Verdict(
            model: model, version: version, reference: reference,
            subject: .drift(column: column, statistic: CalibratedDriftDetector.statistic), status: judged.status,
            reason: judged.reason, severity: settings.severity, value: judged.value, pValue: judged.pValue,
            raiseLevel: judged.tolerance, clearLevel: judged.clear ?? judged.tolerance,
            windowStart: interval.startMicroseconds, windowEnd: interval.endMicroseconds,
            count: interval.summary?.events ?? 0)
        verdict.evidence = judged.evidence
        return verdict
    }

    /// The value of a calibrated verdict: Σ(p − q)²/q over the cells less what chance gives, about the PSI.
    public static let statistic = "divergence"
}

/// A verdict's own part.
private struct ColumnJudgement {
    var status: VerdictStatus
    var reason: VerdictReason
    var evidence: VerdictEvidence
    var value: Double?
    var pValue: Double?
    var tolerance = 0.0
    var clear: Double?
}
