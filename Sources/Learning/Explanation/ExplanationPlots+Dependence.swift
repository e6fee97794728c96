extension ExplanationPlots {
    /// What one feature added (up) at each of its values, a point per row; categories stand side by side, the most frequent
    /// first.
    /// - Parameter rows: drawn at most, evenly taken.
    /// - Throws: `LearningError(.unknownColumn)` if the feature is not among those explained, or not in the table.
    public static func dependence(
        _ attributions: Attributions, of table: Table, feature: String, output: Int = 0, rows: Int = 2_000
    ) throws(LearningError) -> String {
        guard let index = attributions.features.firstIndex(of: feature) else {
            throw LearningError(
                .unknownColumn, "\"\(feature)\" was not explained", advice: "Name one of the model's features.")
        }
        let column = try table.column(named: feature)
        let taken = evenly(rows, of: min(attributions.rowCount, table.rowCount))
        let values = taken.map { attributions.contributions(row: $0, output: output).value(at: index) }
        let scale = HorizontalScale(column, rows: taken)
        let frame = PlotFrame(x: scale.axis, y: PlotAxis(values + [0]), categories: scale.categories)
        var canvas = frame.canvas(
            xName: feature, yName: "added to \(scaleName(attributions, output))")
        for (number, (row, value)) in zip(taken, values).enumerated() {
            guard let x = scale.place(column, row) else { continue }
            // Points of one category are spread a little, always in the same way.
            let spread = scale.categories.isEmpty ? 0 : (Double(number * 7 % 23) / 22 - 0.5) * 0.5
            let point = frame.place(x + spread, value)
            canvas.circle(x: point.x, y: point.y, radius: 2, color: PlotCanvas.orange, opacity: 0.6)
        }
        return canvas.svg(title: "What \(feature) adds at each of its values")
    }

    /// The mean prediction (orange) along the feature, over the curves of single rows (grey).
    public static func partialDependence(_ dependence: PartialDependence, output: Int = 0) -> String {
        let (means, curves) = (dependence.means[output], dependence.curves[output])
        let categories: [String]
        let places: [Double]
        switch dependence.grid {
        case .numbers(let numbers): (places, categories) = (numbers, [])
        case .categories(let names): (places, categories) = (names.indices.map { Double($0) }, names)
        }
        let axis = categories.isEmpty ? PlotAxis(places) : PlotAxis([-0.5, Double(categories.count) - 0.5])
        let frame = PlotFrame(x: axis, y: PlotAxis(curves.joined().map(\.self) + means), categories: categories)
        var canvas = frame.canvas(
            xName: dependence.feature, yName: "mean prediction of \(PlotText.short(dependence.outputs[output], 40))")
        if categories.isEmpty {
            for curve in curves {
                canvas.polyline(
                    zip(places, curve).map(frame.place), color: PlotCanvas.grey, width: 0.8, opacity: 0.4)
            }
            canvas.polyline(zip(places, means).map(frame.place), color: PlotCanvas.orange, width: 2.5)
        }
        for (index, mean) in means.enumerated() where !categories.isEmpty || means.count == 1 {
            for curve in curves {
                let point = frame.place(places[index], curve[index])
                canvas.circle(x: point.x, y: point.y, radius: 1.8, color: PlotCanvas.grey, opacity: 0.4)
            }
            let point = frame.place(places[index], mean)
            canvas.circle(x: point.x, y: point.y, radius: 5, color: PlotCanvas.orange, opacity: 1)
        }
        return canvas.svg(title: "Mean prediction along \(dependence.feature)")
    }
}

/// Where the cells of a column stand along a picture.
private struct HorizontalScale {
    private static let maximumCategories = 20

    let axis: PlotAxis
    /// The categories that have a place, the most frequent first; empty for numbers.
    let categories: [String]

    init(_ column: TableColumn, rows: [Int]) {
        if case .numeric = column.values {
            axis = PlotAxis(rows.map { column.number(at: $0) })
            categories = []
            return
        }
        let counts = Dictionary(rows.compactMap { column.text(at: $0) }.map { ($0, 1) }, uniquingKeysWith: +)
        let ordered = counts.keys.sorted { (-(counts[$0] ?? 0), $0) < (-(counts[$1] ?? 0), $1) }
        categories = Array(ordered.prefix(Self.maximumCategories))
        axis = PlotAxis([-0.5, Double(max(1, categories.count)) - 0.5])
    }

    /// `nil` for a missing cell, an infinity, or a rare category.
    func place(_ column: TableColumn, _ row: Int) -> Double? {
        if categories.isEmpty {
            let number = column.number(at: row)
            return number.isFinite ? number : nil
        }
        return column.text(at: row).flatMap { categories.firstIndex(of: $0) }.map { Double($0) }
    }
}

/// Two axes and what is between them.
private struct PlotFrame {
    private let left = 64.0
    private let top = 16.0
    private let width = 620.0
    private let height = 380.0
    private let bottom = 56.0

    let x: PlotAxis
    let y: PlotAxis
    /// Names at 0, 1, 2, … of the horizontal axis, in place of its numbers.
    let categories: [String]

    func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
        (
            left + self.x.share(x) * (width - left - 16),
            height - bottom - self.y.share(y) * (height - bottom - top - 20)
        )
    }

    func canvas(xName: String, yName: String) -> PlotCanvas {
        var canvas = PlotCanvas(width: width, height: height)
        canvas.text(yName, x: 8, y: 18, color: "#66757f")
        for tick in y.ticks {
            let line = place(x.low, tick).y
            canvas.line(from: (left, line), to: (width - 16, line), color: "#e3e9ec")
            canvas.text(PlotNumber.text(tick), x: left - 6, y: line + 4, anchor: .end, color: "#66757f")
        }
        let below = height - bottom + 18
        for tick in x.ticks where categories.isEmpty {
            let column = place(tick, y.low).x
            canvas.line(from: (column, top + 20), to: (column, height - bottom), color: "#e3e9ec")
            canvas.text(PlotNumber.text(tick), x: column, y: below, anchor: .middle, color: "#66757f")
        }
        let letters = max(3, Int(90 / Double(max(1, categories.count))))
        for (index, name) in categories.enumerated() {
            canvas.text(
                PlotText.short(name, letters), x: place(Double(index), y.low).x, y: below, anchor: .middle,
                color: "#66757f")
        }
        canvas.text(PlotText.short(xName, 60), x: (left + width - 16) / 2, y: height - 14, anchor: .middle)
        return canvas
    }
}
