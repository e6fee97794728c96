import Foundation
import Learning

/// The pictures of a profile, as inline SVG.
enum ProfileCharts {
    private typealias Format = ProfileFormat

    static func fixed(_ value: Double) -> String { String(format: "%.1f", value) }

    /// The distribution for a line of a table.
    static func small(_ column: ColumnProfile) -> String {
        let counts = column.cells.counts
        guard let largest = counts.max(), largest > 0 else { return "" }
        let (width, height) = (150.0, 32.0)
        let cell = width / Double(max(counts.count, 4))
        let bars = counts.enumerated().map { index, count in
            let tall = Double(count) / Double(largest) * (height - 2)
            return "<rect class=\"reference\" x=\"\(fixed(Double(index) * cell))\" y=\"\(fixed(height - tall))\" "
                + "width=\"\(fixed(max(1, cell * 0.88)))\" height=\"\(fixed(tall))\"/>"
        }
        return "<svg class=\"small\" viewBox=\"0 0 150 32\" preserveAspectRatio=\"none\">\(bars.joined())</svg>"
    }

    /// A share as a bar with its number.
    static func bar(_ share: Double, _ kind: String) -> String {
        let wide = fixed(100 * min(1, max(0, share)))
        return "<span class=\"meter \(kind)\"><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\">"
            + "<rect class=\"fill\" x=\"0\" y=\"0\" width=\"\(wide)\" height=\"10\"/></svg>"
            + "<span class=\"share\">\(ComparisonFormat.escaped(Format.share(share)))</span></span>"
    }

    /// The distribution of a card, the target's mean among the rows of each bar over it.
    /// - Parameter target: whose scale the means are on; `nil` without one.
    static func large(_ column: ColumnProfile, target: TargetScale?) -> String {
        guard let largest = column.cells.counts.max(), largest > 0 else { return "" }
        let scale = target?.scale(column.cells)
        let picture =
            column.cells.edges.isEmpty ? named(column, largest, scale) : ranges(column, largest, scale)
        guard let scale, let target else { return picture }
        return picture + "<p class=\"rates\">\(ComparisonFormat.escaped(target.caption(scale)))</p>"
    }

    private static func ranges(_ column: ColumnProfile, _ largest: Int, _ scale: RateScale?) -> String {
        let cells = column.cells
        func place(_ value: Double) -> String {
            column.type == .time ? Format.time(value, isCalendar: true) : Format.number(value)
        }
        let (width, height) = (480.0, 120.0)
        let cell = width / Double(cells.counts.count)
        let bars = cells.counts.indices.map { index in
            let tall = Double(cells.counts[index]) / Double(largest) * (height - 6)
            let mean = cells.targetMeans.isEmpty ? nil : cells.targetMeans[index]
            let text =
                "\(place(cells.edges[index])) … \(place(cells.edges[index + 1])): "
                + Format.count(cells.counts[index], "row") + (mean.map { ", target \(Format.number($0))" } ?? "")
            return """
                <rect class="reference" x="\(fixed(Double(index) * cell))" y="\(fixed(height - tall))" \
                width="\(fixed(cell * 0.92))" height="\(fixed(tall))"><title>\(ComparisonFormat.escaped(text))</title></rect>
                """
        }
        let tails =
            cells.below + cells.above > 0
            ? "\(Format.count(cells.below)) below, \(Format.count(cells.above)) above" : ""
        return """
            <div class="picture"><svg viewBox="0 0 480 120" role="img" preserveAspectRatio="none">\(bars.joined())\
            \(rates(cells, scale, width: width, height: height))</svg>
            <p class="axis"><span>\(ComparisonFormat.escaped(place(cells.edges[0])))</span><span>\(tails)</span>\
            <span>\(ComparisonFormat.escaped(place(cells.edges[cells.edges.count - 1])))</span></p></div>
            """
    }

    /// The target's means; those of bars of few rows are noise and have none.
    private static func rates(
        _ cells: DistributionCells, _ scale: RateScale?, width: Double, height: Double
    ) -> String {
        let cell = width / Double(cells.counts.count)
        let points = cells.targetMeans.enumerated().compactMap { index, mean -> (index: Int, mean: Double)? in
            mean.flatMap { cells.counts[index] >= TargetScale.leastRows ? (index, $0) : nil }
        }
        guard points.count > 1, let scale else { return "" }
        let path = points.map { index, mean in
            let y = height - 6 - scale.share(mean) * (height - 12)
            return "\(fixed((Double(index) + 0.46) * cell)),\(fixed(y))"
        }
        return "<polyline class=\"rate\" points=\"\(path.joined(separator: " "))\"/>"
    }

    /// A named bar is a row, so that its name can be read.
    private static func named(_ column: ColumnProfile, _ largest: Int, _ scale: RateScale?) -> String {
        let cells = column.cells
        let rows = cells.labels.indices.prefix(12).map { index in
            let share = Double(cells.counts[index]) / Double(max(1, column.rows - column.missing))
            let mean = cells.targetMeans.isEmpty ? nil : cells.targetMeans[index]
            let dot = mean.flatMap { mean in
                scale.map { scale in
                    "<rect class=\"dot\" x=\"\(fixed(2 + scale.share(mean) * 268))\" y=\"0\" width=\"5\" height=\"16\">"
                        + "<title>target \(Format.number(mean))</title></rect>"
                }
            }
            let name = ComparisonFormat.escaped(cells.labels[index])
            return """
                <div><span class="cell" title="\(name)">\(name)</span>\
                <svg class="row" viewBox="0 0 280 16" preserveAspectRatio="none">\
                <rect class="reference" x="0" y="2" width="\(fixed(Double(cells.counts[index]) / Double(largest) * 278))" \
                height="12"><title>\(Format.count(cells.counts[index], "row"))</title></rect>\(dot ?? "")</svg>\
                <span class="share">\(ComparisonFormat.escaped(Format.share(share)))</span></div>
                """
        }
        let rest = column.distinct - rows.count
        let more = rest > 0 ? "<div><span class=\"cell\">and \(Format.count(rest)) more</span></div>" : ""
        return "<div class=\"cells\">\(rows.joined(separator: "\n"))\(more)</div>"
    }

    /// The course of a level over the parts of time.
    static func level(_ values: [Double?], _ scale: RateScale?) -> String {
        guard let scale, values.count > 1 else { return "" }
        var lines: [[String]] = [[]]
        for (index, value) in values.enumerated() {
            guard let value else {
                lines.append([])
                continue
            }
            let x = 2 + Double(index) / Double(values.count - 1) * 126
            lines[lines.count - 1].append("\(fixed(x)),\(fixed(25 - scale.share(value) * 22))")
        }
        let drawn = lines.filter { !$0.isEmpty }.map {
            "<polyline class=\"rate\" points=\"\($0.joined(separator: " "))\"/>"
        }
        return "<svg class=\"level\" viewBox=\"0 0 130 28\">\(drawn.joined())</svg>"
    }
}
