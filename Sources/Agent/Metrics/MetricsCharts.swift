import Foundation
import Statistics

/// The pictures of a performance page, as inline SVG.
enum MetricsCharts {
    private static let width = 300.0
    private static let height = 220.0
    private static let margin = 28.0

    static func all(_ report: MetricsReport) -> [(name: String, picture: String)] {
        var found: [(String, String)] = []
        if let curve = report.curve {
            let roc = curve.rocPoints
            if !roc.isEmpty {
                found.append(
                    ("ROC curve: true against false positive rate", framed(guide: ((0, 0), (1, 1)), body: line(roc))))
            }
            let precision = curve.precisionRecallPoints
            if !precision.isEmpty {
                found.append(("Precision (up) against recall", framed(guide: nil, body: line(precision))))
            }
        }
        if report.calibration.contains(where: { $0.count > 0 }) {
            found.append(
                (
                    "Calibration: share of positives (up) at each score, with 95 % intervals",
                    framed(guide: ((0, 0), (1, 1)), body: calibration(report.calibration))
                ))
        }
        if let shares = report.scoreShares {
            found.append(
                ("Scores of negatives (grey) and positives (orange)", bars([shares.negative, shares.positive])))
        }
        if let residuals = report.residuals, !residuals.error.isEmpty {
            found.append(("Errors (prediction − outcome), counted", histogram(residuals.error)))
            found.append(("Error (up) against prediction", scatter(residuals.predicted, residuals.error)))
        }
        return found
    }

    /// Means (up) at growing sizes, with a whisker of one deviation either way.
    static func curve(_ points: [(size: Double, mean: Double, deviation: Double?)]) -> String {
        let ends = points.flatMap { [$0.mean - ($0.deviation ?? 0), $0.mean + ($0.deviation ?? 0)] }
        guard let low = ends.min(), let high = ends.max(), let left = points.map(\.size).min(),
            let right = points.map(\.size).max()
        else { return "" }
        let (width, tall) = (right > left ? right - left : 1, high > low ? high - low : 1)
        func spot(_ size: Double, _ value: Double) -> (x: Double, y: Double) {
            ((size - left) / width, (value - low) / tall)
        }
        var body = line(points.map { spot($0.size, $0.mean) })
        for point in points {
            let dot = spot(point.size, point.mean)
            let (x, y) = place(dot.x, dot.y)
            if let deviation = point.deviation {
                let bottom = place(dot.x, spot(point.size, point.mean - deviation).y)
                let top = place(dot.x, spot(point.size, point.mean + deviation).y)
                body += "<line class=\"whisker\" x1=\"\(x)\" y1=\"\(bottom.y)\" x2=\"\(x)\" y2=\"\(top.y)\"/>"
            }
            body += "<circle class=\"dot\" cx=\"\(x)\" cy=\"\(y)\" r=\"3\"/>"
        }
        return framed(
            guide: nil, body: body, low: (ComparisonFormat.short(left), ComparisonFormat.number(low)),
            high: (ComparisonFormat.short(right), ComparisonFormat.number(high)))
    }

    private static func fixed(_ value: Double) -> String { String(format: "%.1f", value) }

    /// A point of the unit square in the picture.
    private static func place(_ x: Double, _ y: Double) -> (x: String, y: String) {
        (fixed(margin + x * (width - 2 * margin)), fixed(height - margin - y * (height - 2 * margin)))
    }

    private static func framed(
        guide: ((Double, Double), (Double, Double))?, body: String, low: (String, String) = ("0", "0"),
        high: (String, String) = ("1", "1")
    ) -> String {
        var guideLine = ""
        if let (start, end) = guide {
            let (from, to) = (place(start.0, start.1), place(end.0, end.1))
            guideLine = "<line class=\"guide\" x1=\"\(from.x)\" y1=\"\(from.y)\" x2=\"\(to.x)\" y2=\"\(to.y)\"/>"
        }
        return """
            <svg viewBox="0 0 \(fixed(width)) \(fixed(height))" role="img">\(guideLine)\(body)\
            <text x="\(fixed(margin))" y="\(fixed(height - 12))">\(low.0)</text>\
            <text x="\(fixed(width - margin))" y="\(fixed(height - 12))" text-anchor="end">\(high.0)</text>\
            <text x="2" y="\(fixed(height - margin))">\(low.1)</text><text x="2" y="\(fixed(margin))">\(high.1)</text></svg>
            """
    }

