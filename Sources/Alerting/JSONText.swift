import Foundation

/// Writes one JSON object, member by member, in the order they are added.
struct JSONText {
    private var text = "{"

    var bytes: [UInt8] { Array((text + "}").utf8) }

    mutating func add(_ name: String, _ value: String) { add(name, raw: Self.quoted(value)) }

    mutating func add(_ name: String, _ value: Int64) { add(name, raw: "\(value)") }

    /// Shortest digits that read back as the same number; `null` for none, NaN and infinity.
    mutating func add(_ name: String, _ value: Double?) {
        guard let value, value.isFinite else { return add(name, raw: "null") }
        add(name, raw: "\(value)")
    }

    mutating func add(_ name: String, _ flag: Bool) { add(name, raw: flag ? "true" : "false") }

    mutating func add(_ name: String, object: JSONText) { add(name, raw: object.text + "}") }

    private mutating func add(_ name: String, raw: String) {
        if text.utf8.count > 1 { text += "," }
        text += "\(Self.quoted(name)):\(raw)"
    }

    private static func quoted(_ value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\u{0}"..."\u{1F}": text += String(format: "\\u%04x", scalar.value)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    /// Four significant digits, for sentences: `2.31`, `0.0004212`.
    static func rounded(_ value: Double) -> String {
        guard value.isFinite else { return "unknown" }
        return String(format: "%.4g", value)
    }
}
