import Statistics

/// The report for eyes: one aligned line per column, worst first, and one line for the whole.
public struct ComparisonText {
    private typealias Format = ComparisonFormat

    /// Whether to write ANSI colours; the caller knows the terminal and `NO_COLOR`.
    public var usesColour: Bool

    public init(usesColour: Bool) { self.usesColour = usesColour }

    /// The whole text, ending in a newline.
    public func render(_ report: ComparisonReport) -> String {
        let columns = report.columnsBySeverity
        let names = statisticNames(columns)
        let header = ["column", "kind", "verdict", "reason", "missing"] + names + ["p (corrected)"]
        let rows = columns.map { cells($0, statistics: names) }
        // Numbers stand right, words left; the first four columns are words.
        let table = aligned([header] + rows, leftAligned: 4)
        var lines = ["reference \(report.rowsReference) rows, current \(report.rowsCurrent) rows", ""]
        lines.append(coloured(table[0], code: "1"))
        for (line, column) in zip(table.dropFirst(), columns) { lines.append(coloured(line, code: colour(of: column))) }
        if let rows = report.multivariate { lines += [""] + lined(rows) }
        lines += ["", Self.summary(report)]
        if let changes = Self.schemaChanges(report) { lines.append("schema: " + changes) }
        if let invalid = Self.invalid(report) { lines.append("infinite values, which no statistic counts: " + invalid) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func lined(_ rows: MultivariateReport) -> [String] {
        let table = aligned([MultivariateReport.columns] + rows.cells, leftAligned: 3)
        var lines = [rows.heading, coloured(table[0], code: "1")]
        for (line, compared) in zip(table.dropFirst(), rows.statistics) {
            let code = compared.severity == "critical" ? "31" : compared.severity == nil ? nil : "33"
            lines.append(coloured(line, code: code))
        }
        return lines + (rows.note.map { [$0] } ?? [])
    }

    static func summary(_ report: ComparisonReport) -> String {
        let judged = report.columns.count { $0.drift != nil }
        let drifted = report.driftedColumns.count
        let unjudged = report.columns.count - judged
        var text =
            if judged == 0 {
                "no column could be judged"
            } else if drifted == 0 {
                "no drift in \(judged) column\(judged == 1 ? "" : "s")"
            } else {
                "drift in \(drifted) of \(judged) column\(judged == 1 ? "" : "s")"
            }
        if judged > 0 && unjudged > 0 { text += "; \(unjudged) could not be judged" }
        if let rows = report.multivariate {
            let names = rows.drifted.map(\.rawValue).joined(separator: ", ")
            text += names.isEmpty ? "; none of whole rows" : "; drift of whole rows (\(names))"
        }
        return text
    }

    /// What is no longer as in the reference, column by column; `nil` where all is.
    static func schemaChanges(_ report: ComparisonReport) -> String? {
        let changes = report.columns.filter { $0.reason.isSchemaChange }.map { column in
            let detail = column.detail.map { " (\(Format.printable($0)))" } ?? ""
            return "\(Format.printable(column.column)) \(column.reason.text)\(detail)"
        }
        return changes.isEmpty ? nil : changes.joined(separator: ", ")
    }

    /// Where values are infinite, how many before and now; `nil` where none is.
    static func invalid(_ report: ComparisonReport) -> String? {
        let found = report.columns.filter { ($0.invalidReference ?? 0) + ($0.invalidCurrent ?? 0) > 0 }.map { column in
            func count(_ value: Int?) -> String { value.map(String.init) ?? "–" }
            return
                "\(Format.printable(column.column)) \(count(column.invalidReference)) → \(count(column.invalidCurrent))"
        }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }

    private func cells(_ column: ComparedColumn, statistics names: [String]) -> [String] {
        [
            Format.printable(column.column), column.kind, column.verdictText, column.reason.text,
            Format.missing(column),
        ] + names.map { Format.number(column.statistics[$0]?.value) } + [Format.pValue(column.adjustedPValue)]
    }

    private func statisticNames(_ columns: [ComparedColumn]) -> [String] {
        let present = columns.reduce(into: Set<String>()) { $0.formUnion($1.statistics.keys) }
        return ComparisonOptions.order.filter(present.contains)
    }

    private func colour(of column: ComparedColumn) -> String? {
        switch (column.severity, column.reason.isSchemaChange) {
        case ("critical", _): "31"
        case (.some, _): "33"
        case (nil, true): "35"
        case (nil, false): column.drift == nil ? "2" : nil
        }
    }

    private func coloured(_ line: String, code: String?) -> String {
        guard usesColour, let code else { return line }
        return "\u{1B}[\(code)m\(line)\u{1B}[0m"
    }
}

/// Cells in columns two blanks apart, the first ones flush left and the others flush right.
func aligned(_ rows: [[String]], leftAligned: Int) -> [String] {
    guard let count = rows.first?.count else { return [] }
    let widths = (0..<count).map { index in rows.map { $0[index].count }.max() ?? 0 }
    return rows.map { row in
        var line = ""
        for (index, cell) in row.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - cell.count)
            line += index < leftAligned ? cell + padding : padding + cell
            if index < count - 1 { line += "  " }
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
