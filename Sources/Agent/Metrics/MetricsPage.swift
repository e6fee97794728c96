import Foundation
import Statistics

/// The report as one HTML page that needs nothing else: style and pictures are inside, and no script. Well-formed XML.
struct MetricsPage {
    private typealias Format = ComparisonFormat

    var title = "Performance"

    /// The whole page, ending in a newline.
    func render(_ report: MetricsReport) -> String {
        let pictures = MetricsCharts.all(report).map { name, picture in
            "<figure><figcaption>\(Format.escaped(name))</figcaption>\(picture)</figure>"
        }
        let positive = report.positive.map { ", positive is <b>\(Format.escaped($0))</b>" } ?? ""
        let leftOut =
            report.rowsLeftOut > 0 ? "; \(report.rowsLeftOut) rows without a label or a prediction left out" : ""
        return HTMLPage.render(
            title: title, style: Self.style,
            body: """
                <h1>\(Format.escaped(title))</h1>
                <p>\(report.task.rawValue), \(report.rows) rows\(positive)\(leftOut).</p>
                \(headlines(report))
                <div class="charts">\(pictures.joined(separator: "\n"))</div>
                \(report.confusion.map { matrix(report, $0) } ?? "")
                <h2>All metrics</h2>
                \(Self.table(["metric", "value", "95 % interval"], report.shown.map { [$0.name, Format.number($0.value.value), MetricsText.interval($0.value)] }))
                \(report.segments.map { segments($0.column, $0.parts, report) }.joined(separator: "\n"))
                \(report.fairness.map { fairness($0.column, $0.report) }.joined(separator: "\n"))
                """)
    }

    private func headlines(_ report: MetricsReport) -> String {
        let cards = report.headlines.compactMap { name in
            report[name].map { value in
                "<div class=\"card\"><b>\(Format.number(value.value))</b><span>\(Format.escaped(name))</span>"
                    + "<small>\(MetricsText.interval(value))</small></div>"
            }
        }
        return "<div class=\"cards\">\(cards.joined())</div>"
    }

    static func table(_ header: [String], _ rows: [[String]]) -> String {
        let head = header.map { "<th>\(Format.escaped($0))</th>" }.joined()
        let body = rows.map { "<tr>" + $0.map { "<td>\(Format.escaped($0))</td>" }.joined() + "</tr>" }
        return "<table><tr>\(head)</tr>\n\(body.joined(separator: "\n"))</table>"
    }

    /// Counts, each cell as dark as its share of its row.
    private func matrix(_ report: MetricsReport, _ confusion: MulticlassConfusion) -> String {
        guard confusion.classes <= 20 else { return "" }
        let head = report.classes.map { "<th>\(Format.escaped($0))</th>" }.joined()
        let rows = (0..<confusion.classes).map { actual in
            let counts = (0..<confusion.classes).map { confusion[actual: actual, predicted: $0] }
            let total = max(1, counts.reduce(0, +))
            let cells = counts.enumerated().map { predicted, count in
                let share = Double(count) / Double(total)
                let colour = predicted == actual ? "47,125,120" : "192,57,43"
                return "<td style=\"background: rgba(\(colour),\(String(format: "%.2f", share * 0.7)))\">\(count)</td>"
            }
            return "<tr><th>\(Format.escaped(report.classes[actual]))</th>\(cells.joined())</tr>"
        }
        return """
            <h2>Confusion matrix</h2><p><small>rows: what happened; columns: what was predicted</small></p>
            <table class="matrix"><tr><th></th>\(head)</tr>\(rows.joined())</table>
            """
    }

    private func segments(_ column: String, _ parts: [MetricsReport.Segment], _ report: MetricsReport) -> String {
        let names = report.headlines
        let rows = parts.map { part in
            [part.name, "\(part.rows)"]
                + names.flatMap { name -> [String] in
                    guard let value = part.metrics.first(where: { $0.name == name })?.value else { return ["–", "–"] }
                    return [Format.number(value.value), MetricsText.interval(value)]
                }
        }
        return "<h2>Segments of \(Format.escaped(column))</h2>"
            + Self.table(["segment", "rows"] + names.flatMap { [$0, "95 % interval"] }, rows)
    }

    private func fairness(_ column: String, _ report: FairnessReport) -> String {
        let rates = report.segments.map {
            [
                $0.name, "\($0.confusion.count)", Format.share($0.selectionRate.value),
                Format.share($0.truePositiveRate.value), Format.share($0.falsePositiveRate.value),
            ]
        }
        return "<h2>Fairness by \(Format.escaped(column))</h2>"
            + Self.table(
                ["measure", "value", "95 % interval"],
                report.named.map { [$0.name, Format.number($0.value.value), MetricsText.interval($0.value)] })
            + Self.table(["segment", "rows", "selected", "true positives", "false positives"], rates)
    }
}

extension MetricsPage {
    static let style = """

        body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color: #1b2a33; }
        h2 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; } small, figcaption { color: #66757f; font-weight: normal; }
        .cards, .charts { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-end; }
        .charts { margin-top: 1.2rem; } figure { margin: 0; width: 300px; }
        .card { border-left: 4px solid #2f7d78; padding: .2rem 1rem; } .card b { display: block; font-size: 1.6rem; }
        .card small { display: block; } svg { width: 300px; height: 220px; background: #f6f8f9; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .4rem 0; }
        th, td { text-align: left; padding: .1rem 1.2rem .1rem 0; } .matrix td, .matrix th { padding: .3rem 1rem; }
        .line { fill: none; stroke: #2f7d78; stroke-width: 2; } .guide { stroke: #b5c0c6; stroke-dasharray: 4 4; }
        .whisker { stroke: #2f7d78; } .dot { fill: #2f7d78; } .negative { fill: #7f9aa8; } .positive { fill: #e08a3c; }
        text { font: 10px system-ui, sans-serif; fill: #66757f; }

        """
}