    private static func line(_ points: [(x: Double, y: Double)]) -> String {
        let path = points.map { point in
            let (x, y) = place(point.x, point.y)
            return "\(x),\(y)"
        }
        return "<polyline class=\"line\" points=\"\(path.joined(separator: " "))\"/>"
    }

    private static func calibration(_ bins: [CalibrationBin]) -> String {
        bins.compactMap { bin -> String? in
            guard let score = bin.meanScore, let share = bin.observed.value, let low = bin.observed.low,
                let high = bin.observed.high
            else { return nil }
            let (dot, bottom, top) = (place(score, share), place(score, low), place(score, high))
            return "<line class=\"whisker\" x1=\"\(bottom.x)\" y1=\"\(bottom.y)\" x2=\"\(top.x)\" y2=\"\(top.y)\"/>"
                + "<circle class=\"dot\" cx=\"\(dot.x)\" cy=\"\(dot.y)\" r=\"3\"><title>\(Int(bin.count)) rows</title></circle>"
        }.joined()
    }

    /// Side by side, heights as shares of the largest.
    private static func bars(_ series: [[Double]], low: String = "0", high: String = "1") -> String {
        guard let count = series.first?.count, count > 0 else { return "" }
        let largest = max(series.flatMap(\.self).max() ?? 0, .leastNormalMagnitude)
        let cell = 1 / Double(count)
        var body = ""
        for (side, values) in series.enumerated() {
            for (index, value) in values.enumerated() {
                let x = (Double(index) + Double(side) / Double(series.count)) * cell
                let corner = place(x, value / largest)
                let tall = value / largest * (height - 2 * margin)
                let wide = cell / Double(series.count) * (width - 2 * margin) * 0.9
                body +=
                    "<rect class=\"\(side == 0 ? "negative" : "positive")\" x=\"\(corner.x)\" y=\"\(corner.y)\" "
                    + "width=\"\(fixed(wide))\" height=\"\(fixed(tall))\"/>"
            }
        }
        return framed(guide: nil, body: body, low: (low, ""), high: (high, ""))
    }

    /// Forty bins over the central 99 %; what lies outside is in the outer two.
    private static func histogram(_ errors: [Double]) -> String {
        let sorted = errors.sorted()
        let low = sorted[sorted.count / 200]
        let high = sorted[sorted.count - 1 - sorted.count / 200]
        let span = high > low ? high - low : 1
        var counts = [Double](repeating: 0, count: 40)
        for error in errors { counts[min(39, max(0, Int(((error - low) / span * 40).rounded(.down))))] += 1 }
        return bars([counts], low: ComparisonFormat.number(low), high: ComparisonFormat.number(high))
    }

    /// At most 1,000 rows, evenly taken.
    private static func scatter(_ predicted: [Double], _ errors: [Double]) -> String {
        let step = max(1, predicted.count / 1_000)
        let rows = stride(from: 0, to: predicted.count, by: step)
        guard let left = predicted.min(), let right = predicted.max(), let bottom = errors.min(), let top = errors.max()
        else { return "" }
        let spans = (right > left ? right - left : 1, top > bottom ? top - bottom : 1)
        let dots = rows.map { row in
            let (x, y) = place((predicted[row] - left) / spans.0, (errors[row] - bottom) / spans.1)
            return "<circle class=\"dot\" cx=\"\(x)\" cy=\"\(y)\" r=\"1.5\"/>"
        }
        let zero = (0 - bottom) / spans.1
        return framed(
            guide: (0...1).contains(zero) ? ((0, zero), (1, zero)) : nil, body: dots.joined(),
            low: (ComparisonFormat.number(left), ComparisonFormat.number(bottom)),
            high: (ComparisonFormat.number(right), ComparisonFormat.number(top)))
    }
}
