import Statistics

/// The report for eyes: the signal as a line of blocks with the drifts under it, then one line per finding.
struct DetectText {
    private typealias Format = ComparisonFormat

    private static let width = 60
    /// Findings shown of one detector and kind.
    static let shown = 20

    /// The whole text, ending in a newline.
    func render(_ report: DetectReport) -> String {
        var lines = [Self.head(report) + Self.leftOut(report), ""] + picture(report) + [""]
        var table = TextTable(
            header: ["detector", "found", "row", "time", "changed at row", "mean before", "mean after"])
        var notes: [String] = []
        for detector in report.detectors {
            for row in Self.rows(detector, limit: Self.shown) { table.add(row) }
            notes += Self.notes(detector)
        }
        if report.detectors.contains(where: { !$0.drifts.isEmpty || !$0.warnings.isEmpty }) { lines += table.lines }
        lines += notes
        return lines.joined(separator: "\n") + "\n"
    }

    static func head(_ report: DetectReport) -> String {
        let signal = report.signal
        let name = Format.printable(signal.name)
        let what =
            switch signal.source {
            case .column: name
            case .absoluteError: "absolute error of \(name)"
            case .classError: "errors (0 or 1) of \(name)"
            }
        return "\(what): \(signal.usedCount) rows, mean \(Format.number(signal.mean))"
    }

    static func leftOut(_ report: DetectReport) -> String {
        let signal = report.signal
        let parts = [(signal.missing, "missing"), (signal.infinite, "infinite"), (signal.text, "text")]
            .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let early = report.rowsOutOfOrder ?? 0
        return (parts.isEmpty ? "" : "; left out: " + parts.joined(separator: ", "))
            + (early > 0 ? "; \(early) rows have a time before one above them, and were taken in the file's order" : "")
    }

    /// Findings as cells, in the order of their rows: the first so many drifts, and as many warnings.
    static func rows(_ detector: DetectReport.Detector, limit: Int) -> [[String]] {
        let drifts = detector.drifts.prefix(limit).map { ($0, true) }
        let warnings = detector.warnings.prefix(limit).map { ($0, false) }
        return (warnings + drifts).sorted { $0.0.row < $1.0.row }.map { finding, isDrift in
            [
                detector.kind.rawValue,
                isDrift ? "drift" : "warning" + (finding.length > 1 ? " (\(finding.length) rows)" : ""),
                "\(finding.row)", finding.time.map(Format.printable) ?? "–", isDrift ? "\(finding.began)" : "–",
                Format.number(finding.meanBefore), Format.number(finding.meanAfter),
            ]
        }
    }

    /// What the table does not say of a detector.
    static func notes(_ detector: DetectReport.Detector) -> [String] {
        let name = detector.kind.rawValue
        var notes: [String] = []
        switch detector.status {
        case .noData: notes.append("\(name): takes none of these values")
        case .insufficient: notes.append("\(name): too few values (\(detector.taken))")
        default: if detector.drifts.isEmpty { notes.append("\(name): no drift") }
        }
        if detector.refused > 0, detector.taken > 0 {
            notes.append("\(name): \(detector.refused) values are outside what it takes and were left out")
        }
        for (kind, count) in [("drifts", detector.drifts.count), ("warnings", detector.warnings.count)]
        where count > shown {
            notes.append("\(name): the first \(shown) of \(count) \(kind) are shown; --format json has all")
        }
        return notes
    }

    private func picture(_ report: DetectReport) -> [String] {
        let means = report.stretches(Self.width)
        let length = report.stretchLength(Self.width)
        let known = means.compactMap(\.self)
        guard let low = known.min(), let high = known.max(), means.count > 1 else { return [] }
        let blocks = Array("▁▂▃▄▅▆▇█")
        let span = high > low ? high - low : 1
        var line = ""
        for mean in means { line.append(mean.map { blocks[min(7, Int(($0 - low) / span * 8))] } ?? " ") }
        let widest = max(6, report.detectors.map(\.kind.rawValue.count).max() ?? 0) + 2
        func padded(_ name: String) -> String { name + String(repeating: " ", count: widest - name.count) }
        var lines = [padded("signal") + line + "  \(Format.number(low)) to \(Format.number(high))"]
        for detector in report.driftedDetectors {
            var marks = [Character](repeating: " ", count: means.count)
            for drift in detector.drifts { marks[(drift.row - 1) / length] = "^" }
            lines.append(padded(detector.kind.rawValue) + String(marks))
        }
        return lines
    }
}
