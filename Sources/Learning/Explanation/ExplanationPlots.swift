/// Pictures of explanations, as SVG text that can stand alone or in a page.
public enum ExplanationPlots {
    static let width = 680.0
    static let labelWidth = 190.0
    /// Space for the numbers of an axis and its name.
    static let footer = 44.0
    static let margin = 24.0

    /// A point per row and feature: how far it moved the prediction, in the colour of the feature's value (blue low, orange
    /// high, grey for categories and missing cells). The most important features come first.
    ///
    /// - Parameters:
    ///   - table: the rows that were explained, in the same order.
    ///   - features: drawn at most, 1 or more.
    ///   - rows: drawn at most, evenly taken.
    public static func summary(
        _ attributions: Attributions, of table: Table, output: Int = 0, features: Int = 20, rows: Int = 1_000
    ) -> String {
        let shown = attributions.importance(output: output).prefix(max(1, features)).map(\.feature)
        let taken = evenly(rows, of: attributions.rowCount)
        let places = Dictionary(zip(attributions.features, 0...), uniquingKeysWith: { first, _ in first })
        let columns = table.columnsByName
        let points = shown.map { name in
            taken.map { attributions.contributions(row: $0, output: output).value(at: places[name] ?? 0) }
        }
        let axis = PlotAxis(points.joined().map(\.self) + [0])
        let rowHeight = 26.0
        let bottom = margin + rowHeight * Double(shown.count)
        var canvas = PlotCanvas(width: width, height: bottom + footer)
        drawAxis(axis, on: &canvas, bottom: bottom, name: scaleName(attributions, output))
        canvas.text(
            "value: low blue, high orange; category or missing grey", x: width - margin, y: margin - 8, anchor: .end,
            color: "#66757f")
        for (index, name) in shown.enumerated() {
            let middle = margin + rowHeight * (Double(index) + 0.5)
            canvas.text(PlotText.short(name), x: labelWidth - 8, y: middle + 4, anchor: .end)
            let shades = columns[name].map { ValueShades($0) }
            var stacks: [Int: Int] = [:]
            for (point, row) in zip(points[index], taken) where point.isFinite {
                let x = place(axis, point)
                // Points at the same place are stacked outwards from the middle.
                let stack = stacks[Int(x / 2), default: 0]
                stacks[Int(x / 2)] = stack + 1
                let offset = min(Double((stack + 1) / 2) * 1.1, rowHeight * 0.44) * (stack % 2 == 0 ? 1 : -1)
                canvas.circle(x: x, y: middle + offset, radius: 1.8, color: PlotCanvas.shade(shades?.share(row)))
            }
        }
        return canvas.svg(title: "What each feature adds to \(scaleName(attributions, output))")
    }

