import Statistics

extension MonitorRules {
    /// What the window shows of each column, with the rule that asks; in the order of the reference's columns, then
    /// columns that a rule names and the reference lacks.
    ///
    /// - Parameters:
    ///   - left: a segment's own column, which is not judged in it; columns that the reference lacks are then left to the
    ///     whole.
    ///   - minimumSample: another one than for the whole.
    func driftEvidence(
        of window: DriftWindow, reference: ReferenceProfile, leavingOut left: String? = nil,
        minimumSample: Int64? = nil
    ) -> [(rule: DriftRule, evidence: Evidence)] {
        let columns = reference.allColumns
        let summary = window.summary
        precondition(
            summary.map { $0.reference == reference.cellsIdentifier } ?? true,
            "a window is judged against its own reference")
        let events = summary?.events ?? 0
        var found: [(rule: DriftRule, evidence: Evidence)] = []
        for (index, column) in columns.enumerated() where column.name != left {
            let rules = drift.applying(to: column)
            guard !rules.isEmpty else { continue }
            let comparison = summary.map { ColumnComparison(reference: column, window: $0.columns[index]) }
            for rule in rules {
                var evidence = Evidence(subject: rule.subject(column.name), count: events)
                if events == 0 {
                    evidence.absence = .noData
                } else if events < minimumSample ?? minimumDriftSample {
                    evidence.absence = .insufficient
                } else if let comparison {
                    evidence.take(comparison.compute(rule.statistic), needsPValue: rule.maximumPValue != nil)
                }
                found.append((rule, evidence))
            }
        }
        return left == nil ? found + unknownColumns(columns, events: events) : found
    }

    /// A rule about a column that does not exist must not look like one that finds nothing.
    private func unknownColumns(
        _ columns: [ColumnReference], events: Int64
    ) -> [(rule: DriftRule, evidence: Evidence)] {
        let known = Set(columns.map(\.name) + (elsewhere ?? []))
        return drift.flatMap { rule in
            (rule.columns ?? []).filter { !known.contains($0) }.map { name in
                (rule, Evidence(subject: rule.subject(name), count: events, absence: .notComputable))
            }
        }
    }
}

extension [DriftRule] {
    /// At most one rule per statistic and severity: one that names the column before one for all, the last of equals.
    func applying(to column: ColumnReference) -> [DriftRule] {
        var chosen: [DriftRule] = []
        for rule in self where rule.watches(column) {
            let rival = chosen.firstIndex { $0.statistic == rule.statistic && $0.severity == rule.severity }
            guard let rival else {
                chosen.append(rule)
                continue
            }
            if rule.columns != nil || chosen[rival].columns == nil { chosen[rival] = rule }
        }
        return chosen
    }
}

extension DriftRule {
    func subject(_ column: String) -> VerdictSubject { .drift(column: column, statistic: statistic.rawValue) }

    /// A rule for all columns leaves out those its statistic is not defined for; one that names such a column is
    /// answered with an error.
    func watches(_ column: ColumnReference) -> Bool {
        if let columns { return columns.contains(column.name) }
        return statistic.isDefined(for: column.kind) && excluded?.contains(column.name) != true
    }
}

extension Evidence {
    /// - Parameter needsPValue: without one the window could never count, which must be said.
    mutating func take(_ statistic: StatisticValue, needsPValue: Bool) {
        switch statistic.status {
        case .noData: absence = .noData
        case .insufficient: absence = .insufficient
        case .error: absence = .notComputable
        case .ok:
            guard let number = statistic.value, number.isFinite, !needsPValue || statistic.pValue != nil else {
                absence = .notComputable
                return
            }
            value = number
        }
        pValue = statistic.pValue
    }
}
