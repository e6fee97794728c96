import Learning
import Statistics

extension TrainReport {
    private typealias Format = ComparisonFormat

    /// For eyes: what was found, how good it is, what to look out for. Ends in a newline.
    func text() -> String {
        var lines = ["\(taskName): \(Format.printable(taskReason))", "\(splitNote)"]
        lines += ["", "best of \(trials.count) trials: \(learner)"]
        let shown = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\(ModelCard.text($0.value))" }
        if !shown.isEmpty { lines.append("  " + shown.joined(separator: " ")) }
        if let stackNote { lines.append("  " + stackNote) }
        lines.append("")
        var table = TextTable(header: ["metric", "cross-validation", "hold-out", "95 % interval"])
        for (name, value) in holdout.shown {
            let fold = validation.first { $0.name == name }
            let mean = fold.map { "\(Format.number($0.mean)) ± \(Format.number($0.deviation))" } ?? "–"
            table.add([name, mean, Format.number(value.value), MetricsText.interval(value)])
        }
        lines += table.lines
        if !chance.isEmpty {
            let found = chance.map { "\($0.name) \(Format.number($0.value.value))" }
            lines += ["", "an order by chance has " + found.joined(separator: ", ")]
        }
        if let threshold {
            let from = threshold.threshold.isFinite ? "from \(Format.number(threshold.threshold)) on" : "never"
            lines += [
                "",
                "decide for the positive class \(from): \(Format.number(threshold.value.value)) per row "
                    + "(\(MetricsText.interval(threshold.value)))",
            ]
            if let thresholdNote { lines.append(thresholdNote) }
        }
        let important = importance.prefix(5).map { "\(Format.printable($0.feature)) \(Format.share($0.share))" }
        if !important.isEmpty { lines += ["", "importance: " + important.joined(separator: ", ")] }
        if let curve, !curve.points.isEmpty {
            let points = curve.points.map { "\($0.rows) rows \(Format.number($0.mean))" }
            lines += ["", "learning curve (\(curve.metric)): " + points.joined(separator: ", ")]
        }
        if let comparison { lines.append(comparison.sentence) }
        lines += Self.leftOut(leftOut)
        for warning in warnings { lines.append("warning: \(Format.printable(warning))") }
        if let version, let name {
            lines += ["", "registered \(name) v\(version); serve it with: tidewatch models promote \(name)@\(version)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }
    /// A line per column that is not learned from, of very many the first.
    static func leftOut(_ columns: [(column: String, reason: String)]) -> [String] {
        let shown = columns.prefix(30).map { "left out: \(Format.printable($0.column)), \($0.reason)" }
        return shown + (columns.count > 30 ? ["left out: \(columns.count - 30) more, see report.json"] : [])
    }
}