    /// How one prediction comes about, from the base to the sum: the largest contributions, the rest in one bar.
    public static func waterfall(
        _ attributions: Attributions, of table: Table, row: Int, output: Int = 0, features: Int = 10
    ) -> String {
        let contributions = Array(attributions.contributions(row: row, output: output))
        let order = contributions.indices.sorted { (-abs(contributions[$0]), $0) < (-abs(contributions[$1]), $1) }
        let shown = order.prefix(max(1, features))
        let columns = table.columnsByName
        var steps = shown.map { index in
            let name = attributions.features[index]
            let cell = PlotText.short(PlotText.cell(columns[name], row), 12)
            return (label: "\(PlotText.short(name, 16)) = \(cell)", value: contributions[index])
        }
        let rest = order.dropFirst(shown.count)
        if !rest.isEmpty {
            steps.append((label: "\(rest.count) others", value: rest.reduce(0) { $0 + contributions[$1] }))
        }
        var levels = [attributions.base[output]]
        // From the least to the most important, so that the largest steps stand at the top.
        for step in steps.reversed() { levels.append((levels.last ?? 0) + step.value) }
        let axis = PlotAxis(levels)
        let rowHeight = 28.0
        let bottom = margin + rowHeight * Double(steps.count) + 8
        var canvas = PlotCanvas(width: width, height: bottom + footer)
        drawAxis(axis, on: &canvas, bottom: bottom, name: scaleName(attributions, output), marksZero: false)
        let (base, total) = (levels[0], levels[levels.count - 1])
        canvas.line(
            from: (place(axis, base), margin), to: (place(axis, base), bottom), color: PlotCanvas.grey, isDashed: true)
        canvas.text(
            "base \(PlotNumber.text(base)), prediction \(PlotNumber.text(total))", x: labelWidth, y: margin - 8,
            color: "#66757f")
        for (index, step) in steps.enumerated() {
            let top = margin + rowHeight * Double(index) + 4
            let (start, end) = (levels[steps.count - index - 1], levels[steps.count - index])
            let (left, right) = (place(axis, min(start, end)), place(axis, max(start, end)))
            canvas.text(step.label, x: labelWidth - 8, y: top + 14, anchor: .end)
            canvas.bar(
                x: left, y: top, width: max(right - left, 1), height: rowHeight - 8,
                color: step.value < 0 ? PlotCanvas.blue : PlotCanvas.orange)
            // Beside the bar where there is space, else in it.
            let (isRight, isLeft) = (right < width - margin - 60, left > labelWidth + 60)
            canvas.text(
                PlotNumber.signed(step.value), x: isRight ? right + 4 : (isLeft ? left : right) - 4, y: top + 14,
                anchor: isRight ? .start : .end, color: isRight || isLeft ? "#66757f" : "#ffffff")
        }
        return canvas.svg(title: "How the prediction of row \(row + 1) comes about")
    }

    static func drawAxis(
        _ axis: PlotAxis, on canvas: inout PlotCanvas, bottom: Double, name: String, marksZero: Bool = true
    ) {
        for tick in axis.ticks {
            let x = place(axis, tick)
            let isZero = marksZero && abs(tick) < 1e-12 * (axis.high - axis.low)
            canvas.line(from: (x, margin), to: (x, bottom), color: isZero ? PlotCanvas.grey : "#e3e9ec")
            canvas.text(PlotNumber.text(tick), x: x, y: bottom + 16, anchor: .middle, color: "#66757f")
        }
        canvas.text(name, x: (labelWidth + width - margin) / 2, y: bottom + 34, anchor: .middle, color: "#66757f")
    }

    static func place(_ axis: PlotAxis, _ value: Double) -> Double {
        labelWidth + axis.share(value) * (width - labelWidth - margin)
    }

    static func scaleName(_ attributions: Attributions, _ output: Int) -> String {
        let name = PlotText.short(attributions.outputs[output], 40)
        return attributions.scale == .margin ? "the margin of \(name)" : "the prediction of \(name)"
    }

    /// At most so many of the numbers below `total`, evenly taken.
    static func evenly(_ count: Int, of total: Int) -> [Int] {
        let count = min(max(0, count), total)
        return (0..<count).map { $0 * total / count }
    }
}

/// The place of a column's cells between its smallest and largest value, by rank, which outliers do not squeeze.
struct ValueShades {
    private let shares: [Double?]

    init(_ column: TableColumn) {
        if case .categorical = column.values {
            shares = Array(repeating: nil, count: column.count)
            return
        }
        let numbers = (0..<column.count).map { column.number(at: $0) }
        var distinct: [Double] = []
        for value in numbers.filter({ !$0.isNaN }).sorted() where distinct.last != value { distinct.append(value) }
        let ranks = Dictionary(zip(distinct, 0...), uniquingKeysWith: { first, _ in first })
        shares = numbers.map { number in
            ranks[number].map { distinct.count > 1 ? Double($0) / Double(distinct.count - 1) : 0.5 }
        }
    }

    func share(_ row: Int) -> Double? { row < shares.count ? shares[row] : nil }
}

extension ArraySlice<Double> {
    /// The element so many behind the first.
    func value(at offset: Int) -> Double { self[startIndex + offset] }
}
