import Foundation

/// How names and numbers from tables are written for people.
enum ComparisonFormat {
    /// Three decimals, powers of ten where the number is very small or large, or a dash for a number that is not there.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "–" }
        if value == 0 { return "0" }
        // Of 10³⁰⁸ nobody reads three hundred digits.
        if abs(value) >= 1e9 { return String(format: "%.3e", value) }
        return String(format: abs(value) < 0.001 ? "%.1e" : "%.3f", value)
    }

    /// A p-value; below 10⁻³⁰⁰ no digits, which would be those of the floating-point format.
    static func pValue(_ value: Double?) -> String {
        guard let value, value.isFinite, value < 1e-300 else { return number(value) }
        return "<1e-300"
    }

    static func pValueEscaped(_ value: Double?) -> String { escaped(pValue(value)) }

    /// `1.0% → 2.0%`.
    static func missing(_ column: ComparedColumn) -> String {
        "\(share(column.missingReference)) → \(share(column.missingCurrent))"
    }

    static func share(_ value: Double?) -> String {
        guard let value else { return "–" }
        return String(format: "%.1f%%", value * 100)
    }

    /// The name without what a terminal or a page would obey: control characters, and overrides of the direction.
    static func printable(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.map { isObeyed($0) ? "\u{FFFD}" : $0 }))
    }

    /// Text that can stand anywhere in a page, attributes included.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in printable(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // No XML may hold these two.
        case 0xFFFE, 0xFFFF, 0x202A...0x202E, 0x2066...0x2069: true
        default: scalar.properties.generalCategory == .control
        }
    }
}
