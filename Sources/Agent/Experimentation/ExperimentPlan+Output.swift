import Foundation

extension ExperimentPlan {
    /// `{"arms": [{"variant", "n"}], "total", "effect", "power", "minimum_effect", …}`.
    func json() throws -> String {
        try ExperimentJSON.object([
            "metric_kind": .text(metricKind), "baseline": .number(baseline), "effect": .number(effect),
            "sd": .number(deviation), "alpha": .number(overallAlpha), "alpha_per_comparison": .number(alpha),
            "power": .number(power), "total": .count(total), "minimum_effect": .number(minimumEffect),
            "minimum_effect_power": .number(askedPower),
            "arms": .list(arms.map { .object(["variant": .text($0.name), "n": .count($0.size)]) }),
        ]).rendered()
    }

    func text() -> String {
        var table = TextTable(header: ["variant", "observations"])
        for arm in arms { table.add([ComparisonFormat.printable(arm.name), "\(arm.size)"]) }
        table.add(["total", "\(total)"])
        var lines = table.lines + [""]
        let unit =
            metricKind == "mean"
            ? "mean \(number(baseline)), sd \(number(deviation))" : "proportion \(number(baseline))"
        if let effect {
            lines.append(
                "\(unit), effect \(number(effect)) (\(String(format: "%+.1f%%", effect / baseline * 100))): found with "
                    + "probability \(number(power)) at α = \(number(overallAlpha))")
        }
        lines.append(
            "smallest effect found with probability \(number(askedPower)): "
                + (minimumEffect.map(number) ?? "none, the sample is too small"))
        if arms.count > 2 { lines.append("each of \(arms.count - 1) treatments is tested at α = \(number(alpha))") }
        lines.append(
            "for one look at the end. Looking at any time (confidence_sequence) needs about 1.6 times as many for the same "
                + "power; five scheduled looks (group_sequential) about 5 % more at most, and fewer on average")
        return lines.joined(separator: "\n")
    }

    private func number(_ value: Double?) -> String { ExperimentText.number(value) }
}
