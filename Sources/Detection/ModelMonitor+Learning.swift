public import Statistics

extension ModelMonitor {
    /// What is said of drift while the reference is still being learned: one `learning` verdict per column and
    /// statistic that a rule watches. Nothing is remembered.
    ///
    /// - Parameters:
    ///   - columns: the columns seen so far, with their kinds.
    ///   - count: events collected for the reference so far.
    public func learningVerdicts(
        columns: [(name: String, kind: ColumnKind)], startMicroseconds: Int64, endMicroseconds: Int64, count: Int64
    ) -> [Verdict] {
        var seen: Set<VerdictSubject> = []
        return columns.flatMap { column in
            rules.drift.filter { rule in
                rule.columns?.contains(column.name)
                    ?? (rule.statistic.isDefined(for: column.kind) && rule.excluded?.contains(column.name) != true)
            }.compactMap { rule in
                let subject = rule.subject(column.name)
                guard seen.insert(subject).inserted else { return nil }
                return Verdict(
                    model: model, version: version, reference: "", subject: subject, status: .learning,
                    reason: .learningReference, severity: rule.severity, value: nil, raiseLevel: rule.raise,
                    clearLevel: rule.clear, windowStart: startMicroseconds, windowEnd: endMicroseconds, count: count)
            }
        }
    }
}
