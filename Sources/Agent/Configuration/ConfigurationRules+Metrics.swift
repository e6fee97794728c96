import Detection
import Retraining
import Statistics

extension ConfigurationRules {
    static let performanceLevelsAreOrdered: ConfigurationRule = { rule in
        let below = rule.number("raise_below")
        let above = rule.number("raise_above")
        guard let metric = rule.text("metric").flatMap(PerformanceMetric.init(rawValue:)) else { return [] }
        let wanted = metric.higherIsBetter ? "raise_below" : "raise_above"
        let other = metric.higherIsBetter ? "raise_above" : "raise_below"
        guard rule.mentions(wanted) || rule.mentions(other) else {
            return [rule.problem("has no raise level; expected \(wanted), a number", suggestion: wanted)]
        }
        if rule.has(other) {
            let better = metric.higherIsBetter ? "more" : "less"
            return [
                rule.problem(
                    at: other, "does not fit \(metric.rawValue), where \(better) is better", suggestion: wanted)
            ]
        }
        guard let raise = metric.higherIsBetter ? below : above else { return [] }
        var problems = outOfRange(metric, raise, rule.problem(at: wanted, ""))
        if let clear = rule.number("clear"), metric.higherIsBetter ? clear < raise : clear > raise {
            let side = metric.higherIsBetter ? "above" : "below"
            problems.append(
                rule.problem(
                    at: "clear",
                    "is \(clear), on the wrong side of the raise level \(raise); it must be at or \(side) it",
                    suggestion: "\(raise)"))
        }
        return problems
    }

    static let triggerIsInRange: ConfigurationRule = { table in
        guard let metric = table.text("metric").flatMap(PerformanceMetric.init(rawValue:)),
            let value = table.number("value")
        else { return [] }
        return outOfRange(metric, value, table.problem(at: "value", ""))
    }

    static let taskHasItsLabels: ConfigurationRule = { model in
        guard let task = model.text("task") else { return [] }
        var problems: [ConfigurationProblem] = []
        for (key, owner) in [("positive", "binary"), ("classes", "multiclass")] {
            if task == owner, !model.mentions(key) {
                problems.append(
                    model.problem("has the task \(task), which needs the key \(key)", suggestion: example(of: key)))
            } else if task != owner, model.has(key) {
                problems.append(
                    model.problem(at: key, "belongs to the task \(owner); this one is \(task)"))
            }
        }
        if let classes = model.texts("classes"), Set(classes).count < classes.count {
            problems.append(model.problem(at: "classes", "names a class twice"))
        }
        return problems
    }

    static let metricsFitTheTask: ConfigurationRule = { model in
        guard let task = ModelConfiguration.task(of: model) else { return [] }
        let retraining = model.table("retraining")
        let rules = model.table("performance")?.tables("rules") ?? []
        let users = [retraining].compactMap { $0 } + rules
        let defined = PerformanceMetric.allCases.filter { $0.applies(to: task) }
        let reason = "is not defined for the task \(model.text("task") ?? "")"
        var problems = users.compactMap { metricProblem($0, allowed: defined, reason: reason) }
        // Promoted version and predecessor are compared row by row; other metrics are no average over rows.
        if let rollback = model.table("rollback") {
            let allowed = defined.filter(ShadowSettings.comparable.contains)
            let problem = metricProblem(rollback, allowed: allowed, reason: "cannot be compared row by row")
            problems += problem.map { [$0] } ?? []
        }
        if let trigger = retraining?.table("performance_below") {
            let allowed = defined.filter(\.higherIsBetter)
            let problem = metricProblem(trigger, allowed: allowed, reason: reason + ", or less of it is better")
            problems += problem.map { [$0] } ?? []
        }
        return problems
    }

    /// The policy acts on what the rules of `performance` have measured.
    static let triggersAreWatched: ConfigurationRule = { model in
        guard let trigger = model.table("retraining")?.table("performance_below"),
            let metric = trigger.text("metric").flatMap(PerformanceMetric.init(rawValue:)), metric.higherIsBetter,
            let value = trigger.number("value"), outOfRange(metric, value, trigger.problem(at: "value", "")).isEmpty
        else { return [] }
        let rules = model.table("performance")?.tables("rules") ?? []
        let isMeasured = rules.contains {
            $0.text("metric") == metric.rawValue && $0.boolean("estimated") != true
        }
        guard !isMeasured else { return [] }
        return [
            trigger.problem(
                at: "metric", "is \(metric.rawValue), which no rule under `performance` measures; add one for it",
                suggestion: "rules: [{metric: \(metric.rawValue), raise_below: \(value)}]")
        ]
    }

    /// A rule about an estimate needs the estimate, and a metric that can be estimated.
    static let estimatesArePossible: ConfigurationRule = { model in
        guard let performance = model.table("performance"), let task = ModelConfiguration.task(of: model) else {
            return []
        }
        let possible = EstimatorSettings.metrics(for: task)
        let isOn = performance.boolean("estimate") == true
        return performance.tables("rules").compactMap { rule -> ConfigurationProblem? in
            guard rule.boolean("estimated") == true else { return nil }
            guard isOn else {
                return rule.problem(
                    at: "estimated", "watches an estimate, and performance.estimate is off",
                    suggestion: "performance.estimate: true")
            }
            return metricProblem(rule, allowed: possible, reason: "cannot be estimated without labels")
        }
    }

    private static func metricProblem(
        _ table: CheckedTable, allowed: [PerformanceMetric], reason: String
    ) -> ConfigurationProblem? {
        guard let metric = table.text("metric").flatMap(PerformanceMetric.init(rawValue:)), !allowed.contains(metric)
        else { return nil }
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return table.problem(at: "metric", "is \(metric.rawValue), which \(reason); expected one of \(names)")
    }

    private static func example(of key: String) -> String {
        key == "positive" ? "positive: \"1\"" : "classes: [a, b, c]"
    }

    /// Levels of metrics that lie within [0, 1].
    private static func outOfRange(
        _ metric: PerformanceMetric, _ level: Double, _ place: ConfigurationProblem
    ) -> [ConfigurationProblem] {
        guard metric.isShare, !(0...1).contains(level) else { return [] }
        var problem = place
        problem.message = "is \(level); \(metric.rawValue) lies between 0 and 1"
        problem.suggestion = level > 1 && level <= 100 ? "\(level / 100)" : nil
        return [problem]
    }
}
