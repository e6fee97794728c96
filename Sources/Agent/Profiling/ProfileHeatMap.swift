import Foundation
import Learning

extension ProfileCharts {
    static func two(_ value: Double) -> String { String(format: "%.2f", value) }
}

/// Every pair of columns as a coloured square: teal together, orange against each other, the stronger the darker.
enum ProfileHeatMap {
    private static let cell = 26.0
    /// Letters of a name that are shown.
    private static let letters = 19

    static func picture(_ matrix: AssociationMatrix) -> String {
        let count = matrix.columns.count
        // About seven units a letter.
        let longest = matrix.columns.map { min(letters, ProfileFormat.name($0).count) }.max() ?? 0
        let labels = 12 + 6.6 * Double(longest)
        let side = labels + Double(count) * cell
        var body = ""
        for row in 0..<count {
            body += name(matrix.columns[row], row, labels)
            for column in 0..<count where column != row {
                guard let pair = matrix[row, column] else { continue }
                body += square(pair, matrix, row: row, column: column, labels)
            }
        }
        return """
            <svg class="heat" style="width: \(ProfileCharts.fixed(min(900, side)))px" \
            viewBox="0 0 \(ProfileCharts.fixed(side)) \(ProfileCharts.fixed(side))" role="img">\(body)</svg>
            """
    }

    private static func name(_ name: String, _ index: Int, _ labels: Double) -> String {
        let middle = labels + (Double(index) + 0.5) * cell
        let text = ProfileFormat.name(name)
        let short = ComparisonFormat.escaped(text.count > letters ? text.prefix(letters - 1) + "…" : text)
        let (near, along) = (ProfileCharts.fixed(labels - 6), ProfileCharts.fixed(middle + 4))
        return "<text x=\"\(near)\" y=\"\(along)\" text-anchor=\"end\">\(short)</text>"
            + "<text transform=\"translate(\(along) \(near)) rotate(-90)\">\(short)</text>"
    }

    private static func square(
        _ pair: Association, _ matrix: AssociationMatrix, row: Int, column: Int, _ labels: Double
    ) -> String {
        let (x, y) = (labels + Double(column) * cell, labels + Double(row) * cell)
        let (measure, value) = ProfileText.measure(pair)
        let title =
            "\(ProfileFormat.name(matrix.columns[row])) – \(ProfileFormat.name(matrix.columns[column])): \(measure) \(value)"
        let strength = pair.strength ?? 0
        let colour = (pair.signed ?? 0) < 0 ? "#e08a3c" : "#2f7d78"
        let number =
            strength >= 0.3
            ? "<text x=\"\(ProfileCharts.fixed(x + cell / 2))\" y=\"\(ProfileCharts.fixed(y + cell / 2 + 4))\" "
                + "text-anchor=\"middle\" style=\"fill: \(strength >= 0.6 ? "#fff" : "#1b2a33")\">"
                + "\(ProfileCharts.two(strength).dropFirst(strength < 0.995 ? 1 : 0).prefix(strength < 0.995 ? 3 : 1))</text>"
            : ""
        return """
            <rect x="\(ProfileCharts.fixed(x + 0.5))" y="\(ProfileCharts.fixed(y + 0.5))" \
            width="\(ProfileCharts.fixed(cell - 1))" height="\(ProfileCharts.fixed(cell - 1))" \
            fill="\(pair.strength == nil ? "#eef1f3" : colour)" fill-opacity="\(pair.strength == nil ? "1" : ProfileCharts.two(0.05 + 0.95 * strength))">\
            <title>\(ComparisonFormat.escaped(title))</title></rect>\(number)
            """
    }
}
