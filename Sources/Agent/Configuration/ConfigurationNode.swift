/// A value as it was written, with its line: YAML without the parser's types.
struct ConfigurationNode: Sendable, Equatable {
    enum Content: Sendable, Equatable {
        /// `isPlain` is false for text in quotes and for block text, which are never numbers, booleans or null.
        case scalar(String, isPlain: Bool)
        case list([ConfigurationNode])
        case table([Entry])
    }

    struct Entry: Sendable, Equatable {
        var key: String
        /// Line of the key, from 1; `nil` for what an override added.
        var line: Int?
        var value: ConfigurationNode
    }

    /// What a scalar is by YAML 1.2's core schema; `yes` and `on` are text.
    enum ScalarKind: Sendable, Equatable {
        case null
        case boolean(Bool)
        case integer(Int64)
        case number(Double)
        case text
    }

    var content: Content
    /// From 1; `nil` for what an override added.
    var line: Int?

    /// A plain scalar without a value: `key:`.
    static func null(line: Int?) -> ConfigurationNode {
        ConfigurationNode(content: .scalar("", isPlain: true), line: line)
    }

    var scalarKind: ScalarKind? {
        guard case .scalar(let text, let isPlain) = content else { return nil }
        guard isPlain else { return .text }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        default: break
        }
        guard let first = text.utf8.first, first <= UInt8(ascii: "9") else { return .text }
        if let integer = Int64(text) { return .integer(integer) }
        if !text.contains(where: \.isWhitespace), !text.lowercased().contains("x"), let number = Double(text) {
            return .number(number)
        }
        return .text
    }

    var isNull: Bool { scalarKind == .null }

    /// How a message names it: `the text "two"`, `a list`.
    var inWords: String {
        switch content {
        case .list: return "a list"
        case .table: return "a table"
        case .scalar(let text, _):
            let shown = text.count > 60 ? text.prefix(57) + "..." : Substring(text)
            switch scalarKind {
            case .null: return "empty"
            case .boolean, .integer, .number: return String(shown)
            default: return "the text \"\(shown)\""
            }
        }
    }
}
