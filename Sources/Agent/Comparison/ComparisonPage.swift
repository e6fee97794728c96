import Foundation

/// The report as one HTML page that needs nothing else: style and pictures are inside, and no script.
///
/// First a line per column, worst first, to be read in a minute; below it each column with its picture and all its
/// statistics, those without drift folded away. The page is well-formed XML too, so that any parser can check it.
public struct ComparisonPage {
    private typealias Format = ComparisonFormat

    public var title: String
    /// Which tables, and when the page was made; `nil` leaves the line out.
    public var source: String?

    public init(title: String = "Comparison of two tables", source: String? = nil) {
        self.title = title
        self.source = source
    }

    /// The whole page, ending in a newline.
    public func render(_ report: ComparisonReport) -> String {
        let columns = Array(report.columnsBySeverity.enumerated())
        let quiet = columns.filter { $0.element.drift == false }
        let telling = columns.filter { $0.element.drift != false }
        let schema = ComparisonText.schemaChanges(report).map { "<br/>Schema: \(Format.escaped($0))." } ?? ""
        let invalid =
            ComparisonText.invalid(report).map {
                "<br/>Infinite values, which no statistic counts: \(Format.escaped($0))."
            }
            ?? ""
        let key =
            "<p class=\"key\"><span class=\"reference\"></span> reference <span class=\"current\"></span> current</p>"
        return HTMLPage.render(
            title: title, style: comparisonStyle,
            body: """
                <h1>\(Format.escaped(title))</h1>
                <p>\(report.rowsReference) rows in the reference, \(report.rowsCurrent) now:
                <strong>\(Format.escaped(ComparisonText.summary(report)))</strong>.\
                \(schema)\(invalid)</p>
                \(source.map { "<p><small>\(Format.escaped($0))</small></p>" } ?? "")
                \(key)
                <table class="overview">
                <tr><th>column</th><th>verdict</th><th></th><th class="number">effect (psi_excess)</th>\
                <th class="number">p (corrected)</th><th class="number">missing</th></tr>
                \(columns.map(overview).joined(separator: "\n"))
                </table>
                \(report.multivariate.map(section) ?? "")
                <div class="columns">
                \(telling.map(section).joined(separator: "\n"))
                </div>
                \(folded(quiet))
                """)
    }

    private func folded(_ columns: [(offset: Int, element: ComparedColumn)]) -> String {
        guard !columns.isEmpty else { return "" }
        let count = "\(columns.count) column\(columns.count == 1 ? "" : "s")"
        return """
            <details><summary>\(count) without drift</summary>
            <div class="columns">
            \(columns.map(section).joined(separator: "\n"))
            </div>
            </details>
            """
    }

    /// One line of the table at the top.
    private func overview(_ place: Int, _ column: ComparedColumn) -> String {
        let name = Format.escaped(column.column)
        let picture = column.histogram.map { ComparisonPicture(column, $0).small } ?? ""
        return """
            <tr class="\(kind(of: column))"><td class="name"><a href="#column-\(place)" title="\(name)">\(name)</a></td>\
            <td><b>\(Format.escaped(column.verdictText))</b><br/><small>\(Format.escaped(column.reason.text))</small></td>\
            <td>\(picture)</td><td class="number">\(Format.number(column.effect))</td>\
            <td class="number">\(Format.pValueEscaped(column.adjustedPValue))</td>\
            <td class="number">\(Format.missing(column))</td></tr>
            """
    }

    private func section(_ place: Int, _ column: ComparedColumn) -> String {
        let rows = ComparisonOptions.order.compactMap { name in column.statistics[name].map { row(name, $0) } }
        let table =
            rows.isEmpty
            ? ""
            : "<table><tr><th>statistic</th><th>value</th><th>p-value</th></tr>\n\(rows.joined(separator: "\n"))</table>"
        return """
            <section id="column-\(place)" class="\(kind(of: column))">
            <h2>\(Format.escaped(column.column)) <small>\(Format.escaped(column.kind))</small></h2>
            <p><b>\(Format.escaped(column.verdictText))</b>: \(Format.escaped(column.reason.text))\
            \(column.detail.map { " (\(Format.escaped($0)))" } ?? ""); \
            missing \(Format.missing(column))</p>
            \(column.histogram.map { ComparisonPicture(column, $0).large } ?? "")
            \(table)
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
            <p>\(rows.rowsReference) rows of the reference, \(rows.rowsCurrent) now. Shift: that of one column, in standard \
            deviations, which would look as large.\(rows.note.map { " " + Format.escaped($0) } ?? "")</p>
            <table>\(line(MultivariateReport.columns, "th"))
            \(rows.cells.map { line($0, "td") }.joined(separator: "\n"))
            </table>
            </section>
            """
    }

    private func kind(of column: ComparedColumn) -> String {
        Format.escaped(column.verdictText.replacing(" ", with: "_"))
    }

    private func row(_ name: String, _ statistic: ComparedStatistic) -> String {
        let value = statistic.value == nil ? statistic.status.rawValue : Format.number(statistic.value)
        let method = statistic.method.map { " <small>\(Format.escaped($0))</small>" } ?? ""
        return "<tr><td>\(Format.escaped(name))\(method)</td><td>\(Format.escaped(value))</td>"
            + "<td>\(Format.pValueEscaped(statistic.pValue))</td></tr>"
    }
}
