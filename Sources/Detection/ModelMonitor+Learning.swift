public import Statistics

extension ModelMonitor {
    /// What is said of drift while the reference is still being learned: one `learning` verdict per column and
    /// statistic that a rule or calibrated detection watches. Nothing is remembered.
    ///
    /// - Parameters:
    ///   - columns: the columns seen so far, with their kinds.
    ///   - count: events collected for the reference so far.
    public func learningVerdicts(
        columns: [(name: String, kind: ColumnKind)], startMicroseconds: Int64, endMicroseconds: Int64, count: Int64
    ) -> [Verdict] {
        var seen: Set<VerdictSubject> = []
        func verdict(_ subject: VerdictSubject, _ severity: Severity, raise: Double, clear: Double) -> Verdict? {
            guard seen.insert(subject).inserted else { return nil }
            return Verdict(
                model: model, version: version, reference: "", subject: subject, status: .learning,
                reason: .learningReference, severity: severity, value: nil, raiseLevel: raise, clearLevel: clear,
                windowStart: startMicroseconds, windowEnd: endMicroseconds, count: count)
        }
        return columns.flatMap { column in
            let byRules = rules.drift.filter { rule in
                rule.columns?.contains(column.name)
                    ?? (rule.statistic.isDefined(for: column.kind) && rule.excluded?.contains(column.name) != true)
            }.compactMap { verdict($0.subject(column.name), $0.severity, raise: $0.raise, clear: $0.clear) }
            guard let settings = rules.calibrated, settings.calibration != .threshold,
                settings.watches(named: column.name)
            else { return byRules }
            let subject = VerdictSubject.drift(column: column.name, statistic: CalibratedDriftDetector.statistic)
            return byRules + [verdict(subject, settings.severity, raise: 0, clear: 0)].compactMap(\.self)
        }
    }
}
