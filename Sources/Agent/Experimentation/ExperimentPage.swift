import Foundation
import Statistics

/// The report as one HTML page that needs nothing else: style and picture are inside, and no script. Well-formed XML too.
struct ExperimentPage {
    private typealias Format = ComparisonFormat

    func render(_ report: ExperimentReport) -> String {
        let title = "Experiment: \(report.metric)"
        return HTMLPage.render(
            title: title, style: style,
            body: """
                <h1>\(Format.escaped(title))</h1>
                <p class="verdict \(report.decision.outcome.rawValue)">\(Format.escaped(ExperimentText.verdict(report)))</p>
                \(report.notes.map { "<p class=\"note\">\(Format.escaped($0))</p>" }.joined(separator: "\n"))
                \(variants(report))
                <h2>Difference from \(Format.escaped(report.control)) <small>\(report.method.rawValue), \
                α = \(ExperimentText.number(report.alpha))</small></h2>
                \(section(report.comparisons))
                \(report.covariates.isEmpty ? "" : adjusted(report))
                \(report.secondary.isEmpty ? "" : "<h2>Other metrics</h2>\n" + section(report.secondary))
                \(report.guardrails.isEmpty ? "" : "<h2>Guardrails</h2>\n" + section(report.guardrails))
                """)
    }

    private func adjusted(_ report: ExperimentReport) -> String {
        "<p>Adjusted for \(Format.escaped(report.covariates.joined(separator: ", "))): "
            + "\(Format.share(report.reduction)) of the variance taken out.</p>"
    }

    private func variants(_ report: ExperimentReport) -> String {
        let isBayesian = report.variants.contains { $0.probabilityBest != nil }
        let rows = report.variants.map { variant in
            let posterior =
                isBayesian
                ? "<td>\(ExperimentText.number(variant.probabilityBest))</td>"
                    + "<td>\(ExperimentText.number(variant.expectedLoss))</td>" : ""
            return "<tr><td>\(Format.escaped(variant.variant))</td><td>\(variant.count)</td>"
                + "<td>\(ExperimentText.number(variant.mean))</td>\(posterior)</tr>"
        }
        let head = isBayesian ? "<th>P(best)</th><th>expected loss</th>" : ""
        return """
            <table><tr><th>variant</th><th>n</th><th>mean</th>\(head)</tr>
            \(rows.joined(separator: "\n"))
            </table>
            <p>Shares of the traffic: \(report.sampleRatio.isOk ? "as planned" : "<b>not as planned</b>") \
            (p = \(ExperimentText.number(report.sampleRatio.pValue))).</p>
            """
    }

    /// One picture and one table per metric: intervals of different metrics have different units.
    private func section(_ comparisons: [ExperimentReport.Comparison]) -> String {
        var names: [String] = []
        for comparison in comparisons where !names.contains(comparison.metric) { names.append(comparison.metric) }
        return names.map { name in
            let own = comparisons.filter { $0.metric == name }
            let rows = own.map { comparison in
                let effect = comparison.effect
                let cells = [
                    comparison.variant, comparison.metric, ExperimentText.number(effect.difference),
                    "\(ExperimentText.number(effect.low)) … \(ExperimentText.number(effect.high))",
                    ExperimentText.number(effect.pValue), ExperimentText.number(comparison.adjustedPValue),
                    ExperimentText.verdict(comparison),
                ]
                return "<tr>" + cells.map { "<td>\(Format.escaped($0))</td>" }.joined() + "</tr>"
            }
            return """
                \(ExperimentPicture(own).svg)
                <table><tr><th>variant</th><th>metric</th><th>difference</th><th>interval</th><th>p</th>\
                <th>p (corrected)</th><th>verdict</th></tr>
                \(rows.joined(separator: "\n"))
                </table>
                """
        }.joined(separator: "\n")
    }
}

/// Intervals on one axis, with a line at "no difference".
private struct ExperimentPicture {
    let comparisons: [ExperimentReport.Comparison]

    init(_ comparisons: [ExperimentReport.Comparison]) { self.comparisons = comparisons }

    var svg: String {
        let numbers = comparisons.flatMap { [$0.effect.low, $0.effect.high, $0.effect.difference].compactMap(\.self) }
        guard !numbers.isEmpty else { return "" }
        let low = min(0, numbers.min() ?? 0)
        let high = max(0, numbers.max() ?? 0)
        let (left, width, line) = (140.0, 460.0, 34.0)
        // Halves first: the difference of two finite numbers can be infinite.
        let half = high / 2 - low / 2
        func x(_ value: Double) -> Double { half > 0 ? left + (value / 2 - low / 2) / half * width : left + width / 2 }
        let height = line * Double(comparisons.count) + 26
        var parts = [
            "<line class=\"zero\" x1=\"\(fixed(x(0)))\" x2=\"\(fixed(x(0)))\" y1=\"0\" y2=\"\(fixed(height - 20))\"/>",
            "<text x=\"\(fixed(x(0)))\" y=\"\(fixed(height - 4))\" text-anchor=\"middle\">no difference</text>",
        ]
        for (row, comparison) in comparisons.enumerated() {
            let y = line * (Double(row) + 0.5)
            let name = ComparisonFormat.escaped(String(comparison.variant.prefix(20)))
            parts.append("<text x=\"\(fixed(left - 12))\" y=\"\(fixed(y + 4))\" text-anchor=\"end\">\(name)</text>")
            if let bottom = comparison.effect.low, let top = comparison.effect.high {
                let kind = bottom > 0 ? "above" : top < 0 ? "below" : "open"
                parts.append(
                    "<line class=\"\(kind)\" x1=\"\(fixed(x(bottom)))\" x2=\"\(fixed(x(top)))\" y1=\"\(fixed(y))\" "
                        + "y2=\"\(fixed(y))\"><title>\(ExperimentText.number(bottom)) … "
                        + "\(ExperimentText.number(top))</title></line>")
            }
            if let difference = comparison.effect.difference {
                parts.append("<circle cx=\"\(fixed(x(difference)))\" cy=\"\(fixed(y))\" r=\"5\"/>")
            }
        }
        return """
            <svg viewBox="0 0 640 \(fixed(height))" role="img">
            \(parts.joined(separator: "\n"))
            </svg>
            """
    }

    private func fixed(_ value: Double) -> String { String(format: "%.2f", value) }
}

private let style = """

    body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b2a33; }
    h2 { font-size: 1.05rem; margin: 1.4rem 0 .4rem; } small { color: #66757f; font-weight: normal; }
    .verdict { border-left: 4px solid #c9d3d9; padding-left: 1rem; font-weight: bold; }
    .promote { border-color: #2e8b57; } .roll_back { border-color: #c0392b; } .inconclusive { border-color: #d68910; }
    .note { color: #66757f; margin: .3rem 0; }
    svg { width: 100%; max-width: 640px; background: #f6f8f9; font-size: 12px; }
    line { stroke-width: 4; stroke: #7f9aa8; } line.zero { stroke-width: 1; stroke: #66757f; stroke-dasharray: 3 3; }
    line.above, line.below { stroke: #e08a3c; } circle { fill: #1b2a33; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .4rem 0; }
    th, td { text-align: left; padding: .1rem 1.2rem .1rem 0; }

    """
