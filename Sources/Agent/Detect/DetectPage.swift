import Foundation
import Statistics

/// The report as one HTML page that needs nothing else: style and pictures are inside, and no script. Well-formed XML.
struct DetectPage {
    private typealias Format = ComparisonFormat

    private static let width = 900.0
    private static let height = 200.0
    private static let margin = 28.0
    /// Points of the line, and marks of one detector.
    private static let points = 600
    private static let marks = 500
    private static let rows = 200

    var title = "Online detectors"

    /// The whole page, ending in a newline.
    func render(_ report: DetectReport) -> String {
        let length = report.stretchLength(Self.points)
        let each = length > 1 ? "The line is the mean of each \(length) rows. " : ""
        return HTMLPage.render(
            title: title, style: MetricsPage.style + style,
            body: """
                <h1>\(Format.escaped(title))</h1>
                <p>\(Format.escaped(DetectText.head(report) + DetectText.leftOut(report))).</p>
                <p><small>\(each)Drifts are orange, warnings grey.</small></p>
                \(report.detectors.map { section($0, report) }.joined(separator: "\n"))
                """)
    }

    private func section(_ detector: DetectReport.Detector, _ report: DetectReport) -> String {
        let name = detector.kind.rawValue
        let findings = DetectText.rows(detector, limit: Self.rows)
        let table =
            findings.isEmpty
            ? ""
            : MetricsPage.table(
                ["found", "row", "time", "changed at row", "mean before", "mean after"],
                findings.map { Array($0.dropFirst()) })
        let notes = DetectText.notes(detector).filter { !$0.contains("--format") }
        let left = detector.drifts.count + detector.warnings.count - findings.count
        let more = left > 0 ? ["\(left) more are not shown"] : []
        return """
            <h2>\(Format.escaped(name)) <small>\(detector.drifts.count) drifts, \(detector.warnings.count) warnings</small></h2>
            \(picture(detector, report))
            \((notes + more).map { "<p>\(Format.escaped($0))</p>" }.joined())
            \(table)
            """
    }

    private func fixed(_ value: Double) -> String { String(format: "%.1f", value) }

    private func picture(_ detector: DetectReport.Detector, _ report: DetectReport) -> String {
        let means = report.stretches(Self.points)
        let known = means.compactMap(\.self)
        guard let low = known.min(), let high = known.max() else { return "" }
        let count = Double(max(1, report.signal.values.count))
        let length = Double(report.stretchLength(Self.points))
        func place(row: Double) -> String { fixed(Self.margin + row / count * (Self.width - 2 * Self.margin)) }
        func place(value: Double) -> String {
            let share = high > low ? (value - low) / (high - low) : 0.5
            return fixed(Self.height - Self.margin - share * (Self.height - 2 * Self.margin))
        }
        func mark(_ finding: DetectReport.Finding, _ kind: String) -> String {
            let x = place(row: Double(finding.row) - 0.5)
            let time = finding.time.map { ", \($0)" } ?? ""
            return "<line class=\"\(kind)\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(fixed(Self.margin))\" "
                + "y2=\"\(fixed(Self.height - Self.margin))\">"
                + "<title>\(Format.escaped("\(kind) at row \(finding.row)\(time)"))</title></line>"
        }
        // A stretch without values interrupts the line.
        var lines: [[String]] = [[]]
        for (index, mean) in means.enumerated() {
            if let mean {
                let middle = min(count, (Double(index) + 0.5) * length)
                lines[lines.count - 1].append("\(place(row: middle)),\(place(value: mean))")
            } else if !lines[lines.count - 1].isEmpty {
                lines.append([])
            }
        }
        let drawn = lines.filter { !$0.isEmpty }
            .map { "<polyline class=\"line\" points=\"\($0.joined(separator: " "))\"/>" }
        let marks =
            detector.warnings.prefix(Self.marks).map { mark($0, "warning") }
            + detector.drifts.prefix(Self.marks).map { mark($0, "drift") }
        return """
            <svg class="signal" viewBox="0 0 \(fixed(Self.width)) \(fixed(Self.height))" role="img">\
            \(marks.joined())\(drawn.joined())\
            <text x="\(fixed(Self.margin))" y="\(fixed(Self.height - 10))">row 1</text>\
            <text x="\(fixed(Self.width - Self.margin))" y="\(fixed(Self.height - 10))" text-anchor="end">\
            row \(report.signal.values.count)</text>\
            <text x="2" y="\(fixed(Self.height - Self.margin))">\(Format.number(low))</text>\
            <text x="2" y="\(fixed(Self.margin - 4))">\(Format.number(high))</text></svg>
            """
    }
}

private let style = """
    svg.signal { width: 100%; height: auto; } svg.signal .line { stroke-width: 1.2; }
    line.drift { stroke: #e08a3c; stroke-width: 2; } line.warning { stroke: #b5c0c6; }

    """
