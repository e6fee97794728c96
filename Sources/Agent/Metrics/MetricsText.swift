import Foundation
import Statistics

/// The report for eyes: one line per metric with its interval, the confusion matrix, segments and fairness.
struct MetricsText {
    private typealias Format = ComparisonFormat

    /// The whole text, ending in a newline.
    func render(_ report: MetricsReport) -> String {
        var lines = [head(report), ""]
        var table = TextTable(header: ["metric", "value", "95 % interval"])
        for (name, value) in report.shown { table.add([name, Format.number(value.value), Self.interval(value)]) }
        lines += table.lines
        if let confusion = report.confusion {
            lines += ["", "confusion (rows: what happened)"] + matrix(report, confusion)
        }
        for (column, parts) in report.segments { lines += [""] + segments(column, parts, report) }
        for (column, fairness) in report.fairness { lines += [""] + self.fairness(column, fairness) }
        return lines.joined(separator: "\n") + "\n"
    }

    static func interval(_ value: MetricValue) -> String {
        guard let low = value.low, let high = value.high else { return "–" }
        return "\(Format.number(low)) to \(Format.number(high))"
    }

    private func head(_ report: MetricsReport) -> String {
        var text = "\(report.task.rawValue), \(report.rows) rows"
        if let positive = report.positive { text += ", positive is \(Format.printable(positive))" }
        if report.rowsLeftOut > 0 { text += "; \(report.rowsLeftOut) without a label or a prediction left out" }
        return text
    }

    private func matrix(_ report: MetricsReport, _ confusion: MulticlassConfusion) -> [String] {
        guard confusion.classes <= 20 else { return ["\(confusion.classes) classes: see --format json"] }
        let names = report.classes.map(Format.printable)
        var table = TextTable(header: [""] + names)
        for actual in 0..<confusion.classes {
            table.add([names[actual]] + (0..<confusion.classes).map { "\(confusion[actual: actual, predicted: $0])" })
        }
        return table.lines
    }

    private func segments(_ column: String, _ parts: [MetricsReport.Segment], _ report: MetricsReport) -> [String] {
        let names = report.headlines
        var table = TextTable(header: ["segment of \(Format.printable(column))", "rows"] + names)
        for part in parts {
            table.add(
                [Format.printable(part.name), "\(part.rows)"]
                    + names.map { name in
                        guard let value = part.metrics.first(where: { $0.name == name })?.value else { return "–" }
                        return "\(Format.number(value.value)) (\(Self.interval(value)))"
                    })
        }
        return table.lines
    }

    private func fairness(_ column: String, _ report: FairnessReport) -> [String] {
        var table = TextTable(header: ["fairness by \(Format.printable(column))", "value", "95 % interval"])
        for (name, value) in report.named { table.add([name, Format.number(value.value), Self.interval(value)]) }
        var rates = TextTable(header: ["segment", "rows", "selected", "true positives", "false positives"])
        for part in report.segments {
            rates.add([
                Format.printable(part.name), "\(part.confusion.count)", Format.share(part.selectionRate.value),
                Format.share(part.truePositiveRate.value), Format.share(part.falsePositiveRate.value),
            ])
        }
        return table.lines + [""] + rates.lines
    }
}

extension MetricsReport {
    /// Without the averages that only repeat another line: the micro ones are the accuracy, of two classes the macro
    /// ones are rarely asked for.
    var shown: [Named] {
        metrics.filter { metric in
            if metric.name.hasSuffix("_micro") || metric.name == "recall_weighted" { return false }
            return task == .multiclass
                ? !["precision", "recall", "f1"].contains(metric.name)
                : !metric.name.hasSuffix("_macro") && !metric.name.hasSuffix("_weighted")
        }
    }

    /// The two metrics that stand for the rest where there is little room.
    var headlines: [String] {
        let wanted =
            switch task {
            case .binary, .auto: ["roc_auc", "f1", "accuracy"]
            case .multiclass: ["f1_macro", "accuracy"]
            case .regression: ["mae", "bias"]
            case .ranking: metrics.map(\.name)
            }
        return Array(wanted.filter { self[$0] != nil }.prefix(2))
    }
}

extension FairnessReport {
    /// The four comparisons by name.
    var named: [(name: String, value: MetricValue)] {
        [
            ("demographic_parity_difference", demographicParityDifference),
            ("disparate_impact_ratio", disparateImpactRatio),
            ("equal_opportunity_difference", equalOpportunityDifference),
            ("equalized_odds_difference", equalizedOddsDifference),
        ]
    }
}
