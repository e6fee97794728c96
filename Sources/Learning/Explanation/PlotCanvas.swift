import Foundation

/// A picture as SVG that needs nothing else: no style sheet, script or font.
struct PlotCanvas {
    static let low = (red: 59.0, green: 110.0, blue: 165.0)
    static let high = (red: 224.0, green: 138.0, blue: 60.0)
    static let orange = "#e08a3c"
    static let blue = "#3b6ea5"
    static let grey = "#7f9aa8"

    let width: Double
    let height: Double
    private var body = ""

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    /// - Parameter title: what a reader that cannot see is told.
    func svg(title: String) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(fixed(width)) \(fixed(height))" role="img" \
        font-family="system-ui, sans-serif" font-size="12" fill="#1b2a33"><title>\(PlotText.escaped(title))</title>\
        <rect width="100%" height="100%" fill="#f6f8f9"/>
        \(body)</svg>

        """
    }

    enum Anchor: String { case start, middle, end }

    mutating func text(
        _ text: String, x: Double, y: Double, anchor: Anchor = .start, color: String = "#1b2a33", bold: Bool = false
    ) {
        body +=
            "<text x=\"\(fixed(x))\" y=\"\(fixed(y))\" text-anchor=\"\(anchor.rawValue)\" fill=\"\(color)\""
            + "\(bold ? " font-weight=\"bold\"" : "")>\(PlotText.escaped(text))</text>\n"
    }

    mutating func line(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double), color: String = "#c9d3d9",
        isDashed: Bool = false
    ) {
        body +=
            "<line x1=\"\(fixed(start.x))\" y1=\"\(fixed(start.y))\" x2=\"\(fixed(end.x))\" y2=\"\(fixed(end.y))\" "
            + "stroke=\"\(color)\"\(isDashed ? " stroke-dasharray=\"4 3\"" : "")/>\n"
    }

    mutating func polyline(_ points: [(x: Double, y: Double)], color: String, width: Double, opacity: Double = 1) {
        let path = points.map { "\(fixed($0.x)),\(fixed($0.y))" }.joined(separator: " ")
        body +=
            "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(fixed(width))\" "
            + "stroke-opacity=\"\(fixed(opacity))\"/>\n"
    }

    mutating func circle(x: Double, y: Double, radius: Double, color: String, opacity: Double = 0.8) {
        body +=
            "<circle cx=\"\(fixed(x))\" cy=\"\(fixed(y))\" r=\"\(fixed(radius))\" fill=\"\(color)\" "
            + "fill-opacity=\"\(fixed(opacity))\"/>\n"
    }

    mutating func bar(x: Double, y: Double, width: Double, height: Double, color: String) {
        body +=
            "<rect x=\"\(fixed(x))\" y=\"\(fixed(y))\" width=\"\(fixed(width))\" height=\"\(fixed(height))\" "
            + "fill=\"\(color)\"/>\n"
    }

    /// From blue (0) to orange (1); grey where there is no place between.
    static func shade(_ share: Double?) -> String {
        guard let share else { return grey }
        let parts = [(low.red, high.red), (low.green, high.green), (low.blue, high.blue)].map { from, to in
            Int((from + share * (to - from)).rounded())
        }
        return "rgb(\(parts[0]),\(parts[1]),\(parts[2]))"
    }

    private func fixed(_ value: Double) -> String { String(format: "%.1f", value.isFinite ? value : 0) }
}

enum PlotText {
    /// At most so many letters, with an ellipsis where some were cut.
    static func short(_ text: String, _ letters: Int = 26) -> String {
        text.count <= letters ? text : String(text.prefix(letters - 1)) + "…"
    }

    /// A cell of a table, a number with four digits.
    static func cell(_ column: TableColumn?, _ row: Int) -> String {
        guard let column, row < column.count, let text = column.text(at: row) else { return "missing" }
        if case .numeric(let numbers) = column.values { return PlotNumber.text(numbers[row]) }
        return text
    }

    /// Text that can stand anywhere in a picture, attributes included; what XML cannot hold is replaced.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case _
            where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || (0xFFFE...0xFFFF).contains(scalar.value & 0xFFFF):
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

enum PlotNumber {
    /// Four digits that count, without trailing zeros: 0.1235, 37, 12,350 as 1.235e+04.
    static func text(_ number: Double) -> String { String(format: "%.4g", number == 0 ? 0 : number) }

    /// With a sign, as what is added.
    static func signed(_ number: Double) -> String {
        number < 0 ? "−" + text(-number) : "+" + text(number)
    }
}

/// Numbers along a side of a picture.
struct PlotAxis {
    let low: Double
    let high: Double
    let ticks: [Double]

    /// - Parameter values: what must lie on it; numbers that are not finite are ignored.
    init(_ values: some Sequence<Double>, count: Int = 5) {
        var (least, most) = (Double.infinity, -Double.infinity)
        for value in values where value.isFinite { (least, most) = (min(least, value), max(most, value)) }
        if least > most { (least, most) = (0, 1) }
        if !(most - least > 1e-12 * max(abs(least), abs(most))) {
            let space = max(abs(least) * 0.1, 0.5)
            (least, most) = (least - space, most + space)
        }
        let span = most / 2 - least / 2
        (low, high) = (least, most)
        // Steps of 1, 2, 2.5 or 5 times a power of ten.
        let rough = 2 * (span / Double(count))
        let power = pow(10, log10(rough).rounded(.down))
        let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
        let first = (least / step).rounded(.up)
        ticks = (0...(2 * count)).map { (first + Double($0)) * step }.filter { $0 <= most && $0.isFinite }
    }

    /// 0 at the low end, 1 at the high one.
    func share(_ value: Double) -> Double { (value / 2 - low / 2) / (high / 2 - low / 2) }
}
