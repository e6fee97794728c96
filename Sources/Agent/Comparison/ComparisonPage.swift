import Foundation

/// The report as one HTML page that needs nothing else: style and pictures are inside, and no script.
///
/// The page is well-formed XML too, so that any parser can check it.
public struct ComparisonPage {
    private typealias Format = ComparisonFormat

    public var title: String

    public init(title: String = "Comparison of two tables") { self.title = title }

    /// The whole page, ending in a newline.
    public func render(_ report: ComparisonReport) -> String {
        let columns = report.columnsBySeverity
        let drifted = report.driftedColumns.count
        let judged = report.columns.count { $0.drift != nil }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>\(Format.escaped(title))</title>
            <style>\(style)</style>
            </head>
            <body>
            <h1>\(Format.escaped(title))</h1>
            <p>\(report.rowsReference) rows in the reference, \(report.rowsCurrent) now.
            Drift in <strong>\(drifted)</strong> of \(judged) columns judged.</p>
            <p class="key"><span class="reference"></span> reference <span class="current"></span> current</p>
            \(report.multivariate.map(section) ?? "")
            \(columns.map(section).joined(separator: "\n"))
            </body>
            </html>

            """
    }

    private func section(_ column: ComparedColumn) -> String {
        let verdict = column.severity ?? (column.drift == false ? "no drift" : column.status.rawValue)
        let rows = ComparisonOptions.order.compactMap { name in
            column.statistics[name].map { row(name, $0) }
        }
        let missing =
            "\(Format.share(column.missingReference)) → \(Format.share(column.missingCurrent))"
        return """
            <section class="\(Format.escaped(verdict.replacing(" ", with: "_")))">
            <h2>\(Format.escaped(column.column)) <small>\(Format.escaped(column.kind))</small></h2>
            <p><b>\(Format.escaped(verdict))</b>: \(Format.escaped(column.reason.text)); missing \(missing)</p>
            \(column.histogram.map(picture) ?? "")
            <table><tr><th>statistic</th><th>value</th><th>p-value</th></tr>
            \(rows.joined(separator: "\n"))
            </table>
            </section>
            """
    }

    private func section(_ rows: MultivariateReport) -> String {
        let severity = rows.statistics.compactMap(\.severity).min() ?? "no_drift"
        func line(_ cells: [String], _ tag: String) -> String {
            "<tr>" + cells.map { "<\(tag)>\(Format.escaped($0))</\(tag)>" }.joined() + "</tr>"
        }
        return """
            <section class="\(severity)">
            <h2>Whole rows</h2>
            <p>\(Format.escaped(rows.heading)). The shift of one column, in standard deviations, that would look as large.\
             \(Format.escaped(rows.note ?? ""))</p>
            <table>\(line(MultivariateReport.columns, "th"))
            \(rows.cells.map { line($0, "td") }.joined(separator: "\n"))
            </table>
            </section>
            """
    }

    private func row(_ name: String, _ statistic: ComparedStatistic) -> String {
        let value = statistic.value == nil ? statistic.status.rawValue : Format.number(statistic.value)
        let method = statistic.method.map { " <small>\(Format.escaped($0))</small>" } ?? ""
        return "<tr><td>\(Format.escaped(name))\(method)</td><td>\(Format.escaped(value))</td>"
            + "<td>\(Format.number(statistic.pValue))</td></tr>"
    }

    /// Two bars per cell, heights by share.
    private func picture(_ histogram: ComparedHistogram) -> String {
        let count = histogram.labels.count
        let largest = max(histogram.reference.max() ?? 0, histogram.current.max() ?? 0)
        guard count > 0, largest > 0 else { return "" }
        let (width, height) = (480.0, 120.0)
        let cell = width / Double(count)
        var bars = ""
        for index in 0..<count {
            let sides = [("reference", histogram.reference[index], 0.08), ("current", histogram.current[index], 0.5)]
            for (side, value, offset) in sides {
                let bar = value / largest * height
                bars += """
                    <rect class="\(side)" x="\(fixed((Double(index) + offset) * cell))" y="\(fixed(height - bar))" \
                    width="\(fixed(cell * 0.42))" height="\(fixed(bar))">\
                    <title>\(Format.escaped(histogram.labels[index])): \(side) \(Format.share(value))</title></rect>

                    """
            }
        }
        return """
            <svg viewBox="0 0 \(fixed(width)) \(fixed(height))" role="img" preserveAspectRatio="none">
            \(bars)</svg>
            <p class="axis"><span>\(Format.escaped(histogram.labels[0]))</span><span>\(Format.escaped(histogram.labels[count - 1]))</span></p>
            """
    }

    private func fixed(_ value: Double) -> String { String(format: "%.2f", value) }
}

private let style = """

    body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b2a33; }
    section { border-left: 4px solid #c9d3d9; padding: .2rem 0 .6rem 1rem; margin: 1.2rem 0; }
    section.critical { border-color: #c0392b; } section.warning { border-color: #d68910; }
    section.error { border-color: #7d3c98; }
    h2 { font-size: 1.05rem; margin: 0; } small { color: #66757f; font-weight: normal; }
    p { margin: .3rem 0; } svg { width: 100%; max-width: 480px; height: 120px; background: #f6f8f9; }
    .axis { display: flex; justify-content: space-between; max-width: 480px; font-size: .8rem; color: #66757f; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; padding: .1rem 1.2rem .1rem 0; }
    rect.reference { fill: #7f9aa8; } rect.current { fill: #e08a3c; }
    .key span { display: inline-block; width: .8rem; height: .8rem; margin: 0 .2rem 0 .8rem; }
    span.reference { background: #7f9aa8; } span.current { background: #e08a3c; }

    """
