import Foundation

/// The distribution of one column on both sides, as SVG or, where cells have names, as bars beside the names.
struct ComparisonPicture {
    private typealias Format = ComparisonFormat

    private let histogram: ComparedHistogram
    private let isNumeric: Bool
    private let largest: Double

    init(_ column: ComparedColumn, _ histogram: ComparedHistogram) {
        self.histogram = histogram
        isNumeric = column.kind == "numeric"
        largest = max(histogram.reference.max() ?? 0, histogram.current.max() ?? 0)
    }

    /// For a line of a table; empty where there is nothing to draw.
    var small: String {
        guard largest > 0 else { return "" }
        let (width, height) = (150.0, 32.0)
        return """
            <svg class="small" viewBox="0 0 \(fixed(width)) \(fixed(height))" preserveAspectRatio="none">\
            <path class="reference" d="\(steps(histogram.reference, width, height))"/>\
            <path class="line" d="\(steps(histogram.current, width, height))"/></svg>
            """
    }

    /// With every cell's share on hovering.
    var large: String {
        guard largest > 0 else { return "" }
        return isNumeric ? bars : rows
    }

    /// A line over the cells, each as wide as the others.
    private func steps(_ shares: [Double], _ width: Double, _ height: Double) -> String {
        let cell = width / Double(shares.count)
        var path = "M0 \(fixed(height))"
        for (index, share) in shares.enumerated() {
            let top = fixed(height - share / largest * (height - 2))
            path += "L\(fixed(Double(index) * cell)) \(top)L\(fixed(Double(index + 1) * cell)) \(top)"
        }
        return path + "L\(fixed(width)) \(fixed(height))"
    }

    private var bars: String {
        let count = histogram.labels.count
        let (width, height) = (480.0, 120.0)
        let cell = width / Double(count)
        var bars = ""
        for index in 0..<count {
            for (side, share, offset) in sides(index, 0.08, 0.5) {
                let bar = share / largest * height
                bars += """
                    <rect class="\(side)" x="\(fixed((Double(index) + offset) * cell))" y="\(fixed(height - bar))" \
                    width="\(fixed(cell * 0.42))" height="\(fixed(bar))">\(tooltip(index, side, share))</rect>

                    """
            }
        }
        let ends = (
            histogram.labels[0].components(separatedBy: " … ")[0],
            histogram.labels[count - 1].components(separatedBy: " … ").last ?? ""
        )
        return """
            <svg viewBox="0 0 \(fixed(width)) \(fixed(height))" role="img" preserveAspectRatio="none">
            \(bars)</svg>
            <p class="axis"><span>\(Format.escaped(ends.0))</span><span>\(count == 1 ? "" : Format.escaped(ends.1))</span></p>
            """
    }

    /// A named cell is a row, so that its name can be read.
    private var rows: String {
        let rows = histogram.labels.indices.map { index in
            let pair = sides(index, 1, 8).map { side, share, top in
                """
                <rect class="\(side)" x="0" y="\(fixed(top))" width="\(fixed(share / largest * 280))" height="7">\
                \(tooltip(index, side, share))</rect>
                """
            }
            let name = Format.escaped(histogram.labels[index])
            return """
                <div><span class="cell" title="\(name)">\(name)</span>\
                <svg class="row" viewBox="0 0 280 16" preserveAspectRatio="none">\(pair.joined())</svg></div>
                """
        }
        return "<div class=\"cells\">\(rows.joined(separator: "\n"))</div>"
    }

    private func sides(_ index: Int, _ first: Double, _ second: Double) -> [(String, Double, Double)] {
        [("reference", histogram.reference[index], first), ("current", histogram.current[index], second)]
    }

    private func tooltip(_ index: Int, _ side: String, _ share: Double) -> String {
        "<title>\(Format.escaped(histogram.labels[index])): \(side) \(Format.share(share))</title>"
    }

    private func fixed(_ value: Double) -> String { String(format: "%.2f", value) }
}

let comparisonStyle = """

    body { font: 15px/1.45 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1b2a33; }
    .columns { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(30rem, 100%), 1fr)); gap: 1rem 2rem; }
    section { border-left: 4px solid #c9d3d9; padding: .2rem 0 .6rem 1rem; min-width: 0; margin-bottom: 1rem; }
    section.critical { border-color: #c0392b; } section.warning { border-color: #d68910; }
    section.error { border-color: #7d3c98; }
    h2 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; } small { color: #66757f; font-weight: normal; }
    p { margin: .3rem 0; } svg { width: 100%; max-width: 480px; height: 120px; background: #f6f8f9; }
    svg.small { width: 150px; height: 32px; display: block; } svg.row { height: 16px; flex: 1; min-width: 0; }
    .axis { display: flex; justify-content: space-between; max-width: 480px; font-size: .8rem; color: #66757f; }
    .cells { max-width: 480px; font-size: .8rem; color: #66757f; margin: .3rem 0; }
    .cells div { display: flex; gap: .6rem; align-items: center; margin: 2px 0; }
    .cell { width: 11rem; flex: none; text-align: right; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; padding: .1rem 1.2rem .1rem 0; }
    .overview { width: 100%; margin: .6rem 0 2rem; } .overview td { border-top: 1px solid #e3e9ec; line-height: 1.25; }
    .overview .name { max-width: 22rem; overflow-wrap: anywhere; }
    .overview a { color: inherit; } .number { text-align: right; white-space: nowrap; }
    tr.critical b { color: #c0392b; } tr.warning b { color: #b9770e; } tr.error b { color: #7d3c98; }
    summary { cursor: pointer; font-weight: bold; margin: 1.5rem 0 1rem; }
    .reference { fill: #7f9aa8; } .current { fill: #e08a3c; }
    path.reference { fill: #b9c8d0; } .line { fill: none; stroke: #e08a3c; stroke-width: 2; }
    .key span { display: inline-block; width: .8rem; height: .8rem; margin: 0 .2rem 0 .8rem; }
    span.reference { background: #7f9aa8; } span.current { background: #e08a3c; }

    """
