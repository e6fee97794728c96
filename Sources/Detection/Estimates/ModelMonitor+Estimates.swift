import Statistics

extension ModelMonitor {
    /// Judges a window's estimates by the rules that watch them, as `judge(performance:segments:)` does with what labels
    /// say; apart from it, so that an alert may fire before any label is in.
    public mutating func judge(
        estimates: [EstimatedMetric], count: Int64, startMicroseconds: Int64, endMicroseconds: Int64
    ) -> [Verdict] {
        if let last = estimatesJudgedUntil, endMicroseconds <= last { return [] }
        estimatesJudgedUntil = endMicroseconds
        let verdicts = rules.estimateEvidence(estimates, count: count).map { rule, evidence in
            let calibration = ThresholdCalibration(
                limit: rule.limit, persistence: rule.persistence, asksForInterval: rule.evidence == .interval)
            return decide(
                evidence, by: calibration, severity: rule.severity, states: \.performanceStates,
                from: startMicroseconds, to: endMicroseconds)
        }
        return mostTelling(verdicts)
    }
}

extension MonitorRules {
    fileprivate func estimateEvidence(
        _ estimates: [EstimatedMetric], count: Int64
    ) -> [(rule: PerformanceRule, evidence: Evidence)] {
        performance.filter(\.isEstimated).map { rule in
            var evidence = Evidence(
                subject: .estimate(metric: rule.metric.rawValue), count: count, absence: .notComputable)
            guard count >= minimumPerformanceSample else {
                evidence.absence = count == 0 ? .noData : .insufficient
                return (rule, evidence)
            }
            guard let found = estimates.first(where: { $0.metric == rule.metric }), let value = found.estimated else {
                return (rule, evidence)
            }
            evidence.absence = nil
            evidence.value = value
            if let low = found.low, let high = found.high { (evidence.low, evidence.high) = (low, high) }
            return (rule, evidence)
        }
    }
}
