import Statistics

extension MonitorRules {
    /// What the window shows of each metric that a rule asks for, in the rules' order; of two rules on one metric and
    /// severity the last one counts.
    func performanceEvidence(of window: PerformanceWindow) -> [(rule: PerformanceRule, evidence: Evidence)] {
        var chosen: [PerformanceRule] = []
        for rule in performance where !rule.isEstimated {
            if let rival = chosen.firstIndex(where: { $0.metric == rule.metric && $0.severity == rule.severity }) {
                chosen[rival] = rule
            } else {
                chosen.append(rule)
            }
        }
        return chosen.map { ($0, evidence(of: $0.metric, in: window.summary)) }
    }

    private func evidence(of metric: PerformanceMetric, in summary: PerformanceSummary?) -> Evidence {
        var evidence = Evidence(subject: .performance(metric: metric.rawValue), count: 0, absence: .noData)
        guard let summary else { return evidence }
        evidence.count = summary.count
        if summary.count == 0 { return evidence }
        if summary.count < minimumPerformanceSample {
            evidence.absence = .insufficient
            return evidence
        }
        let measured = summary.metric(metric)
        guard let value = measured.value, value.isFinite else {
            // A metric of another task, or a window that cannot define it (ROC AUC with one class or without scores).
            evidence.absence = .notComputable
            return evidence
        }
        // Some metrics see only the pairs with a score.
        evidence.count = measured.count
        evidence.absence = measured.count < minimumPerformanceSample ? .insufficient : nil
        guard evidence.absence == nil else { return evidence }
        evidence.value = value
        if let low = measured.low, let high = measured.high { (evidence.low, evidence.high) = (low, high) }
        if metric == .bias { evidence.fold() }
        return evidence
    }
}

extension Evidence {
    /// The magnitude of a number that is bad on either side of zero.
    fileprivate mutating func fold() {
        value = value?.magnitude
        guard let low, let high else { return }
        self.low = low <= 0 && high >= 0 ? 0 : min(low.magnitude, high.magnitude)
        self.high = max(low.magnitude, high.magnitude)
    }
}
