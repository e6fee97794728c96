import Foundation
import Statistics

/// The report for eyes.
struct ExperimentText {
    /// Whether to write ANSI colours; the caller knows the terminal and `NO_COLOR`.
    var usesColour = false

    /// The whole text, ending in a newline.
    func render(_ report: ExperimentReport) -> String {
        let printable = ComparisonFormat.printable
        var lines = variants(report)
        lines += [
            "",
            "\(printable(report.metric)) against \(printable(report.control)) by \(report.method.rawValue), "
                + "α = \(Self.number(report.alpha))",
        ]
        lines += comparisons(report.comparisons)
        if !report.covariates.isEmpty {
            lines.append(
                "adjusted for \(report.covariates.map(printable).joined(separator: ", ")): "
                    + "\(ComparisonFormat.share(report.reduction)) of the variance taken out")
        }
        if !report.secondary.isEmpty { lines += ["", "other metrics"] + comparisons(report.secondary) }
        if !report.guardrails.isEmpty { lines += ["", "guardrails"] + comparisons(report.guardrails) }
        let ratio = report.sampleRatio
        lines += [
            "",
            "shares of the traffic: \(ratio.isOk ? "as planned" : "NOT as planned") (p = \(Self.number(ratio.pValue)))",
        ]
        lines += [coloured("\(Self.verdict(report))", report.decision.outcome)]
        lines += report.notes.map { "note: \(printable($0))" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `promote b: better`; `inconclusive, b: no evidence`.
    static func verdict(_ report: ExperimentReport) -> String {
        let outcome = report.decision.outcome.rawValue.replacing("_", with: " ")
        let comma = report.decision.outcome == .inconclusive ? "," : ""
        return "\(outcome)\(comma) \(ComparisonFormat.printable(report.lead.variant)): \(report.decision.reason.text)"
    }

    /// Four significant digits, or a dash for a number that is not there.
    static func number(_ value: Double?) -> String { value.map { String(format: "%.4g", $0) } ?? "–" }

    private func variants(_ report: ExperimentReport) -> [String] {
        let isBayesian = report.variants.contains { $0.probabilityBest != nil }
        var table = TextTable(
            header: ["variant", "n", "mean"] + (isBayesian ? ["P(best)", "expected loss"] : []))
        for variant in report.variants {
            table.add(
                [ComparisonFormat.printable(variant.variant), "\(variant.count)", Self.number(variant.mean)]
                    + (isBayesian
                        ? [Self.number(variant.probabilityBest), Self.number(variant.expectedLoss)] : []))
        }
        return table.lines
    }

    private func comparisons(_ comparisons: [ExperimentReport.Comparison]) -> [String] {
        var table = TextTable(
            header: ["variant", "metric", "difference", "interval", "lift", "p", "p (corrected)", "verdict"])
        for comparison in comparisons {
            let effect = comparison.effect
            let lift = comparison.lift.map { String(format: "%+.1f%%", $0 * 100) } ?? "–"
            table.add([
                ComparisonFormat.printable(comparison.variant), ComparisonFormat.printable(comparison.metric),
                Self.number(effect.difference), "\(Self.number(effect.low)) … \(Self.number(effect.high))", lift,
                Self.number(effect.pValue), Self.number(comparison.adjustedPValue), Self.verdict(comparison),
            ])
        }
        return table.lines
    }

    static func verdict(_ comparison: ExperimentReport.Comparison) -> String {
        if let decision = comparison.decision { return decision.reason.text }
        if comparison.effect.status != .ok { return comparison.effect.status.rawValue.replacing("_", with: " ") }
        return comparison.isHarmed ? "harmed" : "–"
    }

    private func coloured(_ line: String, _ outcome: ExperimentDecision.Outcome) -> String {
        guard usesColour else { return line }
        let code =
            switch outcome {
            case .promote: "32"
            case .rollBack: "31"
            case .continue: "1"
            case .inconclusive: "33"
            }
        return "\u{1B}[\(code)m\(line)\u{1B}[0m"
    }
}
