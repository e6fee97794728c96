import Events
import Foundation
import Learning

/// How numbers of a profile are written for people.
enum ProfileFormat {
    /// Four significant digits; from a thousand to ten million as whole numbers.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "–" }
        if value == value.rounded(), value.magnitude < 1e7 { return count(Int(value)) }
        if value.magnitude >= 1e3, value.magnitude < 1e7 { return count(Int(value.rounded())) }
        return String(format: "%.4g", value).replacing("-", with: "−")
    }

    /// Two decimals, for numbers around one.
    static func decimal(_ value: Double?) -> String {
        guard let value, value.magnitude < 1e4 else { return number(value) }
        return value.magnitude < 0.005 ? "0" : String(format: "%.2f", value).replacing("-", with: "−")
    }

    /// `48,842`.
    static func count(_ value: Int) -> String {
        var digits = String(value.magnitude)
        var parts: [String] = []
        while digits.count > 3 {
            parts.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (value < 0 ? "−" : "") + ([digits] + parts).joined(separator: ",")
    }

    /// `1 row`, `3 rows`.
    static func count(_ value: Int, _ noun: String) -> String { "\(count(value)) \(noun)\(value == 1 ? "" : "s")" }

    /// A share; small ones with the digits that tell them from nothing.
    static func share(_ value: Double?) -> String {
        guard let value else { return "–" }
        if value > 0, value < 0.0005 { return "<0.1%" }
        return ComparisonFormat.share(value)
    }

    /// Three decimals: measures of association and the like.
    static func measure(_ value: Double?) -> String {
        value.map { String(format: "%.3f", $0).replacing("-", with: "−") } ?? "–"
    }

    /// A place on the time axis.
    static func time(_ value: Double, isCalendar: Bool) -> String {
        guard isCalendar, value.magnitude < 9e18 else { return number(value) }
        let text = EventTime.format(Int64(value)).prefix(16).replacing("T", with: " ")
        return text.hasSuffix(" 00:00") ? String(text.dropLast(6)) : String(text)
    }

    /// A length of time.
    static func duration(_ value: Double, isCalendar: Bool) -> String {
        guard isCalendar else { return number(value) }
        let seconds = value / 1e6
        let units = [(86_400.0, "d"), (3_600, "h"), (60, "min"), (1, "s")]
        guard let (unit, name) = units.first(where: { seconds >= $0.0 }) else { return "\(number(seconds)) s" }
        return "\(number((seconds / unit * 10).rounded() / 10)) \(name)"
    }

    /// Names one after the other, the first `limit` of them.
    static func list(_ names: [String], limit: Int = 8) -> String {
        let shown = names.prefix(limit).map(name).joined(separator: ", ")
        return names.count > limit ? "\(shown) and \(count(names.count - limit)) more" : shown
    }

    /// A name from the table: printable, and not longer than a line holds.
    static func name(_ name: String) -> String {
        let text = ComparisonFormat.printable(name)
        return text.count > 40 ? text.prefix(39) + "…" : text
    }

    /// Bars of text, the highest being a full one; a blank for nothing and a low one for little. More than twenty values
    /// are taken two by two.
    static func sparkline(_ values: [Double]) -> String {
        let marks = Array("▁▂▃▄▅▆▇█")
        let pairs = stride(from: 0, to: values.count, by: 2).map { values[$0..<min($0 + 2, values.count)].reduce(0, +) }
        let values = values.count > 20 ? pairs : values
        let largest = values.max() ?? 0
        return String(
            values.map { value in
                guard largest > 0, value > 0 else { return " " }
                return marks[min(7, Int(value / largest * 8))]
            })
    }

    /// The course of a level on a scale, a dot where there is none.
    static func course(_ values: [Double?], _ scale: RateScale?) -> String {
        guard let scale else { return "" }
        let marks = Array("▁▂▃▄▅▆▇█")
        return String(values.map { value in value.map { marks[min(7, Int(scale.share($0) * 8))] } ?? "·" })
    }
}
